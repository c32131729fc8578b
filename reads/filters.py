"""Filters: an input object becomes a condition, operator by operator, over rows and related rows."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLInputObjectType, get_named_type

from reads import links, scalars
from reads.arguments import Given
from reads.build import Build
from reads.errors import BAD_INPUT, FORBIDDEN, FieldRefused
from reads.ids import uuid_of
from reads.row import Row, from_clause, pg_type
from reads.specs import FilterColumn, FilterRelated
from tenancy.permissions import Permission

MOST = 250
"""How many elements a list in a filter may have."""

Convert = Callable[[Any], Any]


def condition(build: Build, type_: Any, given: Given, row: Row) -> list[str]:
    """The conditions of a filter input over a row; fields given as null say nothing."""
    declared = build.catalogue.inputs(type_)
    found: list[str] = []
    for name, part in given.fields():
        if part.sample is None:
            continue
        inner: Any = get_named_type(type_.fields[name].type)
        match declared[name]:
            case FilterColumn() as spec:
                allowed(build, spec.permission)
                found += _column(build, spec, type_, name, part, row)
            case FilterRelated() as spec:
                found += _related(build, spec, inner, part, row)
            case _:
                found += _combined(build, type_, name, part, row)
    return found


def allowed(build: Build, permission: Permission | None) -> None:
    """What a caller may not see, it can neither filter nor sort by: the answer would tell it."""
    if permission is not None and build.facts.scope(permission) is None:
        message = f"This filter or order needs the permission {permission}."
        raise FieldRefused(FORBIDDEN, message, build.path)


def _combined(build: Build, type_: Any, name: str, part: Given, row: Row) -> list[str]:
    if name == "not":
        return [f"{_all(condition(build, type_, part, row))} is not true"]
    branches = [_all(condition(build, type_, item, row)) for item in part.items()]
    if name == "or":
        return [f"({' or '.join(branches) or 'false'})"]
    return branches


def _all(conditions: list[str]) -> str:
    return f"({' and '.join(conditions) or 'true'})"


def _column(build: Build, spec: FilterColumn, type_: Any, name: str, part: Given, row: Row) -> list[str]:
    if spec.expression is not None:
        graphql = type_.fields[name].type
        template = build.catalogue.templates.of(spec.expression, [row], build.facts, value=scalars.sa_type(graphql))
        return [] if template is None else [f"({template.render([row], build.fill({'value': part}))})"]
    column = spec.of or python_name(type_, name)
    prefix = spec.prefix or (row.source.prefix if column == "id" else None)
    return operators(build, part, row, column, _converter(spec.normal, get_named_type(type_.fields[name].type), prefix))


def python_name(type_: Any, name: str) -> str:
    """The Python name of an input's field."""
    return str(type_.fields[name].extensions["strawberry-definition"].python_name)


def _converter(normal: Callable[[str], str] | None, operator: Any, prefix: str | None) -> Convert:
    if operator.name == "IdFilter":
        return uuid_of(prefix)
    if normal is None:
        return lambda value: value
    return lambda value: [normal(v) for v in value] if isinstance(value, list) else normal(value)


def _related(build: Build, spec: FilterRelated, inner: Any, part: Given, row: Row) -> list[str]:
    target = build.catalogue.type_of(spec.rows)
    allowed(build, spec.permission)
    allowed(build, build.catalogue.rows_of(target).permission)
    child, where = links.joined(build, target, spec.link, row)
    if spec.of is not None:
        found = operators(build, part, child, spec.of, _converter(spec.normal, inner, spec.prefix))
    else:
        found = condition(build, inner, part, child)
    return [f"exists (select from {from_clause(child)} where {' and '.join((where, *found))})"]


def operators(build: Build, part: Given, row: Row, column: str, convert: Convert) -> list[str]:
    """The conditions of an operator input on a column."""
    found = []
    left, type_ = row.sql(column), pg_type(row.column(column))
    for name, given in part.fields():
        if given.sample is not None:
            found.append(OPERATORS[name](build, left, type_, given, convert))
    return found


def _compare(operator: str) -> Callable[..., str]:
    def made(build: Build, left: str, type_: str, given: Given, convert: Convert) -> str:
        return f"{left} {operator} {build.given(given, type_, convert)}"

    return made


def _in(build: Build, left: str, type_: str, given: Given, convert: Convert) -> str:
    path = build.path

    def checked(value: Any) -> Any:
        if len(value) > MOST:
            message = f"A list in a filter has at most {MOST} elements, this one has {len(value)}."
            raise FieldRefused(BAD_INPUT, message, path)
        return convert(value)

    return f"{left} = any({build.given(given, type_ + '[]', checked)})"


def _is_null(_build: Build, left: str, _type: str, given: Given, _convert: Convert) -> str:
    return f"{left} is null" if given.baked() else f"{left} is not null"


OPERATORS: Mapping[str, Callable[..., str]] = {
    "eq": _compare("="),
    "gte": _compare(">="),
    "lte": _compare("<="),
    "startsWith": _compare("^@"),
    "in": _in,
    "isNull": _is_null,
}


def is_operator(type_: Any) -> bool:
    """Whether an input type is one of operators, not of fields."""
    return isinstance(type_, GraphQLInputObjectType) and set(type_.fields) <= set(OPERATORS)
