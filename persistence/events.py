"""What one tenant did that another must know of: append-only, read by both (two-tenants, 8)."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKeyConstraint, Index, event, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, Session, mapped_column

from persistence.base import Base, Guard, Joint, Policy, TenantOwned, utc_now

OWN_EVENTS = "tenant_id = current_tenant()"


class JointEvent(Joint, TenantOwned, Base):
    """One event of a pair of tenants, written by the one that acted."""

    __tablename__ = "joint_event"
    __table_args__ = (
        CheckConstraint("tenant_id in (source_tenant_id, target_tenant_id)", name="party"),
        ForeignKeyConstraint(
            ["source_tenant_id", "connection_id", "target_tenant_id"],
            ["connection.source_tenant_id", "connection.id", "connection.target_tenant_id"],
            ondelete="RESTRICT",
        ),
        Index(None, "tenant_id", "at", "id"),
        Index(None, "shared_tenant_id", "at", "id"),
        Index(None, "shared_tenant_id", "id"),
    )
    __guard__ = Guard(
        (
            Policy("own", "select", "kontor_app", OWN_EVENTS),
            Policy("shared", "select", "kontor_app", "shared_tenant_id = current_tenant()"),
            Policy("write", "insert", "kontor_app", check=OWN_EVENTS),
            Policy("write_portal", "insert", "kontor_portal", check=OWN_EVENTS),
        ),
        {"kontor_app": ("select", "insert"), "kontor_portal": ("insert",)},
    )

    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - SQLAlchemy's own; a portal may not read events

    source_tenant_id: Mapped[UUID]
    connection_id: Mapped[UUID]
    target_tenant_id: Mapped[UUID]
    shared_tenant_id: Mapped[UUID] = mapped_column(
        Computed(
            "case when tenant_id = source_tenant_id then target_tenant_id else source_tenant_id end",
            persisted=True,
        )
    )
    kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(default=utc_now)


class Connected(Protocol):
    """The pair of tenants of a connection."""

    @property
    def source_tenant_id(self) -> UUID:
        """The tenant whose offers are sold."""

    @property
    def target_tenant_id(self) -> UUID:
        """The tenant that sells them."""

    @property
    def connection_id(self) -> UUID:
        """The connection between them."""


def tell(
    session: AsyncSession, pair: Connected, kind: str, *, at: datetime, subject_id: UUID | None = None, **facts: Any
) -> None:
    """Tell the other tenant of the pair what this one did; `subject_id` names the row it is about.

    `facts` are plain JSON values that the other tenant may know.
    """
    session.add(
        JointEvent(
            source_tenant_id=pair.source_tenant_id,
            connection_id=pair.connection_id,
            target_tenant_id=pair.target_tenant_id,
            kind=kind,
            subject_id=subject_id,
            facts=facts,
            at=at,
        )
    )


@event.listens_for(Session, "after_flush")
def _wake_the_recipients(session: Session, *_: object) -> None:
    """Leave a job for each tenant that was told something, in the same transaction: no event waits unnoticed."""
    told = {
        row.target_tenant_id if row.tenant_id == row.source_tenant_id else row.source_tenant_id
        for row in session.new
        if isinstance(row, JointEvent)
    }
    for recipient in sorted(told):
        session.connection().execute(text("select jobs.wake(:recipient)"), {"recipient": recipient})


async def told_since(session: AsyncSession, tenant_id: UUID, moment: datetime) -> list[UUID]:
    """The events since a moment that another tenant told this one, oldest first."""
    found = await session.execute(
        select(JointEvent.id)
        .where(JointEvent.shared_tenant_id == tenant_id, JointEvent.at >= moment)
        .order_by(JointEvent.at, JointEvent.id)
        .execution_options(across_tenants=True)
    )
    return [row.id for row in found]
