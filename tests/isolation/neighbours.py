"""What happens to the other tenants while A looks away: other texts and numbers, more rows, and then none."""

from collections.abc import Sequence

import psycopg
from psycopg import sql

from tests.isolation import marks
from tests.isolation.marks import DARK_B, DARK_C, Mark
from tests.isolation.world import Twin, World

GENERATED = """
select a.attname from pg_attribute a
 where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
"""
ROUNDS = 30


def unmark(owner: "psycopg.Connection[object]", world: World) -> int:
    """Take the marks away: now the others' names, numbers, codes and amounts are the same as A's own."""
    changed = 0
    columns = list(owner.execute(marks.COLUMNS))
    for _ in range(marks.PASSES):
        for table, name, kind in columns:
            for twin, mark in ((world.b, DARK_B), (world.c, DARK_C)):
                changed += _attempt(owner, _without(str(table), str(name), str(kind), twin, mark, world.a))
    return changed


def _without(table: str, name: str, kind: str, twin: Twin, mark: Mark, a: Twin) -> sql.Composable:
    column, where = sql.Identifier(name), marks.rows_of(table, twin, a, open_=False)
    if kind in {"text", "jsonb"}:
        as_text = sql.SQL("replace({}::text, {}, '')::{}").format(
            column, sql.Literal(f" {mark.text}"), sql.SQL("text" if kind == "text" else "jsonb")
        )
        holds = sql.SQL("{}::text like {}").format(column, sql.Literal(f"%{mark.text}%"))
        return _update(table, column, as_text, where, holds)
    number = sql.SQL("{} - {}").format(column, sql.Literal(mark.number))
    return _update(table, column, number, where, sql.SQL("{} >= {}").format(column, sql.Literal(mark.number)))


def _update(
    table: str, column: sql.Composable, value: sql.Composable, where: sql.Composable, holds: sql.Composable
) -> sql.Composable:
    return sql.SQL("update {} set {} = {} where {} and {}").format(sql.Identifier(table), column, value, where, holds)


def multiply(owner: "psycopg.Connection[object]", world: World) -> int:
    """Every dark row once more, under another id, where a key lets it be."""
    made = 0
    for table in _tables(owner):
        columns = [str(name) for (name,) in owner.execute(GENERATED, [table])]
        if "id" not in columns or table in {"tenant", "contracting_company"}:
            continue
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        values = sql.SQL(", ").join(
            sql.SQL("gen_random_uuid()") if name == "id" else sql.Identifier(name) for name in columns
        )
        for twin in (world.b, world.c):
            made += _attempt(
                owner,
                sql.SQL("insert into {} ({}) select {} from {} where {} on conflict do nothing").format(
                    sql.Identifier(table),
                    names,
                    values,
                    sql.Identifier(table),
                    marks.rows_of(table, twin, world.a, open_=False),
                ),
            )
    return made


def empty(owner: "psycopg.Connection[object]", world: World) -> int:
    """Take every dark row away that no other row needs."""
    gone = 0
    for _ in range(ROUNDS):
        before = gone
        for table in _tables(owner):
            for twin in (world.b, world.c):
                where = marks.rows_of(table, twin, world.a, open_=False)
                if table not in {"tenant", "contracting_company"}:
                    gone += _attempt(owner, sql.SQL("delete from {} where {}").format(sql.Identifier(table), where))
        if gone == before:
            break
    return gone


def _tables(owner: "psycopg.Connection[object]") -> Sequence[str]:
    return sorted({str(table) for table, *_ in owner.execute(marks.COLUMNS)})  # type: ignore[misc]  # rows of three


def _attempt(owner: "psycopg.Connection[object]", statement: sql.Composable) -> int:
    """How many rows it changed; none where a key or check stands in the way."""
    try:
        with owner.transaction():
            return owner.execute(statement).rowcount
    except (psycopg.errors.IntegrityError, psycopg.errors.DataError):
        return 0
