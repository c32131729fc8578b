"""Cost centers of a tenant, and what the tenants that sell to it may see of them (two-tenants, 3)."""

from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from persistence.base import OWN, Acted, Base, Guard, Joint, Policy, TenantOwned, Versioned, own

SHARED_WITH_ME = "current_tenant() = ANY (shared_tenant_ids)"
CHANGEABLE = "code, purchase_number, short_description, label, active, shared_tenant_ids, version, updated_at"


class CostCenter(Joint, Versioned, TenantOwned, Base):
    """The part of a cost center that connected source tenants may read; the rest is its sibling's.

    `shared_tenant_ids` are the source tenants with an accepted connection that this tenant has not blocked.
    """

    __tablename__ = "cost_center"
    __table_args__ = (
        CheckConstraint("code is not null or purchase_number is not null", name="named"),
        UniqueConstraint("tenant_id", "code", name="uq_cost_center_code"),
        Index(
            "uq_cost_center_purchase_number",
            "tenant_id",
            "purchase_number",
            unique=True,
            postgresql_where=text("code is null"),
        ),
        Index(None, "tenant_id", "label"),
    )
    __guard__ = Guard(
        (
            Policy("own", "all", "kontor_app", OWN, OWN),
            Policy("shared", "select", "kontor_app", SHARED_WITH_ME),
            Policy("own_portal", "select", "kontor_portal", OWN),
        ),
        {
            "kontor_app": (
                "select",
                "insert",
                f"update({CHANGEABLE})",
            ),
            "kontor_portal": ("select",),
        },
    )

    code: Mapped[str | None]
    purchase_number: Mapped[str | None]
    short_description: Mapped[str | None]
    label: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    shared_tenant_ids: Mapped[list[UUID]] = mapped_column(
        ARRAY(Uuid(as_uuid=True)), default=list, server_default=text("'{}'")
    )


class CostCenterInternal(Acted, TenantOwned, Base):
    """What only the own tenant knows of a cost center; its id is the cost center's."""

    __tablename__ = "cost_center_internal"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "id"], ["cost_center.tenant_id", "cost_center.id"], ondelete="CASCADE"),
    )
    __guard__ = own("select", "insert", "update(description, updated_by, updated_by_kind)")

    description: Mapped[str | None]
