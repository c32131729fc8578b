"""A row of a statement: its alias, its columns as SQL text, and as SQLAlchemy sees them in an expression."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGDialect

from reads.specs import Rows

_make: Any = PGDialect
_DIALECT: PGDialect = _make()
PREPARER = _DIALECT.identifier_preparer
TYPES = _DIALECT.type_compiler_instance


def quote(name: str) -> str:
    """An identifier, quoted where PostgreSQL needs it."""
    return PREPARER.quote(name)


def key(name: str) -> str:
    """A response key as a column alias: always quoted."""
    return f'"{name}"'


def table_of(rows: Rows) -> sa.Table | sa.Subquery:
    """The table that a type's rows stand in, or the query of persistence that joins them."""
    table = getattr(rows.model, "__table__", rows.model)
    if not isinstance(table, sa.Table | sa.Subquery):
        message = f"{rows.model!r} is neither a mapped class nor a table nor a subquery"
        raise TypeError(message)
    return table


def pg_type(column: sa.Column[Any]) -> str:
    """The SQL type of a column, for casts."""
    return type_text(column.type)


def type_text(type_: Any) -> str:
    """A type for casts: without its collation, which is the column's own affair."""
    return str(TYPES.process(type_)).partition(" COLLATE ")[0]


@dataclass(frozen=True)
class Row:
    """One row source of a statement under its alias; `renames` when an embedded object looks at it.

    `foreign` says that the row may belong to another tenant, so that its relations must follow its own
    tenant and not the caller's.
    """

    alias: str
    rows: Rows | None
    renames: Mapping[str, str] = field(default_factory=dict)
    foreign: bool = False

    @property
    def source(self) -> Rows:
        """Where the row stands."""
        if self.rows is None:
            message = "there is no row here"
            raise LookupError(message)
        return self.rows

    def column(self, name: str) -> sa.Column[Any]:
        """The column behind a name."""
        found: Any = table_of(self.source).c[self.renames.get(name, name)]
        column: sa.Column[Any] = found
        return column

    def sql(self, name: str) -> str:
        """`alias.column`."""
        return f"{self.alias}.{quote(self.column(name).name)}"

    def under(self, alias: str) -> "Row":
        """The same columns under another alias."""
        return Row(alias, self.rows, self.renames, self.foreign)

    def renamed(self, renames: Mapping[str, str]) -> "Row":
        """The same row as an embedded object sees it."""
        through = {new: self.renames.get(old, old) for new, old in renames.items()}
        return Row(self.alias, self.rows, {**self.renames, **through}, self.foreign)


def from_clause(row: Row) -> str:
    """`table alias`, as it stands behind FROM."""
    return f"{_source_text(table_of(row.source))} {row.alias}"


@lru_cache(maxsize=1024)
def _source_text(table: sa.Table | sa.Subquery) -> str:
    if isinstance(table, sa.Subquery):
        return f"({table.element.compile(dialect=_DIALECT, compile_kwargs={'literal_binds': True})})"
    return PREPARER.format_table(table)


class View:
    """A row in a SQLAlchemy expression: columns as attributes (`row.number`) or under `row.c`."""

    def __init__(self, source: sa.FromClause | None, renames: Mapping[str, str]) -> None:
        self._source, self._renames = source, renames

    def __getattr__(self, name: str) -> Any:
        if name == "c":
            return self
        if self._source is None:
            raise AttributeError(name)
        try:
            return self._source.c[self._renames.get(name, name)]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)
