"""Keys of mutations that were answered, so that a repeat gets the first answer (R-00-12)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from persistence.base import Base, Guard, Policy, utc_now

OWN_KEYS = "tenant_id = current_tenant() AND caller_id = current_membership()"


class IdempotencyKey(Base):
    """One key of one caller and mutation, with the fingerprint of its input and the answer's bytes."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        CheckConstraint("length(key) between 1 and 255", name="length"),
        Index(None, "tenant_id", "created_at"),
    )
    __guard__ = Guard(
        (
            Policy("own", "all", "kontor_app", OWN_KEYS, OWN_KEYS),
            Policy("own_portal", "all", "kontor_portal", OWN_KEYS, OWN_KEYS),
        ),
        {
            "kontor_app": ("select", "insert", "update(answer)", "delete"),
            "kontor_portal": ("select", "insert", "update(answer)"),
        },
    )

    tenant_id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=text("current_tenant()"), sort_order=-20
    )
    caller_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
