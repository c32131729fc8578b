"""Whether the database answers, asked beside the pools: a full pool is no reason to call the server dead."""

import asyncio

import psycopg
from sqlalchemy import make_url

CONNECT_SECONDS = 2


async def answers(url: str) -> bool:
    """Whether a new connection to SQLAlchemy's address can be opened and used within a few seconds."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        async with (
            asyncio.timeout(CONNECT_SECONDS + 1),
            await psycopg.AsyncConnection.connect(
                plain, autocommit=True, connect_timeout=CONNECT_SECONDS, application_name="kontor health"
            ) as connection,
        ):
            await connection.execute("select 1")
    except (psycopg.Error, OSError, TimeoutError):
        return False
    return True
