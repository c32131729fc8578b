"""The application's own guards are broken one at a time: what measures rights, reach and leaks must notice each."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest

import resolvers.users
from persistence import visibility
from reads import ids, links, pages, permissions, roots
from reads.cache import ShareCache
from reads.connection import StatementFailed
from tenancy.caller import Caller
from tenancy.permissions import Permission, Scope
from tests.isolation import answers, marks, rights
from tests.isolation.answers import Found
from tests.isolation.twins import Twins

pytestmark = pytest.mark.xdist_group("twins")

Patch = pytest.MonkeyPatch
Measure = Callable[[Twins], Awaitable[object]]


@dataclass(frozen=True)
class Mutant:
    """A guard that is broken, and the measurement that must come out otherwise."""

    name: str
    break_: Callable[[Patch], None]
    measure: Measure


def refused(permission: Permission, *fields: str, kind: str = "staff") -> Measure:
    """What is refused without a permission, of these root fields."""
    return lambda twins: rights.refused_without(twins, kind, [permission], fields)


def reached(*fields: str) -> Measure:
    """What every scope reaches by these root fields."""
    return lambda twins: rights.reach(twins, fields)


def widened(narrow: Scope, wide: Scope) -> Callable[[Patch], None]:
    """A scope that reaches as far as the next one."""
    right = Caller.scope

    def scope(caller: Caller, permission: Permission) -> Scope | None:
        found = right(caller, permission)
        return wide if found is narrow else found

    return lambda patch: patch.setattr(Caller, "scope", scope)


def held(permission: Permission) -> Callable[[Patch], None]:
    """A permission that everybody holds."""
    scope, require = Caller.scope, Caller.require

    def break_(patch: Patch) -> None:
        patch.setattr(Caller, "scope", lambda one, asked: Scope.TENANT if asked == permission else scope(one, asked))
        patch.setattr(Caller, "require", lambda one, asked: None if asked == permission else require(one, asked))

    return break_


GUARDS = [
    Mutant(
        "reads ask for no permission",
        lambda patch: patch.setattr(permissions, "refusal", lambda *_: None),
        refused(Permission.ORDERS_SEE, "Query.orders"),
    ),
    Mutant(
        "nodes ask for no permission",
        lambda patch: patch.setattr(permissions, "may_see", lambda *_: True),
        refused(Permission.ORDERS_SEE, "Query.node"),
    ),
    Mutant(
        "writes ask for no permission",
        lambda patch: patch.setattr(Caller, "require", lambda *_: None),
        refused(Permission.PARTNERS_CREATE, "Mutation.createPartner"),
    ),
    Mutant(
        "a right over a part of the tenant is enough for its users",
        lambda patch: patch.setattr(resolvers.users, "tenant_wide", lambda *_: None),
        reached("Mutation.createUser"),
    ),
    Mutant(
        "writes reach every organization",
        lambda patch: patch.setattr(Caller, "covers", lambda *_: True),
        reached("Mutation.updatePartner"),
    ),
    Mutant(
        "writes find partners that are not seen",
        lambda patch: patch.setattr(visibility, "partners", lambda row, _: row.archived_at.is_(None)),
        reached("Mutation.updatePartner"),
    ),
    Mutant(
        "no row is narrowed",
        lambda patch: patch.setattr(links, "scope", lambda *_: []),
        reached("Query.customers"),
    ),
    Mutant(
        "own customers are those of the organization",
        widened(Scope.OWN_CUSTOMERS, Scope.ORGANIZATION),
        reached("Query.customers"),
    ),
    Mutant(
        "an organization is all below it too",
        widened(Scope.ORGANIZATION, Scope.ORGANIZATION_AND_DESCENDANTS),
        reached("Query.customers"),
    ),
    Mutant(
        "what is below an organization is the whole tenant",
        widened(Scope.ORGANIZATION_AND_DESCENDANTS, Scope.TENANT),
        reached("Query.customers"),
    ),
    Mutant(
        "an id counts behind any prefix",
        lambda patch: patch.setattr(roots, "uuid_of", lambda _: ids.uuids),
        lambda twins: rights.astray(twins, "staff"),
    ),
]

PERMISSIONS = [
    Mutant(
        f"everybody holds {permission}",
        held(Permission(permission)),
        refused(Permission(permission), fields[0], kind=kind),
    )
    for kind, table in rights.kept(rights.FILE)["refused without"].items()
    for permission, all_fields in table.items()
    if (fields := [field for field in all_fields if field.startswith(("Query.", "Mutation."))])
]

SHOWN_BY = {
    "Checkout": "Query.checkout",
    "Customer": "Query.customers",
    "CustomerData": "Query.customers",
    "CustomerLevel": "Query.customers",
    "EffectiveStatus": "Query.customers",
    "Invoice": "Query.invoices",
    "Order": "Query.orders",
    "Partner": "Query.partners",
    "PartnerRelationship": "Query.node",
    "PayoutEntry": "Query.payoutEntries",
    "Subscription": "Query.subscriptions",
}
"""A root field that shows rows of a type which scopes narrow."""


@contextmanager
def broken(twins: Twins, patch: Patch, break_: Callable[[Patch], None]) -> Iterator[None]:
    """A guard is broken for a while; what was compiled before is forgotten, and what is compiled meanwhile too."""
    with patch.context() as inner:
        for endpoint in (twins.house.endpoints.staff, twins.house.endpoints.portal):
            inner.setattr(endpoint.engine, "plans", ShareCache(4_000, 500))
        break_(inner)
        yield


@pytest.mark.parametrize("mutant", GUARDS + PERMISSIONS, ids=lambda mutant: mutant.name)
async def test_a_broken_guard_is_noticed(mutant: Mutant, twins: Twins, monkeypatch: Patch) -> None:
    right = await mutant.measure(twins)
    with broken(twins, monkeypatch, mutant.break_):
        assert await mutant.measure(twins) != right
    assert await mutant.measure(twins) == right


@pytest.mark.parametrize("type_", SHOWN_BY)
async def test_a_type_that_no_scope_narrows_is_noticed(type_: str, twins: Twins, monkeypatch: Patch) -> None:
    catalogue = twins.house.endpoints.staff.engine.catalogue
    rows, scope = catalogue.rows(catalogue.graphql.type_map[type_]), links.scope

    def break_(patch: Patch) -> None:
        patch.setattr(links, "scope", lambda build, row: [] if row.source is rows else scope(build, row))

    right = await rights.reach(twins, [SHOWN_BY[type_]])
    with broken(twins, monkeypatch, break_):
        assert await rights.reach(twins, [SHOWN_BY[type_]]) != right


def test_every_type_and_every_permission_has_a_mutant() -> None:
    types = rights.kept(rights.REACH)["types"]
    assert {type_ for type_, scopes in types.items() if rights.EVERY not in scopes} == set(SHOWN_BY)
    tables = rights.kept(rights.FILE)["refused without"].values()
    assert len(PERMISSIONS) == sum(1 for table in tables for fields in table.values() if fields)


async def leaks(twins: Twins) -> Sequence[str]:
    """What of other tenants the administrator is shown."""
    found = Found()
    for one in rights.shown(twins, "staff"):
        if one.document.startswith("query"):
            # where no wall stands, what looks for one row finds several, which is no answer
            with suppress(StatementFailed):
                answers.look(one, await twins.ask(twins.caller("administrator"), one), twins.canaries, found)
    return found.leaks


def without_tenants(patch: Patch) -> None:
    """Compiled reads name no tenant."""
    patch.setattr(links, "caller_reads", lambda *_: [])
    patch.setattr(links, "_tenancy", lambda *_: [])
    patch.setattr(pages, "_branch", lambda *_: [])


@contextmanager
def without_row_security(twins: Twins) -> Iterator[None]:
    """Row security is off on every table."""
    tables = sorted({str(table) for table, *_ in twins.owner.execute(marks.COLUMNS)})
    for table in tables:
        twins.owner.execute(f'alter table "{table}" disable row level security')  # type: ignore[call-overload]  # from the catalogue
    try:
        yield
    finally:
        for table in tables:
            twins.owner.execute(f'alter table "{table}" enable row level security')  # type: ignore[call-overload]  # from the catalogue


@pytest.mark.rule("R-00-01")
async def test_either_wall_holds_alone_and_without_both_everything_leaks(twins: Twins, monkeypatch: Patch) -> None:
    with broken(twins, monkeypatch, without_tenants):
        assert await leaks(twins) == []
        with without_row_security(twins):
            assert len(await leaks(twins)) > 100
    with without_row_security(twins):
        assert await leaks(twins) == []
    assert await leaks(twins) == []


@pytest.mark.rule("R-00-01")
async def test_a_caller_of_another_tenant_is_noticed(twins: Twins, monkeypatch: Patch) -> None:
    other = twins.world.b.callers["administrator"]
    fresh: Any = await twins.house.callers.again(other)
    with broken(twins, monkeypatch, lambda patch: patch.setattr(twins, "caller", lambda _: fresh)):
        assert len(await leaks(twins)) > 100
