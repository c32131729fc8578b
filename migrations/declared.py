"""What the models declare, as the server would keep it: built on a scratch copy and read back."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, MetaData, Table, text
from sqlalchemy.exc import DBAPIError

from migrations.operations.functions import Definition
from migrations.operations.guards import PolicyRow, columns_of, policy_statement
from persistence import catalogue, functions
from persistence.base import Base, Guard
from persistence.catalogue import InstalledFunction, InstalledTable
from persistence.functions import DatabaseFunction


@dataclass(frozen=True)
class Declared:
    """Tables and functions as the server would keep them, and sentences about what it would not take."""

    tables: Mapping[str, InstalledTable]
    functions: Mapping[str, InstalledFunction]
    refused: list[str] = field(default_factory=list)


def guards() -> dict[str, Guard]:
    """The guard of every table that the imported models declare."""
    found = {
        table.name: getattr(mapper.class_, "__guard__", None)
        for mapper in Base.registry.mappers
        for table in mapper.tables
    }
    found |= {table.name: table.info["guard"] for table in Base.metadata.tables.values() if "guard" in table.info}
    return {name: guard for name, guard in found.items() if guard is not None}


def policy_rows(guard: Guard) -> list[PolicyRow]:
    """The policies as the operations take them."""
    return [(rule.name, rule.command, rule.role, rule.using, rule.check) for rule in guard.policies]


def grants(guard: Guard) -> dict[str, frozenset[str]]:
    """The privileges by role, one per column, as the catalogue tells them."""
    return {
        role: frozenset(
            f"{act}({column})" if column else act
            for act, columns in map(columns_of, privileges)
            for column in columns or ("",)
        )
        for role, privileges in guard.grants.items()
    }


def definition(function: DatabaseFunction) -> Definition:
    """The function as the operations take it."""
    return Definition(
        function.name,
        function.arguments,
        returns=function.returns,
        body=function.body,
        volatility=function.volatility,
        security_definer=function.security_definer,
        search_path=function.search_path,
        execute=function.execute,
    )


@contextmanager
def as_installed(
    connection: Connection, metadata: MetaData, *, only: Iterable[str] | None = None
) -> Iterator[Declared]:
    """Build the models (or `only` these tables) as temporary tables, read them back, leave nothing behind."""
    tables = [metadata.tables[name] for name in (metadata.tables if only is None else only)]
    scratch = connection.begin_nested()
    try:
        yield _build(connection, metadata, _with_parents(tables))
    finally:
        scratch.rollback()


def _with_parents(tables: Iterable[Table]) -> list[Table]:
    """The tables and all that their foreign keys lead to."""
    found: dict[str, Table] = {}
    open_ends = list(tables)
    while open_ends:
        table = open_ends.pop()
        if table.name not in found:
            found[table.name] = table
            open_ends += [key.referred_table for key in table.foreign_key_constraints]
    return list(found.values())


def _build(connection: Connection, metadata: MetaData, tables: list[Table]) -> Declared:
    names = {table.name for table in tables}
    refused: list[str] = []
    connection.execute(text("set local check_function_bodies = off"))
    _define_functions(connection)
    in_scratch = connection.execution_options(schema_translate_map={None: "pg_temp"})
    metadata.create_all(in_scratch, tables, checkfirst=False)
    connection.execution_options(schema_translate_map={})
    for table, guard in guards().items():
        if table in names:
            refused += _add_policies(connection, table, guard)
    return Declared(
        catalogue.tables(connection, catalogue.TEMPORARY),
        catalogue.functions(connection, catalogue.TEMPORARY),
        refused,
    )


def _define_functions(connection: Connection) -> None:
    """Every function once in the scratch schema, and in the real one where it is still missing."""
    standing = {each.name for each in catalogue.functions(connection).values()}
    for function in map(definition, functions.declared()):
        for statement in (function.creation("pg_temp"), *function.rights(schema="pg_temp")):
            connection.exec_driver_sql(statement)
        if function.name not in standing:
            connection.exec_driver_sql(function.creation())


def _add_policies(connection: Connection, table: str, guard: Guard) -> Iterator[str]:
    """Add the policies one by one; yield a sentence for each that the server does not take."""
    for policy in policy_rows(guard):
        attempt = connection.begin_nested()
        try:
            connection.exec_driver_sql(policy_statement(table, policy))
        except DBAPIError as error:
            attempt.rollback()
            reason = str(error.orig).splitlines()[0]
            yield f"{table}: the server does not take the policy {policy[0]}: {reason}."
        else:
            attempt.commit()
