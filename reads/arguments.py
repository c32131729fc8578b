"""What was given to a field: literals, variables and defaults, as samples that shape and getters that bind."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    value_from_ast,
)

Values = Mapping[str, Any]
"""Coerced variable values by name; an absent variable has no entry."""


class Given:
    """A given input: `sample` is its value in the request that is being compiled, `get` its value in any other.

    What is only bound may differ between requests of one plan. What decides about the statement's text must
    be asked by `baked`, which notes the variables in it, so that their values become part of the plan's key.
    Whether something is null or absent, and how objects and lists of objects are built, is always part of it.
    """

    __slots__ = ("_bake", "_node", "_type", "get", "sample", "variables")

    def __init__(
        self,
        sample: Any,
        get: Callable[[Values], Any],
        *,
        variables: frozenset[str] = frozenset(),
        node: ValueNode | None = None,
        type_: Any = None,
        bake: set[str],
    ) -> None:
        self.sample, self.get, self.variables = sample, get, variables
        self._node, self._type, self._bake = node, type_, bake

    def baked(self) -> Any:
        """The value itself; from now on part of the plan's key."""
        self._bake |= self.variables
        return self.sample

    def fields(self) -> Iterator[tuple[str, "Given"]]:
        """The given fields of an input object, those given as null included."""
        type_ = _strip(self._type)
        nodes = {f.name.value: f.value for f in self._node.fields} if isinstance(self._node, ObjectValueNode) else {}
        for name, sample in (self.sample or {}).items():
            field_type = type_.fields[name].type if isinstance(type_, GraphQLInputObjectType) else None
            if name in nodes:
                yield name, _from_node(nodes[name], field_type, sample, self._bake)
            else:
                yield name, self._part(name, sample, field_type)

    def items(self) -> Iterator["Given"]:
        """The elements of a list; a single value is a list of one, as GraphQL has it."""
        type_ = _strip(self._type)
        inner = type_.of_type if isinstance(type_, GraphQLList) else None
        nodes = self._node.values if isinstance(self._node, ListValueNode) else ()
        for index, sample in enumerate(self.sample or ()):
            if nodes:
                yield _from_node(nodes[index], inner, sample, self._bake)
            elif isinstance(self._node, ObjectValueNode):
                yield _from_node(self._node, inner, sample, self._bake)
            else:
                yield self._part(index, sample, inner)

    def _part(self, key: Any, sample: Any, type_: Any) -> "Given":
        get = self.get
        return Given(sample, lambda values: get(values)[key], variables=self.variables, type_=type_, bake=self._bake)


def arguments(node: FieldNode, args: Mapping[str, Any], values: Values, bake: set[str]) -> dict[str, Given]:
    """What a field was given, by GraphQL's names of its arguments; an absent one without default is missing."""
    nodes = {a.name.value: a.value for a in node.arguments or ()}
    found: dict[str, Given] = {}
    for name, definition in args.items():
        value = nodes.get(name)
        absent = value is None or (isinstance(value, VariableNode) and value.name.value not in values)
        if absent:
            if definition.default_value is not Undefined:
                found[name] = constant(definition.default_value, definition.type, bake)
            continue
        sample = value_from_ast(value, definition.type, dict(values))
        found[name] = _from_node(value, definition.type, sample, bake)
    return found


def constant(value: Any, type_: Any, bake: set[str]) -> Given:
    """An input that is the same in every request."""
    return Given(value, lambda _: value, type_=type_, bake=bake)


def _from_node(node: Any, type_: Any, sample: Any, bake: set[str]) -> Given:
    if isinstance(node, VariableNode):
        name = node.name.value
        return Given(sample, lambda values: values.get(name), variables=frozenset({name}), type_=type_, bake=bake)
    names = frozenset(_variables(node))
    if not names:
        return Given(sample, lambda _: sample, node=node, type_=type_, bake=bake)
    return Given(
        sample,
        lambda values: value_from_ast(node, type_, dict(values)),
        variables=names,
        node=node,
        type_=type_,
        bake=bake,
    )


def _variables(node: Any) -> Iterator[str]:
    if isinstance(node, VariableNode):
        yield node.name.value
    elif isinstance(node, ListValueNode):
        for value in node.values:
            yield from _variables(value)
    elif isinstance(node, ObjectValueNode):
        for field in node.fields:
            yield from _variables(field.value)


def _strip(type_: Any) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def shape(value: Any) -> Any:
    """What of a variable's value always decides about the statement: null or not, booleans, how it is built."""
    if value is None or value.__class__ is bool:
        return value
    if value.__class__ is dict:
        return tuple((name, shape(inner)) for name, inner in value.items())
    if value.__class__ is list:
        return tuple(shape(v) for v in value) if value and value[0].__class__ is dict else 1
    return 1


def whole(value: Any) -> Any:
    """A baked variable's value in a form that can stand in a key."""
    if value.__class__ is dict:
        return tuple((name, whole(inner)) for name, inner in value.items())
    if value.__class__ is list:
        return tuple(whole(v) for v in value)
    return value
