"""A pool of pipeline connections: opened when needed, lent one at a time, never handed back early."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from reads.connection import Connection


class PoolExhausted(Exception):
    """No connection became free within the wait; answer 503 with Retry-After."""


class Pool:
    """At most `size` connections; who waits longer than `wait_seconds` is told so.

    A connection comes back by `give_back` only, which the connection itself calls when the server has said
    that it is ready for the next query: never a caller, whose going away says nothing about the server.
    """

    def __init__(self, connect: Callable[["Pool"], Awaitable[Connection]], size: int, wait_seconds: float) -> None:
        self._connect, self._size, self._wait = connect, size, wait_seconds
        self._free: list[Connection] = []
        self._waiters: deque[asyncio.Future[Connection | None]] = deque()
        self._open = 0
        self._closed = False

    @property
    def opened(self) -> int:
        """How many connections there are."""
        return self._open

    @property
    def free(self) -> int:
        """How many connections nobody uses."""
        return len(self._free)

    async def take(self) -> Connection:
        """A connection for one request.

        Raises:
            PoolExhausted: none became free in time.
            DatabaseUnavailable: a new one could not be opened.
        """
        while self._free:
            return self._free.pop()
        if self._open < self._size:
            return await self._opened()
        found = await self._waited()
        return found if found is not None else await self.take()

    def give_back(self, connection: Connection) -> None:
        """Lend the connection to the next who waits, or keep it."""
        if self._closed:
            connection.close()
            self._open -= 1
            return
        if not self._hand(connection):
            self._free.append(connection)

    def lose(self, connection: Connection) -> None:
        """Forget a broken connection; somebody who waits may open another in its place."""
        with suppress(ValueError):
            self._free.remove(connection)
        self._open -= 1
        self._hand(None)

    def renew(self) -> None:
        """Close what is free: after one connection broke, the others of its age are doubtful."""
        while self._free:
            self._free.pop().close()
            self._open -= 1

    async def close(self) -> None:
        """Close what is free now; what is in use closes when it comes back."""
        self._closed = True
        self.renew()
        while self._waiters:
            self._hand(None)

    async def _opened(self) -> Connection:
        self._open += 1
        try:
            return await self._connect(self)
        except BaseException:
            self._open -= 1
            self._hand(None)
            raise

    async def _waited(self) -> Connection | None:
        waiter: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            return await asyncio.wait_for(waiter, self._wait)
        except TimeoutError as error:
            message = f"No database connection became free within {self._wait} seconds."
            raise PoolExhausted(message) from error
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._returned(waiter.result())
            raise

    def _returned(self, connection: Connection | None) -> None:
        if connection is None:
            self._hand(None)
        else:
            self.give_back(connection)

    def _hand(self, connection: Connection | None) -> bool:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return True
        return False
