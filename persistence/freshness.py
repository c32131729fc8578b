"""Whether a connection of the pool still leads to the database: a look, and a question only when there is doubt.

A question before each use would cost a round trip a transaction. A server that ends, or was killed, says so on the
line, which is seen without asking; what stood idle for a while is asked, since a network may have forgotten it.
"""

import select
from functools import partial
from time import monotonic
from typing import Any

import psycopg
from psycopg.pq import PipelineStatus, TransactionStatus
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine

IDLE_SECONDS = 5.0
"""So long nobody asks a connection whether it is alive."""

_USED = "kontor_used"


def watch(engine: AsyncEngine) -> None:
    """Let nobody take a connection from this engine's pool that is broken."""
    pool = engine.sync_engine.pool
    event.listen(pool, "checkin", _note)
    event.listen(pool, "checkout", partial(_look, engine.sync_engine))


def _note(_connection: Any, record: Any) -> None:
    record.info[_USED] = monotonic()


def _look(engine: Any, connection: Any, record: Any, _: Any) -> None:
    used = record.info.get(_USED)
    if used is None:  # just opened
        return
    line = connection.driver_connection.pgconn
    if line.transaction_status != TransactionStatus.IDLE or line.pipeline_status != PipelineStatus.OFF:
        raise DisconnectionError  # its last user was cancelled in the middle of something
    if monotonic() - used < IDLE_SECONDS and not _says_something(line):
        return
    try:
        engine.dialect.do_ping(connection)
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def _says_something(line: Any) -> bool:
    """Whether something came that nobody asked for: mostly that the server goes."""
    poll = select.poll()
    poll.register(line.socket, select.POLLIN)
    return bool(poll.poll(0))
