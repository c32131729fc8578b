"""Several at once on one customer: what each finds, and what remains."""

import asyncio

import pytest
from sqlalchemy import func, select

from domain.customers import Block, CustomerBlocked, CustomerStatus, Effective, check_usable
from domain.refusals import VersionConflict
from persistence import customers as stored
from persistence.customers import CustomerData
from resolvers import customers
from tests import trade
from tests.people import House


@pytest.mark.rule("R-253")
async def test_two_who_take_over_the_editing_at_once_make_one_own_record(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home)
    north = home.organizations["NORTH"]
    call = customers.take_over_customer_data_editing
    results = await asyncio.gather(*(house.run(home.admin, call(customer_id, north)) for _ in range(4)))
    assert sorted(result.changed for result in results) == [False, False, False, True]
    async with house.database.transaction(home.admin.context(), read_only=True) as session:
        rows = await session.scalar(
            select(func.count()).select_from(CustomerData).where(CustomerData.organization_id == north)
        )
    assert rows == 1


async def test_of_two_who_change_the_same_data_the_second_is_told(house: House) -> None:
    home = await house.found()
    customer_id = await trade.customer(home)
    calls = [customers.update_customer_data(customer_id, None, {"external_number": number}, 1) for number in ("1", "2")]
    results = await asyncio.gather(*(house.run(home.admin, call) for call in calls), return_exceptions=True)
    assert sorted(isinstance(result, VersionConflict) for result in results) == [False, True]


@pytest.mark.rule("R-019", "R-254")
async def test_a_portal_customer_is_told_its_own_block_also_when_another_pays(house: House) -> None:
    home = await house.found()
    customer_id, payer = await trade.customer(home), await trade.customer(home, "Zentrale")
    await trade.accounting(home, payer)
    await house.run(
        home.admin,
        customers.set_invoice_recipients(customer_id, None, [trade.Listed(payer)], 1),
    )
    portal = await home.customer_of_portal(customer_id)
    root = home.organizations["HQ"]

    async def effective() -> Effective | None:
        async with house.database.transaction(portal.context(), read_only=True) as session:
            return await stored.effective(session, customer_id, root, home.admin.today)

    check_usable(await effective(), on=home.admin.today)
    await trade.accounting(home, payer, debtor=False)
    with pytest.raises(CustomerBlocked, match="MISSING_ACCOUNTING_DATA"):
        check_usable(await effective(), on=home.admin.today)
    await house.run(home.admin, customers.set_customer_status(customer_id, None, Block(CustomerStatus.BLOCKED), 2))
    with pytest.raises(CustomerBlocked, match="MANUAL"):
        check_usable(await effective(), on=home.admin.today)


async def test_a_portal_customer_finds_nothing_of_others(house: House) -> None:
    home = await house.found()
    own, other = await trade.customer(home), await trade.customer(home, "Zentrale")
    portal = await home.customer_of_portal(own)
    async with house.database.transaction(portal.context(), read_only=True) as session:
        assert await stored.effective(session, own, home.organizations["HQ"], home.admin.today) is not None
        assert await stored.effective(session, other, home.organizations["HQ"], home.admin.today) is None
