"""Where a database differs from the models, one sentence each: tables, guards, functions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import Connection, MetaData, text

from migrations.declared import Declared, as_installed, grants, guards
from persistence import catalogue
from persistence.base import Base, Guard
from persistence.catalogue import InstalledFunction, InstalledPolicy, InstalledTable

VERSION_TABLE = "alembic_version"
VERSION_GRANTS: Mapping[str, frozenset[str]] = {"kontor_app": frozenset({"select"})}
"""The application asks at its start whether the schema is at head, and nothing else."""


@dataclass(frozen=True)
class Difference:
    """One difference between database and models."""

    kind: Literal["table", "guard", "function"]
    subject: str
    sentence: str


@dataclass(frozen=True)
class Comparison:
    """What stands, what is declared, and where the two differ."""

    standing: Mapping[str, InstalledTable]
    functions: Mapping[str, InstalledFunction]
    declared: Declared
    differences: list[Difference]

    def subjects(self, kind: str) -> set[str]:
        """The tables or functions with a difference of this kind."""
        return {each.subject for each in self.differences if each.kind == kind}


def compare(
    connection: Connection, metadata: MetaData = Base.metadata, *, only: frozenset[str] | None = None
) -> Comparison:
    """Compare the schema `public` with the imported models, or with `only` these tables of them."""
    connection.execute(text("set local search_path to public"))
    standing, routines = catalogue.tables(connection), catalogue.functions(connection)
    owner = connection.scalar(text("select current_user"))
    missing = sorted(_roles(guards()) - set(connection.scalars(text("select rolname from pg_roles"))))
    if missing:
        said = [Difference("guard", role, f"The role {role} does not exist.") for role in missing]
        return Comparison(standing, routines, Declared({}, {}), said)
    with as_installed(connection, metadata, only=only) as declared:
        found = [Difference("guard", "", sentence) for sentence in declared.refused]
        found += _of_tables(standing, declared.tables, str(owner), only)
        found += _of_functions(routines, declared.functions, str(owner), complete=only is None)
    return Comparison(standing, routines, declared, found)


def _roles(declared: Mapping[str, Guard]) -> set[str]:
    return {role for guard in declared.values() for role in guard.grants} | {
        policy.role for guard in declared.values() for policy in guard.policies
    }


def _of_tables(
    standing: Mapping[str, InstalledTable],
    declared: Mapping[str, InstalledTable],
    owner: str,
    only: frozenset[str] | None,
) -> Iterator[Difference]:
    names = only if only is not None else (set(standing) | set(declared)) - {VERSION_TABLE}
    for name in sorted(names):
        have, want = standing.get(name), declared.get(name)
        if have is None:
            yield Difference("table", name, f"{name}: the table is missing in the database.")
        elif want is None:
            yield Difference("table", name, f"{name}: the table is in no model.")
        else:
            yield from (Difference("table", name, said) for said in _of_shape(have, want))
            yield from (Difference("guard", name, said) for said in _of_guard(have, want, owner))
    if VERSION_TABLE in standing:
        said_of_version = _of_grants(VERSION_TABLE, standing[VERSION_TABLE].grants, VERSION_GRANTS)
        yield from (Difference("guard", VERSION_TABLE, said) for said in said_of_version)


def _of_shape(have: InstalledTable, want: InstalledTable) -> Iterator[str]:
    yield from _of_parts(have.name, "column", have.columns, want.columns)
    yield from _of_parts(have.name, "constraint", have.constraints, want.constraints)
    yield from _of_parts(have.name, "index", have.indexes, want.indexes)


def _of_parts(table: str, part: str, have: Mapping[str, str], want: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(have.keys() | want.keys()):
        if name not in have:
            yield f"{table}: the {part} {name} is missing in the database."
        elif name not in want:
            yield f"{table}: the {part} {name} is in no model."
        elif have[name] != want[name]:
            yield f"{table}: the {part} {name} is `{have[name]}`, the model says `{want[name]}`."


def _of_guard(have: InstalledTable, want: InstalledTable, owner: str) -> Iterator[str]:
    guard = guards().get(have.name)
    if have.owner != owner:
        yield f"{have.name}: the owner is {have.owner} instead of {owner}."
    if guard is None:
        yield f"{have.name}: the model has no guard."
        return
    if not have.secured:
        yield f"{have.name}: row level security is not enabled."
    if not have.forced:
        yield f"{have.name}: row level security is not forced."
    yield from _of_policies(have.name, have.policies, want.policies)
    yield from _of_grants(have.name, have.grants, grants(guard))


def _of_policies(table: str, have: Mapping[str, InstalledPolicy], want: Mapping[str, InstalledPolicy]) -> Iterator[str]:
    for name in sorted(have.keys() | want.keys()):
        if name in have and not have[name].permissive:
            yield f"{table}: the policy {name} is restrictive; a cluster's shards would take it as permissive."
        elif name not in have:
            yield f"{table}: the policy {name} is missing."
        elif name not in want:
            yield f"{table}: the policy {name} is in no model."
        else:
            yield from _of_policy(f"{table}: the policy {name}", have[name], want[name])


def _of_policy(subject: str, have: InstalledPolicy, want: InstalledPolicy) -> Iterator[str]:
    if have.command != want.command:
        yield f"{subject} is for {have.command}, the model says {want.command}."
    if have.roles != want.roles:
        yield f"{subject} is for {', '.join(have.roles)}, the model says {', '.join(want.roles)}."
    if have.using != want.using:
        yield f"{subject} admits `{have.using}`, the model says `{want.using}`."
    if have.check != want.check:
        yield f"{subject} checks `{have.check}`, the model says `{want.check}`."


def _of_grants(table: str, have: Mapping[str, frozenset[str]], want: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for role in sorted(have.keys() | want.keys()):
        held, meant = have.get(role, frozenset()), want.get(role, frozenset())
        for privilege in sorted(meant - held):
            yield f"{table}: {role} lacks the grant {privilege}."
        for privilege in sorted(held - meant):
            yield f"{table}: {role} has the grant {privilege}, which is in no model."


def _of_functions(
    standing: Mapping[str, InstalledFunction],
    declared: Mapping[str, InstalledFunction],
    owner: str,
    *,
    complete: bool,
) -> Iterator[Difference]:
    for signature in sorted(standing.keys() | declared.keys()):
        have, want = standing.get(signature), declared.get(signature)
        if have is None:
            yield Difference("function", signature, f"The function {signature} is missing.")
        elif want is not None:
            said = _of_function(signature, have, want, owner)
            yield from (Difference("function", signature, sentence) for sentence in said)
        elif complete:
            yield Difference("function", signature, f"The function {signature} is declared nowhere.")


def _of_function(signature: str, have: InstalledFunction, want: InstalledFunction, owner: str) -> Iterator[str]:
    if have.owner != owner:
        yield f"The owner of the function {signature} is {have.owner} instead of {owner}."
    for part in fields(InstalledFunction):
        held, meant = getattr(have, part.name), getattr(want, part.name)
        if part.name != "owner" and held != meant:
            yield f"The function {signature} has {part.name} `{_shown(held)}`, declared is `{_shown(meant)}`."


def _shown(value: object) -> str:
    return ", ".join(sorted(map(str, value))) if isinstance(value, frozenset | tuple) else str(value)
