"""Rows for any table, made from the catalogue alone: whatever types, keys and checks ask for."""

import itertools
import random
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

ATTEMPTS = 1000
ATTEMPTS_AT_ANOTHER = 40
"""A second and third row of a tenant give children a choice of parents; nobody waits for them long."""

WHOLE = 60
"""So many attempts are made at a row with all that it can have, before something is left out."""

OMITTED = (0.0, 0.3, 0.6, 1.0)
"""How much of what may be empty is then left empty, from one attempt to the next."""

LUCK = 12
"""So many times the whole is tried with other numbers before a table may have rows of one tenant only."""

TENANTS = 2
ROWS = 3

TABLES = """
select c.relname, json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
         'nullable', not a.attnotnull) order by a.attnum)
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname <> 'alembic_version'
   and a.attgenerated = ''
 group by c.relname
"""
KEYS = """
select c.relname, f.relname,
       (select json_agg(a.attname order by n) from unnest(k.conkey) with ordinality u(at, n)
          join pg_attribute a on a.attrelid = c.oid and a.attnum = at),
       (select json_agg(a.attname order by n) from unnest(k.confkey) with ordinality u(at, n)
          join pg_attribute a on a.attrelid = f.oid and a.attnum = at)
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
 where k.contype = 'f' and c.relnamespace = 'public'::regnamespace
 order by c.relname, k.conname
"""
CHECKS = """
select c.relname, pg_get_constraintdef(k.oid)
  from pg_constraint k join pg_class c on c.oid = k.conrelid
 where k.contype = 'c' and c.relnamespace = 'public'::regnamespace
 order by c.relname, k.conname
"""

TEXTS = ("EUR", "DE", "de", "x", "a" * 64, "a@b.example", "https://example.org/")
PATTERNS = {
    sample: re.compile(pattern)
    for sample, pattern in (("DE", r"\^\[A-Z\]\{2\}\$"), ("EUR", r"\^\[A-Z\]\{3\}\$"), ("a" * 64, r"\{64\}"))
}
"""Texts that fit the patterns that checks ask for."""

VALUES: Mapping[str, tuple[str, ...]] = {
    "boolean": ("true", "false"),
    "bigint": ("1", "100", "0", "2"),
    "integer": ("1", "0", "2"),
    "smallint": ("1", "0", "2"),
    "numeric": ("1", "0"),
    "date": ("2031-01-01", "2031-12-31"),
    "timestamp with time zone": ("2031-01-01T00:00:00Z", "2031-12-31T00:00:00Z"),
    "jsonb": ("{}", "[]"),
    "bytea": ("\\x00ff",),
    "uuid[]": ("{}",),
    "text[]": ("{}",),
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column that can be written."""

    name: str
    type: str
    nullable: bool


@dataclass(frozen=True)
class Key:
    """A foreign key: its columns and those of the parent."""

    parent: str
    columns: tuple[str, ...]
    parents: tuple[str, ...]


@dataclass
class Table:
    """What a row of the table must look like."""

    name: str
    columns: list[Column]
    keys: list[Key] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)

    def has_tenant(self) -> bool:
        """Whether its rows belong to one tenant."""
        return any(column.name == "tenant_id" for column in self.columns)

    def parents(self) -> set[str]:
        """The tables that must have rows before this one."""
        return ({key.parent for key in self.keys} | ({"tenant"} if self.has_tenant() else set())) - {self.name}

    def words(self, column: str) -> list[str]:
        """The text literals of the checks that mention the column: among them is its enumeration."""
        about = [check for check in self.checks if re.search(rf"\b{column}\b", check)]
        samples = [sample for check in about for sample, pattern in PATTERNS.items() if pattern.search(check)]
        return samples + [word for check in about for word in re.findall(r"'(\w*)'::text", check)]


class NoRowFoundError(Exception):
    """No row was found that the table's checks and keys let in."""


def fill(connection: Connection) -> dict[str, list[Row]]:
    """Insert a row or two into every empty table, parents first; answer them with what the server made of them.

    The connection is the owner's. Two tenants come about, so that pairs of tenants do too. Chance is the same on
    every run and every server; the first luck by which each tenant has a row of everything is taken.
    """
    with unforced(connection):
        for luck in range(1, LUCK):
            step = connection.begin_nested()
            with suppress(NoRowFoundError):
                made = _filled(connection, random.Random(luck))
                if all(map(_of_both_tenants, made.values())):
                    step.commit()
                    return made
            step.rollback()
        return _filled(connection, random.Random(LUCK))


def _filled(connection: Connection, chance: random.Random) -> dict[str, list[Row]]:
    made: dict[str, list[Row]] = {}
    for table in _parents_first(_tables(connection)):
        made[table.name] = _rows(connection, table, made, chance)
    return made


def _of_both_tenants(rows: list[Row]) -> bool:
    """Whether each tenant has a row, where rows have one."""
    return "tenant_id" not in rows[0] or len({row["tenant_id"] for row in rows}) == TENANTS


def contents(connection: Connection) -> dict[str, list[Row]]:
    """All rows of all tables, as the owner sees them without row security."""
    with unforced(connection):
        return {
            table: list(connection.scalars(text(f'select to_jsonb(t) from "{table}" t order by t::text')))
            for table in _tables(connection)
        }


@contextmanager
def unforced(connection: Connection) -> Iterator[None]:
    """For a moment, row security does not bind the owner."""
    tables = list(_tables(connection))
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    yield
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def _tables(connection: Connection) -> dict[str, Table]:
    found = {
        name: Table(name, [Column(**column) for column in columns])
        for name, columns in connection.execute(text(TABLES))
    }
    for name, parent, columns, parents in connection.execute(text(KEYS)):
        found[name].keys.append(Key(parent, tuple(columns), tuple(parents)))
    for name, check in connection.execute(text(CHECKS)):
        found[name].checks.append(check)
    return found


def _parents_first(tables: Mapping[str, Table]) -> list[Table]:
    waiting = {name: tables[name].parents() for name in sorted(tables)}
    order: list[Table] = []
    while waiting:
        free = [name for name, parents in waiting.items() if not parents & waiting.keys()]
        if not free:
            raise NoRowFoundError(f"The foreign keys of {', '.join(waiting)} form a ring.")
        order += [tables[name] for name in free]
        for name in free:
            del waiting[name]
    return order


def _rows(connection: Connection, table: Table, made: Mapping[str, list[Row]], chance: random.Random) -> list[Row]:
    """A few rows of each tenant where that can be, and at least one."""
    tenants: list[Row] = [{} for _ in range(TENANTS)]
    if table.has_tenant():
        tenants = [{"tenant_id": tenant["id"]} for tenant in made["tenant"][:TENANTS]]
    found: list[Row] = []
    rows = 1 if table.name == "tenant" else ROWS
    for number, fixed in itertools.product(range(rows), tenants):
        first = range(ATTEMPTS_AT_ANOTHER * 5 if found else ATTEMPTS)
        attempts = range(WHOLE, WHOLE + ATTEMPTS_AT_ANOTHER) if number else first
        row = _row(connection, table, {**made, table.name: found}, fixed, attempts, chance)
        found += [row] if row else []
    if not found:
        raise NoRowFoundError(f"No row of {table.name} was let in: help with its values in tests/_rows.py.")
    return found


def _row(
    connection: Connection,
    table: Table,
    made: Mapping[str, list[Row]],
    fixed: Row,
    attempts: range,
    chance: random.Random,
) -> Row | None:
    """Try rows until one is let in."""
    for attempt in attempts:
        whole = attempt < WHOLE
        row = _guess(table, made, fixed, 0.0 if whole else OMITTED[attempt % len(OMITTED)], chance, whole=whole)
        if row is None:
            continue
        step = connection.begin_nested()
        try:
            inserted: Row = connection.execute(_insert(table, row), row).scalar_one()
        except IntegrityError:
            step.rollback()
        else:
            step.commit()
            return inserted
    return None


def _insert(table: Table, row: Row) -> Any:
    types = {column.name: column.type for column in table.columns}
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f"cast(:{name} as {types[name]})" for name in row)
    return text(f'insert into "{table.name}" as t ({names}) values ({values}) returning to_jsonb(t)')


def _guess(
    table: Table, made: Mapping[str, list[Row]], fixed: Row, omitted: float, chance: random.Random, *, whole: bool
) -> Row | None:
    """A row that fits its parents; None when the parents chosen by chance do not fit each other."""
    row: Row = dict(fixed)
    row |= {
        column.name: None
        for column in table.columns
        if column.nullable and column.name not in row and chance.random() < omitted
    }
    for key in sorted(table.keys, key=lambda _: chance.random()):
        if any(row.get(column, "") is None for column in key.columns):
            continue
        fitting = [
            parent
            for parent in made.get(key.parent, [])
            if all(row.get(own, parent[its]) == parent[its] for own, its in zip(key.columns, key.parents, strict=True))
            and None not in (parent[its] for its in key.parents)
        ]
        if fitting:
            parent = chance.choice(fitting)
            row |= {own: parent[its] for own, its in zip(key.columns, key.parents, strict=True)}
        elif whole or not _leave_out(table, key, row):
            return None
    left = [column for column in table.columns if column.name not in row]
    row |= {column.name: "true" for column in left if whole and column.type == "boolean"}
    return {column.name: _value(column, table.words(column.name), chance) for column in left} | row


def _leave_out(table: Table, key: Key, row: Row) -> bool:
    """Let a key be empty that has no parent, if one of its columns may be."""
    nullable = [c.name for c in table.columns if c.name in key.columns and c.nullable and c.name not in row]
    row |= dict.fromkeys(nullable)
    return bool(nullable)


def _value(column: Column, words: list[str], chance: random.Random) -> str:
    if column.type == "uuid":
        return str(UUID(int=chance.getrandbits(128), version=4))
    kind = column.type.partition("(")[0]
    if kind in VALUES:
        return chance.choice(VALUES[kind])
    if words and chance.random() < 0.9:
        return chance.choice(words)
    return chance.choice(TEXTS)
