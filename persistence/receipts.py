"""Which events of other tenants this one has acted on: each is acted on once (two-tenants, 8)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from persistence.base import Base, InTenant, own, utc_now
from persistence.events import JointEvent


class EventReceipt(InTenant, Base):
    """That this tenant acted on an event; the event is another tenant's row, so no key leads to it."""

    __tablename__ = "event_receipt"
    __guard__ = own("select", "insert")

    event_tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)


async def pending(session: AsyncSession, tenant_id: UUID, most: int) -> Sequence[JointEvent]:
    """The events told to this tenant that it has not acted on, oldest first."""
    received = exists().where(
        EventReceipt.tenant_id == tenant_id,
        EventReceipt.event_tenant_id == JointEvent.tenant_id,
        EventReceipt.event_id == JointEvent.id,
    )
    found = await session.scalars(
        select(JointEvent)
        .where(JointEvent.shared_tenant_id == tenant_id, ~received)
        .order_by(JointEvent.at, JointEvent.id)
        .limit(most)
        .execution_options(across_tenants=True)
    )
    return found.all()


async def event(session: AsyncSession, tenant_id: UUID, event_id: UUID) -> JointEvent | None:
    """An event told to this tenant."""
    return await session.scalar(
        select(JointEvent)
        .where(and_(JointEvent.shared_tenant_id == tenant_id, JointEvent.id == event_id))
        .execution_options(across_tenants=True)
    )


async def take(session: AsyncSession, event: JointEvent) -> bool:
    """Say that the event is acted on in this transaction; False when it was before, waiting for who does it now."""
    taken = await session.scalar(
        insert(EventReceipt)
        .values(
            tenant_id=session.info["tenant_id"],
            event_tenant_id=event.tenant_id,
            event_id=event.id,
            at=utc_now(),
        )
        .on_conflict_do_nothing()
        .returning(EventReceipt.event_id)
    )
    return taken is not None
