"""Documents: parsed, measured and validated once, then kept with their operations in a bounded cache."""

import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from itertools import count
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    get_variable_values,
    parse,
    type_from_ast,
    validate,
)

from reads import limits
from reads.arguments import Values, shape, whole
from reads.cache import ShareCache
from reads.context import facts
from reads.errors import BAD_INPUT, INVALID, NO_OPERATION, SYNTAX, RequestRefused
from reads.limits import Limits
from tenancy.caller import Caller

MOST_ERRORS = 10
SHORT = 8_192
"""Texts up to this length are keys of the cache themselves; longer ones by their digest."""

_numbers = count()
_surrogate = re.compile("[\ud800-\udfff]")
_INT = range(-(2**31), 2**31)

ABSENT = ("absent",)


class Operation:
    """One operation of a document, and what is known about the plans it needs."""

    def __init__(self, schema: GraphQLSchema, document: Any, node: OperationDefinitionNode) -> None:
        self.schema, self.document, self.node = schema, document, node
        self.number = next(_numbers)
        self.fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self.kind: OperationType = node.operation
        self.introspects = _introspects(node, self.fragments)
        self._checks = _checks(schema, node)
        self._names = tuple(v.variable.name.value for v in node.variable_definitions or ())
        self._baked: set[str] = set()
        self._asked: tuple[str, ...] = ()

    def values(self, variables: Mapping[str, Any] | None) -> Values:
        """The coerced variables.

        Raises:
            RequestRefused: a variable cannot be taken; the words are graphql-core's.
        """
        if not self._names:
            return {}
        given = variables or {}
        if self._checks is not None:
            plain = _plain(self._checks, given)
            if plain is not None:
                return plain
        found = get_variable_values(
            self.schema, self.node.variable_definitions or (), dict(given), max_errors=MOST_ERRORS
        )
        if isinstance(found, list):
            raise _refused(BAD_INPUT, found)
        return found.coerced

    def key(self, values: Values, caller: Caller) -> tuple[Any, ...]:
        """What a plan for these values and this caller is kept under."""
        return (
            self.number,
            *[
                (whole if name in self._baked else shape)(values[name]) if name in values else ABSENT
                for name in self._names
            ],
            facts(caller, self._asked),
        )

    def learn(self, baked: set[str], asked: Mapping[str, Any]) -> None:
        """Note what shaped a plan: from now on it is part of every key of this operation."""
        self._baked |= baked
        self._asked = (*self._asked, *(name for name in asked if name not in self._asked))


class Documents:
    """The documents of one schema."""

    def __init__(self, schema: GraphQLSchema, bounds: Limits, *, capacity: int = 2_000, share: int = 250) -> None:
        self._schema, self._bounds = schema, bounds
        self._cache: ShareCache[Operation] = ShareCache(capacity, share)

    def __len__(self) -> int:
        return len(self._cache)

    def operation(self, text: str, name: str | None, tenant: object, *, suggest: bool = False) -> Operation:
        """The named operation of a document, or its only one.

        Raises:
            RequestRefused: it is beyond a bound, no GraphQL, not valid, or has no such operation.
        """
        key = (text if len(text) <= SHORT else digest(text), name)
        found = self._cache.get(key, tenant)
        if found is None:
            found = self._made(text, name, suggest=suggest)
            self._cache.put(key, tenant, found)
        return found

    def _made(self, text: str, name: str | None, *, suggest: bool) -> Operation:
        limits.scan(text, self._bounds)
        document = _parsed(text)
        limits.check(document, self._bounds)
        errors = validate(self._schema, document, max_errors=MOST_ERRORS, hide_suggestions=not suggest)
        if errors:
            raise _refused(INVALID, errors)
        node = get_operation_ast(document, name)
        if node is None:
            known = "There is no operation of that name." if name else "Say which operation is meant."
            raise RequestRefused.because(NO_OPERATION, known)
        return Operation(self._schema, document, node)


def digest(text: str) -> str:
    """The hash by which a document is named in logs and registers."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _parsed(text: str) -> Any:
    if _surrogate.search(text):
        raise RequestRefused.because(SYNTAX, "Syntax Error: the document is not valid Unicode.")
    try:
        return parse(text)
    except GraphQLError as error:
        raise _refused(SYNTAX, [error]) from error


def _refused(code: str, errors: list[GraphQLError]) -> RequestRefused:
    return RequestRefused([{**e.formatted, "extensions": {"code": code}} for e in errors])


def _introspects(node: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> bool:
    pending, seen = [node.selection_set], set()
    while pending:
        for selection in pending.pop().selections:
            if isinstance(selection, FieldNode):
                if selection.name.value == "__schema":
                    return True
                continue
            named: Any = selection
            name = named.name.value if hasattr(named, "name") else None
            if name is None:
                pending.append(named.selection_set)
            elif name not in seen:
                seen.add(name)
                pending.append(fragments[name].selection_set)
    return False


# -- variables of plain scalar types, without graphql-core's generality

Check = Callable[[Any], bool]

_PLAIN: Mapping[str, Check] = {
    "String": lambda v: v.__class__ is str,
    "ID": lambda v: v.__class__ is str,
    "Boolean": lambda v: v.__class__ is bool,
    "Int": lambda v: v.__class__ is int and v in _INT,
}


def _checks(schema: GraphQLSchema, node: OperationDefinitionNode) -> list[tuple[str, Check, bool]] | None:
    found = []
    for definition in node.variable_definitions or ():
        type_: Any = type_from_ast(schema, definition.type)
        required = isinstance(type_, GraphQLNonNull)
        inner = type_.of_type if required else type_
        plain = isinstance(inner, GraphQLScalarType) and inner.name in _PLAIN
        if not plain or definition.default_value is not None:
            return None
        found.append((definition.variable.name.value, _PLAIN[inner.name], required))
    return found


def _plain(checks: list[tuple[str, Check, bool]], given: Mapping[str, Any]) -> Values | None:
    """The values as they are, or None when any of them is unusual."""
    values = {}
    for name, check, required in checks:
        if name not in given:
            if required:
                return None
            continue
        value = given[name]
        if value is None:
            if required:
                return None
        elif not check(value):
            return None
        values[name] = value
    return values
