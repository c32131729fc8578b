"""What each kind of caller may do with each kind of row, asked of the database itself.

A cell is (table, context, relation of the row to the context, command) → what came of it:

    yes       the command reached the row
    nothing   it ran and touched no row
    refused   the database refused it

Contexts are database roles with what they bind. A row is `own` when its tenant writes it, `read` when a column
names the context's tenant as a reader, else `foreign`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from persistence.base import Joint
from persistence.engine import SETTINGS

Row = Mapping[str, Any]
Cells = dict[str, str]
"""`table | context | relation | command` → yes, nothing or refused."""

COMMANDS = ("select", "insert", "update", "delete")
WRITERS = {"connection": "source_tenant_id", "connection_answer": "target_tenant_id", "tenant": "id"}
"""The column of the writing tenant where it is not `tenant_id`."""

REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.WithCheckOptionViolation)


@dataclass(frozen=True)
class Context:
    """One kind of caller: its database role and what its transaction binds."""

    name: str
    role: str
    tenant_id: UUID | None = None
    company_id: UUID | None = None
    partner_id: UUID | None = None
    membership_id: UUID | None = None
    subject: str | None = None

    def settings(self) -> dict[str, str]:
        """The context's settings as policies read them."""
        return {name: str(getattr(self, name) or "") for name in SETTINGS}


def contexts(rows: Mapping[str, Sequence[Row]]) -> list[Context]:
    """The kinds of callers, over the rows of two tenants."""
    first, second = (row["id"] for row in rows["tenant"][:2])
    company = rows["tenant"][0]["company_id"]
    partner = next(row["id"] for row in rows["partner"] if row["tenant_id"] == first)
    member = next(row["caller_id"] for row in rows["idempotency_key"] if row["tenant_id"] == first)
    subject = next(row["subject"] for row in rows["membership"] if row["tenant_id"] == first)
    return [
        Context("staff", "app", first, company, None, member),
        Context("staff of another tenant", "app", second, uuid4(), None, uuid4()),
        Context("staff of a stranger", "app", uuid4(), uuid4(), None, uuid4()),
        Context("signing in", "app", subject=subject),
        Context("nobody", "app"),
        Context("customer", "portal", first, company, partner, member),
        Context("another customer", "portal", first, company, uuid4(), uuid4()),
        Context("customer of a stranger", "portal", uuid4(), uuid4(), partner, uuid4()),
        Context("nobody in the portal", "portal"),
        Context("owner of the tables", "owner"),
    ]


class Matrix:
    """Measures cells over connections of the three roles; every attempt is undone."""

    def __init__(self, connections: Mapping[str, "psycopg.Connection[Any]"], rows: Mapping[str, Sequence[Row]]) -> None:
        self._connections, self._rows = connections, rows
        self._contexts = contexts(rows)
        self._keys = {table: self._primary_key(table) for table in rows}
        self._columns = {table: self._columns_of(table) for table in rows}

    def measure(self, table: str) -> Cells:
        """All cells of a table."""
        cells: Cells = {}
        for context in self._contexts:
            for relation, row in self._samples(table, context):
                for command in COMMANDS:
                    found = self._attempt(context, command, table, row)
                    cells[f"{table} | {context.name} | {relation} | {command}"] = found
        return cells

    def _samples(self, table: str, context: Context) -> Iterator[tuple[str, Row]]:
        """One row for each relation and each shape of what the caller may reach: every row counts, the best wins."""
        seen: dict[str, Row] = {}
        for row in self._rows[table]:
            seen.setdefault(_relation(table, row, context), row)
        yield from sorted(seen.items())

    def _attempt(self, context: Context, command: str, table: str, row: Row) -> str:
        if command == "update":
            return self._run(context, self._update(table, row, self._changeable(context.role, table)))
        return self._run(context, getattr(self, f"_{command}")(table, row))

    def _changeable(self, role: str, table: str) -> str:
        """A column that the role is granted to change, one of the key if that is possible; any, if it is granted none."""
        names = self._columns[table]
        granted = self._connections[role].execute(
            "select n from unnest(%s::text[]) n where has_column_privilege(%s::regclass, n, 'update')", [names, table]
        )
        found = [str(name) for (name,) in granted]
        keys = [name for name in found if name in self._keys[table]]
        return (keys or found or names)[0]

    def _run(self, context: Context, statement: sql.Composed) -> str:
        connection = self._connections[context.role]
        with connection.transaction(force_rollback=True):
            bind = ", ".join(f"set_config('app.{name}', %({name})s, true)" for name in SETTINGS)
            connection.execute(f"select {bind}", context.settings())  # type: ignore[call-overload]  # our own names
            try:
                with connection.transaction():
                    return "yes" if connection.execute(statement).rowcount > 0 else "nothing"
            except REFUSED:
                return "refused"
            except psycopg.errors.IntegrityError:
                # the row passed the wall and met a key that is already there
                return "yes"

    def _select(self, table: str, row: Row) -> sql.Composed:
        return sql.SQL("select from {} where {}").format(sql.Identifier(table), self._is(table, row))

    def _delete(self, table: str, row: Row) -> sql.Composed:
        return sql.SQL("delete from {} where {}").format(sql.Identifier(table), self._is(table, row))

    def _update(self, table: str, row: Row, column: str) -> sql.Composed:
        return sql.SQL("update {0} set {1} = {1} where {2}").format(
            sql.Identifier(table), sql.Identifier(column), self._is(table, row)
        )

    def _insert(self, table: str, row: Row) -> sql.Composed:
        """The same row once more, under another id where it has one."""
        values = {name: row[name] for name in self._columns[table] if name in row}
        if "id" in values and table != "tenant":
            values["id"] = str(uuid4())
        return sql.SQL("insert into {} ({}) select {} from jsonb_populate_record(null::{}, {})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.Identifier(table),
            sql.Literal(psycopg.types.json.Jsonb(values)),
        )

    def _is(self, table: str, row: Row) -> sql.Composed:
        return sql.SQL(" and ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(row[name])) for name in self._keys[table]
        )

    def _primary_key(self, table: str) -> list[str]:
        found = self._connections["owner"].execute(
            "select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)"
            " where i.indrelid = %s::regclass and i.indisprimary",
            [table],
        )
        return [str(name) for (name,) in found]

    def _columns_of(self, table: str) -> list[str]:
        found = self._connections["owner"].execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
            " and attgenerated = '' order by attnum",
            [table],
        )
        return [str(name) for (name,) in found]


def _relation(table: str, row: Row, context: Context) -> str:
    tenant = str(context.tenant_id)
    if row.get(WRITERS.get(table, "tenant_id")) == tenant:
        ours = row.get("partner_id", row.get("id") if table in {"partner", "customer"} else None)
        mine = context.partner_id is not None and ours == str(context.partner_id)
        return "own, of the customer" if mine else "own"
    readers = [row[name] for name in Joint.READER_COLUMNS | {"sharing_tenant_id"} if row.get(name) is not None]
    return "read" if any(tenant == reader or tenant in reader for reader in readers) else "foreign"


@contextmanager
def connections(urls: Mapping[str, str]) -> Iterator[dict[str, "psycopg.Connection[Any]"]]:
    """A connection for each role."""
    opened = {role: psycopg.connect(url, autocommit=True) for role, url in urls.items()}
    try:
        yield opened
    finally:
        for connection in opened.values():
            connection.close()
