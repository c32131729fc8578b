"""What a tenant may spend and how much it may do at once, so that a noisy one does not slow the others.

Both are counted in this worker process, in memory: exact enough, and no write on the read path. The sizes are
what the installation grants a tenant, divided by the number of workers.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from web.http.problems import Problem

REMEMBERED_TENANTS = 10_000

QUEUE = 16
"""Requests that may wait for each place; a page that asks for many things at once is no storm."""


@dataclass(frozen=True)
class Allowance:
    """A tenant's means in one worker: `size` points at most, `refill` points a second, `at_once` requests running.

    A request beyond `at_once` waits `patience` seconds at most, in a queue that has an end.
    """

    size: int = 100_000
    refill: float = 5_000.0
    at_once: int = 8
    patience: float = 2.0
    streams: int = 200

    def share(self, workers: int) -> "Allowance":
        """What one of several workers may grant; at least enough for one request."""
        return Allowance(
            size=max(1, self.size // workers),
            refill=self.refill / workers,
            at_once=self.at_once,
            patience=self.patience,
            streams=max(1, self.streams // workers),
        )


class Bucket:
    """Points that a tenant spends and that come back with time."""

    __slots__ = ("_at", "_clock", "level", "refill", "size")

    def __init__(self, size: int, refill: float, clock: Callable[[], float]) -> None:
        self.size, self.refill = size, refill
        self._clock, self.level, self._at = clock, float(size), clock()
        """`level` are the points there were when somebody last looked."""

    @property
    def left(self) -> float:
        """The points there are now."""
        now = self._clock()
        level = self.level + (now - self._at) * self.refill
        self.level = level if level < self.size else float(self.size)
        self._at = now
        return self.level

    def take(self, points: int) -> bool:
        """Take points if there are as many; say whether."""
        if points > self.left:
            return False
        self.level -= points
        return True

    def wait_for(self, points: int) -> float:
        """Seconds until there are as many points."""
        return max(0.0, (points - self.left) / self.refill)


class Bill:
    """What one request costs its tenant. It is called with the cost, once or several times."""

    __slots__ = ("_bucket", "requested")

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self.requested = 0

    def __call__(self, cost: int) -> None:
        """Charge `cost` points. Raises Problem BUDGET_SPENT, or COST_EXCEEDED when waiting would not help."""
        self.requested += cost
        if self._bucket.take(cost):
            return
        if cost > self._bucket.size:
            raise Problem(
                "COST_EXCEEDED",
                f"The operation costs {cost} points; {self._bucket.size} are the most a tenant can have.",
                extensions={"cost": self.statement()},
            )
        raise _spent(self, self._bucket.wait_for(cost))

    def settle(self) -> int:
        """Close the bill: what was refused before its cost was known has cost something too, one point."""
        if not self.requested:
            self.requested = 1
            self._bucket.take(1)
        return self.requested

    def statement(self) -> dict[str, Any]:
        """What `extensions.cost` says."""
        bucket = self._bucket
        return {"requested": self.requested, "budgetLeft": int(bucket.left), "refillPerSecond": int(bucket.refill)}


def _spent(bill: Bill, seconds: float) -> Problem:
    return Problem(
        "BUDGET_SPENT",
        "The budget of your tenant is spent for the moment; ask for less at a time, or wait.",
        retry_after=seconds,
        extensions={"cost": bill.statement()},
    )


class Budgets:
    """The buckets of the tenants that called lately."""

    def __init__(self, allowance: Allowance, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowance, self._clock = allowance, clock
        self._buckets: dict[UUID, Bucket] = {}

    def bill(self, tenant_id: UUID) -> Bill:
        """Open the bill of a request. Raises Problem BUDGET_SPENT when there is nothing left at all."""
        bucket = self._buckets.get(tenant_id)
        if bucket is None:
            bucket = self._buckets[tenant_id] = self._new()
        if bucket.level < 1 and bucket.left < 1:
            raise _spent(Bill(bucket), bucket.wait_for(1))
        return Bill(bucket)

    def _new(self) -> Bucket:
        if len(self._buckets) >= REMEMBERED_TENANTS:
            # a full bucket is the same as none
            self._buckets = {key: one for key, one in self._buckets.items() if one.left < one.size}
        return Bucket(self._allowance.size, self._allowance.refill, self._clock)


class Place:
    """A tenant's counter: entering waits for one of its places, leaving frees it."""

    __slots__ = ("_free", "_patience", "_places", "busy", "waiting")

    def __init__(self, places: int, patience: float) -> None:
        self._free = asyncio.Semaphore(places)
        self._places, self._patience = places, patience
        self.busy = self.waiting = 0

    async def __aenter__(self) -> None:
        """Take a place. Raises Problem TOO_MANY_AT_ONCE after waiting in vain, or when too many wait."""
        if self._free.locked():
            await self._queue()
        else:
            await self._free.acquire()
        self.busy += 1

    async def __aexit__(self, *_: object) -> None:
        self.busy -= 1
        self._free.release()

    async def _queue(self) -> None:
        if self.waiting >= self._places * QUEUE:
            raise _too_many()
        self.waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError:
            raise _too_many() from None
        finally:
            self.waiting -= 1


class Shares:
    """How many requests of one tenant run at once: fewer than there are connections, so others find one."""

    def __init__(self, at_once: int, patience: float) -> None:
        self._at_once, self._patience = at_once, patience
        self._places: dict[UUID, Place] = {}

    def of(self, tenant_id: UUID) -> Place:
        """The tenant's counter, to be entered for as long as its request runs."""
        place = self._places.get(tenant_id)
        if place is None:
            place = self._places[tenant_id] = self._new()
        return place

    def _new(self) -> Place:
        if len(self._places) >= REMEMBERED_TENANTS:
            self._places = {key: one for key, one in self._places.items() if one.busy or one.waiting}
        return Place(self._at_once, self._patience)


def _too_many() -> Problem:
    return Problem(
        "TOO_MANY_AT_ONCE", "Your tenant has too many requests running; send fewer at a time.", retry_after=1
    )
