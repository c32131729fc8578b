"""Each policy, flag and grant is broken once: the matrix must notice every single one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from persistence.base import Base, Policy
from tests.isolation.matrix import Matrix
from tests.isolation.test_matrix import TABLES, expected, of

MODELS = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


@dataclass(frozen=True)
class Mutant:
    """One way to break the wall of a table, and the way back."""

    name: str
    break_: str
    mend: str


def mutants(table: str) -> Iterator[Mutant]:
    """Every policy dropped and loosened, row security off or not forced, and privileges nobody should have."""
    guard = MODELS[table].__guard__
    for policy in guard.policies:
        yield Mutant(f"drop {policy.name}", f'drop policy "{policy.name}" on "{table}"', created(table, policy))
        for part in ("using", "check"):
            if getattr(policy, part) not in (None, "true"):
                loose = f'alter policy "{policy.name}" on "{table}" {clause(part)} (true)'
                strict = f'alter policy "{policy.name}" on "{table}" {clause(part)} ({getattr(policy, part)})'
                yield Mutant(f"{policy.name} {part} true", loose, strict)
    yield Mutant(
        "row security off",
        f'alter table "{table}" disable row level security',
        f'alter table "{table}" enable row level security',
    )
    yield Mutant(
        "row security not forced",
        f'alter table "{table}" no force row level security',
        f'alter table "{table}" force row level security',
    )
    for role in ("kontor_app", "kontor_portal"):
        if not any(privilege.startswith("delete") for privilege in guard.grants.get(role, ())):
            yield Mutant(
                f"delete granted to {role}",
                f'grant delete, select on "{table}" to {role}; create policy everything on "{table}" for delete to {role} using (true)',
                f'drop policy everything on "{table}"; ' + regranted(table, role, "delete"),
            )


def clause(part: str) -> str:
    """The words of a policy's part."""
    return "using" if part == "using" else "with check"


def created(table: str, policy: Policy) -> str:
    """The statement that makes the policy."""
    using = f" using ({policy.using})" if policy.using is not None else ""
    check = f" with check ({policy.check})" if policy.check is not None else ""
    return f'create policy "{policy.name}" on "{table}" for {policy.command} to {policy.role}{using}{check}'


def regranted(table: str, role: str, privilege: str) -> str:
    """Take away a privilege that was added, and what came with it, and give back what was there."""
    grants = MODELS[table].__guard__.grants.get(role, ())
    back = f'; grant {", ".join(grants)} on "{table}" to {role}' if grants else ""
    return f'revoke all on "{table}" from {role}{back}'


EQUIVALENT: frozenset[str] = frozenset()
"""Mutants that change nothing anybody can reach; each with its proof in the comment beside it."""


@pytest.mark.parametrize("table", TABLES)
def test_every_mutant_of_a_table_is_noticed(table: str, filled: tuple[Matrix, Any]) -> None:
    matrix, opened = filled
    right = of(table, expected())
    survivors = []
    for mutant in mutants(table):
        opened["owner"].execute(mutant.break_)
        try:
            if matrix.measure(table) == right and f"{table}: {mutant.name}" not in EQUIVALENT:
                survivors.append(mutant.name)
        finally:
            opened["owner"].execute(mutant.mend)
    assert survivors == []
    assert matrix.measure(table) == right, "a mutant was not mended"
