"""Each policy, flag and grant is broken once: the matrix must notice every single one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from persistence.base import COMMANDS, Guard, Policy
from tests.isolation.conftest import Measured
from tests.isolation.expectation import TABLES, of
from tests.isolation.samples import models

pytestmark = pytest.mark.xdist_group("mutants")

ROLES = ("kontor_app", "kontor_portal")
SAFE = ("app", "portal", "owner")


@dataclass(frozen=True)
class Mutant:
    """One way to break the wall of a table, the way back, and whose cells it can change."""

    name: str
    break_: Sequence[str]
    mend: Sequence[str]
    roles: Sequence[str]


def mutants(table: str) -> Iterator[Mutant]:
    """Every policy dropped and loosened, a second one beside it, row security off or not forced, wider grants."""
    guard: Guard = models()[table].__guard__
    for policy in guard.policies:
        yield from _of_policy(table, guard, policy)
    for role in ROLES:
        yield from _second_policies(table, guard, role)
        yield from _wider_grants(table, guard, role)
    for name, off, on in (("off", "disable", "enable"), ("not forced", "no force", "force")):
        alter = f'alter table "{table}" {{}} row level security'
        yield Mutant(f"row security {name}", [alter.format(off)], [alter.format(on)], SAFE)


def _of_policy(table: str, guard: Guard, policy: Policy) -> Iterator[Mutant]:
    role = [policy.role.removeprefix("kontor_")]
    drop = f'drop policy "{policy.name}" on "{table}"'
    yield Mutant(f"drop {policy.name}", [drop], [_created(table, policy)], role)
    for part in ("using", "check"):
        said = getattr(policy, part)
        if said not in (None, "true") and not (part == "check" and _never_fails(guard, policy)):
            alter = f'alter policy "{policy.name}" on "{table}" {"using" if part == "using" else "with check"} ({{}})'
            yield Mutant(f"{policy.name}: {part} true", [alter.format("true")], [alter.format(said)], role)


def _never_fails(guard: Guard, policy: Policy) -> bool:
    """Whether a check is one that no row can fail, so that to loosen it changes nothing.

    An update whose check asks no more than what found the row, of columns that the role may not change.
    """
    if policy.command != "update" or policy.check is None or not (policy.using or "").startswith(policy.check):
        return False
    changed = " ".join(act for act in guard.grants.get(policy.role, ()) if act.startswith("update("))
    by_column = "update" not in guard.grants.get(policy.role, ())
    return by_column and not set(re.findall(r"\w+", policy.check)) & set(re.findall(r"\w+", changed)[1:])


def _second_policies(table: str, guard: Guard, role: str) -> Iterator[Mutant]:
    """Permissive policies are OR-ed: one careless one opens the table for its command."""
    for command in COMMANDS:
        if any(act.startswith(command) for act in guard.grants.get(role, ())):
            said = "with check (true)" if command == "insert" else "using (true)"
            make = f'create policy second on "{table}" for {command} to {role} {said}'
            drop = f'drop policy second on "{table}"'
            yield Mutant(f"a second policy for {command} to {role}", [make], [drop], [role.removeprefix("kontor_")])


def _wider_grants(table: str, guard: Guard, role: str) -> Iterator[Mutant]:
    """A privilege that nobody was given, and one by table instead of by column."""
    grants = guard.grants.get(role, ())
    for command in COMMANDS:
        if command not in grants:
            back = [f'revoke {command} on "{table}" from {role}']
            back += [f'grant {act} on "{table}" to {role}' for act in grants if act.startswith(f"{command}(")]
            yield Mutant(
                f"{command} granted to {role}",
                [f'grant {command} on "{table}" to {role}'],
                back,
                [role.removeprefix("kontor_")],
            )


def _created(table: str, policy: Policy) -> str:
    using = f" using ({policy.using})" if policy.using is not None else ""
    check = f" with check ({policy.check})" if policy.check is not None else ""
    return f'create policy "{policy.name}" on "{table}" for {policy.command} to {policy.role}{using}{check}'


@pytest.mark.rule("R-228", "R-00-01")
@pytest.mark.parametrize("table", TABLES)
def test_every_mutant_of_a_table_is_noticed(table: str, filled: Measured) -> None:
    right = of(table)
    survivors = []
    for mutant in mutants(table):
        for statement in mutant.break_:
            filled.owner.execute(statement)
        try:
            if not filled.matrix.differs(table, right, mutant.roles):
                survivors.append(mutant.name)
        finally:
            for statement in mutant.mend:
                filled.owner.execute(statement)
    assert survivors == []
    assert filled.matrix.measure(table) == right, "a mutant was not mended"


def test_there_are_mutants_of_every_table() -> None:
    assert [table for table in TABLES if len(list(mutants(table))) < len(COMMANDS)] == []
