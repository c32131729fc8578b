"""Random read documents that the printed schema takes: other fields, aliases, arguments and depths each time."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

PRINTED = Path(__file__).parents[2] / "schema" / "staff.graphql"
BY_ID: Mapping[str, str] = {"partner": "partner", "cart": "cart"}
"""Root fields that are asked with an id, and the variable that has it."""

DEEPEST = 5
MOST_LEAVES, MOST_BRANCHES = 7, 2
LARGEST_PAGE = 4

Composite: TypeAlias = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType


@dataclass(frozen=True)
class Written:
    """A document, and the names of the variables that it declares."""

    text: str
    variables: frozenset[str]


def documents(seed: int, schema: GraphQLSchema | None = None) -> Iterator[Written]:
    """Documents without end, no two of them the same, and the same ones for the same seed."""
    writer, seen = Writer(schema or build_schema(PRINTED.read_text("utf-8")), seed), set[str]()
    while True:
        written = writer.document()
        if written.text not in seen:
            seen.add(written.text)
            yield written


class Writer:
    """Writes documents; each choice is the random generator's."""

    def __init__(self, schema: GraphQLSchema, seed: int) -> None:
        assert schema.query_type is not None
        self._schema, self._random = schema, random.Random(seed)
        self._roots = {name: field for name, field in schema.query_type.fields.items() if _askable(name, field)}
        self._declared: set[str] = set()
        self._aliases = 0

    def document(self) -> Written:
        """One query of one or two root fields."""
        self._declared, self._aliases = set(), 0
        roots = self._random.sample(sorted(self._roots), self._random.choice([1, 1, 2]))
        asked = " ".join(self._field(name, self._roots[name], 1) for name in roots)
        variables = ", ".join(f"${name}: ID!" for name in sorted(self._declared))
        head = f"query Q{self._random.randrange(10**6)}{f'({variables})' if variables else ''}"
        return Written(f"{head} {{ {asked} }}", frozenset(self._declared))

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        type_ = get_named_type(field.type)
        inner = "" if is_leaf_type(type_) else f" {self._selection(type_, depth + 1)}"  # type: ignore[arg-type]
        return f"{self._alias()}{name}{self._arguments(name, field.args)}{inner}"

    def _selection(self, type_: Composite, depth: int) -> str:
        if not isinstance(type_, GraphQLObjectType):
            some = self._random.choice(sorted(self._schema.get_possible_types(type_), key=lambda one: one.name))
            return f"{{ __typename ... on {some.name} {self._selection(some, depth)} }}"
        free = {
            name: field
            for name, field in type_.fields.items()
            if not any(map(is_required_argument, field.args.values()))
        }
        leaves = sorted(name for name, field in free.items() if is_leaf_type(get_named_type(field.type)))
        branches = sorted(free.keys() - leaves)
        chosen = self._some(leaves, MOST_LEAVES)
        if depth < DEEPEST:
            chosen += self._some(branches, MOST_BRANCHES, least=0 if chosen else 1)
        self._random.shuffle(chosen)
        return f"{{ {' '.join(self._field(name, free[name], depth) for name in chosen) or '__typename'} }}"

    def _some(self, names: list[str], most: int, least: int = 1) -> list[str]:
        return self._random.sample(names, min(len(names), self._random.randint(least, most)))

    def _alias(self) -> str:
        if self._random.random() > 0.25:  # noqa: PLR2004 - every fourth field has another name
            return ""
        self._aliases += 1
        return f"a{self._aliases}: "

    def _arguments(self, name: str, arguments: Mapping[str, GraphQLArgument]) -> str:
        if name in BY_ID and "id" in arguments:
            self._declared.add(BY_ID[name])
            return f"(id: ${BY_ID[name]})"
        return f"(first: {self._random.randint(1, LARGEST_PAGE)})" if "first" in arguments else ""


def _askable(name: str, field: GraphQLField) -> bool:
    """Whether the root field needs nothing but an id that we have."""
    return name in BY_ID or not any(map(is_required_argument, field.args.values()))
