"""What A is answered does not hang on what others have: their rows change, become more and are taken away.

This finds what canaries cannot: counts, keys that are unique among all, what exists. These tests spoil the twins,
so they stand in the last file.
"""

import pytest

from tests.isolation import answers, neighbours
from tests.isolation.asks import Ask
from tests.isolation.twins import Twins

pytestmark = pytest.mark.xdist_group("twins")

WHO = ("administrator", "representative", "customer")


async def moved(twins: Twins) -> list[str]:
    """Who is answered otherwise than before, and to what."""
    found = []
    for who in WHO:
        before = await twins.all_answers(who)
        known = frozenset(answers.UUID_.findall(" ".join(one.sent() for one in twins.of(who)))) | twins.canaries.dark
        now = await twins.ask_all(who)
        found += [
            f"{who}: {label}"
            for label, given in now.items()
            if answers.steady(given, known) != answers.steady(before[label], known)
        ]
    return found


@pytest.mark.rule("R-00-01", "R-228")
async def test_answers_do_not_move_when_others_change_multiply_and_vanish(twins: Twins) -> None:
    for who in WHO:
        await twins.all_answers(who)
    assert neighbours.unmark(twins.owner, twins.world) > 500
    assert neighbours.multiply(twins.owner, twins.world) > 100
    assert await moved(twins) == []
    assert neighbours.empty(twins.owner, twins.world) > 1000
    assert await moved(twins) == []


async def test_answers_move_when_what_is_shared_changes(twins: Twins) -> None:
    """The control: the comparison would notice."""
    [one] = [one for one in twins.of("administrator") if one.label == "allExternalOffers #0"]
    before = await twins.ask(twins.caller("administrator"), Ask(one.label, one.document, one.variables))
    twins.owner.execute("update offer set internal_title = 'moved' where tenant_id = %s", [twins.world.b.id])
    now = await twins.ask(twins.caller("administrator"), one)
    assert now.data != before.data
    assert b"moved" in now.data
