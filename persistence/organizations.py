"""Organizations and the trees they stand in, with the closure that answers questions about ancestors."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    delete,
    insert,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.refusals import AlreadyExists
from persistence.base import Acted, Base, InTenant, Rights, TenantOwned, Versioned, own
from persistence.conflicts import means
from persistence.tenants import TenantRights

STRUCTURES = "('SALES', 'PROCUREMENT', 'WAREHOUSE_LOGISTICS', 'ACCOUNTING')"
CATALOGUE = "tenant_id = current_tenant()"


class Organization(Rights, Acted, Versioned, TenantOwned, Base):
    """A part of the tenant that sells, buys, ships or keeps books (Organisation)."""

    __tablename__ = "organization"
    __table_args__ = (
        CheckConstraint("maintenance in ('OWN_ALLOWED', 'PARENT_ONLY')", name="maintenance"),
        UniqueConstraint("tenant_id", "code"),
        Index(None, "tenant_id", "name_key"),
    )
    __guard__ = own("select", "insert", "update", "delete", portal=("select",), portal_sees=CATALOGUE)

    code: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(Text(collation="C"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    deactivated_with_id: Mapped[UUID | None]
    maintenance: Mapped[str] = mapped_column(server_default=text("'OWN_ALLOWED'"))


class OrganizationNode(Rights, TenantOwned, Base):
    """The place of an organization in one structure: under one parent, or as the root (R-256)."""

    __tablename__ = "organization_node"
    __table_args__ = (
        CheckConstraint(f"structure in {STRUCTURES}", name="structure"),
        UniqueConstraint("tenant_id", "structure", "organization_id"),
        Index(
            "uq_organization_node_root",
            "tenant_id",
            "structure",
            unique=True,
            postgresql_where=text("parent_id is null"),
        ),
        Index(None, "tenant_id", "structure", "parent_id"),
        Index(None, "tenant_id", "organization_id"),
        Index(None, "tenant_id", "parent_id"),
        ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organization.tenant_id", "organization.id"],
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "structure", "parent_id"],
            [
                "organization_node.tenant_id",
                "organization_node.structure",
                "organization_node.organization_id",
            ],
            ondelete="RESTRICT",
        ),
    )
    __guard__ = own("select", "insert", "update", "delete", portal=("select",), portal_sees=CATALOGUE)

    structure: Mapped[str]
    organization_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]


class OrganizationClosure(Rights, InTenant, Base):
    """Every pair of ancestor and descendant in a structure, and how many steps lie between (0: itself)."""

    __tablename__ = "organization_closure"
    __table_args__ = (
        CheckConstraint(f"structure in {STRUCTURES}", name="structure"),
        CheckConstraint("distance between 0 and 20", name="distance"),
        Index(None, "tenant_id", "structure", "descendant_id", "distance"),
        ForeignKeyConstraint(
            ["tenant_id", "ancestor_id"], ["organization.tenant_id", "organization.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(
            ["tenant_id", "descendant_id"], ["organization.tenant_id", "organization.id"], ondelete="RESTRICT"
        ),
    )
    __guard__ = own("select", "insert", "delete", portal=("select",), portal_sees=CATALOGUE)

    structure: Mapped[str] = mapped_column(primary_key=True)
    ancestor_id: Mapped[UUID] = mapped_column(primary_key=True)
    descendant_id: Mapped[UUID] = mapped_column(primary_key=True)
    distance: Mapped[int]


async def tree_to_change(session: AsyncSession, structure: str) -> dict[UUID, UUID | None]:
    """The whole tree of a structure, locked as one: two moves at once could form a ring together (E01)."""
    await session.execute(
        select(TenantRights.tenant_id).where(TenantRights.tenant_id == session.info["tenant_id"]).with_for_update()
    )
    rows = await session.execute(
        select(OrganizationNode.organization_id, OrganizationNode.parent_id).where(
            OrganizationNode.structure == structure
        )
    )
    return {row.organization_id: row.parent_id for row in rows}


def place(session: AsyncSession, structure: str, organization_id: UUID, parent_id: UUID | None) -> None:
    """Put the organization into the structure."""
    session.add(OrganizationNode(structure=structure, organization_id=organization_id, parent_id=parent_id))


async def move(session: AsyncSession, structure: str, organization_id: UUID, parent_id: UUID) -> None:
    """Hang the organization under another parent."""
    node = (
        await session.scalars(
            select(OrganizationNode).where(
                OrganizationNode.structure == structure, OrganizationNode.organization_id == organization_id
            )
        )
    ).one()
    node.parent_id = parent_id


async def keep_closure(session: AsyncSession, structure: str, pairs: Collection[tuple[UUID, UUID, int]]) -> None:
    """Replace the closure of the structure by these pairs of ancestor, descendant and distance."""
    await session.flush()
    tenant_id = session.info["tenant_id"]
    old = {
        (row.ancestor_id, row.descendant_id, row.distance)
        for row in await session.execute(
            select(
                OrganizationClosure.ancestor_id, OrganizationClosure.descendant_id, OrganizationClosure.distance
            ).where(OrganizationClosure.structure == structure)
        )
    }
    for ancestor_id, descendant_id, _ in old - set(pairs):
        await session.execute(
            delete(OrganizationClosure).where(
                OrganizationClosure.tenant_id == tenant_id,
                OrganizationClosure.structure == structure,
                OrganizationClosure.ancestor_id == ancestor_id,
                OrganizationClosure.descendant_id == descendant_id,
            )
        )
    new = [
        {
            "tenant_id": tenant_id,
            "structure": structure,
            "ancestor_id": ancestor_id,
            "descendant_id": descendant_id,
            "distance": distance,
        }
        for ancestor_id, descendant_id, distance in set(pairs) - old
    ]
    if new:
        await session.execute(insert(OrganizationClosure), new)


async def active_below(session: AsyncSession, organization_id: UUID) -> Sequence[Organization]:
    """The active organizations below this one, in whichever structure."""
    found = await session.scalars(
        select(Organization)
        .join(OrganizationClosure, OrganizationClosure.descendant_id == Organization.id)
        .where(
            OrganizationClosure.ancestor_id == organization_id,
            OrganizationClosure.distance > 0,
            Organization.active,
        )
        .distinct()
    )
    return found.all()


async def deactivated_with(session: AsyncSession, organization_id: UUID) -> Sequence[Organization]:
    """The organizations that were deactivated by the same act as this one (E06)."""
    found = await session.scalars(select(Organization).where(Organization.deactivated_with_id == organization_id))
    return found.all()


async def is_root(session: AsyncSession, organization_id: UUID) -> bool:
    """Whether the organization is the root of any structure."""
    found = await session.scalar(
        select(OrganizationNode.id)
        .where(OrganizationNode.organization_id == organization_id, OrganizationNode.parent_id.is_(None))
        .limit(1)
    )
    return found is not None


means(
    "uq_organization_tenant_id_code",
    lambda: AlreadyExists("There is an organization with this code already.", path=("code",)),
)


def acting(_parent: Any, child: Any, context: Any, _args: Any) -> ColumnElement[bool]:
    """The organization that acts in this request."""
    condition: ColumnElement[bool] = child.id == context.organization_id
    return condition
