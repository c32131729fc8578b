"""Questions to the job queue, which has a schema of its own and holds nothing but ids."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def take_along(session: AsyncSession, tenant_id: UUID) -> None:
    """Drop the further jobs that wait for the tenant's events: whoever looks after this finds their events too."""
    await session.execute(
        text("delete from jobs.procrastinate_jobs where lock = :lock and status = 'todo'"),
        {"lock": f"events:{tenant_id}"},
    )
