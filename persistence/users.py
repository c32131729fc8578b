"""Memberships, the roles they hold, the organizations they act for, and API keys."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    and_,
    func,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.refusals import AlreadyExists
from persistence.base import Acted, Base, Guard, Policy, Rights, TenantOwned, Versioned, own
from persistence.conflicts import means
from persistence.organizations import Organization, OrganizationClosure, OrganizationNode

KEY_COLUMNS = "name, expires_at, revoked_at, last_used_at, version, updated_at, updated_by, updated_by_kind"
KINDS = "('STAFF', 'REPRESENTATIVE', 'PORTAL', 'API_KEY', 'JOB')"
SCOPES = "('OWN_CUSTOMERS', 'ORGANIZATION', 'ORGANIZATION_AND_DESCENDANTS', 'TENANT')"


class Membership(Rights, Acted, Versioned, TenantOwned, Base):
    """A person's or a key's place in a tenant; one person may have several (Benutzer)."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint("(kind in ('PORTAL', 'REPRESENTATIVE')) <= (partner_id is not null)", name="partner"),
        UniqueConstraint("tenant_id", "issuer", "subject", "kind"),
        Index(None, "issuer", "subject"),
        Index(None, "tenant_id", "name_key", "id"),
        Index(None, "tenant_id", "email"),
    )
    __guard__ = Guard(
        (
            Policy("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            Policy("log_in", "select", "kontor_app", "subject = current_subject()"),
            Policy(
                "own_portal",
                "select",
                "kontor_portal",
                "tenant_id = current_tenant() AND partner_id = current_partner()",
            ),
        ),
        {"kontor_app": ("select", "insert", "update"), "kontor_portal": ("select",)},
    )

    kind: Mapped[str]
    issuer: Mapped[str]
    subject: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(Text(collation="C"))
    email: Mapped[str | None]
    partner_id: Mapped[UUID | None]
    disabled_at: Mapped[datetime | None]


class Role(Rights, Acted, Versioned, TenantOwned, Base):
    """A bundle of permissions, each with a scope (Berechtigungsrolle, R-258)."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)
    __guard__ = own("select", "insert", "update", "delete")

    code: Mapped[str]
    name: Mapped[str]
    delivered: Mapped[bool] = mapped_column(server_default=text("false"))


class RoleGrant(Rights, TenantOwned, Base):
    """One permission of a role and how far it reaches."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(f"scope in {SCOPES}", name="scope"),
        UniqueConstraint("tenant_id", "role_id", "permission"),
        ForeignKeyConstraint(["tenant_id", "role_id"], ["role.tenant_id", "role.id"], ondelete="CASCADE"),
    )
    __guard__ = own("select", "insert", "update", "delete")

    role_id: Mapped[UUID]
    permission: Mapped[str]
    scope: Mapped[str]


class MembershipRole(Rights, TenantOwned, Base):
    """A role that a membership holds; rights of several roles add up (R-162)."""

    __tablename__ = "membership_role"
    __table_args__ = (
        UniqueConstraint("tenant_id", "membership_id", "role_id"),
        ForeignKeyConstraint(
            ["tenant_id", "membership_id"], ["membership.tenant_id", "membership.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(["tenant_id", "role_id"], ["role.tenant_id", "role.id"], ondelete="RESTRICT"),
        Index(None, "tenant_id", "role_id"),
    )
    __guard__ = own("select", "insert", "delete")

    membership_id: Mapped[UUID]
    role_id: Mapped[UUID]


class MembershipOrganization(Rights, TenantOwned, Base):
    """An organization on whose behalf a membership may act (zugeordnete Organisation)."""

    __tablename__ = "membership_organization"
    __table_args__ = (
        UniqueConstraint("tenant_id", "membership_id", "organization_id"),
        ForeignKeyConstraint(
            ["tenant_id", "membership_id"], ["membership.tenant_id", "membership.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organization.tenant_id", "organization.id"],
            ondelete="RESTRICT",
        ),
        Index(None, "tenant_id", "organization_id"),
    )
    __guard__ = own("select", "insert", "update", "delete")

    membership_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    is_primary: Mapped[bool] = mapped_column(server_default=text("false"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class ApiKey(Rights, Acted, Versioned, TenantOwned, Base):
    """A key of a machine: its secret is kept as a hash only; it acts through a membership of its own."""

    __tablename__ = "api_key"
    __table_args__ = (
        UniqueConstraint("tenant_id", "secret_hash"),
        ForeignKeyConstraint(
            ["tenant_id", "membership_id"], ["membership.tenant_id", "membership.id"], ondelete="RESTRICT"
        ),
    )
    __guard__ = own(
        "select",
        "insert",
        f"update({KEY_COLUMNS})",
    )

    membership_id: Mapped[UUID]
    name: Mapped[str]
    secret_hash: Mapped[str]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


async def memberships_of(session: AsyncSession, issuer: str, subject: str) -> Sequence[Membership]:
    """The enabled memberships of a person or key in every tenant; the transaction is bound to the subject."""
    found = await session.scalars(
        select(Membership).where(
            Membership.issuer == issuer, Membership.subject == subject, Membership.disabled_at.is_(None)
        )
    )
    return found.all()


async def grants_of(session: AsyncSession, membership_id: UUID) -> list[tuple[str, str]]:
    """The permissions and scopes of all roles of a membership."""
    rows = await session.execute(
        select(RoleGrant.permission, RoleGrant.scope)
        .join(MembershipRole, MembershipRole.role_id == RoleGrant.role_id)
        .where(MembershipRole.membership_id == membership_id)
    )
    return [(row.permission, row.scope) for row in rows]


async def organizations_of(
    session: AsyncSession, membership_id: UUID | None, on: date
) -> Sequence[MembershipOrganization]:
    """The active sales organizations to which a membership is assigned directly on that day (R-164)."""
    found = await session.scalars(
        select(MembershipOrganization)
        .join(Organization, Organization.id == MembershipOrganization.organization_id)
        .join(
            OrganizationNode,
            and_(OrganizationNode.organization_id == Organization.id, OrganizationNode.structure == "SALES"),
        )
        .where(
            MembershipOrganization.membership_id == membership_id,
            Organization.active,
            func.coalesce(MembershipOrganization.valid_from, on) <= on,
            func.coalesce(MembershipOrganization.valid_to, on) >= on,
        )
        .order_by(Organization.name_key, Organization.id)
    )
    return found.all()


async def descendants_of(session: AsyncSession, organizations: Sequence[UUID]) -> Sequence[OrganizationClosure]:
    """The organizations below these in the sales structure, paired with the one they are below."""
    found = await session.scalars(
        select(OrganizationClosure).where(
            OrganizationClosure.structure == "SALES",
            OrganizationClosure.ancestor_id.in_(organizations),
            OrganizationClosure.distance > 0,
        )
    )
    return found.all()


async def ancestors_of(session: AsyncSession, organization_id: UUID) -> Sequence[UUID]:
    """The organization itself, its parent, and so on to the root of the sales structure."""
    found = await session.scalars(
        select(OrganizationClosure.ancestor_id)
        .where(OrganizationClosure.structure == "SALES", OrganizationClosure.descendant_id == organization_id)
        .order_by(OrganizationClosure.distance)
    )
    return found.all()


async def root_of(session: AsyncSession) -> UUID | None:
    """The root of the sales structure."""
    return await session.scalar(
        select(OrganizationNode.organization_id).where(
            OrganizationNode.structure == "SALES", OrganizationNode.parent_id.is_(None)
        )
    )


async def grants_in(session: AsyncSession, role_id: UUID) -> Sequence[RoleGrant]:
    """The permissions of a role."""
    return (await session.scalars(select(RoleGrant).where(RoleGrant.role_id == role_id))).all()


async def roles_held(session: AsyncSession, membership_id: UUID) -> Sequence[MembershipRole]:
    """The roles that a membership holds."""
    return (await session.scalars(select(MembershipRole).where(MembershipRole.membership_id == membership_id))).all()


async def holders(session: AsyncSession, role_id: UUID) -> int:
    """How many memberships hold the role."""
    found = await session.scalar(
        select(func.count()).select_from(MembershipRole).where(MembershipRole.role_id == role_id)
    )
    return found or 0


async def assignment(
    session: AsyncSession, membership_id: UUID, organization_id: UUID
) -> MembershipOrganization | None:
    """The assignment of a membership to an organization."""
    return await session.scalar(
        select(MembershipOrganization).where(
            MembershipOrganization.membership_id == membership_id,
            MembershipOrganization.organization_id == organization_id,
        )
    )


async def role_by_code(session: AsyncSession, code: str) -> Role | None:
    """The role with this code."""
    return await session.scalar(select(Role).where(Role.code == code))


async def key_by_secret(session: AsyncSession, secret_hash: str, now: datetime) -> Membership | None:
    """The membership of a key that is good at this moment; the transaction is bound to the key's tenant."""
    return await session.scalar(
        select(Membership)
        .join(ApiKey, ApiKey.membership_id == Membership.id)
        .where(
            ApiKey.secret_hash == secret_hash,
            ApiKey.revoked_at.is_(None),
            ApiKey.expires_at > now,
            Membership.disabled_at.is_(None),
        )
    )


means(
    "uq_membership_tenant_id_issuer_subject_kind",
    lambda: AlreadyExists("This person has an account of this kind here already.", path=("subject",)),
)
means("uq_role_tenant_id_code", lambda: AlreadyExists("There is a role with this code already.", path=("code",)))


def own_account(_parent: Any, child: Any, context: Any, _args: Any) -> ColumnElement[bool]:
    """The caller's membership."""
    condition: ColumnElement[bool] = child.id == context.membership_id
    return condition


def own_places(_parent: Any, child: Any, context: Any, _args: Any) -> ColumnElement[bool]:
    """Where the caller may act today."""
    return and_(
        child.membership_id == context.membership_id,
        func.coalesce(child.valid_from, context.today) <= context.today,
        func.coalesce(child.valid_to, context.today) >= context.today,
    )


def own_permissions(_row: Any, context: Any) -> Any:
    """The caller's permissions."""
    return context.permissions


async def staff_by_email(session: AsyncSession, email: str) -> Membership | None:
    """The open account of a colleague (staff or representative) with this address."""
    return await session.scalar(
        select(Membership)
        .where(
            Membership.email == email,
            Membership.kind.in_(("STAFF", "REPRESENTATIVE")),
            Membership.disabled_at.is_(None),
        )
        .order_by(Membership.kind.desc(), Membership.id)
        .limit(1)
    )


def granting(_parent: Any, child: Any, context: Any, args: Any) -> ColumnElement[bool]:
    """The grants of a permission in the caller's own roles."""
    held = select(MembershipRole.role_id).where(
        MembershipRole.tenant_id == context.tenant_id, MembershipRole.membership_id == context.membership_id
    )
    return and_(child.permission == args.permission, child.role_id.in_(held))
