"""Who may act for which organization, and that a changed right counts from the next request on."""

from uuid import uuid4

import pytest

from domain.refusals import NotFound
from resolvers import users
from tenancy.caller import Caller, CallerKind
from tenancy.errors import Forbidden, Unauthenticated
from tenancy.permissions import DELIVERED, STAFF, Permission, Scope, united
from tenancy.rights import Known, Wish, acting_of, allowed
from tests.people import ISSUER, Home, House

A, B, C = uuid4(), uuid4(), uuid4()


def test_the_only_assigned_organization_acts() -> None:
    assert acting_of([A], [], None) == (A, None)


@pytest.mark.rule("R-239")
def test_of_several_organizations_the_primary_one_acts() -> None:
    assert acting_of([A, B], [B], None) == (B, None)


@pytest.mark.rule("R-239", "E08")
def test_with_several_organizations_and_no_primary_one_the_caller_must_choose() -> None:
    assert acting_of([A, B], [], None) == (None, "ACTING_ORGANIZATION_REQUIRED")
    assert acting_of([A, B], [], A) == (A, None)


@pytest.mark.rule("R-240")
def test_only_a_directly_assigned_organization_can_be_chosen() -> None:
    assert acting_of([A, B], [A], C) == (None, "ORGANIZATION_NOT_ASSIGNED")


ORGANIZATIONS = "{ partners(first: 1) { nodes { number } } }"


@pytest.mark.rule("R-239")
async def test_a_request_without_a_choice_between_several_organizations_is_answered_with_a_code(house: House) -> None:
    home = await house.found()
    hanna = await home.member("SALES_CLERK", at=["HAMBURG", "MUNICH"])
    assert hanna.organization_id == home.organizations["HAMBURG"]
    with pytest.raises(Forbidden) as raised:
        (await _without_primary(house, home)).seen(Permission.PARTNERS_SEE)
    assert raised.value.code == "ACTING_ORGANIZATION_REQUIRED"


async def _without_primary(house: House, home: Home) -> Caller:
    hanna = await home.member("SALES_CLERK", at=["HAMBURG", "MUNICH"])
    hamburg = home.organizations["HAMBURG"]
    await house.run(home.admin, users.assign_to_organization(hanna.membership_id, hamburg, primary=False))
    return await house.fresh(hanna)


@pytest.mark.rule("R-240")
async def test_a_user_of_the_north_cannot_act_for_hamburg_whatever_the_scope(house: House) -> None:
    home = await house.found()
    nora = await home.member("SALES_MANAGER", at="NORTH")
    as_hamburg = await house.callers.of(
        Known(ISSUER, nora.subject, home.id), Wish(organization_id=home.organizations["HAMBURG"])
    )
    assert as_hamburg.organization_id is None
    with pytest.raises(Forbidden) as raised:
        as_hamburg.acting()
    assert raised.value.code == "ORGANIZATION_NOT_ASSIGNED"


@pytest.mark.rule("R-241")
async def test_a_new_assignment_works_from_the_next_request_on(house: House) -> None:
    home = await house.found()
    hanna = await home.member("SALES_CLERK", at="HAMBURG")
    await house.run(
        home.admin,
        users.assign_to_organization(hanna.membership_id, home.organizations["MUNICH"], primary=True),
    )
    await house.run(home.admin, users.remove_from_organization(hanna.membership_id, home.organizations["HAMBURG"]))
    organization = (await house.data(hanna, "{ me { organization { code } } }"))["me"]["organization"]
    assert organization == {"code": "MUNICH"}


@pytest.mark.rule("R-230")
async def test_a_user_whose_role_permits_nothing_neither_reads_nor_writes(house: House) -> None:
    home = await house.found()
    role = await house.run(home.admin, users.create_role("NOTHING", "Nothing", {}))
    home.roles["NOTHING"] = role
    nobody = await home.member("NOTHING")
    body = await house.ask(nobody, "{ users { totalCount } organizations { totalCount } }")
    assert body["data"] == {"users": None, "organizations": None}
    assert {error["extensions"]["code"] for error in body["errors"]} == {"FORBIDDEN"}
    with pytest.raises(Forbidden):
        await house.run(nobody, users.create_role("MORE", "More", {}))


@pytest.mark.rule("R-242")
async def test_without_content_based_permissions_a_right_reaches_over_the_whole_tenant(house: House) -> None:
    home = await house.found()
    hanna = await home.member("SALES_CLERK", at="HAMBURG")
    assert hanna.scope(Permission.PARTNERS_SEE) == Scope.ORGANIZATION
    settings = """mutation ($input: UpdateTenantSettingsInput!) { updateTenantSettings(input: $input) {
      ... on UpdateTenantSettingsPayload { settings { contentBasedPermissions } } } }"""
    version = (await house.data(home.admin, "{ tenantSettings { version } }"))["tenantSettings"]["version"]
    given = {"expectedVersion": version, "contentBasedPermissions": False}
    changed = await house.data(home.admin, settings, input=given)
    assert changed["updateTenantSettings"]["settings"] == {"contentBasedPermissions": False}
    fresh = await house.fresh(hanna)
    assert fresh.scope(Permission.PARTNERS_SEE) == Scope.TENANT
    assert fresh.organization_id == home.organizations["HQ"]


@pytest.mark.rule("R-227")
async def test_somebody_who_is_representative_and_staff_has_the_rights_of_the_account_signed_in(house: House) -> None:
    both = {Permission.PARTNERS_SEE: Scope.TENANT}
    assert allowed(CallerKind.REPRESENTATIVE, both) == {Permission.PARTNERS_SEE: Scope.OWN_CUSTOMERS}
    assert allowed(CallerKind.STAFF, both) == both


@pytest.mark.rule("R-258")
def test_rights_of_several_roles_add_up_to_the_widest() -> None:
    rows = [("partners:see", "ORGANIZATION"), ("partners:see", "TENANT"), ("carts:see", "ORGANIZATION")]
    assert united(rows) == {Permission.PARTNERS_SEE: Scope.TENANT, Permission.CARTS_SEE: Scope.ORGANIZATION}


@pytest.mark.rule("R-260")
async def test_every_tenant_starts_with_the_delivered_roles(house: House) -> None:
    home = await house.found()
    document = "{ roles(first: 50) { nodes { code delivered grants { permission scope } } } }"
    found = {role["code"]: role for role in (await house.data(home.admin, document))["roles"]["nodes"]}
    assert set(found) == set(DELIVERED)
    assert all(role["delivered"] for role in found.values())
    admin = {grant["permission"]: grant["scope"] for grant in found["TENANT_ADMIN"]["grants"]}
    assert admin == dict.fromkeys(map(str, STAFF), "TENANT")
    clerk = {grant["permission"]: grant["scope"] for grant in found["SALES_CLERK"]["grants"]}
    assert {clerk[p] for p in ("customers:see", "customers:create", "customers:edit")} == {"ORGANIZATION"}
    manager = {grant["scope"] for grant in found["SALES_MANAGER"]["grants"]}
    assert manager == {"ORGANIZATION_AND_DESCENDANTS"}
    assert {grant["scope"] for grant in found["REPRESENTATIVE"]["grants"]} == {"OWN_CUSTOMERS"}
    assert "customers:edit" not in {grant["permission"] for grant in found["SALES_VIEWER"]["grants"]}


async def test_a_disabled_account_is_nobody_from_the_next_request_on(house: House) -> None:
    home = await house.found()
    hanna = await home.member("SALES_CLERK", at="HAMBURG")
    await house.run(home.admin, users.disable_user(hanna.membership_id, 1))
    with pytest.raises(Unauthenticated):
        await house.ask(hanna, "{ me { account { name } } }")


async def test_a_user_of_another_tenant_is_not_found(house: House) -> None:
    home, other = await house.found("Alpha"), await house.found("Beta")
    bert = await other.member("SALES_CLERK")
    with pytest.raises(NotFound):
        await house.run(home.admin, users.disable_user(bert.membership_id, 1))
