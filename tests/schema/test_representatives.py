"""Representatives as users: they see the customers that are theirs today, and nothing else."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.relationships import Listed
from tenancy.caller import Caller
from tests import trade
from tests.people import Home, House, on
from tests.trade import done, forbidden

EVERYWHERE = """
query ($par: ID!, $cus: ID!, $node: ID!) {
  partner(id: $par) { number }
  customer(id: $cus) { number }
  node(id: $node) { id }
  partners { totalCount nodes { displayName } }
  customers { totalCount nodes { displayName } }
  named: partners(filter: {name: {startsWith: "b"}}) { totalCount }
  blocked: customers(filter: {blocked: false}) { totalCount }
  played: partners(filter: {role: {eq: CUSTOMER}}) { totalCount }
}
"""


async def user_of(home: Home, partner_id: UUID, at: str = "HQ") -> Caller:
    """The representative as a user whose logon is attached to an organization."""
    return await home.member("REPRESENTATIVE", at=at, kind="REPRESENTATIVE", partner_id=partner_id)


async def names(house: House, caller: Caller) -> list[str]:
    found = await house.data(caller, "{ customers { nodes { displayName } } }")
    return [node["displayName"] for node in found["customers"]["nodes"]]


async def everywhere(house: House, caller: Caller, customer_id: UUID) -> Any:
    return await house.data(
        caller, EVERYWHERE, par=f"par_{customer_id}", cus=f"cus_{customer_id}", node=f"cus_{customer_id}"
    )


@pytest.mark.rule("R-166", "R-221", "R-223")
async def test_a_representative_sees_the_own_customers_and_no_trace_of_others(house: House) -> None:
    home = await house.found()
    own, other = await trade.customer(home, "Binder"), await trade.customer(home, "Becker")
    rita, ralf = await trade.representative(home), await trade.representative(home, "Ralfs")
    await trade.represented(home, own, "HQ", Listed(rita))
    await trade.represented(home, other, "HQ", Listed(ralf))
    user = await user_of(home, rita)
    found = await everywhere(house, user, own)
    listed = {"totalCount": 1, "nodes": [{"displayName": "Binder"}]}
    assert (found["partners"], found["customers"]) == (listed, listed)
    assert [found[name]["totalCount"] for name in ("named", "blocked", "played")] == [1, 1, 1]
    assert found["node"] == {"id": f"cus_{own}"}
    hidden = await everywhere(house, user, other)
    assert [hidden[name] for name in ("partner", "customer", "node")] == [None, None, None]


@pytest.mark.rule("R-222")
async def test_an_assignment_opens_the_customer_on_its_days_only(house: House) -> None:
    home = await house.found()
    customer_id, rita = await trade.customer(home), await trade.representative(home)
    await trade.represented(
        home, customer_id, "HQ", Listed(rita, valid_from=date(2026, 5, 1), valid_to=date(2026, 5, 31))
    )
    user = await user_of(home, rita)
    seen = {
        day: len(await names(house, on(user, day))) for day in ("2026-04-30", "2026-05-01", "2026-05-31", "2026-06-01")
    }
    assert list(seen.values()) == [0, 1, 1, 0]


@pytest.mark.rule("R-222", "E22")
async def test_without_the_role_an_assignment_opens_nothing(house: House) -> None:
    home = await house.found()
    customer_id, rita = await trade.customer(home), await trade.representative(home)
    await trade.represented(home, customer_id, "HQ", Listed(rita))
    user = await user_of(home, rita)
    assert await names(house, user) == ["Buchhandlung Binder"]
    await done(
        house, home.admin, "removePartnerRole", "__typename",
        partnerId=f"par_{rita}", expectedVersion=1, role="SALES_REPRESENTATIVE",
    )  # fmt: skip
    assert await names(house, user) == []


@pytest.mark.rule("R-224")
async def test_a_representative_sees_only_what_the_organization_of_the_logon_sees(house: House) -> None:
    home = await house.found()
    north, south = await trade.customer(home, "Norden", at="NORTH"), await trade.customer(home, "Süden", at="SOUTH")
    rita = await trade.representative(home)
    await trade.represented(home, north, "NORTH", Listed(rita))
    await trade.represented(home, south, "SOUTH", Listed(rita))
    assert await names(house, await user_of(home, rita, at="HAMBURG")) == ["Norden"]
    assert await names(house, await user_of(home, rita, at="MUNICH")) == ["Süden"]
    assert await names(house, await user_of(home, rita, at="HQ")) == []


@pytest.mark.rule("R-225", "E23")
async def test_the_assignment_is_read_from_the_data_that_count_at_the_acting_organization(house: House) -> None:
    home = await house.found()
    customer_id, rita = await trade.customer(home, at="HQ"), await trade.representative(home)
    for branch in ("HAMBURG", "KIEL"):
        await trade.own_data(home, customer_id, branch)
    await trade.represented(home, customer_id, "HAMBURG", Listed(rita))
    assert await names(house, await user_of(home, rita, at="HAMBURG")) == ["Buchhandlung Binder"]
    assert await names(house, await user_of(home, rita, at="ALTONA")) == ["Buchhandlung Binder"]
    assert await names(house, await user_of(home, rita, at="KIEL")) == []
    assert await names(house, await user_of(home, rita, at="HQ")) == []


@pytest.mark.rule("R-226")
async def test_the_delivered_role_of_representatives_reads_and_never_writes(house: House) -> None:
    home = await house.found()
    customer_id, rita = await trade.customer(home), await trade.representative(home)
    await trade.represented(home, customer_id, "HQ", Listed(rita))
    user = await user_of(home, rita)
    data = {"customerId": f"cus_{customer_id}", "expectedVersion": 2}
    for field, input_ in {
        "updateCustomerData": {**data, "abcClass": "C"},
        "setCustomerRepresentatives": {**data, "representatives": []},
        "setCustomerStatus": {**data, "status": "BLOCKED"},
        "updatePartner": {"partnerId": f"par_{customer_id}", "expectedVersion": 1, "language": "en"},
        "createPartner": {"type": "ORGANIZATION", "name": "A"},
    }.items():
        assert await forbidden(house, user, field, **input_) == "FORBIDDEN", field


@pytest.mark.rule("R-226", "R-221")
async def test_a_wider_role_does_not_widen_what_a_representative_sees_or_edits(house: House) -> None:
    home = await house.found()
    own, rita = await trade.customer(home, "Binder"), await trade.representative(home)
    await trade.customer(home, "Becker")
    await trade.represented(home, own, "HQ", Listed(rita))
    user = await home.member("SALES_MANAGER", at="HQ", kind="REPRESENTATIVE", partner_id=rita)
    assert await names(house, user) == ["Binder"]
    version = (await trade.level(home, own, "HQ")).version
    told = await trade.refused(
        house, user, "setCustomerRepresentatives",
        customerId=f"cus_{own}", expectedVersion=version, representatives=[],
    )  # fmt: skip
    assert told == ("NOT_EDITABLE", ["organizationId"])


@pytest.mark.rule("R-227")
async def test_a_representative_who_is_also_an_employee_has_the_rights_of_the_user_he_logs_on_with(
    house: House,
) -> None:
    home = await house.found()
    own, rita = await trade.customer(home, "Binder"), await trade.representative(home)
    await trade.customer(home, "Becker")
    await trade.represented(home, own, "HQ", Listed(rita))
    travelling = await user_of(home, rita)
    employed = await home.member("SALES_CLERK", at="HQ", partner_id=rita)
    assert await names(house, travelling) == ["Binder"]
    assert await names(house, employed) == ["Becker", "Binder"]
