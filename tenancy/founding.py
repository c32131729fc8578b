"""Founding companies and tenants: the only rows that the owner role writes, and only for the command line."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from persistence.tenants import ContractingCompany, Tenant, TenantRights, TenantSettings
from tenancy.caller import Caller, CallerKind, Clock, system_clock
from tenancy.permissions import STAFF, Scope


@dataclass(frozen=True)
class NewTenant:
    """What a tenant is founded with."""

    name: str
    domain: str
    currency: str = "EUR"
    time_zone: str = "Europe/Berlin"
    self_service_url: str | None = None


async def found_company(owner_url: str, name: str, *, cross_client_connections: bool = True) -> UUID:
    """Found a contracting company and return its id."""
    company = ContractingCompany(name=name, cross_client_connections=cross_client_connections)
    await _keep(owner_url, company)
    return company.id


async def found_tenant(owner_url: str, company_id: UUID, new: NewTenant) -> UUID:
    """Found a tenant, with its settings, in a contracting company and return its id."""
    tenant = Tenant(
        company_id=company_id,
        name=new.name,
        domain=new.domain,
        contact_email=f"kontakt@{new.domain}",
        support_email=f"hilfe@{new.domain}",
        invoice_email=f"rechnung@{new.domain}",
        default_currency=new.currency,
        time_zone=new.time_zone,
        self_service_url=new.self_service_url or f"https://{new.domain}/konto",
    )
    await _keep(owner_url, tenant)
    await _keep(owner_url, TenantSettings(tenant_id=tenant.id), TenantRights(tenant_id=tenant.id))
    return tenant.id


def operator(tenant_id: UUID, company_id: UUID, *, rights_version: int, clock: Clock = system_clock) -> Caller:
    """The operator of the installation, acting for one tenant from the command line with all staff rights."""
    return Caller(
        tenant_id=tenant_id,
        company_id=company_id,
        kind=CallerKind.OPERATOR,
        subject="operator",
        grants=dict.fromkeys(STAFF, Scope.TENANT),
        rights_version=rights_version,
        clock=clock,
    )


async def _keep(owner_url: str, *rows: ContractingCompany | Tenant | TenantSettings | TenantRights) -> None:
    engine = create_async_engine(owner_url)
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            session.add_all(rows)
    finally:
        await engine.dispose()
