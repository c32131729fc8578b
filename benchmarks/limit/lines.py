"""Connections in libpq's pipeline mode: the tenant's context and one prepared statement in one round trip."""

import asyncio
from collections import deque

from psycopg import pq

from benchmarks.limit.statements import STATEMENTS, Statement, Values

CONTEXT = b"select set_config('app.tenant_id', $1, true)"
OPTIONS = "-c jit=off -c TimeZone=UTC -c plan_cache_mode=force_generic_plan"


class Lines:
    """A pool that hands a connection to whoever waited longest."""

    def __init__(self, conninfo: str, size: int) -> None:
        self._waiting: deque[asyncio.Future[Line]] = deque()
        self._free = [Line(conninfo, self) for _ in range(size)]

    async def fetch(self, tenant: str, statement: Statement, values: Values) -> bytes:
        """The text of the first row's first column. Raises RuntimeError with what the server said."""
        line = self._free.pop() if self._free else await self._next()
        return await line.run(tenant.encode(), statement.name, values)

    def give_back(self, line: "Line") -> None:
        """Take a connection that is ready again."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(line)
                return
        self._free.append(line)

    def _next(self) -> "asyncio.Future[Line]":
        waiter: asyncio.Future[Line] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        return waiter


class Line:
    """One connection; every statement is prepared when it is opened."""

    def __init__(self, conninfo: str, home: Lines) -> None:
        self._home = home
        self._pg = pq.PGconn.connect(conninfo.encode())
        self._prepare((b"context", CONTEXT), *((each.name, each.sql) for each in STATEMENTS.values()))
        self._pg.nonblocking = 1
        self._pg.enter_pipeline_mode()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._pg.socket, self._readable)
        self._answer: asyncio.Future[bytes] | None = None
        self._found = b""
        self._fault: str | None = None

    def run(self, tenant: bytes, name: bytes, values: Values) -> "asyncio.Future[bytes]":
        """Send context, statement and Sync."""
        self._answer, self._found, self._fault = self._loop.create_future(), b"", None
        self._pg.send_query_prepared(b"context", [tenant])
        self._pg.send_query_prepared(name, [tenant, *values])
        self._pg.pipeline_sync()
        self._pg.flush()
        return self._answer

    def _prepare(self, *statements: tuple[bytes, bytes]) -> None:
        for name, sql in statements:
            result = self._pg.prepare(name, sql)
            if result.status != pq.ExecStatus.COMMAND_OK:
                raise RuntimeError(f"{name!r}: {result.error_message.decode()}")

    def _readable(self) -> None:
        self._pg.consume_input()
        while self._answer is not None and not self._pg.is_busy():
            result = self._pg.get_result()
            if result is not None:
                self._take(result)

    def _take(self, result: pq.abc.PGresult) -> None:
        if result.status == pq.ExecStatus.TUPLES_OK:
            self._found = result.get_value(0, 0) or b""
        elif result.status == pq.ExecStatus.FATAL_ERROR:
            self._fault = self._fault or result.error_message.decode()
        elif result.status == pq.ExecStatus.PIPELINE_SYNC:
            answer, self._answer = self._answer, None
            if answer is not None and not answer.done():
                answer.set_result(self._found) if self._fault is None else answer.set_exception(
                    RuntimeError(self._fault)
                )
            self._home.give_back(self)
