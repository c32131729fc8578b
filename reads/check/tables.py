"""Small questions to the tables behind declarations."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLEnumType

from reads import indexes
from reads.row import table_of
from reads.specs import Rows

TENANT = "tenant_id"
"""The column of a row's owner; columns that tell a reader end like it."""

_FITTING = {
    "Int": (sa.Integer,),
    "Float": (sa.Numeric, sa.Float),
    "Boolean": (sa.Boolean,),
    "Date": (sa.Date,),
    "DateTime": (sa.DateTime,),
    "Decimal": (sa.Numeric,),
    "Percent": (sa.Numeric,),
    "UUID": (sa.Uuid,),
    "ID": (sa.Uuid, sa.String),
}


def alias(rows: Rows | None) -> sa.FromClause | None:
    """The rows under a name of their own, as an expression sees them."""
    return None if rows is None else table_of(rows).alias("row")


def missing(rows: Rows | None, names: Iterable[str]) -> Iterator[str]:
    """A sentence for each column that is not there."""
    known = () if rows is None else table_of(rows).c
    for name in names:
        if rows is None or name not in known:
            yield f"there is no column {name}"


def nullable(rows: Rows, name: str) -> bool:
    """Whether a column may be null."""
    return bool(table_of(rows).c[name].nullable)


def fits(type_: Any, column: Any) -> bool:
    """Whether a column's type can be shown as a GraphQL scalar or enumeration."""
    if isinstance(type_, GraphQLEnumType):
        return isinstance(column, sa.String)
    return isinstance(column, _FITTING.get(type_.name, (sa.String, sa.Uuid)))


def indexed(rows: Rows, names: Sequence[str]) -> bool:
    """Whether an index begins with these columns."""
    return indexes.served(table_of(rows), list(dict.fromkeys(names)))
