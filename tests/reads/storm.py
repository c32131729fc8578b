"""A storm of requests of several tenants, many of them given up midway; and an executor that leaks under it."""

import asyncio
import random
from typing import Any

from reads.connection import Connection, Parameters, Row, StatementFailed
from reads.pipeline import Pipeline
from reads.pool import Pool

SLOW = (
    b"select json_build_object('tenant', current_setting('app.tenant_id'), 'said', $1::text)::text"
    b" from pg_sleep($2::float8)"
)
DIVISION_BY_ZERO = "22012"
FAILING = b"select (1 / (length($1::text) - length($1::text)))::text"


Wrong = list[tuple[str, bytes]]


async def storm(pipeline: Pipeline, tenants: list[Any], requests: int, seed: int) -> Wrong:
    """Run the requests, a few at a time; the answers that were somebody else's."""
    random_ = random.Random(seed)
    wrong: Wrong = []
    places = asyncio.Semaphore(8)

    async def one(number: int) -> None:
        tenant = str(random_.choice(tenants))
        said = f"{tenant}/{number}".encode()
        fails = random_.random() < 0.15
        async with places:
            found = await (_failing if fails else _given_up)(pipeline, tenant, said, random_)
            if found is not None:
                wrong.append((said.decode(), found))

    await asyncio.gather(*(one(number) for number in range(requests)))
    return wrong


async def _given_up(pipeline: Pipeline, tenant: str, said: bytes, random_: random.Random) -> bytes | None:
    """A request that may be cancelled midway; what it got, if that was not its own."""
    sleep = b"%.4f" % random_.uniform(0, 0.004)
    request = asyncio.ensure_future(pipeline.fetch(_context(tenant), SLOW, [said, sleep]))
    if random_.random() < 0.4:
        await asyncio.sleep(random_.uniform(0, 0.02))
        request.cancel()
    try:
        row = await request
    except asyncio.CancelledError:
        return None
    except StatementFailed as failed:
        return failed.state.encode()
    answer = (row or [b""])[0] or b""
    return None if said in answer and tenant.encode() in answer else answer


async def _failing(pipeline: Pipeline, tenant: str, said: bytes, _random: random.Random) -> bytes | None:
    """A request that fails in the database; what it got, if that was not its own failure."""
    try:
        row = await pipeline.fetch(_context(tenant), FAILING, [said])
    except StatementFailed as failed:
        return None if failed.state == DIVISION_BY_ZERO else failed.state.encode()
    return (row or [b""])[0] or b""


def _context(tenant: str) -> Parameters:
    return [tenant.encode(), b"", b"", b"", b""]


class LeakyPipeline(Pipeline):
    """The mistake: the caller gives the connection back when it goes, whatever the server is doing."""

    async def _run(self, context: Parameters, sql: bytes, parameters: Parameters) -> Row:
        connection = await self.pool.take()
        try:
            return await connection.run(context, sql, parameters)
        finally:
            self.pool.give_back(connection)

    async def _connection(self, home: Pool) -> Connection:
        connection = await super()._connection(home)
        connection._home = _Nowhere()
        return connection


class _Nowhere:
    def give_back(self, connection: Connection) -> None:
        """The caller does it, too early."""

    def lose(self, connection: Connection) -> None:
        """Nobody cares."""
