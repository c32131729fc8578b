"""The queue: procrastinate over its own schema, whatever search path a connection or a pooler gives."""

import re
from typing import Any

from procrastinate import App, PsycopgConnector
from psycopg import AsyncCursor

from tenancy.settings import Settings, for_libpq

OWN_NAME = re.compile(r"(?<![\w.])procrastinate_(?=\w)")
CONNECTIONS = 4


class InSchema(AsyncCursor[Any]):
    """A cursor that finds the library's tables, types and functions in the schema `jobs`."""

    async def execute(self, query: Any, *rest: Any, **more: Any) -> "InSchema":
        """See AsyncCursor."""
        if isinstance(query, str):
            query = OWN_NAME.sub("jobs.procrastinate_", query)
        return await super().execute(query, *rest, **more)


def queue(settings: Settings, url: str) -> App:
    """The queue that the application's role reaches at this address; not yet open, and without tasks."""
    connect: dict[str, Any] = {"application_name": "kontor jobs", "cursor_factory": InSchema}
    if not settings.prepared_statements:
        connect["prepare_threshold"] = None
    return App(
        connector=PsycopgConnector(
            conninfo=for_libpq(url),
            kwargs=connect,
            min_size=1,
            max_size=CONNECTIONS,
            timeout=settings.pool_wait_seconds,
        )
    )
