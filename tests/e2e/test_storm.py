"""A storm of checkouts in which everything is killed: what was acknowledged is there once, and adds up to the cent."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import httpx2
import psutil
import pytest
from anyio import to_thread

from persistence import embedded
from tests.e2e import main_job, people, storm
from tests.e2e.installation import Installation
from tests.e2e.main_job import DIGITAL, OWN, PRINT, Job
from tests.e2e.people import PATIENCE_SECONDS, Group, Tenant
from tests.e2e.storm import UNAVAILABLE, Buyer, Ledger, everything

pytestmark = pytest.mark.xdist_group("storm")

SECONDS = float(os.environ.get("STORM_SECONDS", "15"))
"""How long the storm blows; whoever wants to be surer lets it blow longer."""

BUYERS = 6
KILLS_EVERY = 4.0

Kill = Callable[[], Awaitable[None]]


@dataclass
class Sea:
    """Where the storm blows: an installation with its own PostgreSQL, and two tenants of one company in it."""

    installation: Installation
    job: Job
    buyers: list[Buyer]
    ledger: Ledger


@pytest.fixture
def own() -> Iterator[Installation]:
    """An installation with an embedded PostgreSQL, as safe as an operator's."""
    with tempfile.TemporaryDirectory(prefix="kontor-storm-") as folder:
        Path(folder).chmod(0o711)
        plenty = {"COST_BUDGET": "100000000", "COST_REFILL": "1000000"}
        installation = Installation(Path(folder) / "data", None, plenty)
        installation.start()
        yield installation
        installation.stop()
        embedded.destroy(installation.folder)


@pytest.fixture
async def sea(own: Installation) -> AsyncIterator[Sea]:
    async with httpx2.AsyncClient(base_url=own.url, timeout=PATIENCE_SECONDS) as http:
        group = await people.founded(own, http, ("alpha", "gamma"))
        alpha, gamma = group.tenants.values()
        job = Job(group, alpha, gamma, Tenant("nobody", "nobody.test", ""))
        await main_job.connect(job, watched=False)
        await main_job.share(job, watched=False)
        await main_job.compose(job)
        ledger = Ledger()
        yield Sea(own, job, [await a_buyer(job, group, ledger, number) for number in range(BUYERS)], ledger)


async def a_buyer(job: Job, group: Group, ledger: Ledger, number: int) -> Buyer:
    who = f"buyer{number}"
    await main_job.customer(job, job.target, who, f"Buchhandlung {number}")
    return Buyer(group.client(job.target, who), who, ledger)


async def test_nothing_acknowledged_is_lost_whatever_is_killed(sea: Sea) -> None:
    until = time.monotonic() + SECONDS
    async with asyncio.TaskGroup() as tasks:
        for buyer in sea.buyers:
            tasks.create_task(buyer.shop(sea.job.made["cart"], until))
        killed = await kill_in_turn(sea.installation, until)
    assert killed >= len(kills(sea.installation))
    assert len(sea.ledger.paid) >= BUYERS
    assert {(status, again) for status, again in sea.ledger.troubles} <= {(UNAVAILABLE, True)}

    orders = await everything(sea.job.of_target("admin"), storm.ORDERS)
    each_order_is_there_once_and_whole(sea, orders)
    await the_payout_list_adds_up(sea, orders)
    await nothing_is_half_there(sea, orders)
    await the_worker_followed(sea, orders)


def kills(installation: Installation) -> list[Kill]:
    """Each way to die."""

    async def a_web_worker() -> None:
        installation.web_workers[0].kill()

    async def the_whole_app() -> None:
        await to_thread.run_sync(installation.kill)
        await to_thread.run_sync(installation.start)  # which is all that a supervisor does

    async def the_database() -> None:
        file = installation.folder / "postgres" / "cluster" / "postmaster.pid"
        psutil.Process(int(file.read_text().split("\n", 1)[0])).kill()

    return [a_web_worker, the_database, the_whole_app]


async def kill_in_turn(installation: Installation, until: float) -> int:
    """Kill one thing after the other, each at least once; the number of kills."""
    done, ways = 0, kills(installation)
    while time.monotonic() < until or done < len(ways):
        await asyncio.sleep(min(KILLS_EVERY, SECONDS / (len(ways) + 1)))
        await ways[done % len(ways)]()
        done += 1
    return done


def each_order_is_there_once_and_whole(sea: Sea, orders: list[storm.Answer]) -> None:
    """What customers were told and what staff finds is the same, with an invoice and two subscriptions each."""
    numbers = [order["number"] for order in orders]
    assert sorted(numbers) == sorted(sea.ledger.orders)
    assert len(set(numbers)) == len(numbers)
    invoices = [invoice for order in orders for invoice in order["invoices"]]
    assert len({invoice["number"] for invoice in invoices}) == len(orders)
    for order in orders:
        [invoice] = order["invoices"]
        assert Decimal(order["total"]["amount"]) == OWN + DIGITAL + PRINT == storm.sum_of(order["items"])
        assert (invoice["status"], invoice["total"]) == ("PAID", order["total"])
    begun = [item["subscription"]["id"] for order in orders for item in order["items"] if item["subscription"]]
    assert len(set(begun)) == 2 * len(orders)


async def the_payout_list_adds_up(sea: Sea, orders: list[storm.Answer]) -> None:
    """Both tenants have the same entries, one for each order, of exactly its external items, numbered without gaps."""
    by_source = await everything(sea.job.of_source("accountant"), storm.ENTRIES)
    by_target = await everything(sea.job.of_target("accountant"), storm.ENTRIES)
    assert sorted(by_source, key=by_number) == sorted(by_target, key=by_number)
    assert {one["type"] for one in by_source} == {"PAYMENT"}
    assert len(by_source) == len(orders)
    assert {one["orderNumber"]: Decimal(one["amount"]["amount"]) for one in by_source} == storm.external(orders)
    assert sorted(map(by_number, by_source)) == list(range(1, len(orders) + 1))
    total = sum(Decimal(one["amount"]["amount"]) for one in by_source)
    assert total == (DIGITAL + PRINT) * len(orders)


def by_number(entry: storm.Answer) -> int:
    return int(entry["number"])


async def nothing_is_half_there(sea: Sea, orders: list[storm.Answer]) -> None:
    """Each customer's checkouts are paid, as many as there are orders; none was begun twice by a retry."""
    found = [one for buyer in sea.buyers for one in await everything(buyer.client, storm.CHECKOUTS)]
    assert [one["status"] for one in found] == ["PAID"] * len(orders)


async def the_worker_followed(sea: Sea, orders: list[storm.Answer]) -> None:
    """Every mirror has found its customer, also those whose job was killed."""

    async def all_linked() -> str | None:
        mirrors = await everything(sea.job.of_source("admin"), storm.SOLD)
        assert len(mirrors) == len(orders)
        return "linked" if all(one["customer"] for one in mirrors) else None

    await main_job.eventually(all_linked)
