"""From an event that one tenant told to what the other one has of it: by a job in the same transaction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import select, text

from jobs import events as job
from jobs import worker
from jobs.events import EventsLeft
from jobs.hands import Hands
from jobs.queue import queue
from persistence.engine import Context
from persistence.receipts import EventReceipt
from resolvers import connections, events
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.settings import DatabaseUrls, Settings, for_libpq
from tenancy.work import Work
from tests.people import Home, House
from tests.selling import invited
from web import forking

PATIENCE = 60.0


async def waiting(house: House, tenant_id: UUID) -> list[dict[str, Any]]:
    """The jobs of a tenant that nobody has taken or finished."""
    async with house.database.transaction(Context()) as session:
        rows = await session.execute(
            text("select task_name, status::text, lock, attempts from jobs.procrastinate_jobs where args = :args"),
            {"args": f'{{"tenant_id": "{tenant_id}"}}'},
        )
        return [dict(row) for row in rows.mappings()]


async def receipts(home: Home) -> int:
    async with home.house.database.transaction((await home.operator()).context()) as session:
        return len((await session.scalars(select(EventReceipt))).all())


@asynccontextmanager
async def working(settings: Settings, urls: DatabaseUrls, hands: Hands) -> AsyncIterator[None]:
    """A worker, as long as the block."""
    stop = asyncio.Event()
    work = asyncio.create_task(worker.take_jobs(queue(settings, urls.app), hands, stop))
    yield
    stop.set()
    await work


async def eventually(true: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await true():  # noqa: ASYNC110  # it happens in another process's time
            await asyncio.sleep(0.05)


async def test_whoever_tells_an_event_leaves_a_job_for_the_tenant_that_was_told(own: House) -> None:
    alpha, beta = await own.found("Alpha Verlag"), await own.found("Beta Medien")
    await invited(alpha, beta)
    [left] = await waiting(own, beta.id)
    assert (left["task_name"], left["status"]) == ("take_events", "todo")
    assert left["lock"] == f"events:{beta.id}"
    assert await waiting(own, alpha.id) == []


async def test_an_operation_that_fails_leaves_neither_event_nor_job(own: House) -> None:
    alpha, beta = await own.found("Alpha Verlag"), await own.found("Beta Medien")

    @writes(Permission.CONNECTIONS_EDIT, joint=True)
    async def invite_and_fail(work: Work) -> None:
        await connections.invite_tenant.story(work, beta.id, "https://alpha.test/kontor")
        await work.session.flush()
        raise RuntimeError("the power is gone")

    with pytest.raises(RuntimeError):
        await own.run(alpha.admin, invite_and_fail())
    assert await waiting(own, beta.id) == []


async def test_a_worker_acts_on_what_the_tenant_was_told_and_keeps_no_job(
    own: House, hands: Hands, settings: Settings, alone: DatabaseUrls
) -> None:
    alpha, beta = await own.found("Alpha Verlag"), await own.found("Beta Medien")
    async with working(settings, alone, hands):
        await invited(alpha, beta)

        async def taken() -> bool:
            return await receipts(beta) == 1 and not await waiting(own, beta.id)

        await eventually(taken)
    assert await receipts(alpha) == 0


async def test_one_job_takes_along_those_that_wait_behind_it_and_no_others(own: House, hands: Hands) -> None:
    alpha, beta = await own.found("Alpha Verlag"), await own.found("Beta Medien")
    connection_id = await invited(alpha, beta)
    await own.run(alpha.admin, connections.withdraw_connection(connection_id, 1))
    assert len(await waiting(own, beta.id)) == 2
    await invited(beta, alpha)
    await hands.take_along(beta.id)
    assert await waiting(own, beta.id) == []
    assert len(await waiting(own, alpha.id)) == 1
    assert await job.take(hands, beta.id) == 2


async def test_acting_twice_counts_once(own: House, hands: Hands) -> None:
    alpha, beta = await own.found("Alpha Verlag"), await own.found("Beta Medien")
    await invited(alpha, beta)
    done = await asyncio.gather(job.take(hands, beta.id), job.take(hands, beta.id))
    assert sum(done) == 1
    assert await job.take(hands, beta.id) == 0


async def test_an_event_that_cannot_be_acted_on_waits_for_another_try_and_stops_no_other(
    own: House, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha, beta, gamma = [await own.found(name) for name in ("Alpha Verlag", "Beta Medien", "Gamma Presse")]
    await invited(alpha, beta)
    await invited(gamma, beta)
    first = (await hands.run(beta.id, "test", events.pending()))[0]
    handle = events.handle

    @writes(Permission.SUBSCRIPTIONS_EDIT, joint=True)
    async def stumble(work: Work, event_id: UUID) -> bool:
        if event_id == first:
            raise LookupError("out of paper")
        return bool(await handle.story(work, event_id))

    monkeypatch.setattr(events, "handle", stumble)
    with pytest.raises(EventsLeft, match="1 event"):
        await job.take(hands, beta.id)
    assert await receipts(beta) == 1
    monkeypatch.setattr(events, "handle", handle)
    assert await job.take(hands, beta.id) == 1


async def test_the_job_of_a_worker_that_was_killed_is_given_to_another(
    own: House, hands: Hands, settings: Settings, alone: DatabaseUrls
) -> None:
    alpha, beta = await own.found("Alpha Verlag"), await own.found("Beta Medien")
    await invited(alpha, beta)
    async with await psycopg.AsyncConnection.connect(for_libpq(alone.app), autocommit=True) as connection:
        # as a worker leaves it that was killed a minute ago
        await connection.execute(
            "with dead as (insert into jobs.procrastinate_workers (last_heartbeat)"
            " values (now() - interval '1 minute') returning id)"
            " update jobs.procrastinate_jobs set status = 'doing', worker_id = dead.id from dead where args = %s",
            [f'{{"tenant_id": "{beta.id}"}}'],
        )
    async with working(settings, alone, hands):

        async def taken() -> bool:
            return await receipts(beta) == 1

        await eventually(taken)


async def test_a_job_says_in_the_audit_that_it_was_one(own: House, hands: Hands) -> None:
    beta = await own.found("Beta Medien")

    @writes(Permission.SUBSCRIPTIONS_EDIT)
    async def look(work: Work) -> tuple[str, str, list[str]]:
        return work.caller.kind, work.caller.subject, list(work.caller.grants)

    assert await hands.run(beta.id, "a_job", look()) == ("JOB", "a_job", [Permission.SUBSCRIPTIONS_EDIT])


async def test_the_portal_may_wake_a_worker_and_see_no_job(own: House, alone: DatabaseUrls) -> None:
    somebody = uuid4()
    async with await psycopg.AsyncConnection.connect(for_libpq(alone.portal), autocommit=True) as connection:
        await connection.execute("select jobs.wake(%s)", [somebody])
        for forbidden in (
            "select * from jobs.procrastinate_jobs",
            "insert into jobs.procrastinate_jobs (queue_name, task_name) values ('events', 'take_events')",
            "delete from jobs.procrastinate_jobs",
            "select * from jobs.procrastinate_fetch_job_v2(null, 1)",
            "select jobs.procrastinate_defer_jobs_v1(null)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(forbidden)
    assert len(await waiting(own, somebody)) == 1


async def test_the_queue_needs_no_search_path(own: House, settings: Settings, alone: DatabaseUrls) -> None:
    app = queue(settings, alone.app)
    async with app.open_async():
        assert await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=3600) == []
        worker_id = await app.job_manager.register_worker()
        await app.job_manager.update_heartbeat(worker_id)
        await app.job_manager.unregister_worker(worker_id)


def test_every_step_of_the_librarys_own_history_is_a_step_of_ours() -> None:
    """A newer procrastinate brings steps that a revision of ours must run before it is used."""
    from migrations import run  # noqa: PLC0415

    ours = "".join(path.read_text("utf-8") for path in run.VERSIONS.glob("*_jobs*.py"))
    published = [file.name for file in (resources.files("procrastinate.sql") / "migrations").iterdir()]
    assert [name for name in published if name.endswith(".sql") and f'"{name}"' not in ours] == []


async def test_a_worker_whose_starter_was_gone_before_it_looked_does_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forking, "parent_process", lambda: SimpleNamespace(is_alive=lambda: False))
    stop = asyncio.Event()
    async with asyncio.timeout(PATIENCE):
        await worker._with_parent(stop)
    assert stop.is_set()
