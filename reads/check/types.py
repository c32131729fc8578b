"""Types and fields: what a declaration says of its columns, nullability, links and pages must be so."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLObjectType, get_named_type

from reads import indexes, permissions
from reads.catalogue import Catalogue, Field
from reads.check.expressions import Everything, Nothing, unguarded
from reads.check.filters import conditions, readable
from reads.check.links import link
from reads.check.tables import TENANT, alias, fits, missing, nullable
from reads.context import Context
from reads.expressions import Arguments
from reads.roots import key_column
from reads.row import View, table_of
from reads.specs import (
    ByKey,
    Column,
    Computed,
    Either,
    Embedded,
    Link,
    Many,
    NodeById,
    NodesByIds,
    One,
    Page,
    PythonField,
    Resolved,
    RowBy,
    Rows,
    Value,
)


@dataclass(frozen=True)
class Checked:
    """One object type while its fields are checked."""

    catalogue: Catalogue
    type_: GraphQLObjectType
    is_root: bool

    @property
    def rows(self) -> Rows | None:
        """Where the type stands."""
        return self.catalogue.rows(self.type_)

    def field(self, field: Field) -> Iterator[str]:
        """What is wrong with a field."""
        if not field.nullable and permissions.needed(self.catalogue, self.type_, field):
            yield "needs a permission, so it must be nullable"
        check = CHECKS.get(type(field.source))
        if check is None:
            yield f"is declared by something unknown: {field.source!r}"
        else:
            yield from check(self, field)

    def resolved(self, _field: Field) -> Iterator[str]:
        """Only root fields may be resolved by Python at large."""
        if not self.is_root:
            yield "has a resolver; only root fields may, use python() instead"

    def fine(self, _field: Field) -> Iterator[str]:
        """Nothing to check."""
        yield from ()

    # -- values

    def column(self, field: Field) -> Iterator[str]:
        """What is wrong with a `Column`."""
        source = field.of(Column)
        if self.rows is None:
            return
        name = source.of or field.python_name
        problems = list(missing(self.rows, [name]))
        yield from problems
        if problems:
            return
        column: Any = table_of(self.rows).c[name]
        if getattr(column, "nullable", False) and not field.nullable and not source.always:
            yield f"is not nullable, but the column {name} is"
        type_ = column.type.item_type if isinstance(column.type, sa.ARRAY) else column.type
        if field.is_list != isinstance(column.type, sa.ARRAY):
            yield f"is a list, or the column {name} is, but not both"
        if not fits(field.target, type_):
            yield f"is {field.target.name}, which the column {name} ({type_}) is not"

    def computed(self, field: Field) -> Iterator[str]:
        """What is wrong with a `Computed`."""
        source = field.of(Computed)
        if self.rows is None and not self.is_root:
            return  # read through a row of the object that embeds it
        given = {name: field.sa_type(name) for name in source.args} if source.args else None
        extras = [] if given is None else [Arguments(given)]
        own = alias(self.rows)
        for facts in (Everything(), Nothing()):
            made = source.expression(View(own, {}), Context(facts), *extras)
            yield from unguarded(made, own)

    def embedded(self, field: Field) -> Iterator[str]:
        """What is wrong with a `Embedded`."""
        source = field.of(Embedded)
        if self.rows is None:
            return
        yield from missing(self.rows, source.renames.values())
        if source.null_when is None:
            return
        yield from missing(self.rows, [source.null_when])
        if not field.nullable:
            yield "can be null (null_when), so it must be nullable"

    # -- other rows

    def one(self, field: Field) -> Iterator[str]:
        """What is wrong with a `One`."""
        source = field.of(One)
        yield from self._link(source.link, field.target)
        target = self.catalogue.rows(field.target)
        if field.nullable or target is None:
            return
        if target.scope is not None and (self.rows is None or self.rows.scope is not target.scope):
            yield "may be out of the caller's scope, so it must be nullable"
        elif (
            not source.always
            and self.rows is not None
            and any(nullable(self.rows, name) for name in source.link.on.values())
        ):
            yield "hangs on a nullable column, so it must be nullable"

    def page(self, field: Field) -> Iterator[str]:
        """What is wrong with a `Page`."""
        source = field.of(Page)
        node = self.catalogue.node_type(field.target)
        if source.link is not None:
            yield from self._link(source.link, node)
        rows = self.catalogue.rows(node)
        if rows is None:
            yield "leads to a type without rows"
            return
        yield from missing(rows, ["id"])
        keys = [name.removeprefix("-") for name in source.default_order]
        ordered = [] if source.order is None else list(source.order.keys.values())
        for name in [*keys[:1], *(key.of for key in ordered)]:
            yield from self._sorted(rows, source, name)
        for key in ordered:
            yield from readable(self.catalogue, node, key.of, key.permission, "order")
        if source.filter is not None:
            yield from conditions(self.catalogue, node, get_named_type(field.args["filter"].type), set())

    def many(self, field: Field) -> Iterator[str]:
        """What is wrong with a `Many`."""
        yield from self._link(field.of(Many).link, field.target)

    def either(self, field: Field) -> Iterator[str]:
        """What is wrong with an `Either`."""
        for name, found in field.of(Either).links.items():
            yield from self._link(found, self.catalogue.graphql.type_map.get(name))

    def python(self, field: Field) -> Iterator[str]:
        """What is wrong with a `PythonField`."""
        yield from missing(self.rows, field.of(PythonField).requires)

    def _link(self, found: Link, target: Any) -> Iterator[str]:
        return link(self.catalogue, self.rows, found, target)

    def _sorted(self, rows: Rows, source: Page, name: str) -> Iterator[str]:
        problems = list(missing(rows, [name]))
        yield from problems
        if problems or (source.link is not None and source.link.on):
            return
        names = rows.tenant if source.branches is None else [b for b in source.branches if isinstance(b, str)]
        for tenant in names:
            if not indexes.served(table_of(rows), [tenant], [name]):
                yield f"is ordered by {name}, which no index on ({tenant}, {name}) serves"

    def row_by(self, field: Field) -> Iterator[str]:
        """What is wrong with a `RowBy`."""
        source = field.of(RowBy)
        rows = self.catalogue.rows(field.target)
        if rows is None:
            yield "leads to a type without rows"
            return
        if not field.nullable:
            yield "may find nothing, so it must be nullable"
        names: list[list[str]] = [list(source.columns)]
        if source.one_of is not None:
            keys: Any = get_named_type(field.args["by"].type)
            names = [[key_column(self.catalogue, keys, name)[0]] for name in keys.fields]
        for columns in names:
            problems = list(missing(rows, columns))
            yield from problems
            if not problems and not indexes.unique(table_of(rows), [TENANT, *rows.tenant, *columns]):
                yield f"({', '.join(columns)}) is not unique within a tenant"


Check = Callable[[Checked, Field], Iterator[str]]

CHECKS: Mapping[type, Check] = {
    type(None): Checked.resolved,
    Resolved: Checked.resolved,
    Column: Checked.column,
    Computed: Checked.computed,
    Embedded: Checked.embedded,
    One: Checked.one,
    Many: Checked.many,
    Either: Checked.either,
    PythonField: Checked.python,
    Page: Checked.page,
    RowBy: Checked.row_by,
    NodeById: Checked.fine,
    NodesByIds: Checked.fine,
    ByKey: Checked.fine,
    Value: Checked.fine,
}
"""Which kind of source is checked how."""
