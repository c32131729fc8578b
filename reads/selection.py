"""Which fields are selected: fragments spread, @skip and @include decided, equal response keys merged."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    SelectionSetNode,
    VariableNode,
)

Groups = dict[str, list[FieldNode]]


class Selection:
    """Collects fields of concrete types, for one set of variable values.

    Which directives hold depends on Boolean variables only; these are part of every plan's key.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        values: Mapping[str, Any],
    ) -> None:
        self._schema, self._fragments, self._values = schema, fragments, values

    def of(self, type_: GraphQLObjectType, nodes: Iterable[FieldNode]) -> Groups:
        """The merged sub-fields of these nodes by response key, in the order of their first appearance."""
        return self.root(type_, [n.selection_set for n in nodes if n.selection_set is not None])

    def root(self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> Groups:
        """The merged fields of selection sets."""
        groups: Groups = {}
        spread: set[str] = set()
        for selection_set in sets:
            self._collect(type_, selection_set, groups, spread)
        return groups

    def _collect(
        self, type_: GraphQLObjectType, selection_set: SelectionSetNode, groups: Groups, spread: set[str]
    ) -> None:
        for node in selection_set.selections:
            if node.directives and not self._included(node.directives):
                continue
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                groups.setdefault(key, []).append(node)
                continue
            inner: Any = self._fragment(node, spread) if isinstance(node, FragmentSpreadNode) else node
            if inner is not None and self._applies(type_, inner.type_condition):
                self._collect(type_, inner.selection_set, groups, spread)

    def _fragment(self, node: FragmentSpreadNode, spread: set[str]) -> FragmentDefinitionNode | None:
        name = node.name.value
        if name in spread:
            return None
        spread.add(name)
        return self._fragments[name]

    def _applies(self, type_: GraphQLObjectType, condition: Any) -> bool:
        if condition is None or condition.name.value == type_.name:
            return True
        wanted: Any = self._schema.type_map[condition.name.value]
        return not isinstance(wanted, GraphQLObjectType) and self._schema.is_sub_type(wanted, type_)

    def _included(self, directives: Iterable[DirectiveNode]) -> bool:
        for directive in directives:
            name = directive.name.value
            if name in CONDITIONAL and self._condition(directive) is (name == "skip"):
                return False
        return True

    def _condition(self, directive: DirectiveNode) -> bool:
        value = (directive.arguments or ())[0].value
        if isinstance(value, VariableNode):
            return bool(self._values[value.name.value])
        return isinstance(value, BooleanValueNode) and value.value


CONDITIONAL = frozenset({"skip", "include"})
