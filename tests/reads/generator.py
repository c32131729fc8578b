"""Random valid queries over the toy's printed schema: every kind of selection, argument and variable."""

import json
import random
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    Undefined,
    get_named_type,
)

from tests.reads.reference import PREFIX, SCHEMA
from tests.reads.toy_data import ODD, World

COMPOSITE = (GraphQLObjectType, GraphQLInterfaceType, GraphQLUnionType)
SKIPPED = {"__schema", "__type"}


@dataclass
class Query:
    text: str = ""
    variables: dict[str, Any] = field(default_factory=dict)


class Generator:
    def __init__(self, seed: int, world: World) -> None:
        self.random = random.Random(seed)
        self.world = world
        self.declared: dict[str, str] = {}
        self.variables: dict[str, Any] = {}
        self.fragments: list[str] = []
        self.budget = self.random.choice([8, 20, 45])

    def query(self) -> Query:
        root: Any = SCHEMA.query_type
        body = self._selection(root, 0)
        head = f"query Q({', '.join(f'${n}: {t}' for n, t in self.declared.items())}) " if self.declared else ""
        return Query(f"{head}{body} {' '.join(self.fragments)}", self.variables)

    # -- selections

    def _selection(self, type_: Any, depth: int) -> str:
        parts = []
        if isinstance(type_, GraphQLObjectType):
            parts = self._fields(type_, depth)
        elif isinstance(type_, GraphQLInterfaceType):
            parts = [*self._fields(type_, depth), *self._narrowed(type_, depth)]
        else:
            parts = self._narrowed(type_, depth)
        parts = parts or ["__typename"]
        self.random.shuffle(parts)
        return "{ " + self._fragmented(type_, parts) + " }"

    def _fragmented(self, type_: Any, parts: list[str]) -> str:
        roll = self.random.random()
        if roll < 0.12:
            name = f"F{len(self.fragments)}"
            cut = self.random.randint(1, len(parts))
            self.fragments.append(f"fragment {name} on {type_.name} {{ {' '.join(parts[:cut])} }}")
            return " ".join([f"...{name}{self._directive()}", *parts[cut:], *([f"...{name}"] if roll < 0.04 else [])])
        if roll < 0.2:
            on = self.random.choice(["", f"on {type_.name} "])
            return f"... {on}{self._directive()} {{ {' '.join(parts)} }}  __typename"
        return " ".join(parts)

    def _narrowed(self, type_: Any, depth: int) -> list[str]:
        possible = SCHEMA.get_possible_types(type_)
        chosen = self.random.sample(possible, self.random.randint(1, min(3, len(possible))))
        return [f"... on {t.name}{self._directive()} {self._selection(t, depth + 1)}" for t in chosen]

    def _fields(self, type_: Any, depth: int) -> list[str]:
        fields = list(type_.fields.items())
        count = self.random.randint(1, 2 if depth == 0 else 5)
        parts = []
        for name, definition in self.random.sample(fields, min(count, len(fields))):
            part = self._field(name, definition, depth)
            if part is not None:
                parts.append(part)
        if self.random.random() < 0.2:
            parts.append("__typename")
        return parts

    def _field(self, name: str, definition: Any, depth: int) -> str | None:
        target = get_named_type(definition.type)
        composite = isinstance(target, COMPOSITE)
        self.budget -= 1
        if composite and (depth > 6 or self.budget < 0) and name not in ("pageInfo", "fee", "bonus"):
            return None
        alias = f"{name}{self.random.randint(0, 10**6)}: " if definition.args or self.random.random() < 0.2 else ""
        if self.random.random() < 0.01:
            alias = f"{'long' * 16}{self.random.randint(0, 10**6)}: "
        inner = " " + self._selection(target, depth + 1) if composite else ""
        return f"{alias}{name}{self._arguments(name, definition)}{self._directive()}{inner}"

    def _directive(self) -> str:
        if self.random.random() > 0.12:
            return ""
        value = self.random.choice(["true", "false"])
        if self.random.random() < 0.7:
            name = f"b{self.random.randint(0, 3)}"
            if name not in self.declared:
                default = self.random.random() < 0.3
                self.declared[name] = "Boolean! = true" if default else "Boolean!"
                if not default or self.random.random() < 0.5:
                    self.variables[name] = self.random.random() < 0.6
            value = f"${name}"
        return f" @{self.random.choice(['include', 'skip'])}(if: {value})"

    # -- arguments

    def _arguments(self, name: str, definition: Any) -> str:
        given = []
        for argument, of in definition.args.items():
            required = isinstance(of.type, GraphQLNonNull) and of.default_value is Undefined and of.default is None
            if argument in ("after", "before", "last") or (not required and self.random.random() < 0.5):
                continue
            given.append(f"{argument}: {self._given(argument, of)}")
        return f"({', '.join(given)})" if given else ""

    def _given(self, argument: str, of: Any) -> str:
        nullable = not isinstance(of.type, GraphQLNonNull)
        roll = self.random.random()
        value = None if nullable and roll < 0.08 else self._value(of.type, argument)
        if self.random.random() < 0.5:
            return literal(value, of.type)
        name = f"v{len(self.declared)}"
        if nullable and self.random.random() < 0.15:
            self.declared[name] = str(of.type)
            return f"${name}"
        if value is not None and self.random.random() < 0.2:
            self.declared[name] = f"{of.type} = {literal(value, of.type)}"
            return f"${name}"
        self.declared[name] = str(of.type)
        self.variables[name] = value
        return f"${name}"

    def _value(self, type_: Any, name: str, depth: int = 0) -> Any:
        r = self.random
        if isinstance(type_, GraphQLNonNull):
            return self._value(type_.of_type, name, depth)
        if isinstance(type_, GraphQLList):
            return [self._value(type_.of_type, name, depth) for _ in range(r.randint(0, 3))]
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_, depth)
        if isinstance(type_, GraphQLEnumType):
            return r.choice(list(type_.values))
        if name == "first":
            return r.choice([1, 2, 3, 7, 25, 100, 0, 101])
        return {
            "ID": self._id,
            "String": self._text,
            "Boolean": lambda: r.random() < 0.5,
            "Int": lambda: r.choice([0, 10, 100, 1000, 2**31 - 1, -5]),
            "Date": lambda: r.choice(["1999-12-31", "1920-02-28", "2026-01-01"]),
            "DateTime": lambda: r.choice(["2026-01-10T00:00:00.000000Z", "2026-02-01T00:00:00.123456Z"]),
        }[type_.name]()

    def _object(self, type_: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        names = list(type_.fields)
        if type_.name == "AuthorKey":
            name = self.random.choice(names)
            return {name: self._value(type_.fields[name].type, name)}
        if type_.name.endswith("Order"):
            return {
                n: self._value(f.type, n) for n, f in type_.fields.items() if n == "field" or self.random.random() < 0.6
            }
        chosen = self.random.sample(names, self.random.randint(0, min(2, len(names))))
        found = {}
        for name in chosen:
            if name in ("and", "or", "not") and depth > 1:
                continue
            value = self._value(type_.fields[name].type, name, depth + 1)
            found[name] = None if self.random.random() < 0.05 else value
        return found

    def _id(self) -> str:
        table, type_ = self.random.choice(
            [("author", "Author"), ("book", "Book"), ("book", "ExternalBook"), ("loan", "Loan"), ("book", "ShelfBook")]
        )
        row = self.random.choice(self.world.rows[table])
        return self.random.choice([f"{PREFIX[type_]}_{row['id']}"] * 8 + ["nonsense", f"aut_{row['id']}"])

    def _text(self) -> str:
        row = self.random.choice(self.world.rows["author"])
        return self.random.choice([*ODD, row["number"], row["name"][:3], row["name"], "Aa", "Bb p"])


def literal(value: Any, type_: Any) -> str:
    """A value as GraphQL writes it."""
    if isinstance(type_, GraphQLNonNull):
        return literal(value, type_.of_type)
    if value is None:
        return "null"
    if isinstance(type_, GraphQLList):
        return "[" + ", ".join(literal(v, type_.of_type) for v in value) + "]"
    if isinstance(type_, GraphQLInputObjectType):
        return "{" + ", ".join(f"{n}: {literal(v, type_.fields[n].type)}" for n, v in value.items()) + "}"
    return value if isinstance(type_, GraphQLEnumType) else json.dumps(value)
