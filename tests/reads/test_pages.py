"""Pages: forwards and backwards through whole lists, and what becomes of cursors that were tampered with."""

import base64
import random

import orjson
import pytest

from tests.reads.reference import Reference
from tests.reads.toy_data import caller

ORDERS = [
    [],
    [{"field": "BORN"}],
    [{"field": "BORN", "direction": "DESC"}],
    [{"field": "BORN", "direction": "DESC"}, {"field": "NAME", "direction": "ASC"}],
    [{"field": "NAME", "direction": "DESC"}, {"field": "BORN"}],
    [{"field": "SALARY"}],
]
FORWARD = """query($o: [AuthorOrder!], $first: Int, $after: String) {
  authors(orderBy: $o, first: $first, after: $after) {
    nodes { id } pageInfo { hasNextPage endCursor hasPreviousPage } } }"""
BACKWARD = """query($o: [AuthorOrder!], $last: Int, $before: String) {
  authors(orderBy: $o, last: $last, before: $before) {
    nodes { id } pageInfo { hasPreviousPage startCursor hasNextPage } } }"""


async def ask(engine, who, query, **variables):
    answer = await engine.read(who, query, None, variables)
    assert answer.errors == []
    return orjson.loads(answer.data)["authors"]


def everything(engine, toy_base, who, order):
    reference = Reference(toy_base.world, who, engine.compiler._cursors)
    data, errors = reference.answer(FORWARD, {"o": order, "first": 100})
    assert errors == []
    return [node["id"] for node in data["authors"]["nodes"]]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 7, 40])
async def test_walking_forwards_meets_every_row_once_in_order(engine, toy_base, order, size):
    who = caller(toy_base.world.tenants[0])
    met, after = [], None
    while True:
        page = await ask(engine, who, FORWARD, o=order, first=size, after=after)
        met += [node["id"] for node in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert met == everything(engine, toy_base, who, order)


@pytest.mark.parametrize("order", ORDERS)
async def test_walking_backwards_meets_every_row_once_in_order(engine, toy_base, order):
    who = caller(toy_base.world.tenants[1])
    met, before = [], None
    while True:
        page = await ask(engine, who, BACKWARD, o=order, last=9, before=before)
        met = [node["id"] for node in page["nodes"]] + met
        assert page["pageInfo"]["hasNextPage"] == (before is not None)
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        before = page["pageInfo"]["startCursor"]
    assert met == everything(engine, toy_base, who, order)


async def test_a_feed_of_own_and_shown_rows_is_one_list(engine, toy_base):
    tenant = toy_base.world.tenants[0]
    who = caller(tenant)
    query = """query($a: String) {
      shelf(first: 5, after: $a) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }"""
    met, after, total = [], None, 0
    while True:
        answer = await engine.read(who, query, None, {"a": after})
        page = orjson.loads(answer.data)["shelf"]
        met += [node["id"] for node in page["nodes"]]
        total = page["totalCount"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    seen = [b for b in toy_base.world.rows["book"] if tenant.id in (b["tenant_id"], b["shared_tenant_id"])]
    assert len(met) == len(set(met)) == total == len(seen)


async def cursor(engine, who, order=()):
    page = await ask(engine, who, FORWARD, o=list(order), first=3, after=None)
    return page["pageInfo"]["endCursor"]


async def errors(engine, who, after, order=()):
    answer = await engine.read(who, FORWARD, None, {"o": list(order), "first": 3, "after": after})
    return [(e["path"], e["extensions"]["code"]) for e in answer.errors], answer.data


REFUSED = ([(["authors"], "BAD_CURSOR")], b'{"authors":null}')


async def test_a_cursor_of_another_ordering_tenant_or_list_is_refused(engine, toy_base):
    first, second, _ = toy_base.world.tenants
    mine = await cursor(engine, caller(first))
    assert await errors(engine, caller(first), mine, [{"field": "NAME"}]) == REFUSED
    assert await errors(engine, caller(second), mine) == REFUSED
    answer = await engine.read(
        caller(first), "query($a: String) { externalBooks(after: $a) { totalCount } }", None, {"a": mine}
    )
    assert [e["extensions"]["code"] for e in answer.errors] in ([], ["BAD_CURSOR"])
    looked = "query($a: String) { externalBooks(after: $a) { nodes { id } } }"
    answer = await engine.read(caller(first), looked, None, {"a": mine})
    assert [e["extensions"]["code"] for e in answer.errors] == ["BAD_CURSOR"]


@pytest.mark.parametrize(
    "text",
    ["", "x", "bm90IGpzb24=", "W10=", "WzFd", "eyJhIjoxfQ==", "é", "A" * 5000, "bnVsbA==", "W251bGwsbnVsbCxudWxsXQ=="],
)
async def test_a_text_that_is_no_cursor_is_refused(engine, toy_base, text):
    assert await errors(engine, caller(toy_base.world.tenants[0]), text) == REFUSED


async def test_an_edited_cursor_shows_only_what_another_position_would(engine, toy_base):
    tenant = toy_base.world.tenants[0]
    who = caller(tenant)
    order = [{"field": "BORN"}]
    mine = base64.b64decode(await cursor(engine, who, order))
    own = {f"aut_{row['id']}" for row in toy_base.world.of("author", tenant)}
    random_ = random.Random(5)
    for _ in range(200):
        edited = bytearray(mine)
        for _ in range(random_.randint(1, 3)):
            edited[random_.randrange(len(edited))] = random_.choice(b"0123456789abcdef-\"',\\[]{}Z \x00\xff")
        answer = await engine.read(
            who, FORWARD, None, {"o": order, "first": 5, "after": base64.b64encode(bytes(edited)).decode()}
        )
        page = orjson.loads(answer.data)["authors"]
        if page is None:
            assert [e["extensions"]["code"] for e in answer.errors] == ["BAD_CURSOR"]
        else:
            assert {node["id"] for node in page["nodes"]} <= own


async def test_null_instead_of_a_cursor_begins_at_the_front(engine, toy_base):
    who = caller(toy_base.world.tenants[0])
    page = await ask(engine, who, FORWARD, o=None, first=None, after=None)
    assert len(page["nodes"]) == 25
    assert page["pageInfo"]["hasPreviousPage"] is False


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("first: 0", "first must be between 1 and 100, not 0."),
        ("first: 101", "first must be between 1 and 100, not 101."),
        ("first: -1", "first must be between 1 and 100, not -1."),
        ("last: 101", "last must be between 1 and 100, not 101."),
        ("first: 1, last: 1", "Give first or last, not both."),
    ],
)
async def test_a_page_size_out_of_bounds_is_refused_with_the_bounds(engine, toy_base, arguments, message):
    who = caller(toy_base.world.tenants[0])
    answer = await engine.read(who, f"{{ me {{ tenant }} authors({arguments}) {{ totalCount }} }}")
    assert answer.errors == [{"message": message, "path": ["authors"], "extensions": {"code": "BAD_PAGE_SIZE"}}]
    assert orjson.loads(answer.data) == {"me": {"tenant": str(who.tenant_id)}, "authors": None}


async def test_a_bad_cursor_of_one_field_leaves_the_others_answered(engine, toy_base):
    who = caller(toy_base.world.tenants[0])
    query = "query($a: String) { x: authors(first: 1) { totalCount } y: authors(after: $a) { nodes { id } } }"
    answer = await engine.read(who, query, None, {"a": "nonsense"})
    assert orjson.loads(answer.data) == {"x": {"totalCount": 40}, "y": None}
    assert [e["path"] for e in answer.errors] == [["y"]]
