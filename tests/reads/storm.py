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
FAILING = b"select (1 / (length($1::text) - length($1::text)))::text"


async def storm(pipeline: Pipeline, tenants: list[Any], requests: int, seed: int) -> list[tuple[str, bytes]]:
    """Run the requests, a few at a time; the answers that were somebody else's."""
    random_ = random.Random(seed)
    wrong: list[tuple[str, bytes]] = []
    places = asyncio.Semaphore(8)

    async def one(number: int) -> None:
        tenant = str(random_.choice(tenants))
        context = [tenant.encode(), b"", b"", b"", b""]
        said = f"{tenant}/{number}".encode()
        async with places:
            if random_.random() < 0.15:
                await failing(context, said)
                return
            request = asyncio.ensure_future(pipeline.fetch(context, SLOW, [said, b"%.4f" % random_.uniform(0, 0.004)]))
            if random_.random() < 0.4:
                await asyncio.sleep(random_.uniform(0, 0.02))
                request.cancel()
            try:
                row = await request
            except asyncio.CancelledError:
                return
            except StatementFailed as failed:
                wrong.append((said.decode(), failed.state.encode()))
                return
            if not row or said not in (row[0] or b"") or tenant.encode() not in (row[0] or b""):
                wrong.append((said.decode(), (row or [b""])[0] or b""))

    async def failing(context: Parameters, said: bytes) -> None:
        try:
            row = await pipeline.fetch(context, FAILING, [said])
        except StatementFailed as failed:
            if failed.state != "22012":
                wrong.append((said.decode(), failed.state.encode()))
        else:
            wrong.append((said.decode(), (row or [b""])[0] or b""))

    await asyncio.gather(*(one(number) for number in range(requests)))
    return wrong


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
