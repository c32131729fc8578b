"""Several statements in one round trip: what the framework says before and after a story, past SQLAlchemy.

SQLAlchemy sends one statement at a time and works on each as long as PostgreSQL does. What every operation says is
known beforehand, so it is written once, and sent together in libpq's pipeline.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Statement:
    """A statement in psycopg's words, and its values by name."""

    sql: LiteralString
    values: Mapping[str, Any]


async def together(session: AsyncSession, statements: Sequence[Statement]) -> list[Row | None]:
    """Run the statements in their order; the first row of each answer, None where there is none.

    PostgreSQL begins each when the one before has ended, so what is bound by the first counts for the second.
    What the session has not flushed stands behind them.

    Raises:
        DBAPIError: one of them failed; the transaction can only be rolled back.
    """
    connection = await driver(session)
    try:
        async with connection.pipeline():
            cursors = [await connection.execute(one.sql, one.values) for one in statements]
        return [await one.fetchone() if one.description else None for one in cursors]
    except psycopg.Error as error:
        raise _as_sqlalchemy(error) from error


async def driver(session: AsyncSession) -> "psycopg.AsyncConnection[Row]":
    """The connection of the session's transaction, as psycopg knows it."""
    connection = await (await session.connection()).get_raw_connection()
    found: psycopg.AsyncConnection[Row] = connection.driver_connection  # type: ignore[assignment]  # psycopg's own
    return found


def _as_sqlalchemy(error: psycopg.Error) -> BaseException:
    """The error as SQLAlchemy raises it, so that nobody needs to know by which way a statement went."""
    return DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True)
