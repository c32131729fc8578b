"""Payloads of mutations: rows that an operation's result names, and plain values of it, in one statement.

The result is a uuid (it counts as `id`), a mapping, or an object with attributes.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from graphql import FieldNode, GraphQLObjectType

from reads import links, scalars
from reads.arguments import Values
from reads.build import Build
from reads.catalogue import Field
from reads.objects import columns, shape
from reads.row import Row, from_clause
from reads.specs import ByKey, Value

Group = Sequence[FieldNode]


def by_key(build: Build, _type: GraphQLObjectType, field: Field, group: Group, _row: Row | None) -> str:
    """The row, or for a list the rows, whose id stands in the result; its scope is not asked again."""
    name = field.of(ByKey).key
    child = build.row(build.catalogue.rows_of(field.target), foreign=True)
    where = links.caller_reads(build, child)
    if field.is_list:
        ids = build.bind(("result", name), lambda _c, _v, result: scalars.array_text(of(result, name)), "uuid[]")
        conditions = " and ".join([*where, f"{child.sql('id')} = any({ids})"])
        order = f"array_position({ids}, {child.sql('id')})"
        made = shape(columns(build, field.target, group, child))
        return made.many(f" from {from_clause(child)} where {conditions} order by {order}")
    id_ = build.bind(("result", name), lambda _c, _v, result: scalars.to_text(of(result, name)), "uuid")
    conditions = " and ".join([*where, f"{child.sql('id')} = {id_}"])
    made = shape(columns(build, field.target, group, child))
    return made.one(f" from {from_clause(child)} where {conditions}")


def value(build: Build, _type: GraphQLObjectType, field: Field, group: Group, _row: Row | None) -> str:
    """A plain value of the result, or a list of them; an object of values where the type has fields."""
    name, target = field.of(Value).key, field.target
    if hasattr(target, "fields"):
        return _written(build, field, group)
    bound = scalars.bound_type(target.name)
    if field.is_list:
        found = build.bind(("value", name), lambda _c, _v, result: _array(of(result, name)), f"{bound}[]")
        element = scalars.sql_form(target, "e.v", field.of(Value).prefix)
        elements = f"select coalesce(json_agg({element} order by e.i), '[]'::json) from unnest({found})"
        return f"case when {found} is not null then ({elements} with ordinality e (v, i)) end"
    found = build.bind(("value", name), lambda _c, _v, result: scalars.to_text(of(result, name)), bound)
    return scalars.sql_form(target, found, field.of(Value).prefix)


def _written(build: Build, field: Field, group: Group) -> str:
    """Objects of plain values: Python writes them, for there are no rows to read."""
    name, target = field.of(Value).key, field.target
    groups = build.selection.of(target, group)
    fields = build.catalogue.fields(target)
    named = {key: fields.get(nodes[0].name.value) for key, nodes in groups.items()}

    def write(_caller: Any, _values: Values, result: Any) -> str | None:
        content = of(result, name)
        if content is None:
            return None
        many = content if field.is_list else [content]
        made = [{key: _plain(each, target.name, one) for key, one in named.items()} for each in many]
        return scalars.json_text(made if field.is_list else made[0])

    return build.bind(("written", build.path), write, "json")


def _plain(of_: Any, type_name: str, field: Field | None) -> Any:
    if field is None:
        return type_name
    return scalars.plain(of(of_, field.of(Value).key))


def _array(content: Any) -> str | None:
    return None if content is None else scalars.array_text(content)


def of(result: Any, key: str) -> Any:
    """What the result holds under a key."""
    if isinstance(result, Mapping):
        return result[key]
    if key == "id" and isinstance(result, UUID | list | tuple):
        return result
    return getattr(result, key)
