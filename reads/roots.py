"""Root fields that find single rows: by unique columns, by global id, by several ids."""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import FieldNode, GraphQLObjectType, get_named_type

from reads import links, permissions, scalars
from reads.arguments import Given
from reads.build import Build
from reads.catalogue import Catalogue, Field
from reads.errors import BAD_INPUT, FieldRefused
from reads.filters import python_name
from reads.ids import split, uuid_of
from reads.objects import columns, shape
from reads.row import Row, from_clause, pg_type
from reads.specs import FilterColumn, NodesByIds, RowBy

Group = Sequence[FieldNode]

COUNTED = 25
"""How many objects the cost counts for `nodes` when their number is not known yet."""


def row_by(build: Build, _type: GraphQLObjectType, field: Field, group: Group, parent: Row | None) -> str:
    """The row with these values, or null."""
    source = field.of(RowBy)
    given = build.arguments(group[0], field)
    child = build.row(build.catalogue.rows_of(field.target))
    where = [*links.caller_reads(build, child), *links.scope(build, child)]
    for name, normal, value in _keys(build, source, field, given):
        convert = uuid_of(child.source.prefix) if name == "id" else normal
        where.append(f"{child.sql(name)} = {build.given(value, pg_type(child.column(name)), convert)}")
    if source.where is not None:
        made = build.expression(source.where, [parent, child], None, {})
        where += [] if made is None else [f"({made})"]
    made_of = shape(columns(build, field.target, group, child))
    return made_of.one(f" from {from_clause(child)} where {' and '.join(where)}")


def _keys(
    build: Build, source: RowBy, field: Field, given: dict[str, Given]
) -> list[tuple[str, Callable[[Any], Any], Given]]:
    """The columns asked for, how their values are prepared, and what was given."""
    if source.one_of is None:
        return [(name, _same, given[name]) for name in source.columns]
    type_: Any = get_named_type(field.args["by"].type)
    return [(*key_column(build.catalogue, type_, name), part) for name, part in given["by"].fields()]


def key_column(catalogue: Catalogue, type_: Any, name: str) -> tuple[str, Callable[[Any], Any]]:
    """The column behind a field of a `one_of` input: of its own name, or as a `filter_column` says."""
    declared = catalogue.inputs(type_).get(name)
    if isinstance(declared, FilterColumn):
        return declared.of or python_name(type_, name), declared.normal or _same
    return python_name(type_, name), _same


def _same(value: Any) -> Any:
    return value


def node(build: Build, _type: GraphQLObjectType, field: Field, group: Group, _parent: Row | None) -> str:
    """Anything by its id: the prefix says which sub-select is run."""
    given = build.arguments(group[0], field)["id"]
    get = given.get
    prefix = build.bind(("prefix", build.path), lambda _c, values, _r: split(get(values))[0], "text")
    path = build.path

    def found() -> str:
        return build.bind(("uuid", path), lambda _c, values, _r: split(get(values))[1], "uuid")

    return _by_prefix(build, group, prefix, found)


def nodes(build: Build, _type: GraphQLObjectType, field: Field, group: Group, _parent: Row | None) -> str:
    """Several things by their ids, in the ids' order."""
    given = build.arguments(group[0], field)["ids"]
    get, most, path = given.get, field.of(NodesByIds).most, build.path

    def part(index: int) -> Any:
        def getter(_caller: Any, values: Any, _result: Any) -> str:
            ids = get(values)
            if len(ids) > most:
                message = f"At most {most} ids at once, not {len(ids)}."
                raise FieldRefused(BAD_INPUT, message, path)
            return scalars.array_text([split(value)[index] for value in ids])

        return getter

    prefixes = build.bind(("prefixes", path), part(0), "text[]")
    ids = build.bind(("uuids", path), part(1), "uuid[]")
    with build.times(COUNTED):
        each = _by_prefix(build, group, "u.p", lambda: "u.i")
    return (
        f"(select coalesce(json_agg({each} order by u.o), '[]'::json)"
        f" from unnest({prefixes}, {ids}) with ordinality u (p, i, o))"
    )


def _by_prefix(build: Build, group: Group, prefix: str, found: Callable[[], str]) -> str:
    """CASE on the prefix: one statement for all types, of which only the right part is run."""
    cases = []
    for name, type_ in build.catalogue.by_prefix.items():
        cases.append(f"when {scalars.literal(name)} then {_of_type(build, type_, group, found)}")
    return f"case {prefix} {' '.join(cases)} end" if cases else "null::json"


def _of_type(build: Build, type_: GraphQLObjectType, group: Group, found: Callable[[], str]) -> str:
    if not permissions.may_see(build, type_):
        return permissions.forbidden(build, permissions.of_rows(build, type_))
    child = build.row(build.catalogue.rows_of(type_))
    where = [*links.caller_reads(build, child), *links.scope(build, child), f"{child.sql('id')} = {found()}"]
    made = shape(columns(build, type_, group, child))
    return made.one(f" from {from_clause(child)} where {' and '.join(where)}")
