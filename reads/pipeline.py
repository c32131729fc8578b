"""The executor of compiled reads: one database role, a pool of connections, one round trip a request."""

import asyncio
from collections.abc import Mapping, Sequence

from psycopg.conninfo import make_conninfo

from reads.connection import (
    Connection,
    ConnectionLost,
    DatabaseUnavailable,
    Parameters,
    Row,
    StatementFailed,
    connect,
)
from reads.pool import Pool, PoolExhausted

SETTINGS = ("tenant_id", "company_id", "partner_id", "membership_id", "subject")
"""The context that row security reads, each as `app.<name>`."""

SERVER_SETTINGS: Mapping[str, str] = {"jit": "off", "TimeZone": "UTC", "plan_cache_mode": "force_generic_plan"}

LOST = frozenset({"57P01", "57P02", "57P03", "08006", "08003"})
"""SQLSTATEs that tell that the server ends the connection."""

STALE = frozenset({"26000", "0A000"})
"""SQLSTATEs of a prepared statement that is gone or whose tables have changed."""


class Pipeline:
    """Runs statements under a caller's context.

    `prepared=False` sends unnamed statements and no startup options, for a pooler in transaction mode.
    `names` bounds the prepared statements of each connection; `connect_seconds` the opening of one.
    """

    def __init__(
        self,
        conninfo: str,
        size: int = 10,
        wait_seconds: float = 2.0,
        *,
        prepared: bool = True,
        settings: Sequence[str] = SETTINGS,
        server_settings: Mapping[str, str] = SERVER_SETTINGS,
        names: int = 200,
        connect_seconds: float = 5.0,
    ) -> None:
        options = " ".join(f"-c {name}={value}" for name, value in server_settings.items())
        self._conninfo = make_conninfo(conninfo, **({"options": options} if prepared else {}))
        self._context = _context(settings)
        self._prepared, self._names, self._connect_seconds = prepared, names, connect_seconds
        self.pool = Pool(self._connection, size, wait_seconds)

    async def fetch(self, context: Parameters, sql: bytes, parameters: Parameters) -> Row:
        """The first row of a statement's answer, its columns as text.

        `context` are the values of the settings, in their order. A connection that turns out to be broken
        is replaced, and the statement, which only reads, run once more.

        Raises:
            PoolExhausted: no connection became free in time.
            DatabaseUnavailable: the database cannot be reached.
            StatementFailed: the statement was refused or took too long.
        """
        try:
            return await self._run(context, sql, parameters)
        except ConnectionLost:
            self.pool.renew()
            return await self._run(context, sql, parameters)
        except StatementFailed as failed:
            if failed.state in LOST or (self._prepared and failed.state in STALE):
                return await self._run(context, sql, parameters)
            raise

    async def close(self) -> None:
        """Close all connections."""
        await self.pool.close()

    async def _run(self, context: Parameters, sql: bytes, parameters: Parameters) -> Row:
        connection = await self.pool.take()
        return await connection.run(context, sql, parameters)

    async def _connection(self, home: Pool) -> Connection:
        try:
            async with asyncio.timeout(self._connect_seconds):
                pg = await connect(self._conninfo)
        except TimeoutError as error:
            message = f"The database did not answer within {self._connect_seconds} seconds."
            raise DatabaseUnavailable(message) from error
        return Connection(pg, home, self._context, prepared=self._prepared, names=self._names)


def _context(settings: Sequence[str]) -> bytes:
    calls = [f"set_config('app.{name}', ${number}, true)" for number, name in enumerate(settings, 1)]
    return f"select {', '.join(calls)}, set_config('transaction_read_only', 'on', true)".encode()


__all__ = ["DatabaseUnavailable", "Pipeline", "PoolExhausted", "StatementFailed"]
