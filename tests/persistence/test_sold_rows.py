"""What row security and grants let each caller do with the rows of a sale, asked in SQL alone."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from persistence import carts, checkouts, invoices, orders, payments, payouts
from persistence import subscriptions as kept
from persistence.base import Base
from persistence.orders import OrderItem
from persistence.payouts import PayoutEntry
from resolvers import events, subscriptions
from tenancy.caller import Caller
from tests.buying import Shop, shop
from tests.people import House
from tests.selling import rows
from tests.trade import customer

DENIED = "denied"
VIEWERS = ("target", "source", "third", "buyer", "neighbour", "provided")

SEEN: Mapping[str, tuple[int | str, ...]] = {
    "cart": (1, 0, 0, 1, 1, 0),
    "cart_translation": (1, 0, 0, 1, 1, 0),
    "cart_item": (2, 0, 0, 2, 2, 0),
    "checkout": (1, 0, 0, 1, 0, 0),
    "checkout_item": (2, 0, 0, 2, 0, 0),
    "sales_order": (1, 0, 0, 1, 0, 0),
    "order_item": (2, 0, 0, 2, 0, 0),
    "invoice": (1, 0, 0, 1, 0, 0),
    "invoice_item": (2, 0, 0, 2, 0, 0),
    "payment_transaction": (1, 0, 0, 1, 0, 0),
    "subscription": (2, 1, 0, 2, 0, 0),
    "provided_grant": (0, 1, 0, 0, 0, 1),
    "payout_entry": (1, 1, 0, DENIED, DENIED, DENIED),
    "payout_entry_item": (1, 1, 0, DENIED, DENIED, DENIED),
    "pair_counter": (1, 0, 0, 1, 1, 0),
}
"""Rows of one purchase that each viewer sees: the seller's staff, the source's, a third tenant's; the buyer, another
customer of the seller, and the source's customer for whom the bought offer is provided."""

CHANGED: Mapping[str, Mapping[str, tuple[int | str, ...]]] = {
    "cart": {"state = 'ARCHIVED'": (1, 0, 0, DENIED, DENIED, DENIED)},
    "cart_item": {"option = option": (2, 0, 0, DENIED, DENIED, DENIED), "offer_id = null": (DENIED,) * 6},
    "checkout": {"status = 'PAID'": (1, 0, 0, 1, 0, 0), "total_minor = 0": (DENIED,) * 6},
    "checkout_item": {"price_minor = 0": (DENIED,) * 6},
    "sales_order": {"status = 'STOPPED'": (1, 0, 0, DENIED, DENIED, DENIED), "total_minor = 0": (DENIED,) * 6},
    "order_item": {"price_minor = 0": (DENIED,) * 6, "cost_center_label = ''": (DENIED,) * 6},
    "invoice": {"version = version": (1, 0, 0, DENIED, DENIED, DENIED), "total_minor = 0": (DENIED,) * 6},
    "invoice_item": {"price_minor = 0": (DENIED,) * 6},
    "payment_transaction": {"amount_minor = 1": (DENIED,) * 6},
    "subscription": {
        "ends_on = '2030-01-01'": (2, 0, 0, 2, 0, 0),
        "source_tenant_id = null": (DENIED,) * 6,
        "partner_id = partner_id": (DENIED,) * 6,
    },
    "provided_grant": {"ends_on = null": (0, 1, 0, DENIED, DENIED, DENIED), "title = ''": (DENIED,) * 6},
    "payout_entry": {"amount_minor = 1": (DENIED,) * 6, "number = 7": (DENIED,) * 6, "type = 'LOSS'": (DENIED,) * 6},
    "payout_entry_item": {"amount_minor = 1": (DENIED,) * 6},
    "pair_counter": {"source_tenant_id = source_tenant_id": (DENIED,) * 6},
}
"""What each viewer may change with which words: rows, or denied."""

UNDELETABLE = sorted(SEEN.keys() - {"cart_translation", "cart_item"})


@dataclass(frozen=True)
class Scene:
    """One purchase and everybody who looks at it."""

    beta: Shop
    viewers: Mapping[str, Caller]

    @property
    def house(self) -> House:
        return self.beta.house


@pytest.fixture(scope="module")
async def scene(house: House) -> Scene:
    beta = await shop(house)
    neighbour = await beta.target.customer_of_portal(await customer(beta.target, "Kiosk Nord"))
    own = await customer(beta.source, "Binder & Söhne")
    provided = await beta.source.customer_of_portal(own)
    third = await house.found("Gamma")
    paid = await beta.pay()
    operator = await beta.source.operator()
    for event_id in await house.run(operator, events.pending()):
        await house.run(operator, events.handle(event_id))
    link = subscriptions.link_provided_customer(paid.subscription_ids[1], own)
    await house.run(beta.source.admin, link)
    callers = (beta.target.admin, beta.source.admin, third.admin, beta.buyer, neighbour, provided)
    return Scene(beta, dict(zip(VIEWERS, callers, strict=True)))


@asynccontextmanager
async def looking(scene: Scene, viewer: str) -> AsyncIterator[AsyncSession]:
    """A transaction of the viewer; nothing of it stays."""
    async with scene.house.database.transaction(scene.viewers[viewer].context()) as session:
        yield session
        await session.rollback()


async def told(scene: Scene, viewer: str, statement: str, **values: Any) -> int | str:
    """How many rows a statement counts or changes for the viewer, or that it may not."""
    async with looking(scene, viewer) as session:
        try:
            found: Any = await session.execute(text(statement), values)
        except DBAPIError as error:
            if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
                raise
            return DENIED
        return int(found.scalar_one()) if statement.startswith("select") else int(found.rowcount)


@pytest.mark.rule("R-PO-06", "R-SC-30")
@pytest.mark.parametrize("table", SEEN)
async def test_each_viewer_sees_its_own_rows_and_what_is_shared_with_it(scene: Scene, table: str) -> None:
    seen = [await told(scene, viewer, f"select count(tenant_id) from {table}") for viewer in VIEWERS]
    assert tuple(seen) == SEEN[table]


@pytest.mark.rule("R-PO-17", "R-SC-35")
@pytest.mark.parametrize(("table", "words"), [(table, words) for table, each in CHANGED.items() for words in each])
async def test_each_viewer_changes_only_what_is_its_own_to_change(scene: Scene, table: str, words: str) -> None:
    changed = [await told(scene, viewer, f"update {table} set {words}") for viewer in VIEWERS]
    assert tuple(changed) == CHANGED[table][words]


@pytest.mark.rule("R-PO-17")
@pytest.mark.parametrize("table", UNDELETABLE)
async def test_nobody_deletes_what_was_sold(scene: Scene, table: str) -> None:
    assert {await told(scene, viewer, f"delete from {table}") for viewer in VIEWERS} == {DENIED}


@pytest.mark.rule("R-SC-11")
async def test_a_customer_may_not_even_ask_for_the_internal_title_of_a_cart(scene: Scene) -> None:
    statement = "select count(internal_title) from cart"
    assert [await told(scene, viewer, statement) for viewer in VIEWERS] == [1, 0, 0, DENIED, DENIED, DENIED]


SETTLE = (
    "update payout_entry set settlement_status = 'SETTLED', settled_at = now(), settled_by_tenant_id = :by "
    "where settlement_status = 'OPEN'"
)


@pytest.mark.rule("R-PO-10", "R-PO-17")
async def test_an_entry_is_settled_in_nobody_elses_name(scene: Scene) -> None:
    ids = {"target": scene.beta.target.id, "source": scene.beta.source.id, "third": scene.viewers["third"].tenant_id}
    done = {(viewer, by): await told(scene, viewer, SETTLE, by=ids[by]) for viewer in ids for by in ids}
    assert {pair for pair, count in done.items() if count == 1} == {("target", "target"), ("source", "source")}
    assert {done[("third", by)] for by in ids} == {0}


@pytest.mark.rule("R-PO-10")
@pytest.mark.parametrize("viewer", ["target", "source"])
async def test_a_settled_entry_is_never_opened_or_settled_again(scene: Scene, viewer: str) -> None:
    own = scene.viewers[viewer].tenant_id
    async with looking(scene, viewer) as session:
        await session.execute(text(SETTLE), {"by": own})
        for words in (
            "settlement_status = 'OPEN', settled_at = null, settled_by_tenant_id = null",
            "settled_at = now() + interval '1 day'",
            "changed_at = now() + interval '1 day'",
        ):
            again: Any = await session.execute(text(f"update payout_entry set {words}"))
            assert again.rowcount == 0


INSERTED = (
    "checkout", "checkout_item", "sales_order", "order_item", "invoice", "invoice_item", "payment_transaction",
    "subscription", "payout_entry",
)  # fmt: skip


async def copied(scene: Scene, table: str, viewer: str, **other: Any) -> str | None:
    """Insert a copy of the table's first row, with other values, as the viewer; the SQLSTATE that refuses it."""
    async with looking(scene, "target") as session:
        computed = {column.name for column in Base.metadata.tables[table].columns if column.computed is not None}
        row = dict((await session.execute(text(f"select * from {table} order by id limit 1"))).mappings().one())
    values = {name: value for name, value in row.items() if name not in computed} | {"id": uuid4()} | other
    names = ", ".join(values)
    async with looking(scene, viewer) as session:
        try:
            await session.execute(text(f"insert into {table} ({names}) values (:{', :'.join(values)})"), values)
        except DBAPIError as error:
            return str(getattr(error.orig, "sqlstate", error))
    return None


@pytest.mark.parametrize("table", INSERTED)
async def test_nobody_writes_a_row_into_another_tenant_or_for_another_customer(scene: Scene, table: str) -> None:
    refused = "42501"
    for viewer in ("source", "third", "provided"):
        assert await copied(scene, table, viewer) == refused
    if table != "payout_entry":
        assert await copied(scene, table, "neighbour") == refused


@pytest.mark.rule("R-PO-10")
async def test_an_entry_is_born_open(scene: Scene) -> None:
    settled = {"settlement_status": "SETTLED", "settled_by_tenant_id": scene.beta.target.id}
    [entry] = await rows(scene.beta.target, PayoutEntry)
    settled["settled_at"] = entry.created_at
    assert await copied(scene, "payout_entry", "target", number=99, **settled) == "42501"
    assert await copied(scene, "payout_entry", "buyer", number=99, **settled) == "42501"


@pytest.mark.rule("R-PO-01")
async def test_a_transaction_is_booked_once_for_a_source_and_only_for_an_item_of_it(scene: Scene) -> None:
    unique, foreign, check = "23505", "23503", "23514"
    assert await copied(scene, "payout_entry", "target", number=99) == unique
    [own_item] = await rows(scene.beta.target, OrderItem, OrderItem.source_tenant_id.is_(None))
    another = {"number": 99, "transaction_id": uuid4()}
    assert await copied(scene, "payout_entry", "target", **another) == foreign
    assert await copied(scene, "payout_entry", "target", number=99, order_item_id=own_item.id) in {foreign, unique}
    stranger = {"source_tenant_id": scene.viewers["third"].tenant_id}
    assert await copied(scene, "payout_entry", "target", **stranger) == foreign
    assert await copied(scene, "payout_entry", "target", amount_minor=-1) == check
    assert await copied(scene, "payout_entry", "target", related_entry_id=uuid4()) == check


async def test_a_sold_item_is_of_a_source_that_was_accepted(scene: Scene) -> None:
    [external] = await rows(scene.beta.target, OrderItem, OrderItem.source_tenant_id.is_not(None))
    stranger = {
        "order_id": external.order_id, "position": 9, "offer_id": None,
        "source_tenant_id": scene.viewers["third"].tenant_id, "connection_id": external.connection_id,
        "external_offer_id": external.external_offer_id, "cost_center_id": external.cost_center_id,
    }  # fmt: skip
    assert await copied(scene, "order_item", "target", **stranger) == "23503"
    ours = {**stranger, "source_tenant_id": scene.beta.source.id}
    assert await copied(scene, "order_item", "target", **ours) is None
    assert await copied(scene, "order_item", "target", **{**ours, "cost_center_id": None}) == "23514"
    half = {**ours, "connection_id": None}
    assert await copied(scene, "order_item", "target", **half) == "23514"


async def test_without_a_context_nobody_sees_anything(scene: Scene) -> None:
    bare = replace(scene.viewers["target"].context(), tenant_id=None)
    async with scene.house.database.transaction(bare) as session:
        for table in SEEN:
            assert (await session.execute(text(f"select count(*) from {table}"))).scalar_one() == 0


def test_the_matrix_names_every_table_of_a_sale() -> None:
    rooms = (carts, checkouts, invoices, orders, payments, payouts, kept)
    tables = {
        each.__tablename__
        for room in rooms
        for each in vars(room).values()
        if isinstance(each, type) and issubclass(each, Base) and each.__module__.startswith(room.__name__)
    }
    assert tables == SEEN.keys()
