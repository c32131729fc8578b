"""Nothing of another tenant is in any answer, but what the sharing exception names; and nothing of it is changed."""

import re
from dataclasses import replace

import pytest
from graphql import GraphQLObjectType

from tests.isolation import answers, dictionary, marks
from tests.isolation.answers import Found
from tests.isolation.asks import Ask
from tests.isolation.dictionary import NoEntry
from tests.isolation.twins import PORTAL, STAFF, Twins

pytestmark = pytest.mark.xdist_group("twins")

TELLING = frozenset({"inviteTenant"})
"""Whoever invites a tenant is told whether it exists (two-tenants, "Known and accepted")."""


def looked_through(twins: Twins, who: str) -> Found:
    """What is in all that somebody was answered."""
    found = Found()
    for one in twins.of(who):
        answers.look(one, twins.answered[who][one.label], twins.canaries, found)
    return found


@pytest.mark.rule("R-00-01")
async def test_every_text_and_number_of_the_others_is_marked(twins: Twins) -> None:
    """A column that can hold no mark is bound by a check or a key, or stands in unmarked.json with the reason."""
    assert set(twins.canaries.unmarked) - marks.bound(twins.owner) == set()
    columns = {f"{table}.{name}" for table, name, _ in twins.owner.execute(marks.COLUMNS)}
    assert set(marks.kept()) - columns == set()
    assert min(len(twins.canaries.dark), 10 * len(twins.canaries.open)) > 100


@pytest.mark.rule("R-228", "R-00-01", "R-XC-45")
@pytest.mark.parametrize("who", STAFF + PORTAL)
async def test_nothing_dark_of_another_tenant_is_in_any_answer(who: str, twins: Twins) -> None:
    await twins.all_answers(who)
    assert looked_through(twins, who).leaks == []


@pytest.mark.rule("R-XC-45", "R-228")
@pytest.mark.parametrize("kind", ["staff", "portal"])
async def test_what_is_seen_of_another_tenant_is_the_sharing_exception_and_all_of_it(kind: str, twins: Twins) -> None:
    seen: set[str] = set()
    for who in STAFF if kind == "staff" else PORTAL:
        await twins.all_answers(who)
        seen |= looked_through(twins, who).seen
    assert sorted(seen) == marks.shared()["fields"][kind]


@pytest.mark.rule("R-228", "R-229")
@pytest.mark.parametrize("who", ["administrator", "clerk in Kiel", "customer"])
async def test_a_foreign_id_answers_exactly_like_one_that_nobody_has(who: str, twins: Twins) -> None:
    given = await twins.all_answers(who)
    known = frozenset(twins.canaries.dark | set(answers.UUID_.findall(" ".join(one.sent() for one in twins.of(who)))))
    told_apart = []
    for one in twins.of(who):
        if one.foreign and one.label.split()[0] not in TELLING and _is_dark(one, twins):
            other = await twins.ask(twins.caller(who), one.with_nobodys())
            expected = answers.steady(given[one.label], known).decode()
            for foreign, nobodys in one.foreign.items():
                expected = expected.replace(foreign, nobodys)
            nobodys_known = known | set(one.foreign.values())
            if expected != answers.steady(other, nobodys_known).decode():
                told_apart.append(one.label)
    assert told_apart == []


def _is_dark(one: Ask, twins: Twins) -> bool:
    return not set(one.foreign) & twins.canaries.open


async def test_the_own_tenant_is_seen(twins: Twins) -> None:
    """The positive control: whoever denied everything would leak nothing either."""
    given = await twins.all_answers("administrator")
    text = b"".join(one.data for one in given.values()).decode()
    seen = set(answers.UUID_.findall(text))
    assert {name for name, id_ in twins.world.a.own.items() if str(id_) not in seen} == set()
    for name in ("Buchhandlung Binder", "Kieler Kiosk", "Tagblatt", "Morgenpost digital zqbopenqz"):
        assert name in text


@pytest.mark.parametrize("who", ["administrator", "customer"])
async def test_mutations_with_own_records_do_what_they_say(who: str, twins: Twins) -> None:
    """Else a foreign id would be refused for another reason than being foreign."""
    given = await twins.all_answers(who)
    own = [one for one in twins.of(who) if one.document.startswith("mutation") and one.label.endswith(" own")]
    assert [one.label for one in own if b'Payload"' not in given[one.label].data] == []


@pytest.mark.parametrize("who", ["administrator", "customer"])
async def test_everything_that_is_asked_is_answered(who: str, twins: Twins) -> None:
    """A document that is refused as a whole, such as one that costs too much, would show nothing either."""
    given = await twins.all_answers(who)
    assert [one.label for one in twins.of(who) if given[one.label].data in (b"", b"null")] == []


async def test_nothing_of_another_tenant_is_changed_by_whatever_is_tried(twins: Twins) -> None:
    """The mutations once more, not as a trial: with the foreign ids alone and beside own ones; all are refused."""
    tenants = (twins.world.a.id, twins.world.b.id, twins.world.c.id)
    before = marks.hashes(twins.owner, *tenants)
    for who in ("administrator", "customer"):
        for one in twins.of(who):
            name = one.label.split()[0]
            if one.document.startswith("mutation") and one.foreign and _is_dark(one, twins) and name not in TELLING:
                input_ = {**one.variables["input"], "dryRun": False, "idempotencyKey": one.label}
                await twins.ask(twins.caller(who), replace(one, variables={"input": input_}))
    assert marks.hashes(twins.owner, *tenants) == before


async def test_every_field_is_reached(twins: Twins) -> None:
    for kind, asks in twins.asks.items():
        schema = getattr(twins.house.endpoints, kind).engine.catalogue.graphql
        said = " ".join({one.document for one in asks})
        missing = [
            f"{type_.name}.{name}"
            for type_ in schema.type_map.values()
            if isinstance(type_, GraphQLObjectType) and not type_.name.startswith(("__", "Live", "NoticeArrived"))
            for name in type_.fields
            if not re.search(rf"\b{name}\b", said)
        ]
        assert missing == []


def test_a_field_without_an_entry_in_the_dictionary_is_noticed() -> None:
    with pytest.raises(NoEntry, match="favouriteColour"):
        dictionary.value_of("createPartner", ("favouriteColour",), "String")
    with pytest.raises(NoEntry, match="friendId"):
        dictionary.key_of("createPartner", ("friendId",))


def test_a_leak_is_noticed(twins: Twins) -> None:
    """The negative control: an id, a text, a number, a cursor and an error of another tenant, each by itself."""
    dark = min(twins.canaries.dark)
    for data in (
        f'{{"x": "par_{dark}"}}',
        '{"x": "Buchhandlung Binder ZQBDARKQZ"}',
        '{"x": "7402009.90"}',
        '{"x": 740200003}',
        '{"x": {"cursor": "WyJ0YWciLCJ6cWNkYXJrcXoiXQ=="}}',
    ):
        found = Found()
        answers.look(Ask("x", ""), answers.Given(data.encode(), b"[]"), twins.canaries, found)
        assert len(found.leaks) == 1, data
    found = Found()
    answers.look(Ask("x", ""), answers.Given(b"", b'[{"message": "key zqbdarkqz exists"}]'), twins.canaries, found)
    assert len(found.leaks) == 1
