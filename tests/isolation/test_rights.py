"""What each permission opens and how far each scope reaches is a checked-in table, measured anew by every run."""

from itertools import pairwise

import pytest

from schema.exchange import GraphQLRequest
from tenancy.errors import Forbidden
from tenancy.permissions import Permission
from tests.isolation import rights
from tests.isolation.twins import Twins

pytestmark = pytest.mark.xdist_group("twins")

IDLE = {
    "explain:see": "`explainAccess` tells everybody of their own roles",
    "orders:edit": "nothing changes an order yet",
}
"""Permissions that open nothing, and why."""

OPEN_TO_ALL = {
    "staff": {
        "Query.explainAccess": "the caller's own roles",
        "Query.me": "the caller",
        "Query.tenant": "the caller's own tenant, as its imprint has it",
    },
    "portal": {"Query.tenant": "who sells here"},
}
"""Root fields that no permission guards, and what they show."""

NOT_BY_REACH = {
    "ContractingCompany": "narrowed to the own company",
    "ExternalOffer": "narrowed to what is sold to this tenant",
    "ExternalOffersOfSource": "narrowed to open connections",
    "TargetCostCenter": "narrowed to open connections",
}
"""Types that are narrowed by something else than how far a permission reaches."""


def table(kind: str) -> dict[str, list[str]]:
    """What is refused without each permission, as it is checked in."""
    found: dict[str, list[str]] = rights.kept(rights.FILE)["refused without"][kind]
    return found


async def test_every_permission_opens_what_the_table_says_and_nothing_else(twins: Twins) -> None:
    assert await rights.rights(twins) == rights.kept(rights.FILE)


@pytest.mark.rule("R-238", "R-257")
async def test_every_scope_reaches_what_the_table_says_and_nothing_else(twins: Twins) -> None:
    assert await rights.reach(twins) == rights.kept(rights.REACH)


def test_every_permission_opens_something() -> None:
    silent = {permission for kind in rights.KINDS for permission, fields in table(kind).items() if not fields}
    assert silent == set(IDLE)


@pytest.mark.parametrize("kind", rights.KINDS)
def test_every_root_field_is_refused_without_some_permission(kind: str, twins: Twins) -> None:
    schema = getattr(twins.house.endpoints, kind).engine.catalogue.graphql
    roots = {f"{root.name}.{field}" for root in (schema.query_type, schema.mutation_type) for field in root.fields}
    assert roots - {field for fields in table(kind).values() for field in fields} == set(OPEN_TO_ALL[kind])


@pytest.mark.parametrize("kind", rights.KINDS)
def test_without_any_permission_only_what_is_open_to_all_is_shown(kind: str) -> None:
    shown = rights.kept(rights.FILE)["shown without any"][kind]
    assert {field for field, leaves in shown.items() if leaves != ["Tenant.id"]} == set(OPEN_TO_ALL[kind])


async def test_nothing_is_followed_live_without_the_permission(twins: Twins) -> None:
    caller = rights.somebody(twins, "staff", rights.of_audience("staff") - {Permission.CONNECTIONS_SEE})
    request = GraphQLRequest(query="subscription { noticeArrived { notice { id } } }", document_hash="test")
    with pytest.raises(Forbidden):
        await twins.house.endpoints.staff.subscribe(caller, request, lambda _cost: None)


def test_the_wider_scope_reaches_no_less_and_every_narrowed_type_is_told_apart() -> None:
    types = rights.kept(rights.REACH)["types"]
    assert {type_ for type_, scopes in types.items() if rights.EVERY in scopes} == set(NOT_BY_REACH)
    order = ("ORGANIZATION", "ORGANIZATION_AND_DESCENDANTS", "TENANT")
    for type_, scopes in types.items():
        seen = [_names(scopes[scope]) for scope in order if scope in scopes]
        assert all(narrow <= wide for narrow, wide in pairwise(seen)), type_


def _names(words: str) -> set[str]:
    return {word for word in words.split(", ") if not word.endswith(" more")} - {"nothing"}


@pytest.mark.parametrize("kind", rights.KINDS)
async def test_an_id_counts_only_behind_the_prefix_of_its_type(kind: str, twins: Twins) -> None:
    assert await rights.astray(twins, kind) == []
