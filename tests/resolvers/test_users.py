"""Users, roles and keys: what an administrator may give, and what nobody may."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.refusals import InUse, NotFound, VersionConflict
from domain.users import OwnAccount, RoleRequired, RoleTooLarge
from persistence.users import role_by_code
from resolvers import users
from resolvers.users import NewUser
from tenancy.caller import Caller, system_clock
from tenancy.errors import Forbidden
from tenancy.operation import Call
from tenancy.permissions import Permission, Scope
from tests import trade
from tests.people import ISSUER, Home, House


def anybody(home: Home, *roles: str) -> NewUser:
    return NewUser("STAFF", ISSUER, f"new-{home.id}", "Neu Mann", None, [home.roles[code] for code in roles])


@pytest.mark.rule("R-00-05")
async def test_a_user_needs_at_least_one_role(house: House) -> None:
    home = await house.found()
    with pytest.raises(RoleRequired):
        await house.run(home.admin, users.create_user(anybody(home)))


CREATE_ROLE = """mutation ($input: CreateRoleInput!) { createRole(input: $input) {
  ... on CreateRolePayload { role { id } } ... on Refusal { code } } }"""


@pytest.mark.rule("R-00-05", "R-00-06")
async def test_a_group_with_reading_in_an_area_reads_it_and_writes_nothing(house: House) -> None:
    home = await house.found()
    given = {"code": "PROCESS_READERS", "name": "x", "areas": [{"area": "PROCESSES", "access": "READ"}]}
    await house.data(home.admin, CREATE_ROLE, input=given)
    home.roles["PROCESS_READERS"] = await _role(house, home, "PROCESS_READERS")
    reader = await home.member("PROCESS_READERS")
    body = await house.ask(reader, "{ users { totalCount } apiKeys { totalCount } partners { totalCount } }")
    assert body["data"]["users"]["totalCount"] >= 2
    assert body["data"]["partners"] is None
    assert [error["path"] for error in body["errors"]] == [["partners"]]
    refused = await house.ask(reader, CREATE_ROLE, input={"code": "Y", "name": "Y"})
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def _role(house: House, home: Home, code: str) -> UUID:
    async with house.database.transaction(home.admin.context(), read_only=True) as session:
        found = await role_by_code(session, code)
    assert found is not None
    return found.id


@pytest.mark.rule("R-00-07")
async def test_a_role_that_somebody_holds_cannot_be_deleted(house: House) -> None:
    home = await house.found()
    await home.member("SALES_VIEWER")
    with pytest.raises(InUse, match="1 users hold"):
        await house.run(home.admin, users.delete_role(home.roles["SALES_VIEWER"], 1))
    await house.run(home.admin, users.delete_role(home.roles["AUDITOR"], 1))


DISABLE = """mutation ($input: DisableUserInput!) { disableUser(input: $input) {
  ... on DisableUserPayload { user { disabledAt } } ... on Refusal { code } } }"""


@pytest.mark.rule("R-00-08")
async def test_nobody_disables_the_own_account(house: House) -> None:
    home = await house.found()
    with pytest.raises(OwnAccount):
        await house.run(home.admin, users.disable_user(home.admin.membership_id, 1))
    given = {"userId": f"usr_{home.admin.membership_id}", "expectedVersion": 1}
    assert (await house.data(home.admin, DISABLE, input=given))["disableUser"] == {"code": "OWN_ACCOUNT"}


@pytest.mark.rule("R-261")
async def test_nobody_grants_a_right_or_a_reach_beyond_the_own(house: House) -> None:
    home = await house.found()
    manager = await home.member(["SALES_MANAGER", "TENANT_ADMIN"], at="NORTH")
    small = replace(manager, grants={Permission.USERS_EDIT: Scope.TENANT, Permission.CARTS_SEE: Scope.ORGANIZATION})
    with pytest.raises(RoleTooLarge, match="carts:see"):
        await _as(house, small, users.create_role("WIDE", "Wide", {Permission.CARTS_SEE: Scope.TENANT}))
    with pytest.raises(RoleTooLarge, match="offers:edit"):
        await _as(house, small, users.create_role("OTHER", "Other", {Permission.OFFERS_EDIT: Scope.ORGANIZATION}))
    with pytest.raises(RoleTooLarge):
        await _as(house, small, users.create_user(anybody(home, "TENANT_ADMIN")))
    await _as(house, small, users.create_role("SAME", "Same", {Permission.CARTS_SEE: Scope.ORGANIZATION}))


async def _as(house: House, caller: Caller, call: Call[Any]) -> object:
    """Run as exactly this caller, with rights that no stored role has."""
    return await house.operations.run(replace(await house.fresh(caller), grants=caller.grants), call)


@pytest.mark.rule("R-257")
async def test_users_are_changed_with_a_right_over_the_whole_tenant_only(house: House) -> None:
    home = await house.found()
    narrow = replace(home.admin, grants={**home.admin.grants, Permission.USERS_EDIT: Scope.ORGANIZATION})
    with pytest.raises(Forbidden, match="whole tenant"):
        await _as(house, narrow, users.create_user(anybody(home, "SALES_CLERK")))


@pytest.mark.rule("R-00-03")
async def test_a_stale_version_is_refused_and_nothing_changes(house: House) -> None:
    home = await house.found()
    await house.run(home.admin, users.update_role(home.roles["AUDITOR"], "Prüfer", {}, 1))
    with pytest.raises(VersionConflict) as raised:
        await house.run(home.admin, users.update_role(home.roles["AUDITOR"], "Zu spät", {}, 1))
    assert raised.value.current_version == 2
    found = await house.data(home.admin, "{ roles(first: 50) { nodes { code name version } } }")
    assert {"code": "AUDITOR", "name": "Prüfer", "version": 2} in found["roles"]["nodes"]


async def test_a_key_shows_its_secret_once_and_acts_with_its_roles(house: House) -> None:
    home = await house.found()
    document = """mutation ($input: IssueApiKeyInput!) { issueApiKey(input: $input) {
      ... on IssueApiKeyPayload { secret apiKey { name revokedAt } } } }"""
    expires = (system_clock() + timedelta(days=30)).isoformat()
    given = {"name": "ERP", "roleIds": [f"rol_{home.roles['AUDITOR']}"], "expiresAt": expires}
    issued = (await house.data(home.admin, document, input=given))["issueApiKey"]
    assert issued["secret"].startswith(f"kontor_{home.id.hex}_")
    assert issued["apiKey"] == {"name": "ERP", "revokedAt": None}
    shown = await house.data(home.admin, "{ apiKeys { nodes { name expiresAt } } }")
    assert issued["secret"] not in str(shown)


@pytest.mark.rule("R-00-01", "R-224")
@pytest.mark.parametrize("kind", ["PORTAL", "REPRESENTATIVE", "STAFF"])
async def test_a_user_belongs_to_a_partner_of_the_own_tenant(kind: str, house: House) -> None:
    alpha, beta = await house.found("Alpha"), await house.found("Beta")
    foreign = await trade.partner(beta)
    for partner_id in (foreign, uuid4()):
        new = NewUser(kind, ISSUER, f"subject-{partner_id}", "Fritz", None, [alpha.roles["AUDITOR"]], (), partner_id)
        with pytest.raises(NotFound):
            await house.run(alpha.admin, users.create_user(new))
