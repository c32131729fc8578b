"""What it means for a caller when the database itself fails: wait and come back, ask for less, or a defect of ours."""

from enum import StrEnum

import psycopg
import psycopg_pool
import sqlalchemy.exc


class Fault(StrEnum):
    """The failures that are not a defect; `BAD_VALUE` is the caller's: no column can hold what was sent."""

    POOL_EXHAUSTED = "POOL_EXHAUSTED"
    DATABASE_UNAVAILABLE = "DATABASE_UNAVAILABLE"
    TIMEOUT = "TIMEOUT"
    BAD_VALUE = "BAD_VALUE"


_TOO_LONG = frozenset({"57014", "55P03", "25P04"})
"""Cancelled by statement_timeout, a lock not had in time, a transaction over its time."""

_FULL = frozenset({"53300"})
_VALUE = "22"
"""A number out of range, a text that is no date: class 22, data exceptions."""

_GONE = ("08", "57P", "53", "58", "25006")
"""Connection lost, server stopping, no disk or memory left, files unreadable, a standby that only reads."""


def fault_of(error: BaseException) -> Fault | None:
    """The fault behind an error of the database; None when it is a defect (or no error of the database)."""
    if isinstance(error, sqlalchemy.exc.TimeoutError | psycopg_pool.PoolTimeout | psycopg_pool.TooManyRequests):
        return Fault.POOL_EXHAUSTED
    cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
    if not isinstance(cause, psycopg.Error):
        return None
    return _by_error(cause)


def _by_error(error: psycopg.Error) -> Fault | None:
    if error.sqlstate is not None:
        return fault_of_state(error.sqlstate)
    lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return Fault.DATABASE_UNAVAILABLE if lost else None


def fault_of_state(state: str) -> Fault | None:
    """The fault behind an SQLSTATE; None when it is a defect."""
    if state in _TOO_LONG:
        return Fault.TIMEOUT
    if state in _FULL:
        return Fault.POOL_EXHAUSTED
    if state.startswith(_VALUE):
        return Fault.BAD_VALUE
    return Fault.DATABASE_UNAVAILABLE if state.startswith(_GONE) else None
