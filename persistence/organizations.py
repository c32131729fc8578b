"""Organizations and the trees they stand in, with the closure that answers questions about ancestors."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from persistence.base import Acted, Base, InTenant, Rights, TenantOwned, Versioned, own

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
    name_key: Mapped[str]
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
