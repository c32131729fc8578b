"""The worker process: takes jobs until it is told to stop, and goes on when the database was away.

A job that fails is tried again, later and later, and then stays with its tries for `kontor doctor` to name. A
job whose worker was killed is given to another one after `SILENT_SECONDS`.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import procrastinate
import psycopg
import structlog

from jobs import events
from jobs.hands import Hands
from jobs.queue import queue
from tenancy.settings import DatabaseUrls, Settings
from web import logs
from web.forking import starter_lives

AT_ONCE = 4
LOOK_EVERY_SECONDS = 1.0
HEARTBEAT_SECONDS = 2.0
SILENT_SECONDS = 10.0
GRACE_SECONDS = 30.0
PAUSE_SECONDS = 1.0

HOW: procrastinate.app.WorkerOptions = {
    "concurrency": AT_ONCE,
    "fetch_job_polling_interval": LOOK_EVERY_SECONDS,
    "update_heartbeat_interval": HEARTBEAT_SECONDS,
    "stalled_worker_timeout": SILENT_SECONDS,
    "shutdown_graceful_timeout": GRACE_SECONDS,
    "delete_jobs": "successful",
    "install_signal_handlers": False,
}

log = structlog.get_logger("jobs")


def run(settings: Settings, urls: DatabaseUrls, *, with_parent: bool = False) -> None:
    """Work until SIGTERM or SIGINT. `with_parent` also stops when the process that started this one is gone."""
    logs.begin(settings)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    asyncio.run(_work(settings, urls, with_parent=with_parent))


async def _work(settings: Settings, urls: DatabaseUrls, *, with_parent: bool) -> None:
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    watch = asyncio.create_task(_with_parent(stop)) if with_parent else None
    hands = Hands(settings, urls)
    try:
        while not stop.is_set():
            await take_jobs(queue(settings, urls.app), hands, stop)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSE_SECONDS)
    finally:
        if watch is not None:
            watch.cancel()
        await hands.close()


async def take_jobs(app: procrastinate.App, hands: Hands, stop: asyncio.Event) -> None:
    """Take jobs until `stop`, or until the database is gone."""
    events.add_to(app, hands)
    try:
        await app.open_async()
        async with _beside(rescue(app)):
            working = asyncio.create_task(app.run_worker_async(**HOW))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
    except (procrastinate.exceptions.ConnectorException, psycopg.Error, OSError) as error:
        log.warning("the queue does not answer; trying again", reason=type(error).__name__)
    finally:
        await app.close_async()


async def rescue(app: procrastinate.App) -> None:
    """Give the jobs of workers that were killed back to the queue."""
    while True:
        with suppress(procrastinate.exceptions.ConnectorException):
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
                await app.job_manager.retry_job(job)
        await asyncio.sleep(SILENT_SECONDS / 2)


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run the work as long as the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _with_parent(stop: asyncio.Event) -> None:
    """Stop when the process that started this one is gone, also when it was gone before we got here."""
    while starter_lives():  # noqa: ASYNC110  # a look costs nothing
        await asyncio.sleep(PAUSE_SECONDS / 4)
    stop.set()
