"""The executor: context and statement in one round trip, and never anybody else's answer."""

import asyncio
from collections.abc import AsyncIterator, Callable

import psycopg
import pytest

from reads.connection import DatabaseUnavailable, StatementFailed
from reads.pipeline import Pipeline
from reads.pool import PoolExhausted
from tests.reads.storm import LeakyPipeline, storm

NOBODY = [b"", b"", b"", b"", b""]
TENANT = b"11111111-1111-1111-1111-111111111111"
SOMEBODY = [TENANT, b"", b"", b"", b"somebody"]

Make = Callable[..., Pipeline]


@pytest.fixture
async def make(toy_base) -> AsyncIterator[Make]:
    made: list[Pipeline] = []

    def pipeline(size: int = 1, wait_seconds: float = 5.0, *, kind: type[Pipeline] = Pipeline, **more) -> Pipeline:
        made.append(kind(more.pop("conninfo", toy_base.conninfo), size, wait_seconds, **more))
        return made[-1]

    yield pipeline
    for each in made:
        await each.close()


async def test_row_security_is_told_the_context_of_each_request_and_nothing_of_it_stays(make):
    pipeline = make()
    ask = b"select current_setting('app.tenant_id'), current_setting('app.subject')"
    assert await pipeline.fetch(SOMEBODY, ask, []) == [TENANT, b"somebody"]
    assert await pipeline.fetch(NOBODY, ask, []) == [b"", b""]
    assert pipeline.pool.opened == 1


async def test_a_request_that_names_no_tenant_sees_no_rows(make, toy_base):
    pipeline = make()
    count = b"select count(*)::text from author"
    assert await pipeline.fetch(NOBODY, count, []) == [b"0"]
    mine = [str(toy_base.world.tenants[0].id).encode(), *NOBODY[1:]]
    assert await pipeline.fetch(mine, count, []) == [b"40"]


@pytest.mark.parametrize("prepared", [True, False])
async def test_a_read_cannot_write(make, prepared):
    pipeline = make(prepared=prepared)
    with pytest.raises(StatementFailed) as failed:
        await pipeline.fetch(SOMEBODY, b"delete from author returning 'gone'", [])
    assert failed.value.state == "25006"


async def test_a_statement_that_fails_leaves_a_connection_that_works(make):
    pipeline = make()
    with pytest.raises(StatementFailed) as failed:
        await pipeline.fetch(SOMEBODY, b"select 1 / $1::int", [b"0"])
    assert failed.value.state == "22012"
    assert await pipeline.fetch(SOMEBODY, b"select 6 / $1::int", [b"3"]) == [b"2"]
    with pytest.raises(StatementFailed) as unknown:
        await pipeline.fetch(SOMEBODY, b"select nothing", [])
    assert unknown.value.state == "42703"
    assert await pipeline.fetch(SOMEBODY, b"select 6 / $1::int", [b"2"]) == [b"3"]
    assert pipeline.pool.opened == 1


async def test_the_names_of_statements_are_bounded_and_evicted_ones_are_closed(make):
    pipeline = make(names=5)
    for number in range(20):
        assert await pipeline.fetch(SOMEBODY, b"select '%d'" % number, []) == [b"%d" % number]
    (count,) = await pipeline.fetch(SOMEBODY, b"select count(*)::text from pg_prepared_statements", [])
    assert int(count or 0) <= 6
    assert await pipeline.fetch(SOMEBODY, b"select '0'", []) == [b"0"]


async def test_a_statement_that_fails_at_run_time_does_not_pile_up_names(make):
    pipeline = make(names=50)
    for _ in range(10):
        with pytest.raises(StatementFailed):
            await pipeline.fetch(SOMEBODY, b"select 1 / $1::int", [b"0"])
    (count,) = await pipeline.fetch(SOMEBODY, b"select count(*)::text from pg_prepared_statements", [])
    assert int(count or 0) <= 3


async def test_unnamed_statements_leave_no_name_on_the_server(make):
    pipeline = make(prepared=False)
    for number in range(3):
        assert await pipeline.fetch(SOMEBODY, b"select $1::text", [b"%d" % number]) == [b"%d" % number]
    assert await pipeline.fetch(SOMEBODY, b"select count(*)::text from pg_prepared_statements", []) == [b"0"]


async def test_parameters_larger_than_the_socket_takes_at_once_arrive_whole(make):
    pipeline = make()
    large = b"x" * 20_000_000
    assert await pipeline.fetch(SOMEBODY, b"select length($1::text)::text", [large]) == [b"20000000"]
    (answer,) = await pipeline.fetch(SOMEBODY, b"select repeat('y', 20000000)", [])
    assert len(answer or b"") == 20_000_000


async def test_who_waits_too_long_for_a_connection_is_told_so_and_the_next_is_served(make):
    pipeline = make(size=1, wait_seconds=0.05)
    slow = asyncio.ensure_future(pipeline.fetch(SOMEBODY, b"select pg_sleep(0.4)::text", []))
    await asyncio.sleep(0.1)
    with pytest.raises(PoolExhausted):
        await pipeline.fetch(SOMEBODY, b"select 1", [])
    await slow
    assert await pipeline.fetch(SOMEBODY, b"select 1", []) == [b"1"]
    assert pipeline.pool.free == pipeline.pool.opened == 1


async def test_a_connection_comes_back_when_the_server_is_ready_not_when_its_caller_goes(make):
    pipeline = make(size=1)
    slow = asyncio.ensure_future(pipeline.fetch(SOMEBODY, b"select pg_sleep(0.3)::text", []))
    await asyncio.sleep(0.1)
    slow.cancel()
    await asyncio.sleep(0.05)
    assert pipeline.pool.free == 0
    assert await pipeline.fetch(SOMEBODY, b"select 'mine'", []) == [b"mine"]
    assert pipeline.pool.free == 1


async def test_who_gives_up_waiting_takes_no_connection_with_it(make):
    pipeline = make(size=1)
    slow = asyncio.ensure_future(pipeline.fetch(SOMEBODY, b"select pg_sleep(0.2)::text", []))
    await asyncio.sleep(0.05)
    waiting = [asyncio.ensure_future(pipeline.fetch(SOMEBODY, b"select 1", [])) for _ in range(5)]
    await asyncio.sleep(0.05)
    for each in waiting[::2]:
        each.cancel()
    await slow
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert [row for row in found if isinstance(row, list)] == [[b"1"], [b"1"]]
    assert pipeline.pool.free == pipeline.pool.opened == 1


async def test_connections_that_the_server_ended_are_replaced(make, toy_base):
    pipeline = make(size=2)
    (pid,) = await pipeline.fetch(SOMEBODY, b"select pg_backend_pid()::text", [])
    with psycopg.connect(toy_base.conninfo, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", [int(pid or 0)])
    assert await pipeline.fetch(SOMEBODY, b"select 1", []) == [b"1"]
    running = asyncio.ensure_future(pipeline.fetch(SOMEBODY, b"select pg_backend_pid()::text from pg_sleep(0.3)", []))
    await asyncio.sleep(0.1)
    with psycopg.connect(toy_base.conninfo, autocommit=True) as other:
        other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep%' and"
            " pid <> pg_backend_pid() and datname = current_database()"
        )
    (second,) = await running
    assert second is not None
    assert pipeline.pool.opened <= 2


async def test_when_the_server_ended_all_connections_at_once_the_next_request_is_answered(make, toy_base):
    pipeline = make(size=4)
    await asyncio.gather(*(pipeline.fetch(SOMEBODY, b"select pg_sleep(0.1)::text", []) for _ in range(4)))
    assert pipeline.pool.free == 4
    with psycopg.connect(toy_base.conninfo, autocommit=True) as other:
        other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where pid <> pg_backend_pid() and datname = current_database() and usename = current_user"
        )
    assert await pipeline.fetch(SOMEBODY, b"select 1", []) == [b"1"]
    assert pipeline.pool.opened == pipeline.pool.free == 1


async def test_a_database_that_cannot_be_reached_is_named_as_such(make):
    pipeline = make(conninfo="postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseUnavailable):
        await pipeline.fetch(SOMEBODY, b"select 1", [])
    assert pipeline.pool.opened == 0


@pytest.mark.parametrize("prepared", [True, False])
@pytest.mark.parametrize("size", [1, 5])
async def test_in_a_storm_of_cancelled_and_failing_requests_every_answer_is_its_callers(make, toy_base, size, prepared):
    pipeline = make(size=size, wait_seconds=30, prepared=prepared)
    tenants = [tenant.id for tenant in toy_base.world.tenants]
    assert await storm(pipeline, tenants, requests=400, seed=size) == []
    assert pipeline.pool.opened <= size


async def test_the_storm_finds_an_executor_that_gives_connections_back_too_early(make, toy_base):
    pipeline = make(size=1, wait_seconds=30, kind=LeakyPipeline)
    tenants = [tenant.id for tenant in toy_base.world.tenants]
    async with asyncio.timeout(60):
        wrong = await storm(pipeline, tenants, requests=400, seed=1)
    assert wrong
