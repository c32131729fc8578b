"""Other rows: how a type's relations become sub-selects with every condition they need."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import FieldNode, GraphQLObjectType

from reads import permissions
from reads.arguments import Given
from reads.build import Build
from reads.catalogue import Field
from reads.objects import columns, shape
from reads.row import Row, from_clause, table_of
from reads.specs import Either, Expression, Link, Many, One, Rows

Group = Sequence[FieldNode]


def one(build: Build, _type: GraphQLObjectType, field: Field, group: Group, row: Row | None) -> str:
    """The object of the row that a link finds, or null."""
    return _linked(build, field.target, field.of(One).link, group, row, field)


def many(build: Build, _type: GraphQLObjectType, field: Field, group: Group, row: Row | None) -> str:
    """The list of objects of all rows that a link finds."""
    source = field.of(Many)
    child, where = joined(build, field.target, source.link, row, field, build.arguments(group[0], field))
    order = ordered(build, child, source.link.order_by, row)
    limit = "" if source.limit is None else f" limit {source.limit}"
    with build.times(min(source.size, source.limit or source.size)):
        made = shape(columns(build, field.target, group, child))
    return made.many(f" from {from_clause(child)} where {where}{order}{limit}")


def either(build: Build, _type: GraphQLObjectType, field: Field, group: Group, row: Row) -> str:
    """The object of the first link that finds a row the caller may see."""
    types = build.catalogue.graphql.type_map
    links = field.of(Either).links
    seen: Any = {types[name]: link for name, link in links.items() if permissions.may_see(build, types[name])}
    if not seen:
        return permissions.forbidden(build, permissions.of_rows(build, types[next(iter(links))]))
    found = [_linked(build, type_, link, group, row) for type_, link in seen.items()]
    return f"coalesce({', '.join(found)})"


def _linked(
    build: Build,
    type_: GraphQLObjectType,
    link: Link,
    group: Group,
    parent: Row | None,
    field: Field | None = None,
) -> str:
    given = {} if field is None else build.arguments(group[0], field)
    child, where = joined(build, type_, link, parent, field, given)
    order = ordered(build, child, link.order_by, parent)
    limit = f"{order} limit 1" if link.where is not None or link.order_by else ""
    made = shape(columns(build, type_, group, child))
    return made.one(f" from {from_clause(child)} where {where}{limit}")


def joined(
    build: Build,
    type_: Any,
    link: Link,
    parent: Row | None,
    field: Field | None = None,
    given: Mapping[str, Given] | None = None,
) -> tuple[Row, str]:
    """The child row of a link and all its conditions: tenant, key, the type's scope, the link's own."""
    crosses = link.cross_tenant is not None or (parent is not None and parent.foreign)
    child = build.row(build.catalogue.rows_of(type_), foreign=crosses)
    found = [*_tenancy(build, child, link, parent), *scope(build, child)]
    found += [f"{child.sql(c)} = {parent.sql(p)}" for c, p in link.on.items() if parent is not None]
    if link.where is not None:
        made = build.expression(link.where, [parent, child], field, given or {})
        found += [] if made is None else [f"({made})"]
    return child, " and ".join(found) or "true"


def _tenancy(build: Build, child: Row, link: Link, parent: Row | None) -> list[str]:
    """Whose rows the child's are: as the link says, else the parent's tenant's, else the caller's.

    Where the child's type is read by another column than its owner's, the caller's tenant stands there too.
    """
    readable = [] if _own(child.source) else caller_reads(build, child)
    if link.cross_tenant is not None and parent is not None:
        return [f"{child.sql(c)} = {parent.sql(p)}" for c, p in link.cross_tenant.items()] + readable
    if parent is None or not parent.foreign or "tenant_id" not in table_of(child.source).c:
        return caller_reads(build, child)
    return [f"{child.sql('tenant_id')} = {parent.sql('tenant_id')}", *readable]


def _own(rows: Rows) -> bool:
    return rows.tenant == ("tenant_id",)


def caller_reads(build: Build, child: Row) -> list[str]:
    """The condition that names the caller's tenant, by the columns that the type declares."""
    found = [f"{child.sql(name)} = {build.tenant}" for name in child.source.tenant]
    return [f"({' or '.join(found)})"] if len(found) > 1 else found


def scope(build: Build, row: Row) -> list[str]:
    """The condition under which a type shows its rows, wherever it appears."""
    made = None if row.source.scope is None else build.expression(row.source.scope, [row])
    return [] if made is None else [f"({made})"]


def ordered(build: Build, row: Row, order: Sequence[str | Expression], parent: Row | None) -> str:
    """ORDER BY, or nothing."""
    found = []
    for by in order:
        if isinstance(by, str):
            found.append(row.sql(by.removeprefix("-")) + (" desc" if by.startswith("-") else ""))
        else:
            found.append(build.expression(by, [parent, row], None, {}) or "1")
    return f" order by {', '.join(found)}" if found else ""
