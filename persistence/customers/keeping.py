"""Finding, beginning and ending a customer's data within a story."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.customers import Block, CustomerStatus, Effective, Mode
from persistence.customers.resolution import RESOLUTION, Columns
from persistence.customers.rows import Customer, CustomerData, PartnerAccounting
from persistence.customers.shown import missing_accounting_data, partner_blocked
from persistence.organizations import Organization, OrganizationClosure
from persistence.tenants import TenantSettings


@dataclass(frozen=True)
class CustomerSettings:
    """What the tenant has settled about its customers."""

    multi_site: bool
    default_status: str
    explicit: bool


async def settings_of(session: AsyncSession) -> CustomerSettings:
    """What the tenant has settled about its customers."""
    row = (
        await session.execute(
            select(
                TenantSettings.multi_site,
                TenantSettings.default_customer_status,
                TenantSettings.require_explicit_take_over,
            ).where(TenantSettings.tenant_id == session.info["tenant_id"])
        )
    ).one()
    return CustomerSettings(row.multi_site, row.default_customer_status, row.require_explicit_take_over)


async def levels_of(session: AsyncSession, partner_id: UUID) -> dict[UUID, CustomerData]:
    """The rows that count, by organization; the caller holds the partner's lock when it means to change them."""
    rows = await session.scalars(
        select(CustomerData).where(CustomerData.partner_id == partner_id, CustomerData.ended_at.is_(None))
    )
    return {row.organization_id: row for row in rows}


async def paths_below(session: AsyncSession, organization_id: UUID) -> dict[UUID, list[UUID]]:
    """Every organization below this one with its path to the root, itself first."""
    below = (
        select(OrganizationClosure.descendant_id)
        .where(
            OrganizationClosure.structure == "SALES",
            OrganizationClosure.ancestor_id == organization_id,
            OrganizationClosure.distance > 0,
        )
        .scalar_subquery()
    )
    rows = await session.execute(
        select(OrganizationClosure.descendant_id, OrganizationClosure.ancestor_id)
        .where(OrganizationClosure.structure == "SALES", OrganizationClosure.descendant_id.in_(below))
        .order_by(OrganizationClosure.descendant_id, OrganizationClosure.distance)
    )
    found: dict[UUID, list[UUID]] = {}
    for descendant_id, ancestor_id in rows:
        found.setdefault(descendant_id, []).append(ancestor_id)
    return found


async def active_among(session: AsyncSession, organization_ids: Collection[UUID]) -> set[UUID]:
    """Those of the organizations that are active."""
    found = await session.scalars(
        select(Organization.id).where(Organization.id.in_(organization_ids), Organization.active)
    )
    return set(found)


async def is_customer(session: AsyncSession, partner_id: UUID) -> bool:
    """Whether the partner holds the role CUSTOMER."""
    return await session.scalar(select(Customer.id).where(Customer.id == partner_id)) is not None


def begin(session: AsyncSession, partner_id: UUID, organization_id: UUID, block: Block) -> CustomerData:
    """Make the partner a customer with own data at the organization."""
    session.add(Customer(id=partner_id))
    return begin_level(session, partner_id, organization_id, block)


def begin_level(session: AsyncSession, partner_id: UUID, organization_id: UUID, block: Block) -> CustomerData:
    """Give the customer own data at the organization."""
    data = CustomerData(
        partner_id=partner_id,
        organization_id=organization_id,
        mode=Mode.OWN,
        status=block.status,
        blocked_until=block.until,
    )
    session.add(data)
    return data


async def end(session: AsyncSession, partner_id: UUID, now: datetime) -> None:
    """End the role data: the customer is gone, what was kept of it stays (R-172)."""
    customer = await session.scalar(select(Customer).where(Customer.id == partner_id))
    if customer is not None:
        await session.delete(customer)
    for data in (await levels_of(session, partner_id)).values():
        data.ended_at = now


async def accounting_of(session: AsyncSession, partner_id: UUID) -> PartnerAccounting | None:
    """The partner's accounting data."""
    return await session.scalar(select(PartnerAccounting).where(PartnerAccounting.partner_id == partner_id))


async def debtors(session: AsyncSession, partner_ids: Collection[UUID]) -> set[UUID]:
    """Those of the partners whose accounting data are complete."""
    found = await session.scalars(
        select(PartnerAccounting.partner_id).where(
            PartnerAccounting.partner_id.in_(partner_ids), PartnerAccounting.complete
        )
    )
    return set(found)


async def effective(session: AsyncSession, partner_id: UUID, organization_id: UUID, today: date) -> Effective | None:
    """What counts for the customer at the organization on the day; None where nothing does (R-236).

    Works for staff and for the customer's own portal. `domain.customers.check_usable` decides what it means.
    """
    asked = {
        "tenant": session.info["tenant_id"],
        "partner": partner_id,
        "organization": organization_id,
        "today": today,
    }
    found = (await session.execute(_effective(), asked)).one_or_none()
    if found is None:
        return None
    return Effective(
        source_organization_id=found.organization_id,
        hops=found.distance,
        mode_here=None if found.mode_here is None else Mode(found.mode_here),
        block=Block(CustomerStatus(found.status), found.blocked_until),
        partner_blocked=found.partner_blocked,
        missing_accounting_data=found.missing_accounting_data,
        order_entry_allowed=found.order_entry_allowed,
        organization_active=found.active,
    )


@cache
def _effective() -> Select[Any]:
    """The statement, made once: making it costs more than running it."""
    today = bindparam("today", type_=Date())
    row = RESOLUTION.alias()
    columns = Columns(row)
    here, organization = CustomerData.__table__.alias(), Organization.__table__.alias()
    customer = Customer.__table__.alias()
    mode_here = (
        select(here.c.mode)
        .where(
            here.c.tenant_id == row.c.tenant_id,
            here.c.partner_id == row.c.partner_id,
            here.c.organization_id == row.c.descendant_id,
            here.c.ended_at.is_(None),
        )
        .scalar_subquery()
    )
    active = exists().where(
        organization.c.tenant_id == row.c.tenant_id, organization.c.id == row.c.descendant_id, organization.c.active
    )
    return (
        select(
            row.c.organization_id,
            row.c.distance,
            row.c.status,
            row.c.blocked_until,
            row.c.order_entry_allowed,
            mode_here.label("mode_here"),
            active.label("active"),
            partner_blocked(columns).label("partner_blocked"),
            missing_accounting_data(columns, today).label("missing_accounting_data"),
        )
        .where(
            row.c.tenant_id == bindparam("tenant"),
            row.c.partner_id == bindparam("partner"),
            row.c.descendant_id == bindparam("organization"),
            exists().where(customer.c.tenant_id == row.c.tenant_id, customer.c.id == row.c.partner_id),
        )
        .order_by(row.c.distance)
        .limit(1)
    )
