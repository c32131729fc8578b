"""The two halves of a connection as rows, and what their keys mean (two-tenants, 1)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.connections import ConnectionExists
from domain.refusals import InvalidStatusTransition, NotFound
from persistence.base import Base, Guard, Joint, Policy, Versioned, new_id
from persistence.conflicts import means

AS_SOURCE = "source_tenant_id = current_tenant()"
AS_TARGET = "target_tenant_id = current_tenant()"


class Connection(Joint, Versioned, Base):
    """The source's half: it invited, it opens and closes access to its offers, it may block."""

    __tablename__ = "connection"
    __table_args__ = (
        CheckConstraint("source_tenant_id <> target_tenant_id", name="two_tenants"),
        UniqueConstraint("source_tenant_id", "target_tenant_id", "round"),
        UniqueConstraint("source_tenant_id", "id", "target_tenant_id"),
        UniqueConstraint("source_tenant_id", "id", "target_tenant_id", "invited"),
        UniqueConstraint("source_tenant_id", "id", "sharing_tenant_id"),
        Index(None, "target_tenant_id", "source_tenant_id"),
        Index(None, "target_tenant_id", "source_name", "id"),
        Index(None, "target_tenant_id", "id"),
    )
    __guard__ = Guard(
        (
            Policy("own", "select", "kontor_app", AS_SOURCE),
            Policy("other", "select", "kontor_app", AS_TARGET),
            Policy("invite", "insert", "kontor_app", check=AS_SOURCE),
            Policy("change", "update", "kontor_app", f"{AS_SOURCE} AND invited", AS_SOURCE),
            Policy("own_portal", "select", "kontor_portal", AS_SOURCE),
            Policy("other_portal", "select", "kontor_portal", AS_TARGET),
        ),
        {
            "kontor_app": (
                "select",
                "insert",
                "update(invited, access_to_offers, blocked_at, version, updated_at)",
            ),
            "kontor_portal": ("select",),
        },
    )

    source_tenant_id: Mapped[UUID] = mapped_column(
        ForeignKey("tenant.id", ondelete="RESTRICT"),
        primary_key=True,
        server_default=text("current_tenant()"),
        sort_order=-20,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-19)
    target_tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id", ondelete="RESTRICT"))
    round: Mapped[int] = mapped_column(server_default=text("1"))
    source_name: Mapped[str]
    source_self_service_url: Mapped[str | None]
    source_company_id: Mapped[UUID]
    callback_url: Mapped[str | None]
    invited: Mapped[bool] = mapped_column(server_default=text("true"))
    access_to_offers: Mapped[bool] = mapped_column(server_default=text("false"))
    blocked_at: Mapped[datetime | None]
    sharing_tenant_id: Mapped[UUID | None] = mapped_column(
        Computed(
            "case when invited and access_to_offers and blocked_at is null then target_tenant_id end",
            persisted=True,
        )
    )


class ConnectionAnswer(Joint, Versioned, Base):
    """The target's half: it accepted or declined, and it may block."""

    __tablename__ = "connection_answer"
    __table_args__ = (
        CheckConstraint("invited", name="invited"),
        UniqueConstraint("source_tenant_id", "accepted_id", "target_tenant_id", name="uq_connection_answer_accepted"),
        ForeignKeyConstraint(
            ["source_tenant_id", "connection_id", "target_tenant_id", "invited"],
            [
                "connection.source_tenant_id",
                "connection.id",
                "connection.target_tenant_id",
                "connection.invited",
            ],
            name="fk_connection_answer_connection",
            ondelete="RESTRICT",
        ),
        Index(None, "target_tenant_id", "source_tenant_id"),
    )
    __guard__ = Guard(
        (
            Policy("own", "select", "kontor_app", AS_TARGET),
            Policy("other", "select", "kontor_app", AS_SOURCE),
            Policy("answer", "insert", "kontor_app", check=AS_TARGET),
            Policy("change", "update", "kontor_app", AS_TARGET, AS_TARGET),
            Policy("own_portal", "select", "kontor_portal", AS_TARGET),
            Policy("other_portal", "select", "kontor_portal", AS_SOURCE),
        ),
        {
            "kontor_app": ("select", "insert", "update(blocked_at, version, updated_at)"),
            "kontor_portal": ("select",),
        },
    )

    source_tenant_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)
    connection_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)
    target_tenant_id: Mapped[UUID] = mapped_column(server_default=text("current_tenant()"))
    target_name: Mapped[str]
    target_self_service_url: Mapped[str | None]
    target_company_id: Mapped[UUID]
    invited: Mapped[bool] = mapped_column(server_default=text("true"))
    accepted: Mapped[bool]
    accepted_id: Mapped[UUID | None] = mapped_column(
        Computed("case when accepted then connection_id end", persisted=True)
    )
    blocked_at: Mapped[datetime | None]


means(
    "uq_connection_source_tenant_id_target_tenant_id_round",
    lambda: ConnectionExists("There is a connection to this tenant already.", path=("targetTenantId",)),
)
means("fk_connection_target_tenant_id", lambda: NotFound("There is no such tenant.", path=("targetTenantId",)))
means("pk_connection_answer", lambda: InvalidStatusTransition("The invitation was answered at the same moment."))
means(
    "fk_connection_answer_connection",
    lambda: InvalidStatusTransition("The other tenant answered or withdrew the invitation at the same moment."),
)
