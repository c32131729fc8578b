"""Cost centers of a tenant, and what the tenants that sell to it may see of them (two-tenants, 3)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    and_,
    any_,
    func,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain import cost_centers as rules
from persistence import connections
from persistence.base import OWN, Acted, Base, Guard, Joint, Policy, TenantOwned, Versioned, own
from persistence.conflicts import means
from persistence.joint import door

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
        Index(None, "tenant_id", "active", "label"),
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


means("uq_cost_center_code", rules.taken)
means("uq_cost_center_purchase_number", lambda: rules.taken(("purchaseNumber",)))


async def show_to(session: AsyncSession, tenant_id: UUID, source_tenant_id: UUID) -> None:
    """Let a source read code and short description of every cost center of this tenant (R-CC-04)."""
    shared = func.array_remove(CostCenter.shared_tenant_ids, source_tenant_id)
    await _share(session, tenant_id, func.array_append(shared, source_tenant_id))


async def hide_from(session: AsyncSession, tenant_id: UUID, source_tenant_id: UUID) -> None:
    """Take a source's sight of every cost center of this tenant."""
    await _share(session, tenant_id, func.array_remove(CostCenter.shared_tenant_ids, source_tenant_id))


async def shown_by(session: AsyncSession, target_tenant_id: UUID, ids: Collection[UUID]) -> dict[UUID, CostCenter]:
    """Those of the cost centers that the target lets this tenant read, active or not."""
    found = await session.scalars(
        select(CostCenter)
        .where(CostCenter.tenant_id == target_tenant_id, CostCenter.id.in_(ids))
        .execution_options(across_tenants=True)
    )
    return {center.id: center for center in found}


async def own_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, CostCenter]:
    """Those of the cost centers that are this tenant's own, active or not."""
    found = await session.scalars(select(CostCenter).where(CostCenter.id.in_(ids)))
    return {center.id: center for center in found}


async def internal_of(session: AsyncSession, center: CostCenter) -> CostCenterInternal:
    """What only the own tenant knows of the cost center."""
    return (await session.scalars(select(CostCenterInternal).where(CostCenterInternal.id == center.id))).one()


def description(row: Any, _: object) -> ColumnElement[str | None]:
    """What only the own tenant reads of a cost center."""
    return (
        select(CostCenterInternal.description)
        .where(CostCenterInternal.tenant_id == row.tenant_id, CostCenterInternal.id == row.id)
        .scalar_subquery()
    )


def of_targets(row: Any, context: Any) -> ColumnElement[bool]:
    """The active cost centers that the caller's tenant may choose from: of its targets, while active (R-CC-04)."""
    return and_(
        row.active,
        context.tenant_id == any_(row.shared_tenant_ids),
        connections.active_between(context.tenant_id, row.tenant_id),
    )


async def _share(session: AsyncSession, tenant_id: UUID, with_whom: ColumnElement[list[UUID]]) -> None:
    door(session, "CostCenter.shared_tenant_ids")
    await session.execute(
        update(CostCenter)
        .where(CostCenter.tenant_id == tenant_id)
        .values(shared_tenant_ids=with_whom, updated_at=CostCenter.updated_at)
        .execution_options(synchronize_session=False)
    )
