"""Many at once: every number is given once."""

import asyncio

import pytest

from domain.partners import NewPartner, PartnerType
from persistence import number_ranges
from resolvers import partners
from tests import trade
from tests.people import House


@pytest.mark.rule("R-183")
async def test_a_hundred_parallel_creations_get_a_hundred_numbers(house: House) -> None:
    home = await house.found()
    at_once = asyncio.Semaphore(5)

    async def enter(place: int) -> None:
        async with at_once:
            new = NewPartner(PartnerType.ORGANIZATION, {"name": f"Partner {place}"})
            await house.run(home.admin, partners.create_partner(new))

    await asyncio.gather(*(enter(place) for place in range(100)))
    found = await house.data(
        home.admin, "{ partners(first: 100, orderBy: [{field: NUMBER}]) { totalCount nodes { number } } }"
    )
    numbers = [node["number"] for node in found["partners"]["nodes"]]
    assert numbers == [str(100001 + place) for place in range(100)]


@pytest.mark.rule("R-183")
@pytest.mark.parametrize("role", ["app", "portal"])
async def test_documents_take_their_numbers_in_turn_also_in_the_portal(house: House, role: str) -> None:
    home = await house.found()
    caller = home.admin
    if role == "portal":
        caller = await home.customer_of_portal(await trade.customer(home))
    given = []
    for _ in range(2):
        async with house.database.transaction(caller.context()) as session:
            given.append(await number_ranges.next_number(session, "ORDER"))
            await session.commit()
    assert given == ["A-00000001", "A-00000002"]
