"""One connection to PostgreSQL on the event loop: context and statement in one round trip, by libpq's pipeline.

What is sent between two Syncs is one implicit transaction, and its order is the protocol's: first the
settings that row security reads (and that the transaction is read-only), local to the transaction; then the
statement. Only when the server is ready for the next query is the connection given back, whether its caller
still waits or has gone away: a caller's going away says nothing about what the server is doing.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Sequence
from typing import Protocol

import psycopg
from psycopg import pq

Parameters = Sequence[bytes | None]
Row = list[bytes | None]

Status = pq.ExecStatus


class DatabaseUnavailable(Exception):
    """The database cannot be reached or went away; answer 503 with Retry-After. Nothing was changed."""


class ConnectionLost(DatabaseUnavailable):
    """A connection that was open broke; another one may work."""


class StatementFailed(Exception):
    """The database refused a statement; `state` is its SQLSTATE. The message is for the log only."""

    def __init__(self, state: str, message: str) -> None:
        super().__init__(message)
        self.state = state


class Home(Protocol):
    """Where a connection goes when it is ready, or broken."""

    def give_back(self, connection: "Connection", /) -> None:
        """Take it for the next caller."""

    def lose(self, connection: "Connection", /) -> None:
        """Forget it."""


class Connection:
    """A connection in pipeline mode that runs one request at a time."""

    def __init__(self, pg: pq.abc.PGconn, home: Home, context: bytes, *, prepared: bool, names: int) -> None:
        self._pg, self._home, self._context = pg, home, context
        self._prepared, self._most = prepared, names
        self._names: OrderedDict[bytes, bytes] = OrderedDict()
        self._serial = 0
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[Row] | None = None
        self._row: Row | None = None
        self._error: StatementFailed | None = None
        self._new: deque[tuple[bytes, bytes]] = deque()
        self._socket = pg.socket
        pg.nonblocking = 1
        pg.enter_pipeline_mode()
        self._loop.add_reader(self._socket, self._readable)

    @property
    def names(self) -> int:
        """How many statements are prepared on the server."""
        return len(self._names)

    def run(self, context: Parameters, sql: bytes, parameters: Parameters) -> asyncio.Future[Row]:
        """Send context and statement; the first row of the answer, in text form.

        Raises (through the future):
            StatementFailed: the statement was refused.
            ConnectionLost: the connection broke.
        """
        self._row = self._error = None
        self._new.clear()
        answer = self._answer = self._loop.create_future()
        try:
            self._send(self._context, context)
            self._send(sql, parameters)
            self._forget_old()
            self._pg.pipeline_sync()
            self._flush()
        except psycopg.Error as error:
            self._broken(str(error))
        return answer

    def close(self) -> None:
        """End the connection."""
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._pg.finish()

    # -- sending

    def _send(self, sql: bytes, parameters: Parameters) -> None:
        if not self._prepared:
            self._pg.send_query_params(sql, parameters)
            return
        name = self._names.get(sql)
        if name is None:
            self._serial += 1
            name = b"r%d" % self._serial
            self._pg.send_prepare(name, sql)
            self._new.append((sql, name))
        else:
            self._names.move_to_end(sql)
        self._pg.send_query_prepared(name, parameters)

    def _forget_old(self) -> None:
        """Close the longest unused names beyond the bound; the context's own name stays."""
        while len(self._names) + len(self._new) > self._most:
            sql, name = next((s, n) for s, n in self._names.items() if s != self._context)
            del self._names[sql]
            self._pg.send_close_prepared(name)

    def _flush(self) -> None:
        if self._pg.flush():
            self._loop.add_writer(self._socket, self._writable)

    def _writable(self) -> None:
        try:
            done = not self._pg.flush()
        except psycopg.Error as error:
            self._broken(str(error))
            return
        if done:
            self._loop.remove_writer(self._socket)

    # -- receiving

    def _readable(self) -> None:
        pg = self._pg
        try:
            pg.consume_input()
            while not pg.is_busy():
                result = pg.get_result()
                if result is not None:
                    if self._took(result):
                        return
                elif self._answer is None:
                    break
        except psycopg.Error as error:
            self._broken(str(error))
            return
        if pg.status != pq.ConnStatus.OK:
            self._broken("the connection was lost")

    def _took(self, result: pq.abc.PGresult) -> bool:
        """Note a result; True when it was the last of the request."""
        status = result.status
        if status == Status.TUPLES_OK:
            if result.ntuples:
                self._row = [result.get_value(0, column) for column in range(result.nfields)]
        elif status == Status.COMMAND_OK and self._new:
            self._names.update([self._new.popleft()])
        elif status == Status.PIPELINE_SYNC:
            self._ready()
            return True
        elif status == Status.FATAL_ERROR and self._error is None:
            state = result.error_field(pq.DiagnosticField.SQLSTATE) or b""
            self._error = StatementFailed(state.decode(), result.error_message.decode("utf-8", "replace"))
            if self._pg.status != pq.ConnStatus.OK:
                self._broken(str(self._error))
                return True
        return False

    def _ready(self) -> None:
        """The server is ready for the next query: answer, and go home."""
        answer, self._answer = self._answer, None
        error = self._error
        if answer is not None and not answer.done():
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(self._row or [])
        self._home.give_back(self)

    def _broken(self, message: str) -> None:
        self.close()
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(ConnectionLost(message))
        self._home.lose(self)


async def connect(conninfo: str) -> pq.abc.PGconn:
    """Open a connection without blocking the loop.

    Raises:
        DatabaseUnavailable: it cannot be opened.
    """
    pg = pq.PGconn.connect_start(conninfo.encode())
    while True:
        if pg.status == pq.ConnStatus.BAD:
            message = pg.get_error_message()
            pg.finish()
            raise DatabaseUnavailable(message)
        state = pg.connect_poll()
        if state == pq.PollingStatus.OK:
            return pg
        if state == pq.PollingStatus.READING:
            await _wait(pg.socket, write=False)
        elif state == pq.PollingStatus.WRITING:
            await _wait(pg.socket, write=True)


async def _wait(socket: int, *, write: bool) -> None:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    add, remove = (loop.add_writer, loop.remove_writer) if write else (loop.add_reader, loop.remove_reader)
    add(socket, _set, ready)
    try:
        await ready
    finally:
        remove(socket)


def _set(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
