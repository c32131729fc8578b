"""A tenant spends what it has, and no more at once than its share."""

import asyncio
from uuid import UUID

import pytest

from tests.web.toy_endpoint import ADLER, BUSSARD
from web import budget
from web.budget import Allowance, Budgets, Place, Shares
from web.http.problems import Problem


class Clock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def budgets(clock: Clock, size: int = 100, refill: float = 10) -> Budgets:
    return Budgets(Allowance(size=size, refill=refill), clock)


def test_what_is_spent_comes_back_with_time_but_never_beyond_the_size(clock: Clock) -> None:
    tenants = budgets(clock)
    bill = tenants.bill(ADLER)
    bill(80)
    assert bill.statement() == {"requested": 80, "budgetLeft": 20, "refillPerSecond": 10}
    clock.now += 3
    assert bill.statement()["budgetLeft"] == 50
    clock.now += 3600
    assert bill.statement()["budgetLeft"] == 100


def test_a_refused_cost_takes_nothing_and_tells_how_long_to_wait(clock: Clock) -> None:
    bill = budgets(clock).bill(ADLER)
    bill(95)
    with pytest.raises(Problem) as refused:
        bill(30)
    assert refused.value.code == "BUDGET_SPENT"
    assert dict(refused.value.headers)[b"retry-after"] == b"3"
    assert bill.statement()["budgetLeft"] == 5


def test_an_empty_budget_is_refused_before_any_work(clock: Clock) -> None:
    tenants = budgets(clock)
    tenants.bill(ADLER)(100)
    with pytest.raises(Problem) as refused:
        tenants.bill(ADLER)
    assert refused.value.status == 429
    clock.now += 0.1
    tenants.bill(ADLER)


def test_a_bill_without_a_cost_is_settled_with_one_point(clock: Clock) -> None:
    tenants = budgets(clock)
    assert tenants.bill(ADLER).settle() == 1
    assert tenants.bill(ADLER).statement()["budgetLeft"] == 99


def test_workers_share_what_a_tenant_may_spend() -> None:
    share = Allowance(size=100, refill=10, streams=3, at_once=8).share(4)
    assert (share.size, share.refill, share.streams, share.at_once) == (25, 2.5, 1, 8)


def test_the_memory_of_tenants_is_bounded_and_debts_are_not_forgotten(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "REMEMBERED_TENANTS", 3)
    tenants = budgets(clock)
    tenants.bill(ADLER)(100)
    for number in range(20):
        tenants.bill(UUID(int=number))
    assert len(tenants._buckets) <= 4
    with pytest.raises(Problem):
        tenants.bill(ADLER)


async def test_a_place_is_free_again_whatever_happened_in_it() -> None:
    place = Place(1, patience=0.01)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"):
            async with place:
                raise ValueError("broken")
    assert place.busy == 0


async def test_who_waits_for_a_place_gets_it_when_it_is_free() -> None:
    place = Place(1, patience=5)
    order: list[int] = []

    async def work(number: int) -> None:
        async with place:
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(work(1), work(2))
    assert order == [1, 2]
    assert (place.busy, place.waiting) == (0, 0)


async def test_who_is_cancelled_while_waiting_leaves_no_trace() -> None:
    place = Place(1, patience=5)
    async with place:
        waiting = asyncio.create_task(place.__aenter__())
        await asyncio.sleep(0)
        assert place.waiting == 1
        waiting.cancel()
        await asyncio.wait([waiting])
    assert (place.busy, place.waiting) == (0, 0)
    async with place:
        assert place.busy == 1


async def test_the_queue_for_a_place_has_an_end() -> None:
    place = Place(1, patience=5)
    async with place:
        waiting = [asyncio.create_task(place.__aenter__()) for _ in range(budget.QUEUE)]
        await asyncio.sleep(0)
        with pytest.raises(Problem) as refused:
            await place.__aenter__()
        for one in waiting:
            one.cancel()
        await asyncio.wait(waiting)
    assert (refused.value.code, refused.value.status) == ("TOO_MANY_AT_ONCE", 429)
    assert (place.busy, place.waiting) == (0, 0)


async def test_each_tenant_has_its_own_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "REMEMBERED_TENANTS", 2)
    shares = Shares(1, patience=0.01)
    async with shares.of(ADLER):
        async with shares.of(BUSSARD):
            pass
        for number in range(10):
            shares.of(UUID(int=number))
        assert len(shares._places) <= 3
        with pytest.raises(Problem):
            await shares.of(ADLER).__aenter__()
