"""Relationships as clients work with them: stored once, found from both ends, of fixed and own types."""

from typing import Any
from uuid import UUID

import pytest

from domain.relationships import FixedType, Listed
from tests import trade
from tests.people import Home, House, on
from tests.trade import act, done, refused

BOTH_ENDS = """
query ($id: ID!) { partner(id: $id) {
  relationships { id version typeCode validFrom validTo type { name } target { id } }
  incomingRelationships { typeCode partner { id } }
} }
"""


async def ends(house: House, home: Home, partner_id: UUID) -> Any:
    return (await house.data(home.admin, BOTH_ENDS, id=f"par_{partner_id}"))["partner"]


async def own_type(house: House, home: Home, code: str, *, time_dependent: bool) -> None:
    await done(
        house, home.admin, "createRelationshipType", "relationshipType { fixed }",
        code=code, name=code.title(), timeDependent=time_dependent,
    )  # fmt: skip


@pytest.mark.rule("R-175")
async def test_every_tenant_has_the_fixed_types(house: House) -> None:
    home = await house.found()
    found = await house.data(home.admin, "{ relationshipTypes { nodes { code fixed } } }")
    assert {node["code"] for node in found["relationshipTypes"]["nodes"] if node["fixed"]} == set(FixedType)


@pytest.mark.rule("R-174")
async def test_a_tenant_has_own_types_with_and_without_time(house: House) -> None:
    home = await house.found()
    parent, child = await trade.partner(home, "Mutter"), await trade.partner(home, "Tochter")
    await own_type(house, home, "SUBSIDIARY", time_dependent=True)
    await own_type(house, home, "NEIGHBOUR", time_dependent=False)
    again = await refused(house, home.admin, "createRelationshipType", code="NEIGHBOUR", name="N", timeDependent=True)
    assert again == ("ALREADY_EXISTS", ["code"])
    pair = {"partnerId": f"par_{parent}", "targetPartnerId": f"par_{child}"}
    period = {"validFrom": "2026-01-01", "validTo": "2026-12-31"}

    async def add(type_code: str, **more: str) -> Any:
        return await act(
            house, home.admin, "addPartnerRelationship", "relationship { id version }",
            **pair, typeCode=type_code, **more,
        )  # fmt: skip

    assert (await add("NEIGHBOUR", **period))["code"] == "FIELD_NOT_AVAILABLE"
    assert (await add("UNKNOWN"))["code"] == "NOT_FOUND"
    assert (await add("PAYER"))["code"] == "FIELD_NOT_AVAILABLE"
    assert (await add("SUBSIDIARY", validFrom="2026-12-31", validTo="2026-01-01"))["code"] == "INVALID_PERIOD"
    neighbour, subsidiary = await add("NEIGHBOUR"), await add("SUBSIDIARY", **period)
    assert (await add("SUBSIDIARY", validFrom="2026-12-31"))["code"] == "DUPLICATE_OVERLAP"
    ended = on(home.admin, "2026-06-30")
    for link in (neighbour, subsidiary):
        await done(
            house, ended, "endPartnerRelationship", "partner { id }",
            relationshipId=link["relationship"]["id"], expectedVersion=link["relationship"]["version"],
        )  # fmt: skip
    left = (await ends(house, home, parent))["relationships"]
    assert [(row["typeCode"], row["validTo"]) for row in left] == [("SUBSIDIARY", "2026-06-30")]


@pytest.mark.rule("R-173")
async def test_a_relationship_is_stored_once_and_found_from_both_ends(house: House) -> None:
    home = await house.found()
    parent, child = await trade.partner(home, "Mutter"), await trade.partner(home, "Tochter")
    await own_type(house, home, "NEIGHBOUR", time_dependent=False)
    added = await done(
        house, home.admin, "addPartnerRelationship", "relationship { id version }",
        partnerId=f"par_{parent}", targetPartnerId=f"par_{child}", typeCode="NEIGHBOUR",
    )  # fmt: skip
    outgoing = (await ends(house, home, parent))["relationships"]
    assert [(row["target"]["id"], row["type"]["name"]) for row in outgoing] == [(f"par_{child}", "Neighbour")]
    there = await ends(house, home, child)
    assert there["incomingRelationships"] == [{"typeCode": "NEIGHBOUR", "partner": {"id": f"par_{parent}"}}]
    assert there["relationships"] == []
    link = added["relationship"]
    await done(
        house, home.admin, "endPartnerRelationship", "partner { id }",
        relationshipId=link["id"], expectedVersion=link["version"],
    )  # fmt: skip
    assert (await ends(house, home, parent))["relationships"] == []
    assert (await ends(house, home, child))["incomingRelationships"] == []


@pytest.mark.rule("R-173", "R-175")
async def test_a_customers_list_makes_relationships_and_takes_them_away(house: House) -> None:
    home = await house.found()
    customer_id, rita = await trade.customer(home), await trade.representative(home)
    await trade.represented(home, customer_id, "HQ", Listed(rita))
    outgoing = (await ends(house, home, customer_id))["relationships"]
    assert [(row["typeCode"], row["target"]["id"]) for row in outgoing] == [("SALES_REPRESENTATIVE", f"par_{rita}")]
    assert len((await ends(house, home, rita))["incomingRelationships"]) == 1
    single = await refused(
        house, home.admin, "endPartnerRelationship", relationshipId=outgoing[0]["id"], expectedVersion=1
    )
    assert single == ("FIELD_NOT_AVAILABLE", ["relationshipId"])
    await trade.represented(home, customer_id, "HQ")
    assert (await ends(house, home, customer_id))["relationships"] == []
    assert (await ends(house, home, rita))["incomingRelationships"] == []


async def test_a_relationship_with_somebody_who_is_not_seen_is_not_shown(house: House) -> None:
    home = await house.found()
    here, there = await trade.partner(home, at="HAMBURG"), await trade.partner(home, at="SOUTH")
    await own_type(house, home, "NEIGHBOUR", time_dependent=False)
    await done(
        house, home.admin, "addPartnerRelationship", "__typename",
        partnerId=f"par_{here}", targetPartnerId=f"par_{there}", typeCode="NEIGHBOUR",
    )  # fmt: skip
    clerk = await home.member("SALES_CLERK", at="HAMBURG")
    assert (await house.data(clerk, BOTH_ENDS, id=f"par_{here}"))["partner"]["relationships"] == []
    linked = await refused(
        house, clerk, "addPartnerRelationship",
        partnerId=f"par_{here}", targetPartnerId=f"par_{there}", typeCode="NEIGHBOUR",
    )  # fmt: skip
    assert linked == ("NOT_FOUND", ["targetPartnerId"])
