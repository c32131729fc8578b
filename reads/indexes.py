"""Which columns of a table an index serves: asked at start-up, so that nothing unindexed is filtered or sorted."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa


def served(table: Any, equal: Sequence[str], then: Sequence[str] = ()) -> bool:
    """Whether an index begins with the columns `equal` (in any order), followed by `then` (in this order).

    A subquery of persistence has no indexes of its own and is taken as served.
    """
    if not isinstance(table, sa.Table):
        return True
    wanted = set(equal)
    for columns in _indexes(table):
        first, rest = columns[: len(wanted)], columns[len(wanted) :]
        if set(first) == wanted and tuple(rest[: len(then)]) == tuple(then):
            return True
    return False


def unique(table: Any, columns: Sequence[str]) -> bool:
    """Whether at most one row has these values, the tenant's column included."""
    if not isinstance(table, sa.Table):
        return True
    wanted = set(columns)
    return any(found and set(found) <= wanted for found in _unique(table))


def _indexes(table: sa.Table) -> Iterator[tuple[str, ...]]:
    yield from _unique(table)
    for index in table.indexes:
        yield tuple(_name(expression) for expression in index.expressions)


def _unique(table: sa.Table) -> Iterator[tuple[str, ...]]:
    for constraint in table.constraints:
        if isinstance(constraint, sa.PrimaryKeyConstraint | sa.UniqueConstraint):
            yield tuple(column.name for column in constraint.columns)
    for index in table.indexes:
        if index.unique and index.dialect_options["postgresql"].get("where") is None:
            yield tuple(_name(expression) for expression in index.expressions)


def _name(expression: Any) -> str:
    """The column's name, also under an operator class, a collation or a direction."""
    inner = expression
    while not isinstance(inner, sa.Column) and hasattr(inner, "element"):
        inner = inner.element
    return inner.name if isinstance(inner, sa.Column) else str(expression)
