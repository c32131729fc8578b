"""The start-up check of a schema's declarations against its tables: what could only fail later is refused now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLEnumType, GraphQLObjectType, get_named_type, is_introspection_type
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression, ColumnClause

from reads import indexes, permissions
from reads.catalogue import NODE, OWN, Catalogue, Field
from reads.context import Context, Facts
from reads.expressions import Arguments
from reads.filters import is_operator, python_name
from reads.roots import key_column
from reads.row import View, table_of
from reads.specs import (
    ByKey,
    Column,
    Computed,
    Either,
    Embedded,
    FilterColumn,
    FilterRelated,
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

TENANT = "tenant_id"

_FITTING: Mapping[str, tuple[type, ...]] = {
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


class BadDeclarations(Exception):
    """The schema's declarations do not fit its tables; every problem is listed."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def check(catalogue: Catalogue) -> None:
    """Refuse a schema whose declarations cannot hold.

    Raises:
        BadDeclarations: with a sentence for each problem.
    """
    problems = list(_problems(catalogue))
    if problems:
        raise BadDeclarations(problems)


def _problems(catalogue: Catalogue) -> Iterator[str]:
    yield from _prefixes(catalogue)
    root = catalogue.graphql.query_type
    for type_ in catalogue.graphql.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or is_introspection_type(type_) or _written(catalogue, type_):
            continue
        checked = _Checked(catalogue, type_, is_root=type_ is root)
        for field in catalogue.fields(type_).values():
            for problem in checked.field(field):
                yield f"{type_.name}.{field.name}: {problem}"


def _written(catalogue: Catalogue, type_: GraphQLObjectType) -> bool:
    """Types that are not read row by row: the other roots, and the parts of connections."""
    if type_ in {catalogue.graphql.mutation_type, catalogue.graphql.subscription_type}:
        return True
    return type_.name == "PageInfo" or type_.name.endswith(("Connection", "Edge"))


def _prefixes(catalogue: Catalogue) -> Iterator[str]:
    node = catalogue.graphql.type_map.get(NODE)
    used: dict[str, str] = {}
    for type_ in catalogue.concrete(node) if node is not None else ():
        rows = catalogue.rows(type_)
        if rows is None or rows.prefix is None:
            yield f"{type_.name}: a Node needs rows with a prefix"
        elif used.setdefault(rows.prefix, type_.name) != type_.name:
            yield f"{type_.name}: the prefix {rows.prefix} is {used[rows.prefix]}'s"
        elif not all(indexes.served(table_of(rows), [tenant, "id"]) for tenant in rows.tenant):
            yield f"{type_.name}: no index on ({', '.join(rows.tenant)}, id) finds it by its id"


@dataclass(frozen=True)
class _Checked:
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
        match field.source:
            case None | Resolved():
                if not self.is_root:
                    yield "has a resolver; only root fields may, use python() instead"
            case Column() as source:
                yield from self._column(field, source)
            case Computed() as source:
                yield from self._computed(field, source)
            case Embedded() as source:
                yield from self._embedded(field, source)
            case One() as source:
                yield from self._one(field, source)
            case Many() as source:
                yield from self._link(source.link, field.target)
            case Either() as source:
                for name, link in source.links.items():
                    yield from self._link(link, self.catalogue.graphql.type_map.get(name))
            case PythonField() as source:
                yield from _missing(self.rows, source.requires)
            case Page() as source:
                yield from self._page(field, source)
            case RowBy() as source:
                yield from self._row_by(field, source)
            case NodeById() | NodesByIds() | ByKey() | Value():
                return
            case other:
                yield f"is declared by something unknown: {other!r}"

    # -- values

    def _column(self, field: Field, source: Column) -> Iterator[str]:
        if self.rows is None:
            return
        name = source.of or field.python_name
        problems = list(_missing(self.rows, [name]))
        yield from problems
        if problems:
            return
        column: Any = table_of(self.rows).c[name]
        if getattr(column, "nullable", False) and not field.nullable:
            yield f"is not nullable, but the column {name} is"
        type_ = column.type.item_type if isinstance(column.type, sa.ARRAY) else column.type
        if field.is_list != isinstance(column.type, sa.ARRAY):
            yield f"is a list, or the column {name} is, but not both"
        if not _fits(field.target, type_):
            yield f"is {field.target.name}, which the column {name} ({type_}) is not"

    def _computed(self, field: Field, source: Computed) -> Iterator[str]:
        if self.rows is None and not self.is_root:
            return  # read through a row of the object that embeds it
        given = {name: field.sa_type(name) for name in source.args} if source.args else None
        extras = [] if given is None else [Arguments(given)]
        own = _alias(self.rows)
        for facts in (_Everything(), _Nothing()):
            made = source.expression(View(own, {}), Context(facts), *extras)
            yield from unguarded(made, own)

    def _embedded(self, field: Field, source: Embedded) -> Iterator[str]:
        if self.rows is None:
            return
        yield from _missing(self.rows, source.renames.values())
        if source.null_when is None:
            return
        yield from _missing(self.rows, [source.null_when])
        if not field.nullable:
            yield "can be null (null_when), so it must be nullable"

    # -- other rows

    def _one(self, field: Field, source: One) -> Iterator[str]:
        yield from self._link(source.link, field.target)
        target = self.catalogue.rows(field.target)
        if field.nullable or target is None:
            return
        if target.scope is not None and (self.rows is None or self.rows.scope is not target.scope):
            yield "may be out of the caller's scope, so it must be nullable"
        elif self.rows is not None and any(_nullable(self.rows, name) for name in source.link.on.values()):
            yield "hangs on a nullable column, so it must be nullable"

    def _link(self, link: Link, target: Any) -> Iterator[str]:
        rows = None if target is None else self.catalogue.rows(target)
        if rows is None:
            yield "leads to a type without rows"
            return
        problems = [*_missing(rows, link.on), *_missing(self.rows, link.on.values())]
        crossed = link.cross_tenant or {}
        problems += [*_missing(rows, crossed), *_missing(self.rows, crossed.values())]
        yield from problems
        if link.on and not problems:
            tenants = [*crossed] or ([TENANT] if TENANT in table_of(rows).c else [])
            if not _any_index(rows, [*tenants, *link.on]) and not _any_index(rows, [*rows.tenant, *link.on]):
                yield f"no index of {table_of(rows).name} begins with ({', '.join([*tenants, *link.on])})"

    def _page(self, field: Field, source: Page) -> Iterator[str]:
        node = self.catalogue.node_type(field.target)
        if source.link is not None:
            yield from self._link(source.link, node)
        rows = self.catalogue.rows(node)
        if rows is None:
            yield "leads to a type without rows"
            return
        yield from _missing(rows, ["id"])
        keys = [name.removeprefix("-") for name in source.default_order]
        ordered = [] if source.order is None else list(source.order.keys.values())
        for name in [*keys[:1], *(key.of for key in ordered)]:
            yield from self._sorted(rows, source, name)
        for key in ordered:
            yield from _readable(self.catalogue, node, key.of, key.permission, "order")
        if source.filter is not None:
            yield from _filter(self.catalogue, node, get_named_type(field.args["filter"].type), set())

    def _sorted(self, rows: Rows, source: Page, name: str) -> Iterator[str]:
        problems = list(_missing(rows, [name]))
        yield from problems
        if problems or (source.link is not None and source.link.on):
            return
        names = rows.tenant if source.branches is None else [b for b in source.branches if isinstance(b, str)]
        for tenant in names:
            if not indexes.served(table_of(rows), [tenant], [name]):
                yield f"is ordered by {name}, which no index on ({tenant}, {name}) serves"

    def _row_by(self, field: Field, source: RowBy) -> Iterator[str]:
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
            problems = list(_missing(rows, columns))
            yield from problems
            if not problems and not indexes.unique(table_of(rows), [TENANT, *rows.tenant, *columns]):
                yield f"({', '.join(columns)}) is not unique within a tenant"


# -- filters


def _filter(catalogue: Catalogue, node: Any, type_: Any, seen: set[tuple[str, str]]) -> Iterator[str]:
    if (node.name, type_.name) in seen:
        return
    seen.add((node.name, type_.name))
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
                yield from _labelled(type_, name, _Checked(catalogue, node, is_root=False)._link(spec.link, target))  # noqa: SLF001
                if spec.of is not None:
                    related = catalogue.rows_of(target)
                    found = _filtered(catalogue, target, related, spec.of, inner, spec.permission, [*spec.link.on])
                    yield from _labelled(type_, name, found)
                else:
                    yield from _filter(catalogue, target, inner, seen)
            case _:
                if name not in {"and", "or", "not"}:
                    yield f"{type_.name}.{name}: is not declared (filter_column, filter_related, filter_where)"


def _labelled(type_: Any, name: str, problems: Iterable[str]) -> Iterator[str]:
    for problem in problems:
        yield f"{type_.name}.{name}: {problem}"


def _filtered(
    catalogue: Catalogue, node: Any, rows: Rows, column: str, inner: Any, permission: Any, joined: Sequence[str] = ()
) -> Iterator[str]:
    problems = list(_missing(rows, [column]))
    yield from problems
    if problems:
        return
    if not is_operator(inner):
        yield "must be one of the operator inputs"
    tenants = rows.tenant or OWN
    if not joined and not any(indexes.served(table_of(rows), [tenant], [column]) for tenant in tenants):
        yield f"filters by {column}, which no index on ({', '.join(tenants)}, {column}) serves"
    yield from _readable(catalogue, node, column, permission, "filter")


def _readable(catalogue: Catalogue, node: Any, column: str, permission: Any, what: str) -> Iterator[str]:
    """A column that a field shows under a permission may be filtered and sorted by only under the same."""
    for field in catalogue.fields(node).values():
        source = field.source
        shown = isinstance(source, Column) and (source.of or field.python_name) == column
        if shown and source is not None and source.permission not in {None, permission}:
            yield f"would let {what} by {column} tell what {field.name} needs {source.permission} for"


# -- expressions


class _Everything(Facts):
    """Facts about somebody who may do everything."""

    def __init__(self) -> None:
        self.asked = {}

    def ask(self, name: str) -> Any:
        """The widest answer."""
        return WIDEST if name else ""


class _Nothing(_Everything):
    """Facts about somebody who may do nothing."""

    def ask(self, name: str) -> Any:
        """The narrowest answer."""
        return None if name else ""


WIDEST = 4


def unguarded(made: Any, own: Any = None) -> Iterator[str]:
    """The tables of an expression's sub-selects that no condition binds to a tenant; `own` is the row itself."""
    if made is None or not hasattr(made, "get_children"):
        return
    for part in visitors.iterate(made):
        if isinstance(part, sa.Select):
            for source in part.get_final_froms():
                if source is not own:
                    yield from _unbound(part, source)


def _condition(rows: Rows, spec: FilterColumn) -> Iterator[str]:
    own = _alias(rows)
    made = None if spec.expression is None else spec.expression(View(own, {}), Context(_Everything()), sa.true())
    yield from unguarded(made, own)


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


# -- small questions


def _alias(rows: Rows | None) -> sa.FromClause | None:
    return None if rows is None else table_of(rows).alias("row")


def _missing(rows: Rows | None, names: Iterable[str]) -> Iterator[str]:
    known = () if rows is None else table_of(rows).c
    for name in names:
        if rows is None or name not in known:
            yield f"there is no column {name}"


def _nullable(rows: Rows, name: str) -> bool:
    return bool(table_of(rows).c[name].nullable)


def _fits(type_: Any, column: Any) -> bool:
    if isinstance(type_, GraphQLEnumType):
        return isinstance(column, sa.String)
    wanted = _FITTING.get(type_.name, (sa.String, sa.Uuid))
    return isinstance(column, wanted)


def _any_index(rows: Rows, names: Sequence[str]) -> bool:
    """Whether some index begins with these columns, or with some of them that say most."""
    return indexes.served(table_of(rows), list(dict.fromkeys(names)))
