"""The trees of organizations: built, moved, closed and opened again."""

import asyncio
from dataclasses import replace
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from domain import organizations as rules
from domain.organizations import OrganizationCycle, OrganizationInUse, OrganizationNotInStructure, OrganizationTree
from domain.refusals import NotFound
from resolvers import organizations
from resolvers.organizations import NewOrganization
from tenancy.errors import Forbidden
from tenancy.permissions import Permission, Scope
from tests.people import Home, House

TREE = """query ($id: ID!) { organization(id: $id) { code active version
  places { structure parent { code } } children { organization { code } } } }"""


async def shown(house: House, home: Home, code: str) -> dict[str, Any]:
    found = await house.data(home.admin, TREE, id=f"org_{home.organizations[code]}")
    organization: dict[str, Any] = found["organization"]
    return organization


@pytest.mark.rule("R-256")
async def test_every_node_has_one_parent_and_the_tree_is_returned_as_it_was_built(house: House) -> None:
    home = await house.found()
    assert (await shown(house, home, "HQ"))["places"] == [{"structure": "SALES", "parent": None}]
    altona = await shown(house, home, "ALTONA")
    assert altona["places"] == [{"structure": "SALES", "parent": {"code": "HAMBURG"}}]
    north = await shown(house, home, "NORTH")
    assert sorted(child["organization"]["code"] for child in north["children"]) == ["HAMBURG", "KIEL"]


@pytest.mark.rule("R-256", "E10")
async def test_a_structure_has_one_root_and_an_organization_stands_in_it_once(house: House) -> None:
    home = await house.found()
    with pytest.raises(OrganizationTree, match="root already"):
        await house.run(home.admin, organizations.create_organization(NewOrganization("TOP", "Top")))
    call = organizations.place_organization(home.organizations["KIEL"], "SALES", home.organizations["SOUTH"])
    with pytest.raises(OrganizationTree, match="already"):
        await house.run(home.admin, call)
    await house.run(home.admin, organizations.place_organization(home.organizations["KIEL"], "ACCOUNTING", None))
    kiel = await shown(house, home, "KIEL")
    assert [place["structure"] for place in kiel["places"]] == ["ACCOUNTING", "SALES"]


@pytest.mark.rule("R-256")
def test_a_structure_is_twenty_levels_deep_at_most() -> None:
    chain = [uuid4() for _ in range(21)]
    tree: rules.Parents = {chain[0]: None}
    for parent, child in pairwise(chain[:20]):
        tree = rules.placed(tree, child, parent)
    assert len(rules.path(tree, chain[19])) == 20
    with pytest.raises(OrganizationTree, match="20 levels"):
        rules.placed(tree, chain[20], chain[19])


@pytest.mark.rule("R-257")
async def test_only_a_right_over_the_whole_tenant_changes_the_tree(house: House) -> None:
    home = await house.found()
    clerk = await home.member("SALES_MANAGER", at="HQ")
    new = NewOrganization("BREMEN", "Bremen", "SALES", home.organizations["NORTH"])
    with pytest.raises(Forbidden):
        await house.run(clerk, organizations.create_organization(new))
    narrow = {**home.admin.grants, Permission.ORGANIZATIONS_EDIT: Scope.ORGANIZATION_AND_DESCENDANTS}
    fresh = replace(await house.fresh(home.admin), grants=narrow)
    for call in (
        organizations.create_organization(new),
        organizations.deactivate_organization(home.organizations["KIEL"], 1),
        organizations.move_organization(home.organizations["KIEL"], home.organizations["SOUTH"], "SALES", 1),
    ):
        with pytest.raises(Forbidden, match="whole tenant"):
            await house.operations.run(fresh, call)


@pytest.mark.rule("E01", "E04")
async def test_an_organization_cannot_stand_below_itself(house: House) -> None:
    home = await house.found()
    north, altona = home.organizations["NORTH"], home.organizations["ALTONA"]
    with pytest.raises(OrganizationCycle):
        await house.run(home.admin, organizations.move_organization(north, altona, "SALES", 1))
    with pytest.raises(OrganizationTree, match="root"):
        await house.run(home.admin, organizations.move_organization(home.organizations["HQ"], north, "SALES", 1))


@pytest.mark.rule("E02")
async def test_a_moved_organization_takes_along_all_below_it(house: House) -> None:
    home = await house.found()
    hanna = await home.member("SALES_MANAGER", at="SOUTH")
    assert home.organizations["ALTONA"] not in hanna.below
    call = organizations.move_organization(home.organizations["HAMBURG"], home.organizations["SOUTH"], "SALES", 1)
    await house.run(home.admin, call)
    assert home.organizations["ALTONA"] in (await house.fresh(hanna)).below


@pytest.mark.rule("E05", "E06")
async def test_organizations_are_closed_with_those_below_them_and_opened_as_they_were(house: House) -> None:
    home = await house.found()
    north = home.organizations["NORTH"]
    await house.run(home.admin, organizations.deactivate_organization(home.organizations["KIEL"], 1))
    with pytest.raises(OrganizationInUse, match="2 active"):
        await house.run(home.admin, organizations.deactivate_organization(north, 1))
    await house.run(home.admin, organizations.deactivate_organization(north, 1, cascade=True))
    assert not (await shown(house, home, "ALTONA"))["active"]
    await house.run(home.admin, organizations.activate_organization(north, 2))
    assert (await shown(house, home, "ALTONA"))["active"]
    assert not (await shown(house, home, "KIEL"))["active"]


@pytest.mark.rule("E04")
async def test_the_root_stays_open(house: House) -> None:
    home = await house.found()
    with pytest.raises(OrganizationTree, match="root"):
        await house.run(home.admin, organizations.deactivate_organization(home.organizations["HQ"], 1))


async def test_parents_of_another_tenant_are_not_there(house: House) -> None:
    home, other = await house.found("Alpha"), await house.found("Beta")
    new = NewOrganization("BREMEN", "Bremen", "SALES", other.organizations["NORTH"])
    with pytest.raises((NotFound, OrganizationNotInStructure)):
        await house.run(home.admin, organizations.create_organization(new))


@pytest.mark.rule("E01")
async def test_two_moves_at_once_cannot_form_a_ring_together(house: House) -> None:
    home = await house.found()
    north, south = home.organizations["NORTH"], home.organizations["SOUTH"]
    hamburg, munich = home.organizations["HAMBURG"], home.organizations["MUNICH"]
    ended = await asyncio.gather(
        house.run(home.admin, organizations.move_organization(north, munich, "SALES", 1)),
        house.run(home.admin, organizations.move_organization(south, hamburg, "SALES", 1)),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in ended) == ["OrganizationCycle", "UUID"]
