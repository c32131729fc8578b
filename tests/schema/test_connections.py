"""Connections through GraphQL: one tenant invites, the other accepts, both see where it stands."""

from typing import Any
from uuid import uuid4

import pytest

from tests.people import Home, House
from tests.selling import connected, do, draft

WHOLE = """id status iAm accessToOffers sameContractingCompany callbackUrl round version
  sourceTenantId sourceName targetTenantId targetName respondedAt blockedAt blockedByTenantId"""
PAYLOAD = f"connection {{ {WHOLE} }}"
CALLBACK = "https://alpha.test/kontor"


async def two(house: House) -> tuple[Home, Home]:
    return await house.found("Alpha Verlag"), await house.found("Beta Medien")


def ten(home: Home) -> str:
    return f"ten_{home.id}"


async def invite(source: Home, target: Home, callback_url: str | None = CALLBACK) -> dict[str, Any]:
    given = {"targetTenantId": ten(target), "callbackUrl": callback_url}
    return await do(source, "inviteTenant", PAYLOAD, **given)


async def act(home: Home, field: str, connection: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Do something to a connection as this tenant sees it now."""
    seen = await look(home, connection["id"])
    given = {"connectionId": connection["id"], "expectedVersion": seen["version"] if seen else 1, **more}
    return await do(home, field, PAYLOAD, **given)


async def look(home: Home, connection_id: str) -> dict[str, Any] | None:
    asked = await home.house.data(
        home.admin, f"query ($id: ID!) {{ tenantConnection(id: $id) {{ {WHOLE} }} }}", id=connection_id
    )
    found: dict[str, Any] | None = asked["tenantConnection"]
    return found


@pytest.mark.rule("R-XC-03", "R-XC-04")
async def test_an_invited_tenant_reads_the_invitation_accepts_it_and_both_see_it_active(house: House) -> None:
    alpha, beta = await two(house)
    connection = (await invite(alpha, beta))["connection"]
    assert (connection["status"], connection["iAm"], connection["targetName"]) == ("INVITED", "SOURCE", None)
    asked = await house.data(
        beta.admin,
        "{ tenantNotices { nodes { kind fromTenantId connectionId } }"
        "  tenantConnections(filter: {status: INVITED}) { totalCount nodes { id iAm sourceName status } } }",
    )
    assert asked["tenantNotices"]["nodes"] == [
        {"kind": "CONNECTION_INVITED", "fromTenantId": ten(alpha), "connectionId": connection["id"]}
    ]
    assert asked["tenantConnections"] == {
        "totalCount": 1,
        "nodes": [{"id": connection["id"], "iAm": "TARGET", "sourceName": "Alpha Verlag", "status": "INVITED"}],
    }
    accepted = (await act(beta, "acceptConnection", connection))["connection"]
    assert (accepted["status"], accepted["iAm"], accepted["version"]) == ("ACTIVE", "TARGET", 2)
    seen = await look(alpha, connection["id"])
    assert seen is not None
    assert (seen["status"], seen["targetName"], seen["sameContractingCompany"]) == ("ACTIVE", "Beta Medien", False)
    assert seen["respondedAt"] is not None


@pytest.mark.rule("R-XC-02")
async def test_inviting_oneself_is_no_valid_input(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    refused = await invite(alpha, alpha)
    assert (refused["__typename"], refused["code"]) == ("ValidationFailed", "VALIDATION")
    assert refused["violations"] == [{"code": "VALIDATION", "path": ["targetTenantId"]}]


@pytest.mark.rule("R-XC-04")
async def test_the_source_can_neither_accept_nor_decline_and_the_target_cannot_withdraw(house: House) -> None:
    alpha, beta = await two(house)
    connection = (await invite(alpha, beta))["connection"]
    for home, field in ((alpha, "acceptConnection"), (alpha, "declineConnection"), (beta, "withdrawConnection")):
        refused = await act(home, field, connection)
        assert (refused["__typename"], refused["code"]) == ("NotOwner", "NOT_OWNER")
    seen = await look(beta, connection["id"])
    assert seen is not None
    assert (seen["status"], seen["version"]) == ("INVITED", 1)


@pytest.mark.rule("R-XC-05", "R-XC-10")
async def test_either_party_blocks_an_active_connection_and_only_it_unblocks(house: House) -> None:
    alpha, beta = await two(house)
    connection = (await invite(alpha, beta))["connection"]
    assert (await act(alpha, "blockConnection", connection))["code"] == "INVALID_STATUS_TRANSITION"
    await act(beta, "acceptConnection", connection)
    for blocker, other in ((alpha, beta), (beta, alpha)):
        blocked = (await act(blocker, "blockConnection", connection))["connection"]
        assert (blocked["status"], blocked["blockedByTenantId"]) == ("BLOCKED", ten(blocker))
        assert blocked["blockedAt"] is not None
        assert (await act(other, "unblockConnection", connection))["code"] == "NOT_OWNER"
        assert (await act(other, "blockConnection", connection))["code"] == "INVALID_STATUS_TRANSITION"
        unblocked = (await act(blocker, "unblockConnection", connection))["connection"]
        assert (unblocked["status"], unblocked["blockedByTenantId"]) == ("ACTIVE", None)


@pytest.mark.rule("R-XC-06")
async def test_only_the_source_opens_access_and_the_target_sees_offers_while_it_is_open(house: House) -> None:
    partners = await connected(*await two(house), access=False)
    await partners.offer()
    connection = {"id": f"con_{partners.connection_id}"}
    refused = await act(partners.target, "setAccessToOffers", connection, accessToOffers=True)
    assert refused["code"] == "NOT_OWNER"
    for open_, seen in ((True, 1), (False, 0)):
        switched = await act(partners.source, "setAccessToOffers", connection, accessToOffers=open_)
        assert switched["connection"]["accessToOffers"] is open_
        asked = await house.data(partners.target.admin, "{ allExternalOffers { totalCount } }")
        assert asked["allExternalOffers"]["totalCount"] == seen


@pytest.mark.rule("R-XC-07", "R-00-10")
async def test_a_company_that_has_not_booked_the_module_invites_nobody(house: House) -> None:
    alpha, beta = await two(house)
    version = (await house.data(alpha.admin, "{ contractingCompany { version } }"))["contractingCompany"]["version"]
    await house.data(
        alpha.admin,
        "mutation ($v: Int!) { updateCompanySettings(input: {expectedVersion: $v, crossClientConnections: false})"
        " { __typename } }",
        v=version,
    )
    assert (await invite(alpha, beta))["code"] == "MODULE_NOT_ACTIVE"


@pytest.mark.rule("R-XC-08")
async def test_a_target_of_another_company_cannot_accept_without_a_callback(house: House) -> None:
    alpha, beta = await two(house)
    sister = await house.found("Alpha Buch", company_id=alpha.company_id)
    far, near = (await invite(alpha, beta, None))["connection"], (await invite(alpha, sister, None))["connection"]
    refused = await act(beta, "acceptConnection", far)
    assert refused["violations"] == [{"code": "REQUIRED", "path": ["callbackUrl"]}]
    accepted = (await act(sister, "acceptConnection", near))["connection"]
    assert accepted["sameContractingCompany"] is True


@pytest.mark.rule("R-XC-09")
async def test_a_second_invitation_waits_until_the_first_is_settled(house: House) -> None:
    alpha, beta = await two(house)
    first = (await invite(alpha, beta))["connection"]
    assert (await invite(alpha, beta))["code"] == "ALREADY_EXISTS"
    assert (await invite(beta, alpha))["connection"]["status"] == "INVITED"
    assert (await act(beta, "declineConnection", first))["connection"]["status"] == "DECLINED"
    assert (await act(beta, "acceptConnection", first))["code"] == "INVALID_STATUS_TRANSITION"
    again = (await invite(alpha, beta))["connection"]
    assert again["round"] == 2
    assert (await act(alpha, "withdrawConnection", again))["connection"]["status"] == "WITHDRAWN"


@pytest.mark.rule("R-00-01")
async def test_a_third_tenant_finds_neither_the_connection_nor_an_unknown_one(house: House) -> None:
    partners = await connected(*await two(house))
    gamma = await house.found("Gamma Buch", company_id=partners.source.company_id)
    connection = {"id": f"con_{partners.connection_id}"}
    assert await look(gamma, connection["id"]) is None
    answers = [await act(gamma, "blockConnection", one) for one in (connection, {"id": f"con_{uuid4()}"}, {"id": "x"})]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["__typename"] == "NotFound"
    asked = await house.data(gamma.admin, "{ tenantConnections { totalCount } tenantNotices { totalCount } }")
    assert asked == {"tenantConnections": {"totalCount": 0}, "tenantNotices": {"totalCount": 0}}
    unknown = await do(gamma, "inviteTenant", PAYLOAD, targetTenantId=f"ten_{uuid4()}")
    assert unknown["code"] == "NOT_FOUND"


@pytest.mark.rule("R-00-03")
async def test_a_stale_version_is_refused_with_the_present_record(house: House) -> None:
    partners = await connected(*await two(house))
    connection_id = f"con_{partners.connection_id}"
    refused = await do(partners.target, "blockConnection", PAYLOAD, connectionId=connection_id, expectedVersion=1)
    assert (refused["__typename"], refused["code"]) == ("VersionConflict", "CONFLICT_VERSION")
    assert refused["currentVersion"] == await partners.version()


@pytest.mark.rule("R-CC-04")
async def test_the_source_lists_the_targets_active_cost_centers_only_while_the_connection_is_active(
    house: House,
) -> None:
    partners = await connected(*await two(house))
    target, source = partners.target, partners.source
    await do(target, "createCostCenter", "costCenter { id }", code="ALT", description="geheim")
    listed = await house.data(
        target.admin, '{ costCenters(filter: {label: {eq: "ALT"}}) { nodes { id version description } } }'
    )
    old = listed["costCenters"]["nodes"][0]
    assert old["description"] == "geheim"
    assert [one["shortDescription"] for one in await centers(source, partners.connection_id)] == ["Fremdtitel", None]
    await do(
        target,
        "updateCostCenter",
        "costCenter { id }",
        costCenterId=old["id"],
        expectedVersion=old["version"],
        active=False,
    )
    assert [one["shortDescription"] for one in await centers(source, partners.connection_id)] == ["Fremdtitel"]
    assert await centers(target, partners.connection_id) == []
    for blocker in (source, target):
        await partners.block(blocker)
        assert await centers(source, partners.connection_id) == []
        await partners.unblock(blocker)
        assert len(await centers(source, partners.connection_id)) == 1
    body = await house.ask(source.admin, "query ($id: ID!) { costCenter(id: $id) { code } }", id=old["id"])
    assert body == {"data": {"costCenter": None}}


async def centers(home: Home, connection_id: Any) -> list[dict[str, Any]]:
    document = """query ($id: ID!) { tenantConnection(id: $id) {
      targetCostCenters { nodes { id label shortDescription } } } }"""
    asked = await home.house.data(home.admin, document, id=f"con_{connection_id}")
    found: list[dict[str, Any]] = asked["tenantConnection"]["targetCostCenters"]["nodes"]
    return found


async def test_a_clerk_sees_connections_but_does_not_change_them(house: House) -> None:
    partners = await connected(*await two(house))
    clerk = await partners.source.member("SALES_CLERK", at="HAMBURG")
    seen = await house.data(clerk, "{ tenantConnections { nodes { status } } }")
    assert seen["tenantConnections"]["nodes"] == [{"status": "ACTIVE"}]
    body = await house.ask(
        clerk,
        "mutation ($id: ID!) { blockConnection(input: {connectionId: $id, expectedVersion: 1}) { __typename } }",
        id=f"con_{partners.connection_id}",
    )
    assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.rule("R-00-04")
async def test_a_dry_run_answers_as_if_and_keeps_nothing(house: House) -> None:
    partners = await connected(*await two(house))
    offer_id = await partners.offer(draft())
    document = """query { allExternalOffers { nodes { id } } }"""
    shown = {"allExternalOffers": {"nodes": [{"id": f"xof_{offer_id}"}]}}
    assert await house.data(partners.target.admin, document) == shown
    tried = await act(partners.source, "blockConnection", {"id": f"con_{partners.connection_id}"}, dryRun=True)
    assert tried["connection"]["status"] == "BLOCKED"
    assert await house.data(partners.target.admin, document) == shown
