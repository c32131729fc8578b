"""Contracting companies, their tenants, and the settings of both."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    func,
    literal,
    select,
    text,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from persistence.base import FOUND, Base, Guard, Policy, Rights, Versioned, new_id
from persistence.changes import conflict
from persistence.trips import Statement

OWN_COMPANY = "id = current_company()"
TENANT_COLUMNS = (
    "name, domain, contact_email, support_email, invoice_email, creditor_id, "
    "default_currency, time_zone, self_service_url, version, updated_at"
)


class ContractingCompany(Versioned, Base):
    """The umbrella that books modules and makes settings for all its tenants (Vertragsunternehmen)."""

    __tablename__ = "contracting_company"
    __guard__ = Guard(
        (
            Policy("own", "select", "kontor_app", OWN_COMPANY),
            Policy("change", "update", "kontor_app", OWN_COMPANY, OWN_COMPANY),
            Policy("own_portal", "select", "kontor_portal", OWN_COMPANY),
            *FOUND,
        ),
        {
            "kontor_app": (
                "select",
                "update(name, cross_client_connections, invoice_due_days, support_url, version, updated_at)",
            ),
            "kontor_portal": ("select",),
        },
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-19)
    name: Mapped[str]
    cross_client_connections: Mapped[bool] = mapped_column(server_default=text("false"))
    invoice_due_days: Mapped[int | None]
    support_url: Mapped[str | None]


class Tenant(Versioned, Base):
    """One company that sells: the hard boundary of all data (Mandant)."""

    __tablename__ = "tenant"
    __table_args__ = (
        CheckConstraint("default_currency ~ '^[A-Z]{3}$'", name="currency"),
        Index(None, "company_id"),
    )
    __guard__ = Guard(
        (
            Policy("own", "select", "kontor_app", "id = current_tenant()"),
            Policy("change", "update", "kontor_app", "id = current_tenant()", "id = current_tenant()"),
            Policy("own_portal", "select", "kontor_portal", "id = current_tenant()"),
            *FOUND,
        ),
        {
            "kontor_app": (
                "select",
                f"update({TENANT_COLUMNS})",
            ),
            "kontor_portal": ("select",),
        },
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-19)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("contracting_company.id", ondelete="RESTRICT"))
    name: Mapped[str]
    domain: Mapped[str]
    contact_email: Mapped[str]
    support_email: Mapped[str]
    invoice_email: Mapped[str]
    creditor_id: Mapped[str | None]
    default_currency: Mapped[str]
    time_zone: Mapped[str] = mapped_column(server_default=text("'Europe/Berlin'"))
    self_service_url: Mapped[str | None]


class TenantSettings(Rights, Versioned, Base):
    """What a tenant settles for itself; an empty value takes the contracting company's (R-00-09)."""

    __tablename__ = "tenant_settings"
    __table_args__ = (
        CheckConstraint("default_customer_status in ('RELEASED', 'BLOCKED')", name="default_customer_status"),
    )
    __guard__ = Guard(
        (
            Policy("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            Policy("own_portal", "select", "kontor_portal", "tenant_id = current_tenant()"),
            *FOUND,
        ),
        {"kontor_app": ("select", "insert", "update"), "kontor_portal": ("select",)},
    )

    tenant_id: Mapped[UUID] = mapped_column(
        ForeignKey("tenant.id", ondelete="RESTRICT"), primary_key=True, sort_order=-20
    )
    content_based_permissions: Mapped[bool] = mapped_column(server_default=text("true"))
    multi_site: Mapped[bool] = mapped_column(server_default=text("true"))
    require_explicit_take_over: Mapped[bool] = mapped_column(server_default=text("false"))
    default_customer_status: Mapped[str] = mapped_column(server_default=text("'RELEASED'"))
    customer_number_range_id: Mapped[UUID | None]
    invoice_due_days: Mapped[int | None]
    support_url: Mapped[str | None]


class TenantRights(Base):
    """How often the rights within a tenant changed; an answer with an older count is read again."""

    __tablename__ = "tenant_rights"
    __guard__ = Guard(
        (
            Policy("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            Policy("own_portal", "select", "kontor_portal", "tenant_id = current_tenant()"),
            *FOUND,
        ),
        {"kontor_app": ("select", "update(version)"), "kontor_portal": ("select",)},
    )

    tenant_id: Mapped[UUID] = mapped_column(
        ForeignKey("tenant.id", ondelete="RESTRICT"), primary_key=True, sort_order=-20
    )
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))


@dataclass(frozen=True)
class Home:
    """What a caller must know of its tenant."""

    company_id: UUID
    time_zone: str
    content_based_permissions: bool
    rights_version: int


async def home(session: AsyncSession, tenant_id: UUID) -> Home:
    """The tenant's company, time zone and rights, of the tenant that the transaction is bound to."""
    row = (
        await session.execute(
            select(
                Tenant.company_id,
                Tenant.time_zone,
                TenantSettings.content_based_permissions,
                TenantRights.version,
            )
            .join(TenantSettings, TenantSettings.tenant_id == Tenant.id)
            .join(TenantRights, TenantRights.tenant_id == Tenant.id)
            .where(Tenant.id == tenant_id)
        )
    ).one()
    return Home(row.company_id, row.time_zone, row.content_based_permissions, row.version)


RIGHTS_VERSION = "select version from tenant_rights where tenant_id = %(tenant_id)s"


def rights_version(tenant_id: UUID) -> Statement:
    """How often the tenant's rights changed until now."""
    return Statement(RIGHTS_VERSION, {"tenant_id": tenant_id})


async def settings_to_change(session: AsyncSession, tenant_id: UUID, expected_version: int) -> TenantSettings:
    """The tenant's settings, locked. Raises VersionConflict (R-00-03)."""
    row = (
        await session.scalars(select(TenantSettings).where(TenantSettings.tenant_id == tenant_id).with_for_update())
    ).one()
    if row.version != expected_version:
        raise conflict(row, "tenant's settings")
    return row


async def company_to_change(session: AsyncSession, company_id: UUID, expected_version: int) -> ContractingCompany:
    """The contracting company, locked. Raises VersionConflict (R-00-03)."""
    row = (
        await session.scalars(select(ContractingCompany).where(ContractingCompany.id == company_id).with_for_update())
    ).one()
    if row.version != expected_version:
        raise conflict(row, "contracting company")
    return row


DUE_DAYS = 14
"""Days until an invoice is due where neither the tenant nor its company settles it."""


def own_company(row: Any, context: Any) -> ColumnElement[bool]:
    """The contracting company of the caller's tenant."""
    condition: ColumnElement[bool] = row.id == context.company_id
    return condition


def any_company(_parent: Any, _child: Any, _context: Any, _args: Any) -> ColumnElement[bool]:
    """Every company that the type's scope lets through: the own one."""
    return true()


def own_tenant(_parent: Any, child: Any, context: Any, _args: Any) -> ColumnElement[bool]:
    """The caller's tenant."""
    condition: ColumnElement[bool] = child.id == context.tenant_id
    return condition


def own_settings(_parent: Any, child: Any, context: Any, _args: Any) -> ColumnElement[bool]:
    """The settings of the caller's tenant."""
    condition: ColumnElement[bool] = child.tenant_id == context.tenant_id
    return condition


def effective_due_days(row: Any, context: Any) -> ColumnElement[int]:
    """Days until an invoice is due: the tenant's own number, else the company's, else 14 (R-00-09)."""
    company = _of_company(ContractingCompany.invoice_due_days, context)
    return func.coalesce(row.invoice_due_days, company, literal(DUE_DAYS))


def effective_support_url(row: Any, context: Any) -> ColumnElement[str]:
    """The address for help: the tenant's own, else the company's (R-00-09)."""
    return func.coalesce(row.support_url, _of_company(ContractingCompany.support_url, context))


def _of_company(column: Any, context: Any) -> Any:
    return select(column).where(ContractingCompany.id == context.company_id).scalar_subquery()
