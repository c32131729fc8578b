"""graphql-core's part of an answer: introspection, and root fields that Python resolves."""

from collections.abc import Iterable, Mapping
from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    execute,
)

from reads.arguments import Values
from reads.documents import Operation
from reads.errors import Error
from reads.selection import Selection


async def resolved(
    schema: GraphQLSchema,
    operation: Operation,
    given: Values,
    variables: Mapping[str, Any] | None,
    keys: Iterable[str],
    context: Any,
) -> tuple[dict[str, Any], list[Error]]:
    """The values of these root keys, executed by graphql-core, and their errors."""
    document = _only(schema, operation, given, frozenset(keys))
    result: Any = execute(schema, document, context_value=context, variable_values=dict(variables or {}))
    if isawaitable(result):
        result = await result
    return result.data or {}, [error.formatted for error in result.errors or ()]


def _only(schema: GraphQLSchema, operation: Operation, given: Values, keys: frozenset[str]) -> DocumentNode:
    """The operation with nothing but the fields of these keys; its fragments stay."""
    root: Any = schema.query_type
    groups = Selection(schema, operation.fragments, given).root(root, [operation.node.selection_set])
    nodes = tuple(node for key, group in groups.items() if key in keys for node in group)
    only = OperationDefinitionNode(
        operation=operation.node.operation,
        name=operation.node.name,
        variable_definitions=operation.node.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=nodes),
    )
    return DocumentNode(definitions=(only, *operation.fragments.values()))
