"""What the engine of the stories lets out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from types import SimpleNamespace

import pytest
from psycopg.pq import PipelineStatus, TransactionStatus
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError

from persistence import freshness
from persistence.engine import Context, Database
from persistence.trips import Statement, together
from tests.people import House


async def test_an_error_of_a_statement_does_not_tell_what_was_in_it(house: House) -> None:
    home = await house.found()
    async with house.database.transaction(home.admin.context()) as session:
        with pytest.raises(DBAPIError) as failed:
            await session.execute(text("select 1 from partner where name_key = :who and 1 / 0 = 1"), {"who": "CANARY"})
    assert "CANARY" not in str(failed.value)


@dataclass
class Line:
    """A pool of one connection."""

    database: Database

    async def process(self) -> int:
        """The server's process behind it."""
        async with self.database.transaction(Context()) as session:
            return int(await session.scalar(text("select pg_backend_pid()")) or 0)


@pytest.fixture
async def line(house: House) -> AsyncIterator[Line]:
    database = Database({"app": house.urls.app}, pool_size=1)
    yield Line(database)
    await database.close()


async def test_a_connection_is_used_again(line: Line) -> None:
    assert await line.process() == await line.process()


async def test_what_stood_idle_is_asked_and_used_again(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await line.process()
    monkeypatch.setattr(freshness, "IDLE_SECONDS", 0.0)
    assert await line.process() == first


async def test_a_connection_whose_server_process_was_ended_is_replaced(house: House, line: Line) -> None:
    lent = await line.process()
    async with house.database.transaction(Context()) as session:
        assert await session.scalar(text("select pg_terminate_backend(:lent, 5000)"), {"lent": lent})
    assert await line.process() != lent


async def test_a_connection_whose_user_was_cancelled_is_lent_to_nobody_in_the_middle_of_something(line: Line) -> None:
    async def sleep() -> None:
        async with line.database.transaction(Context()) as session:
            await session.execute(text("select pg_sleep(60)"))

    for seconds in (0.0, 0.001, 0.01, 0.05, 0.2):
        task = asyncio.create_task(sleep())
        await asyncio.sleep(seconds)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await line.process()


async def test_who_is_cancelled_takes_the_connection_along(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nobody looks at it before it is lent again."""
    monkeypatch.setattr(freshness, "watch", lambda _: None)
    line = Line(Database({"app": house.urls.app}, pool_size=1))
    lent = await line.process()

    async def sleep() -> None:
        async with line.database.transaction(Context()) as session:
            await together(session, [Statement("select 1", {}), Statement("select pg_sleep(60)", {})])

    task = asyncio.create_task(sleep())
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await line.process() != lent
    await line.database.close()


@pytest.mark.parametrize(
    ("transaction", "pipeline"),
    [
        (TransactionStatus.ACTIVE, PipelineStatus.OFF),
        (TransactionStatus.INTRANS, PipelineStatus.OFF),
        (TransactionStatus.INERROR, PipelineStatus.OFF),
        (TransactionStatus.IDLE, PipelineStatus.ON),
    ],
)
def test_a_connection_in_the_middle_of_something_is_not_lent(
    transaction: TransactionStatus, pipeline: PipelineStatus
) -> None:
    pgconn = SimpleNamespace(transaction_status=transaction, pipeline_status=pipeline)
    connection = SimpleNamespace(driver_connection=SimpleNamespace(pgconn=pgconn))
    record = SimpleNamespace(info={freshness._USED: monotonic()})
    with pytest.raises(DisconnectionError):
        freshness._look(None, connection, record, None)


async def test_what_is_asked_first_is_asked_as_the_caller(house: House) -> None:
    home = await house.found()
    asked = Statement("select current_tenant()", {})
    async with house.database.opened(home.admin.context(), asked, asked, read_only=True) as (session, answers):
        assert answers == [(home.id,), (home.id,)]
        assert await session.scalar(text("select current_setting('transaction_read_only')")) == "on"


async def test_an_error_among_several_statements_is_one_of_sqlalchemys(house: House) -> None:
    home = await house.found()
    wrong = Statement("insert into role (tenant_id, id, code) values (%(id)s, %(id)s, 'CANARY')", {"id": home.id})
    async with house.database.transaction(home.admin.context()) as session:
        with pytest.raises(IntegrityError) as failed:
            await together(session, [Statement("select 1", {}), wrong, Statement("select 2", {})])
    assert "not-null" in str(failed.value.orig)
    assert failed.value.orig.sqlstate == "23502"  # type: ignore[union-attr]  # psycopg's
