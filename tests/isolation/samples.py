"""Rows for the matrix: bare tables in which every value that a policy looks at occurs, for two tenants.

Keys and checks are taken away from the tables: what remains is row security and grants, so that a refusal is
theirs, and a row may be as odd as an attacker could make it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, text

from persistence.base import Base, Joint
from tests import _rows

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]

SEED = UUID("00000000-0000-4000-8000-000000000007")
CONSTRAINTS = """
select c.relname, k.conname, k.contype, pg_get_constraintdef(k.oid)
  from pg_constraint k join pg_class c on c.oid = k.conrelid
 where c.relnamespace = 'public'::regnamespace and k.contype in ('f', 'u', 'c') and k.coninhcount = 0
"""
INDEXES = """
select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
 where c.relnamespace = 'public'::regnamespace and i.indisunique and not i.indisprimary
"""
WRITTEN = """
select c.relname, json_object_agg(a.attname, format_type(a.atttypid, null))
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attgenerated = ''
 group by c.relname
"""


def models() -> dict[str, Any]:
    """The models by table."""
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def make(owner: Connection) -> dict[str, list[Row]]:
    """Fill the tables, bare them, and add a row for each value that a policy tells from another."""
    rows = _rows.fill(owner)
    words = _bared(owner)
    columns = {str(table): dict(found) for table, found in owner.execute(text(WRITTEN))}
    known = _known(rows)
    with _rows.unforced(owner):
        for table in sorted(models()):
            for row in _variants(table, rows[table], columns[table], known, words[table]):
                owner.execute(_insert(table, row), {"row": json.dumps(row)})
    found = _rows.contents(owner)
    return {table: found[table] for table in rows}


def looked_at(table: str) -> set[str]:
    """The columns that the table's policies compare, and those by which another tenant reads."""
    model = models()[table]
    names = set(model.__table__.columns.keys())
    said = " ".join(f"{policy.using} {policy.check}" for policy in model.__guard__.policies)
    return names & (set(re.findall(r"\w+", said)) | Joint.READER_COLUMNS)


def _variants(
    table: str, rows: Sequence[Row], types: Mapping[str, str], known: Mapping[str, Sequence[Any]], words: set[str]
) -> Iterator[Row]:
    """Each first row of a tenant again, with another value in each column that a policy looks at."""
    firsts = {row.get("tenant_id", row.get("source_tenant_id", row.get("id"))): row for row in reversed(rows)}
    if "id" in types and table != "tenant":
        # so that the rows of one tenant are more than those of the other, and can be told apart by their number
        one = next(iter(firsts.values()))
        yield {column: one[column] for column in types} | {"id": str(uuid5(SEED, table))}
    for name in sorted(looked_at(table) & types.keys() - {"id", "tenant_id"}):
        for first in firsts.values():
            for value in _values(name, types[name], known, words):
                made = {column: first[column] for column in types} | {name: value}
                if "id" in made:
                    made["id"] = str(uuid5(SEED, f"{table} {first['id']} {name} {value}"))
                if _fits(table, made):
                    yield made


def _values(name: str, kind: str, known: Mapping[str, Sequence[Any]], words: set[str]) -> Sequence[Any]:
    if kind == "boolean":
        return (True, False)
    if kind == "uuid[]":
        return ([], *([one] for one in known["tenant_id"]))
    if name.endswith("tenant_id"):
        return (*known["tenant_id"], None)
    if kind == "uuid":
        return (*known.get(name, ()), str(SEED), None)
    return (*known.get(name, ()), *sorted(words)) if kind == "text" else ()


def _fits(table: str, row: Row) -> bool:
    """Whether nothing is empty that may not be."""
    columns = models()[table].__table__.columns
    return all(row[name] is not None or columns[name].nullable for name in row)


def _known(rows: Rows) -> dict[str, Sequence[Any]]:
    """Values that callers bind, so that rows have them too."""
    return {
        "tenant_id": [row["id"] for row in rows["tenant"][:2]],
        "partner_id": [row["id"] for row in rows["partner"]],
        "caller_id": [row["caller_id"] for row in rows["idempotency_key"]],
        "subject": [row["subject"] for row in rows["membership"]],
    }


def _bared(owner: Connection) -> dict[str, set[str]]:
    """Take keys and checks away; answer the words that each table's checks knew."""
    words: dict[str, set[str]] = {table: set() for table in models()}
    found = list(owner.execute(text(CONSTRAINTS)))
    for table, name, kind, definition in sorted(found, key=lambda one: "fcu".index(one[2])):
        if kind == "c" and table in words:
            words[table] |= set(re.findall(r"'([A-Z_]+)'::text", definition))
        if table in words:
            owner.exec_driver_sql(f'alter table "{table}" drop constraint "{name}"')
    for index in owner.scalars(text(INDEXES)).all():
        if not str(index).startswith("alembic"):
            owner.exec_driver_sql(f"drop index {index}")
    return words


def _insert(table: str, row: Row) -> Any:
    names = ", ".join(f'"{name}"' for name in row)
    of = f'jsonb_populate_record(null::"{table}", cast(:row as jsonb))'
    return text(f'insert into "{table}" ({names}) select {names} from {of} on conflict do nothing')
