"""Filters: what they name exists, is indexed, and tells nothing that its reader may not see."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from graphql import get_named_type

from reads import indexes
from reads.catalogue import OWN, Catalogue
from reads.check.expressions import Everything, unguarded
from reads.check.links import link
from reads.check.tables import alias, missing
from reads.context import Context
from reads.filters import is_operator, python_name
from reads.row import View, table_of
from reads.specs import Column, FilterColumn, FilterRelated, Rows


def conditions(catalogue: Catalogue, node: Any, type_: Any, seen: set[tuple[str, str]]) -> Iterator[str]:
    """What is wrong with a filter input over the rows of a type, and those inside it."""
    if (str(node), type_.name) in seen:
        return
    seen.add((str(node), type_.name))
    rows = catalogue.rows_of(node)
    for name, spec in catalogue.inputs(type_).items():
        inner: Any = get_named_type(type_.fields[name].type)
        match spec:
            case FilterColumn(expression=None):
                column = spec.of or python_name(type_, name)
                yield from _labelled(type_, name, _filtered(catalogue, node, rows, column, inner, spec.permission))
            case FilterColumn():
                yield from _labelled(type_, name, _condition(rows, spec))
            case FilterRelated():
                target = catalogue.type_of(spec.rows)
                yield from _labelled(type_, name, link(catalogue, catalogue.rows_of(node), spec.link, target))
                if spec.of is not None:
                    related = catalogue.rows_of(target)
                    found = _filtered(catalogue, target, related, spec.of, inner, spec.permission, [*spec.link.on])
                    yield from _labelled(type_, name, found)
                else:
                    yield from conditions(catalogue, target, inner, seen)
            case _:
                if name not in {"and", "or", "not"}:
                    yield f"{type_.name}.{name}: is not declared (filter_column, filter_related, filter_where)"


def _labelled(type_: Any, name: str, problems: Iterable[str]) -> Iterator[str]:
    for problem in problems:
        yield f"{type_.name}.{name}: {problem}"


def _filtered(
    catalogue: Catalogue, node: Any, rows: Rows, column: str, inner: Any, permission: Any, joined: Sequence[str] = ()
) -> Iterator[str]:
    problems = list(missing(rows, [column]))
    yield from problems
    if problems:
        return
    if not is_operator(inner):
        yield "must be one of the operator inputs"
    tenants = rows.tenant or OWN
    if not joined and not any(indexes.served(table_of(rows), [tenant], [column]) for tenant in tenants):
        yield f"filters by {column}, which no index on ({', '.join(tenants)}, {column}) serves"
    yield from readable(catalogue, node, column, permission, "filter")


def readable(catalogue: Catalogue, node: Any, column: str, permission: Any, what: str) -> Iterator[str]:
    """A column that a field shows under a permission may be filtered and sorted by only under the same."""
    for field in catalogue.fields(node).values():
        source = field.source
        shown = isinstance(source, Column) and (source.of or field.python_name) == column
        if shown and source is not None and source.permission not in {None, permission}:
            yield f"would let {what} by {column} tell what {field.name} needs {source.permission} for"


def _condition(rows: Rows, spec: FilterColumn) -> Iterator[str]:
    own = alias(rows)
    made = None if spec.expression is None else spec.expression(View(own, {}), Context(Everything()), sa.true())
    yield from unguarded(made, own)
