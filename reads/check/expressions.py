"""Expressions of persistence: every table that a sub-select reads must be bound to a tenant."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression, ColumnClause

from reads.check.tables import TENANT
from reads.context import Facts

WIDEST = 4
"""The reach of a permission over the whole tenant."""


class Everything(Facts):
    """Facts about somebody who may do everything."""

    def __init__(self) -> None:
        self.asked = {}

    def ask(self, name: str) -> Any:
        """The widest answer."""
        return WIDEST if name else ""


class Nothing(Everything):
    """Facts about somebody who may do nothing."""

    def ask(self, name: str) -> Any:
        """The narrowest answer."""
        return None if name else ""


def unguarded(made: Any, own: Any = None) -> Iterator[str]:
    """The tables of an expression's sub-selects that no condition binds to a tenant; `own` is the row itself."""
    if made is None or not hasattr(made, "get_children"):
        return
    for part in visitors.iterate(made):
        if isinstance(part, sa.Select):
            for source in part.get_final_froms():
                if source is not own:
                    yield from _unbound(part, source)


def _unbound(select: sa.Select[Any], source: Any) -> Iterator[str]:
    conditions = [] if select.whereclause is None else [select.whereclause]
    tables = list(_sources(source, conditions))
    bound = [column.table for condition in conditions for column in _compared(condition)]
    for table in tables:
        owned = any(column.name.endswith(TENANT) for column in table.c)
        if owned and not any(found is table or found.name == table.name for found in bound):
            yield f"a sub-select reads {table.name} without its tenant"


def _sources(source: Any, conditions: list[Any]) -> Iterator[Any]:
    """The tables and sub-queries joined in a FROM; the joins' conditions are added to the others."""
    if isinstance(source, sa.Join):
        conditions.append(source.onclause)
        yield from _sources(source.left, conditions)
        yield from _sources(source.right, conditions)
    else:
        yield source


def _compared(condition: Any) -> Iterator[Any]:
    for part in visitors.iterate(condition):
        if isinstance(part, BinaryExpression):
            for side in (part.left, part.right):
                if isinstance(side, ColumnClause) and side.name.endswith(TENANT):
                    yield side
