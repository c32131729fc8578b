"""The installation that a command works on: its settings, its database, and the operations on it."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from cli.choices import PEOPLE
from cli.errors import CommandFailed
from migrations import run
from persistence import embedded, roles
from persistence.embedded import EmbeddedServer
from persistence.engine import Database
from tenancy.caller import Caller
from tenancy.founding import operator
from tenancy.operation import Call, Operations
from tenancy.rights import Callers
from tenancy.settings import DatabaseUrls, Settings, database_urls

T = TypeVar("T")
DATABASE = "kontor"
"""The name of the database in the embedded server."""


@dataclass(frozen=True)
class Installation:
    """Settings, and the doors of the database that they lead to; `server` is the embedded one, if it is used."""

    settings: Settings
    urls: DatabaseUrls
    server: EmbeddedServer | None = None

    @property
    def people_file(self) -> Path:
        """Where the people of the demo stand."""
        return self.settings.data_dir / PEOPLE


@contextmanager
def installation(settings: Settings) -> Iterator[Installation]:
    """The installation that these settings name; an embedded database runs as long as the command does.

    Raises `InvalidSettings` or `EmbeddedServerError`, each with one sentence.
    """
    if not settings.embedded:
        yield Installation(settings, database_urls(settings))
        return
    with embedded.start(settings.data_dir) as server:
        roles.bootstrap(server.admin_url(), DATABASE, statement_timeout_ms=settings.statement_timeout_ms)
        yield Installation(settings, DatabaseUrls(*server.urls(DATABASE)), server)


def migrate(at: Installation) -> bool:
    """Bring the database to the newest revision, and tell whether anything was to be done.

    Raises `CommandFailed` when a newer Kontor has been here.
    """
    stands = run.current(at.urls.app)
    if [stands] == run.heads():
        return False
    if stands is not None and stands not in run.history():
        raise CommandFailed(
            f"The database stands at revision {stands}, which this version of Kontor does not know: "
            f"use the newer version, or another database."
        )
    run.upgrade(at.urls.for_migrations())
    return True


@dataclass(frozen=True)
class House:
    """Operations and callers of an installation, inside one event loop."""

    at: Installation
    database: Database
    callers: Callers
    operations: Operations

    async def operator_of(self, tenant_id: UUID, company_id: UUID) -> Caller:
        """The operator, acting for this tenant with rights as they are now."""
        return await self.callers.again(operator(tenant_id, company_id, rights_version=0))

    async def run(self, caller: Caller, call: Call[T]) -> T:
        """Run an operation as this caller, with rights as they are now."""
        return await self.operations.run(caller, call)


@asynccontextmanager
async def house(at: Installation) -> AsyncIterator[House]:
    """Open the operations of the installation."""
    settings = at.settings
    database = Database(
        {"app": at.urls.app, "portal": at.urls.portal},
        pool_size=settings.pool_size,
        wait_seconds=30,
        prepared_statements=settings.prepared_statements,
    )
    callers = Callers(database)
    try:
        yield House(at, database, callers, Operations(database, callers.again))
    finally:
        await database.close()


def wait_for(work: Coroutine[Any, Any, T]) -> T:
    """Run the work of a command to its end."""
    return asyncio.run(work)
