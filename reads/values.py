"""Values that a row itself has: its columns, expressions over it, objects made of it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from graphql import FieldNode, GraphQLObjectType

from reads import scalars
from reads.build import Build
from reads.catalogue import Field
from reads.objects import columns, shape
from reads.row import Row
from reads.specs import Column, Computed, Embedded, PythonField

Group = Sequence[FieldNode]


def column(build: Build, type_: GraphQLObjectType, field: Field, _group: Group, row: Row) -> str:
    """A column in its scalar's form."""
    source = field.of(Column)
    name = source.of or field.python_name
    rows = build.catalogue.rows(type_)
    prefix = source.prefix or (rows.prefix if rows is not None and field.name == "id" else None)
    return _form(field, row.sql(name), row.column(name).type, prefix)


def computed(build: Build, _type: GraphQLObjectType, field: Field, group: Group, row: Row | None) -> str:
    """An expression over the row in its scalar's form."""
    source = field.of(Computed)
    given = build.arguments(group[0], field) if source.args else None
    sql = build.expression(source.expression, [row], field, given)
    return _form(field, f"({sql or 'null'})", sa.types.NullType(), source.prefix)


def embedded(build: Build, _type: GraphQLObjectType, field: Field, group: Group, row: Row | None) -> str:
    """An object that reads the same row."""
    source = field.of(Embedded)
    inner = None if row is None else row.renamed(source.renames)
    sql = shape(columns(build, field.target, group, inner)).one("")
    if source.null_when is None or row is None:
        return sql
    return f"case when {row.sql(source.null_when)} is not null then {sql} end"


def python(build: Build, _type: GraphQLObjectType, field: Field, _group: Group, row: Row) -> str:
    """A marker with the columns that the function wants; the answer is completed after the statement."""
    source = field.of(PythonField)
    wanted = ", ".join(f"{scalars.literal(name)}, {row.sql(name)}" for name in source.requires)
    number = build.function(source.function)
    return f"json_build_object('', json_build_array('', {number}, json_build_object({wanted})))"


def _form(field: Field, expression: str, type_: Any, prefix: str | None) -> str:
    """The scalar's one form, of a value or of each element of an array."""
    if not field.is_list:
        return scalars.sql_form(field.target, expression, prefix, plain=_plain(field, type_))
    if not scalars.needs_form(field.target, prefix):
        return expression
    element = scalars.sql_form(field.target, "e.v", prefix)
    return (
        f"case when {expression} is not null then (select coalesce(json_agg({element} order by e.i), '[]'::json)"
        f" from unnest({expression}) with ordinality e (v, i)) end"
    )


def _plain(field: Field, type_: Any) -> bool:
    """Whether the JSON of an SQL value is right as it is: texts that are no text in SQL are cast."""
    if field.target.name in ("Int", "Float", "Boolean", "Date", "UUID", "JSON"):
        return True
    return isinstance(type_, sa.String | sa.types.NullType)
