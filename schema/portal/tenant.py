"""The tenant as its customers see it."""

import strawberry

from persistence import tenants as stored
from reads import URL, EmailAddress, column, one, rows


@rows(stored.Tenant, tenant="id")
@strawberry.type(name="Tenant", description="The company that sells here (Anbieter).")
class PortalTenant:
    """What a customer may know of the tenant."""

    name: str = column("Name.")
    support_email: EmailAddress = column("For help (Support).")
    self_service_url: URL | None = column("Address of its self-service portal (Kundenportal).")


@strawberry.type
class PortalTenantQuery:
    """Reading the tenant."""

    tenant: PortalTenant = one("The company that sells here (Anbieter).", where=stored.own_tenant)
