"""Canaries: every text and number of the other tenants is marked, so that a single one of them is recognised.

A row of another tenant is `open` when A may read it, by the columns that shared.json names; all others are `dark`.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from tests.isolation.world import Twin, World

UUID_ = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SHARED = Path(__file__).with_name("shared.json")
UNMARKED = Path(__file__).with_name("unmarked.json")

WRITERS = {"connection": "source_tenant_id", "connection_answer": "target_tenant_id", "tenant": "id"}
COLUMNS = """
select c.relname, a.attname, format_type(a.atttypid, null)
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname <> 'alembic_version'
   and a.attgenerated = '' and format_type(a.atttypid, null) in ('text', 'bigint', 'integer', 'smallint', 'jsonb')
 order by 1, 2
"""


@dataclass(frozen=True)
class Mark:
    """What the texts of some rows end with, and what their numbers begin with."""

    text: str
    number: int

    @property
    def digits(self) -> str:
        """The first digits of its numbers."""
        return str(self.number)[:4]


PASSES = 3
"""Some numbers may only follow others, such as a tax its price."""

DARK_B, DARK_C, OPEN_B, OPEN_C = (
    Mark("zqbdarkqz", 740_200_000),
    Mark("zqcdarkqz", 750_200_000),
    Mark("zqbopenqz", 830_300_000),
    Mark("zqcopenqz", 850_300_000),
)


@dataclass
class Canaries:
    """The ids of rows that A may not know, and of those that it may, by where they stand."""

    dark: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    unmarked: list[str] = field(default_factory=list)


@cache
def shared() -> dict[str, Any]:
    """The sharing exception: which rows of another tenant are open, and in which fields they are seen."""
    found: dict[str, Any] = json.loads(SHARED.read_text(encoding="utf-8"))
    return found


def open_the_harness(owner: "psycopg.Connection[Any]") -> None:
    """Let the owner see and change all rows of this throw-away database."""
    for (table,) in owner.execute("select distinct relname from (" + COLUMNS + ") t").fetchall():
        owner.execute(
            sql.SQL("create policy harness on {} to kontor_owner using (true) with check (true)").format(
                sql.Identifier(table)
            )
        )


def put(owner: "psycopg.Connection[Any]", world: World) -> Canaries:
    """Mark the rows of B and C; answer their ids, and the columns that cannot be marked."""
    found = Canaries()
    _collect(owner, world, found)
    columns = [(str(table), str(name), str(kind)) for table, name, kind in owner.execute(COLUMNS)]
    left = [
        (column, marks) for column in columns if f"{column[0]}.{column[1]}" not in kept() for marks in _marks(world)
    ]
    for _ in range(PASSES):
        left = [(column, marks) for column, marks in left if not _mark(owner, column, *marks, a=world.a)]
    found.unmarked = sorted({f"{table}.{name}" for (table, name, _), _ in left})
    return found


def bound(owner: "psycopg.Connection[Any]") -> set[str]:
    """Columns whose values the database binds by a check or a key, so that a mark may not fit."""
    query = """
        select c.relname || '.' || a.attname from pg_constraint k join pg_class c on c.oid = k.conrelid
          join pg_attribute a on a.attrelid = c.oid and a.attnum = any(k.conkey) where k.contype in ('c', 'f')
        union select c.relname || '.' || a.attname from pg_constraint k join pg_class c on c.oid = k.confrelid
          join pg_attribute a on a.attrelid = c.oid and a.attnum = any(k.confkey) where k.contype = 'f'
    """
    return {str(name) for (name,) in owner.execute(query)}


@cache
def kept() -> dict[str, str]:
    """Columns that keep their values, and why: the database or the product needs them as they are."""
    found: dict[str, str] = json.loads(UNMARKED.read_text(encoding="utf-8"))
    return found


def _marks(world: World) -> Sequence[tuple[Twin, bool, Mark]]:
    return (world.b, False, DARK_B), (world.b, True, OPEN_B), (world.c, False, DARK_C), (world.c, True, OPEN_C)


def rows_of(table: str, twin: Twin, a: Twin, *, open_: bool) -> sql.Composable:
    """The condition for a tenant's rows of a table that A may read, or that it may not."""
    writer = WRITERS.get(table, "tenant_id" if table != "contracting_company" else "id")
    owner_id = twin.home.company_id if table == "contracting_company" else twin.id
    its = sql.SQL("{} = {}").format(sql.Identifier(writer), sql.Literal(owner_id))
    reader = shared()["rows"].get(table)
    opens: sql.Composable = sql.SQL("false")
    if reader is not None:
        name = sql.Identifier(reader)
        opens = sql.SQL("{} = any({})" if reader.endswith("_ids") else "{} = {}").format(
            *((sql.Literal(a.id), name) if reader.endswith("_ids") else (name, sql.Literal(a.id)))
        )
    return sql.SQL("({} and coalesce({}, false) = {})").format(its, opens, sql.Literal(open_))


def _mark(
    owner: "psycopg.Connection[Any]", where: tuple[str, str, str], twin: Twin, open_: bool, mark: Mark, *, a: Twin
) -> bool:
    """Mark one column of some rows; False when the database has none of it."""
    table, name, kind = where
    if table == "contracting_company" and twin.home.company_id == a.home.company_id:
        return True
    column = sql.Identifier(name)
    if kind == "text":
        value = sql.SQL("{} || {}").format(column, sql.Literal(f" {mark.text}"))
    elif kind == "jsonb":
        value = sql.SQL("""regexp_replace({}::text, '": "([^"]*)"', {}, 'g')::jsonb""").format(
            column, sql.Literal(f'": "\\1 {mark.text}"')
        )
    else:
        value = sql.SQL("{} + {}").format(column, sql.Literal(mark.number))
    statement = sql.SQL("update {} set {} = {} where {}").format(
        sql.Identifier(table), column, value, rows_of(table, twin, a, open_=open_)
    )
    try:
        with owner.transaction():
            owner.execute(statement)
    except (psycopg.errors.IntegrityError, psycopg.errors.NumericValueOutOfRange):
        return False
    return True


def _collect(owner: "psycopg.Connection[Any]", world: World, found: Canaries) -> None:
    """The ids of B's and C's rows; a tenant that A is connected with is no secret."""
    tables = owner.execute(
        "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'id'"
        " where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace"
    ).fetchall()
    own: set[str] = set()
    for (table,) in tables:
        for twin in (world.b, world.c):
            for open_, into in ((False, found.dark), (True, found.open)):
                where = rows_of(table, twin, world.a, open_=open_)
                query = sql.SQL("select id from {} where {}").format(sql.Identifier(table), where)
                into |= {str(id_) for (id_,) in owner.execute(query)}
        query = sql.SQL("select id from {} where {} = {}").format(
            sql.Identifier(table), sql.Identifier(WRITERS.get(table, "tenant_id")), sql.Literal(world.a.id)
        )
        if table != "contracting_company":
            own |= {str(id_) for (id_,) in owner.execute(query)}
    for table in shared()["rows"]:
        where = sql.SQL(" or ").join(rows_of(table, twin, world.a, open_=True) for twin in (world.b, world.c))
        query = sql.SQL("select t::text from {} t where {}").format(sql.Identifier(table), where)
        for (row,) in owner.execute(query):
            # whoever may read a row may read all of it (two-tenants, 2)
            found.open |= set(UUID_.findall(str(row)))
    found.dark -= {str(world.b.id), str(world.a.home.company_id)}
    found.open |= {str(world.b.id)}
    # children of a shared row have its id, and so has the row that its owner keeps beside it
    found.open -= own
    found.dark -= found.open


def hashes(owner: "psycopg.Connection[Any]", *tenants: UUID) -> dict[str, str]:
    """A digest of all rows of these tenants, by table."""
    found = {}
    tables = {str(table) for table, *_ in owner.execute(COLUMNS)}
    for table in sorted(tables - {"contracting_company"}):
        query = sql.SQL(
            "select coalesce(md5(string_agg(t::text, '' order by t::text)), '') from {} t where {} = any({})"
        )
        writer = WRITERS.get(table, "tenant_id")
        row = owner.execute(query.format(sql.Identifier(table), sql.Identifier(writer), sql.Literal(list(tenants))))
        found[table] = str(row.fetchone()[0])  # type: ignore[index]  # an aggregate answers one row
    return found
