"""Who sends a request is found once, for the organization that the request names."""

import asyncio
from typing import Any

import pytest

from tenancy.caller import Caller
from tenancy.errors import Unauthenticated
from tenancy.rights import Callers, Identified, Known, Wish
from tests.people import ISSUER, House


class Counting(Callers):
    """Callers that count how often they read."""

    reads = 0

    async def load(self, identity: Identified, wish: Wish) -> Caller:
        self.reads += 1
        return await super().load(identity, wish)


@pytest.fixture
def callers(house: House) -> Counting:
    return Counting(house.database)


async def test_the_first_requests_of_a_page_read_the_caller_once(callers: Counting, house: House) -> None:
    anna = (await house.found()).admin
    known = Known(ISSUER, anna.subject, anna.tenant_id)
    found = await asyncio.gather(*(callers.of(known, Wish()) for _ in range(20)))
    assert {one.membership_id for one in found} == {anna.membership_id}
    assert callers.reads == 1


async def test_who_hangs_up_does_not_take_the_others_with_it(callers: Counting, house: House) -> None:
    anna = (await house.found()).admin
    known = Known(ISSUER, anna.subject, anna.tenant_id)
    first = asyncio.create_task(callers.of(known, Wish()))
    second = asyncio.create_task(callers.of(known, Wish()))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).membership_id == anna.membership_id
    assert callers.reads == 1


async def test_rights_that_changed_are_not_taken_from_a_reading_under_way(callers: Counting, house: House) -> None:
    anna = (await house.found()).admin
    known = Known(ISSUER, anna.subject, anna.tenant_id)
    before = asyncio.create_task(callers.of(known, Wish()))
    await asyncio.sleep(0)
    await callers.fresh(known, Wish())
    await before
    assert callers.reads == 2


async def test_a_failure_is_told_to_all_who_asked_and_not_remembered(callers: Counting) -> None:
    nobody = Known(ISSUER, "nobody", None)
    outcomes: list[Any] = await asyncio.gather(*(callers.of(nobody, Wish()) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in outcomes] == [Unauthenticated] * 3
    with pytest.raises(Unauthenticated):
        await callers.of(nobody, Wish())
    assert callers.reads == 2
