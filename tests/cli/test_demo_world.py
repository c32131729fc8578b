"""The demo world: what is in it, that it comes out the same, and that the playground's examples run on it."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, OperationType, build_schema, parse, validate

from cli import demo_world
from cli.demo_world.cast import ROLES
from cli.installation import House, Installation
from migrations import run
from schema import roots
from tenancy.caller import Caller
from tenancy.rights import Known, Wish
from tenancy.settings import DatabaseUrls, load
from tests import _postgres, people
from tests.conftest import _history
from web.examples import Example, examples_below, filled, values_for
from web.issuer.people import DemoPerson

pytestmark = pytest.mark.xdist_group("demo world")

NOW = datetime(2026, 6, 17, 9, 30, tzinfo=UTC)
BY_HAND = {"checkout", "subscription"}
"""What an example cannot know before the one that stands before it was run."""

EXAMPLES = [(schema, example) for schema, found in examples_below().items() for example in found]


@dataclass
class Loaded:
    """A small demo world in a database of its own."""

    house: people.House
    persons: list[DemoPerson]
    data: Path
    told: list[float]

    def person(self, email: str) -> DemoPerson:
        """Somebody by address."""
        return next(one for one in self.persons if one.email == email)

    def with_role(self, role: str, tenant: str = "Tidewalder Tageblatt") -> DemoPerson:
        """The first person of a tenant with this role."""
        return next(one for one in self.persons if one.tenant_name == tenant and one.role.partition(",")[0] == role)

    async def caller(self, person: DemoPerson) -> Caller:
        """The person as the doors see it."""
        known = Known("embedded", person.subject, person.tenant_id)
        return await self.house.callers.of(known, Wish(portal=person.kind == "PORTAL"))

    async def data_for(self, person: DemoPerson, query: str, **variables: Any) -> Any:
        """What an operation answers to the person, without errors."""
        return await self.house.data(await self.caller(person), query, **variables)


async def loaded(urls: DatabaseUrls, data: Path) -> Loaded:
    """Load the small world into an empty database; it is always the same day."""
    house = people.House(urls)
    house.callers.clock = lambda: NOW
    await house.open()
    settings = load(data_dir=data, environment="demo")
    inside = House(Installation(settings, urls), house.database, house.callers, house.operations)
    told: list[float] = []
    found = await demo_world.load(inside, small=True, progress=lambda share, _: told.append(share))
    return Loaded(house, list(found), data, told)


@pytest.fixture(scope="module")
def databases() -> Iterator[tuple[DatabaseUrls, DatabaseUrls]]:
    """Two empty databases."""
    template = _postgres.template(run.upgrade, _history())
    made = _postgres.clone(template), _postgres.clone(template)
    yield made
    for urls in made:
        _postgres.drop(urls)


@pytest.fixture(scope="module")
async def world(
    databases: tuple[DatabaseUrls, DatabaseUrls], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Loaded]:
    """The small demo world."""
    found = await loaded(databases[0], tmp_path_factory.mktemp("world"))
    yield found
    await found.house.close()


def admins(world: Loaded) -> list[DemoPerson]:
    return [one for one in world.persons if one.role == ROLES["TENANT_ADMIN"]]


async def test_each_tenant_has_people_in_all_roles_and_its_administrator_comes_first(world: Loaded) -> None:
    tenants = list(dict.fromkeys(one.tenant_name for one in world.persons))
    assert len(tenants) == 3
    for tenant in tenants:
        members = [one for one in world.persons if one.tenant_name == tenant]
        assert members[0].role == ROLES["TENANT_ADMIN"]
        assert {one.role.partition(",")[0] for one in members} == set(ROLES.values())
        assert [one.kind for one in members].count("PORTAL") == 3
        assert [one.kind for one in members].count("REPRESENTATIVE") == 2
    assert len({one.email for one in world.persons}) == len(world.persons)
    assert all(one.email.endswith(".example") for one in world.persons)
    assert (world.told[-1], world.told) == (1.0, sorted(world.told))


async def test_one_person_is_a_customer_of_two_tenants_of_one_company(world: Loaded) -> None:
    both = [one for one in world.persons if one.name == "Henrike Sandvoss"]
    assert len({one.subject for one in both}) == 1
    callers = [await world.caller(one) for one in both]
    assert len({caller.tenant_id for caller in callers}) == 2
    assert len({caller.company_id for caller in callers}) == 1
    provided = [
        (await world.data_for(one, "{ providedSubscriptions { nodes { soldBy manageable manageUrl } } }"))
        for one in both
    ]
    assert any(each["providedSubscriptions"]["nodes"] for each in provided)
    nodes = [node for each in provided for node in each["providedSubscriptions"]["nodes"]]
    assert {node["manageable"] for node in nodes} == {False}


async def test_each_tenant_has_partners_at_four_levels_of_its_tree(world: Loaded) -> None:
    for admin in admins(world):
        found = await world.data_for(
            admin,
            "{ partners { totalCount } customers { totalCount } organizations(first: 50) { nodes "
            "{ id places { parent { id } } } } }",
        )
        assert found["partners"]["totalCount"] >= 30
        assert 20 <= found["customers"]["totalCount"] < found["partners"]["totalCount"]
        parents = {
            node["id"]: (node["places"][0]["parent"] or {}).get("id") for node in found["organizations"]["nodes"]
        }
        assert max(depth(parents, one) for one in parents) >= 4


def depth(parents: Mapping[str, str | None], one: str | None) -> int:
    return 0 if one is None else 1 + depth(parents, parents[one])


async def test_customers_are_own_and_inherited_blocked_and_represented(world: Loaded) -> None:
    modes, reasons = set(), set()
    for admin in admins(world):
        found = await world.data_for(
            admin,
            "{ customers(first: 100) { nodes { organizationData { mode data { status blockedUntil } } } } }",
        )
        for level in (one for node in found["customers"]["nodes"] for one in node["organizationData"]):
            modes.add(level["mode"])
            if level["data"]["status"] == "BLOCKED":
                reasons.add("until" if level["data"]["blockedUntil"] else "for good")
    assert modes == {"OWN", "INHERITED"}
    assert reasons == {"until", "for good"}
    for tenant in dict.fromkeys(one.tenant_name for one in world.persons):
        representative = world.with_role(ROLES["REPRESENTATIVE"], tenant)
        mine = await world.data_for(representative, "{ customers { totalCount } }")
        assert mine["customers"]["totalCount"] > 0


async def test_a_clerk_and_the_colleague_in_the_sister_organization_see_different_customers(world: Loaded) -> None:
    clerks = [
        one for one in world.persons if one.role.startswith(ROLES["SALES_CLERK"]) and "Tageblatt" in one.tenant_name
    ]
    seen = [{node["number"] for node in (await world.data_for(one, QUERY))["partners"]["nodes"]} for one in clerks[:2]]
    assert seen[0] - seen[1]
    assert seen[1] - seen[0]
    assert seen[0] & seen[1]


QUERY = "{ partners(first: 100) { nodes { number } } }"


async def test_offers_are_sold_in_both_directions_between_the_companies(world: Loaded) -> None:
    sold = set()
    for admin in admins(world):
        found = await world.data_for(
            admin,
            "{ allExternalOffers(first: 50) { nodes { source { name } sellable products { costCenter { label } } } } }",
        )
        for node in found["allExternalOffers"]["nodes"]:
            sold.add((node["source"]["name"], admin.tenant_name))
            assert all(product["costCenter"]["label"] for product in node["products"])
    assert ("Silberkranich Magazine", "Fachverlag Quittmann") in sold
    assert ("Fachverlag Quittmann", "Silberkranich Magazine") in sold
    assert ("Silberkranich Magazine", "Tidewalder Tageblatt") in sold
    assert ("Tidewalder Tageblatt", "Silberkranich Magazine") in sold


async def test_carts_of_both_are_sellable_and_one_tells_why_it_is_not(world: Loaded) -> None:
    for admin in admins(world):
        found = await world.data_for(
            admin,
            "{ carts(first: 50) { nodes { internalTitle state sellable problems { code } items { leadingItemId } } } }",
        )
        nodes = found["carts"]["nodes"]
        led = [node for node in nodes if any(item["leadingItemId"] for item in node["items"])]
        assert any(node["sellable"] for node in led)
        broken = [node for node in nodes if not node["sellable"] and node["state"] == "ACTIVE"]
        assert broken
        assert all(node["problems"] for node in broken)


async def test_there_are_sales_over_two_years_and_entries_open_and_settled(world: Loaded) -> None:
    days, statuses, currencies = [], set(), set()
    for admin in admins(world):
        found = await world.data_for(
            admin,
            "{ orders(first: 100) { nodes { orderedAt total { currency } invoices { status } } } "
            "subscriptions(first: 100) { nodes { crossClientRole } } "
            "payoutEntries(first: 100) { nodes { settlementStatus createdAt } } }",
        )
        assert len(found["orders"]["nodes"]) >= 6
        days += [node["orderedAt"][:10] for node in found["orders"]["nodes"]]
        statuses |= {node["settlementStatus"] for node in found["payoutEntries"]["nodes"]}
        currencies |= {node["total"]["currency"] for node in found["orders"]["nodes"]}
        roles = {node["crossClientRole"] for node in found["subscriptions"]["nodes"]}
        assert {"SOLD", "PROVIDED"} <= roles or len(roles) >= 2
    assert min(days) < "2024-08-01"
    assert max(days) > "2026-06-01"
    assert max(days) < NOW.date().isoformat()
    assert statuses == {"OPEN", "SETTLED"}


async def test_nobody_can_be_called_or_written_to_by_what_stands_in_the_world(world: Loaded) -> None:
    for admin in admins(world):
        found = await world.data_for(admin, "{ partners(first: 100) { nodes { communication { type value } } } }")
        for each in (one for node in found["partners"]["nodes"] for one in node["communication"]):
            if each["type"] in ("EMAIL", "WEB"):
                assert each["value"].endswith(".example"), each
            else:
                assert each["value"].startswith(SAFE), each


SAFE = ("+49 30 23125 ", "+49 69 90009 ", "+49 40 66969 ", "+49 221 4710 ", "+49 89 99998 ", "+49 171 39200 ")

WHOLE = """{
  partners(first: 100, orderBy: [{ field: NUMBER }]) { nodes { number displayName addresses { street city }
    communication { value } roles { role } } }
  orders(first: 100) { nodes { number orderedAt total { amount currency } paymentMethod items { title tax { rate } } } }
  subscriptions(first: 100) { nodes { number title startsOn endsOn cancellation crossClientRole } }
  payoutEntries(first: 100) { nodes { number amount { amount } settlementStatus settledAt createdAt targetName } }
  invoices(first: 100) { nodes { number status dueOn paidAt } }
}"""


async def test_the_same_seed_makes_the_same_world(
    world: Loaded, databases: tuple[DatabaseUrls, DatabaseUrls], tmp_path: Path
) -> None:
    again = await loaded(databases[1], tmp_path)
    try:
        for one, other in zip(admins(world), admins(again), strict=True):
            first, second = await world.data_for(one, WHOLE), await again.data_for(other, WHOLE)
            for field in first:
                assert in_order(first[field]["nodes"]) == in_order(second[field]["nodes"]), field
    finally:
        await again.house.close()


def in_order(nodes: list[Any]) -> list[str]:
    return sorted(json.dumps(node, sort_keys=True) for node in nodes)


@pytest.mark.parametrize(("schema", "example"), EXAMPLES, ids=lambda each: getattr(each, "name", each))
def test_an_example_fits_its_schema_and_is_for_a_role_of_the_demo(schema: str, example: Example) -> None:
    written = build_schema(getattr(roots, schema)().as_str())
    assert validate(written, parse(example.query)) == []
    assert set(example.roles) <= set(ROLES.values())
    assert example.description


def test_an_administrator_finds_at_least_six_examples_of_the_role() -> None:
    assert len([one for _, one in EXAMPLES if ROLES["TENANT_ADMIN"] in one.roles]) >= 6
    for role in ("PRODUCT_MANAGER", "SALES_CLERK", "ACCOUNTANT", "REPRESENTATIVE"):
        assert [one for _, one in EXAMPLES if ROLES[role] in one.roles], role


def for_whom(world: Loaded, schema: str, example: Example) -> list[DemoPerson]:
    """One person of the first tenant for each role that an example is for."""
    roles = example.roles or ([ROLES["PORTAL_CUSTOMER"]] if schema == "portal" else list(ROLES.values())[:-1])
    return [world.with_role(role) for role in roles]


def variables_for(world: Loaded, person: DemoPerson, example: Example) -> dict[str, Any]:
    text = filled(example, values_for(world.data, person.tenant_id)).variables
    found: dict[str, Any] = json.loads(text or "{}")
    return found


def is_query(example: Example) -> bool:
    (operation,) = parse(example.query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return operation.operation is OperationType.QUERY


@pytest.mark.parametrize(
    ("schema", "example"),
    [each for each in EXAMPLES if is_query(each[1])],
    ids=lambda each: getattr(each, "name", each),
)
async def test_an_example_that_reads_runs_as_each_of_those_it_is_for(
    world: Loaded, schema: str, example: Example
) -> None:
    for person in for_whom(world, schema, example):
        found = await world.data_for(person, example.query, **variables_for(world, person, example))
        assert all(value is not None for value in found.values()), person
        assert all(value["nodes"] for value in found.values() if "nodes" in value), person


@pytest.mark.parametrize(
    ("schema", "example"),
    [each for each in EXAMPLES if not is_query(each[1])],
    ids=lambda each: getattr(each, "name", each),
)
async def test_an_example_that_changes_something_would_be_taken_as_it_is(
    world: Loaded, schema: str, example: Example
) -> None:
    for person in for_whom(world, schema, example):
        variables = variables_for(world, person, example)
        text = json.dumps(variables)
        if "{{" in text:
            assert any(f"{{{{{name}}}}}" in text for name in BY_HAND), text
            continue
        variables["input"] = {**variables["input"], "dryRun": True}
        query = example.query.replace("... on", "__typename ... on", 1)
        (found,) = (await world.data_for(person, query, **variables)).values()
        assert found["__typename"].endswith("Payload"), found
