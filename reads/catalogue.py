"""What a schema declares, looked up by GraphQL's own names: sources, rows, prefixes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from reads import scalars
from reads.expressions import Templates
from reads.specs import KEY, ROWS, Column, Rows, Source

S = TypeVar("S", bound=Source)

DEFINITION = "strawberry-definition"
NODE = "Node"

OWN = ("tenant_id",)
"""The tenant columns of a type whose rows only their owner reads."""


@dataclass(frozen=True)
class Field:
    """A declared field: GraphQL's view of it and where its value comes from.

    `source` is None for a field that Python resolves (graphql-core's part of an answer).
    """

    name: str
    python_name: str
    source: Source | None
    output: Any
    args: Mapping[str, GraphQLArgument]
    arg_names: Mapping[str, str]

    @cached_property
    def target(self) -> Any:
        """The named type behind lists and non-nulls."""
        return get_named_type(self.output)

    @cached_property
    def is_list(self) -> bool:
        """Whether the field answers a list."""
        return isinstance(_nullable(self.output), GraphQLList)

    def of(self, kind: type[S]) -> S:
        """The field's source, of the kind that its compiler takes."""
        if not isinstance(self.source, kind):
            message = f"{self.name} is no {kind.__name__}"
            raise TypeError(message)
        return self.source

    def sa_type(self, argument: str) -> Any:
        """The SQL type of an argument by its Python name, inside expressions."""
        names = {python: graphql for graphql, python in self.arg_names.items()}
        return scalars.sa_type(self.args[names[argument]].type)

    @property
    def nullable(self) -> bool:
        """Whether null is an answer."""
        return not isinstance(self.output, GraphQLNonNull)


def _nullable(type_: Any) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


class Catalogue:
    """The declarations of one schema."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self.graphql: GraphQLSchema = schema._schema  # noqa: SLF001 - Strawberry has no public way to it
        self.templates = Templates()
        self._fields: dict[str, dict[str, Field]] = {}
        self._inputs: dict[str, dict[str, Any]] = {}

    def fields(self, type_: Any) -> Mapping[str, Field]:
        """The fields of an object type or interface by their GraphQL names."""
        if isinstance(type_, type):
            return {}
        known = self._fields.get(type_.name)
        if known is None:
            known = {name: _field(name, field) for name, field in type_.fields.items()}
            self._fields[type_.name] = known
        return known

    def inputs(self, type_: GraphQLInputObjectType) -> Mapping[str, Any]:
        """The declarations of a filter input's fields by their GraphQL names (None for `and`, `or`, `not`)."""
        known = self._inputs.get(type_.name)
        if known is None:
            known = {name: _metadata(field.extensions.get(DEFINITION)) for name, field in type_.fields.items()}
            self._inputs[type_.name] = known
        return known

    def origin(self, type_: Any) -> Any:
        """The Python class of a type, or None."""
        if isinstance(type_, type):
            return type_
        return getattr(type_.extensions.get(DEFINITION), "origin", None)

    def type_of(self, declared: Any) -> Any:
        """The GraphQL type of a declared class, or of what a callable answers.

        A class that is only filtered by, and not in the schema, stands for itself.
        """
        cls: Any = declared if isinstance(declared, type) else declared()
        return self.graphql.type_map.get(cls.__strawberry_definition__.name, cls)

    def rows(self, type_: Any) -> Rows | None:
        """Where a type's rows stand; None for a type without rows of its own."""
        found: Rows | None = getattr(self.origin(type_), ROWS, None)
        return found if found is not None and found.model is not None else None

    def rows_of(self, type_: Any) -> Rows:
        """Where a type's rows stand, for a type that must have some."""
        found = self.rows(type_)
        if found is None:
            message = f"{type_} has no rows of its own"
            raise LookupError(message)
        return found

    def global_id(self, row: Any) -> str | None:
        """The global id of a mapped row, by the type whose own tenant's rows it is one of; else None."""
        for prefix, type_ in self.by_prefix.items():
            rows = self.rows_of(type_)
            if rows.model is type(row) and rows.tenant == OWN:
                return f"{prefix}_{row.id}"
        return None

    def concrete(self, type_: Any) -> tuple[GraphQLObjectType, ...]:
        """The object types that a type can be."""
        if isinstance(type_, GraphQLUnionType | GraphQLInterfaceType):
            return tuple(self.graphql.get_possible_types(type_))
        return (type_,)

    @cached_property
    def by_prefix(self) -> Mapping[str, GraphQLObjectType]:
        """Prefix of ids → the type that they belong to."""
        node = self.graphql.type_map.get(NODE)
        found = {}
        for type_ in self.concrete(node) if node is not None else ():
            rows = self.rows(type_)
            if rows is not None and rows.prefix is not None:
                found[rows.prefix] = type_
        return found

    @cached_property
    def payloads(self) -> frozenset[str]:
        """The types that answer mutations."""
        mutation = self.graphql.mutation_type
        found: set[str] = set()
        for field in mutation.fields.values() if mutation is not None else ():
            found.update(type_.name for type_ in self.concrete(get_named_type(field.type)))
        return frozenset(found)

    def node_type(self, connection: Any) -> Any:
        """The type of a connection's nodes."""
        return get_named_type(connection.fields["nodes"].type)


def _metadata(field: StrawberryField | None) -> Any:
    return None if field is None else field.metadata.get(KEY)


def _field(name: str, field: Any) -> Field:
    declared: StrawberryField | None = field.extensions.get(DEFINITION)
    source: Source | None = _metadata(declared)
    if source is None and declared is not None and declared.base_resolver is None:
        source = Column()
    names = {} if declared is None else {_graphql_name(a): a.python_name for a in declared.arguments}
    python_name = name if declared is None else declared.python_name
    return Field(name, python_name, source, field.type, field.args, names)


def _graphql_name(argument: Any) -> str:
    return argument.graphql_name or to_camel_case(argument.python_name)
