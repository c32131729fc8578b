"""Memberships, the roles they hold, the organizations they act for, and API keys."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from persistence.base import Acted, Base, Guard, Policy, Rights, TenantOwned, Versioned, own

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
    )
    __guard__ = Guard(
        (
            Policy(
                "own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"
            ),
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
