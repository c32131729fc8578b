"""What happens to a tenant's settings and to those of its contracting company."""

from uuid import UUID

from domain.tenants import CompanyChanges, SettingsChanges
from persistence import tenants
from persistence.changes import found
from persistence.number_ranges import NumberRange
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.scopes import tenant_wide
from tenancy.work import Work


@writes(Permission.TENANT_EDIT)
async def update_tenant_settings(work: Work, changes: SettingsChanges, expected_version: int) -> None:
    """Change what counts for this tenant only (R-00-09). Raises NotFound for a number range of nobody or another."""
    tenant_wide(work.caller, Permission.TENANT_EDIT)
    number_range_id = changes.get("customer_number_range_id")
    if number_range_id is not None:
        await found(work.session, NumberRange, number_range_id, what="number range")
    settings = await tenants.settings_to_change(work.session, work.caller.tenant_id, expected_version)
    for name, value in changes.items():
        setattr(settings, name, value)


@writes(Permission.COMPANY_EDIT)
async def update_company_settings(work: Work, changes: CompanyChanges, expected_version: int) -> UUID:
    """Change what counts for all tenants of the contracting company that have no own value (R-00-09)."""
    tenant_wide(work.caller, Permission.COMPANY_EDIT)
    company = await tenants.company_to_change(work.session, work.caller.company_id, expected_version)
    for name, value in changes.items():
        setattr(company, name, value)
    return company.id
