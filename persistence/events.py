"""What one tenant did that another must know of: append-only, read by both (two-tenants, 8)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

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
