"""What a job works with: operations, run for one tenant with exactly the right that the operation names."""

from typing import Any, TypeVar
from uuid import UUID

from persistence import jobs, tenants
from persistence.engine import Context, Database
from tenancy.caller import Caller, CallerKind
from tenancy.operation import Call, Operations
from tenancy.permissions import Scope
from tenancy.rights import Callers
from tenancy.settings import DatabaseUrls, Settings

R = TypeVar("R")


class Hands:
    """The operations of a worker process; a job binds its tenant like a request does."""

    def __init__(self, settings: Settings, urls: DatabaseUrls) -> None:
        self._database = Database(
            {"app": urls.app, "portal": urls.portal},
            pool_size=settings.pool_size,
            wait_seconds=settings.pool_wait_seconds,
            prepared_statements=settings.prepared_statements,
        )
        self._operations = Operations(self._database, Callers(self._database).again)

    async def run(self, tenant_id: UUID, job: str, call: Call[R]) -> R:
        """Run an operation for a tenant; the audit names the job."""
        return await self._operations.run(await self._caller(tenant_id, job, call), call)

    async def take_along(self, tenant_id: UUID) -> None:
        """Take the further jobs for the tenant's events along; kept, whatever becomes of this one."""
        async with self._database.transaction(Context()) as session:
            await jobs.take_along(session, tenant_id)
            await session.commit()

    async def _caller(self, tenant_id: UUID, job: str, call: Call[Any]) -> Caller:
        context = Context(tenant_id=tenant_id, actor_kind=CallerKind.JOB)
        async with self._database.transaction(context, read_only=True) as session:
            home = await tenants.home(session, tenant_id)
        return Caller(
            tenant_id=tenant_id,
            company_id=home.company_id,
            kind=CallerKind.JOB,
            subject=job,
            grants={call.operation.permission: Scope.TENANT},
            content_based=home.content_based_permissions,
            rights_version=home.rights_version,
            time_zone=home.time_zone,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._database.close()
