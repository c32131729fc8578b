"""Settings: a tenant's own, and those of its contracting company."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from domain.refusals import VersionConflict
from persistence.number_ranges import NumberRange
from resolvers import tenants
from tests.people import Home, House

SETTINGS = "{ tenantSettings { invoiceDueDays effectiveInvoiceDueDays effectiveSupportUrl version } }"
UPDATE = """mutation ($input: UpdateTenantSettingsInput!) { updateTenantSettings(input: $input) {
  ... on UpdateTenantSettingsPayload { settings { invoiceDueDays effectiveInvoiceDueDays } }
  ... on Refusal { code } } }"""
COMPANY = """mutation ($input: UpdateCompanySettingsInput!) { updateCompanySettings(input: $input) {
  ... on UpdateCompanySettingsPayload { company { invoiceDueDays version } }
  ... on VersionConflict { code currentVersion current { ... on ContractingCompany { invoiceDueDays } } } } }"""


async def settings(house: House, home: Home) -> dict[str, Any]:
    found: dict[str, Any] = (await house.data(home.admin, SETTINGS))["tenantSettings"]
    return found


@pytest.mark.rule("R-00-09")
async def test_a_setting_of_the_company_counts_for_all_its_tenants_without_an_own_one(house: House) -> None:
    alpha = await house.found("Alpha")
    beta = await house.found("Beta", company_id=alpha.company_id)
    stranger = await house.found("Gamma")
    await house.data(alpha.admin, COMPANY, input={"expectedVersion": 1, "invoiceDueDays": 30})
    assert [(await settings(house, home))["effectiveInvoiceDueDays"] for home in (alpha, beta, stranger)] == [
        30,
        30,
        14,
    ]


@pytest.mark.rule("R-00-09")
async def test_a_setting_of_a_tenant_touches_that_tenant_only(house: House) -> None:
    alpha = await house.found("Alpha")
    beta = await house.found("Beta", company_id=alpha.company_id)
    version = (await settings(house, alpha))["version"]
    changed = await house.data(alpha.admin, UPDATE, input={"expectedVersion": version, "invoiceDueDays": 7})
    assert changed["updateTenantSettings"]["settings"] == {"invoiceDueDays": 7, "effectiveInvoiceDueDays": 7}
    assert (await settings(house, beta))["effectiveInvoiceDueDays"] == 14
    await house.data(alpha.admin, UPDATE, input={"expectedVersion": version + 1, "invoiceDueDays": None})
    assert (await settings(house, alpha))["effectiveInvoiceDueDays"] == 14


@pytest.mark.rule("R-00-03")
async def test_a_stale_version_is_answered_with_the_present_record(house: House) -> None:
    home = await house.found()
    await house.data(home.admin, COMPANY, input={"expectedVersion": 1, "invoiceDueDays": 30})
    refused = await house.data(home.admin, COMPANY, input={"expectedVersion": 1, "invoiceDueDays": 60})
    assert refused["updateCompanySettings"] == {
        "code": "CONFLICT_VERSION",
        "currentVersion": 2,
        "current": {"invoiceDueDays": 30},
    }
    with pytest.raises(VersionConflict):
        await house.run(home.admin, tenants.update_tenant_settings({"invoice_due_days": 1}, 99))


@pytest.mark.rule("R-00-01")
async def test_the_number_range_of_customers_is_one_of_the_own_tenant(house: House) -> None:
    alpha, beta = await house.found("Alpha"), await house.found("Beta")
    async with house.database.transaction(beta.admin.context()) as session:
        foreign = (await session.scalars(select(NumberRange.id))).first()
    version = (await settings(house, alpha))["version"]
    for number_range_id in (foreign, uuid4()):
        given = {"expectedVersion": version, "customerNumberRangeId": f"nrg_{number_range_id}"}
        refused = await house.data(alpha.admin, UPDATE, input=given)
        assert refused["updateTenantSettings"] == {"code": "NOT_FOUND"}
