"""graphql-core's part of an answer: introspection, and root fields that Python resolves."""

from collections.abc import Container, Iterable, Mapping
from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    execute,
)

from reads.arguments import Values
from reads.documents import Operation
from reads.errors import BAD_INPUT, Error
from reads.selection import Selection
from tenancy.errors import CodedError


async def resolved(
    schema: GraphQLSchema,
    operation: Operation,
    given: Values,
    variables: Mapping[str, Any] | None,
    keys: Iterable[str],
    context: Any,
    hidden: Container[str] = (),
) -> tuple[dict[str, Any], list[Error]]:
    """The values of these root keys, executed by graphql-core, and their errors; `hidden` root fields have none."""
    nodes = _nodes(schema, operation, given, frozenset(keys), hidden)
    if not nodes:
        return {}, []
    document = _only(operation, nodes)
    result: Any = execute(schema, document, context_value=context, variable_values=dict(variables or {}))
    if isawaitable(result):
        result = await result
    return result.data or {}, [_told(error) for error in result.errors or ()]


def _told(error: GraphQLError) -> Error:
    """What the client is told of an error; one that nobody foresaw is raised, for the door to mask."""
    cause = error.original_error
    if isinstance(cause, CodedError):
        return {**error.formatted, "extensions": {"code": cause.code}}
    if cause is not None and not isinstance(cause, GraphQLError):
        raise cause
    return {**error.formatted, "extensions": {"code": BAD_INPUT, **(error.extensions or {})}}


def _nodes(
    schema: GraphQLSchema, operation: Operation, given: Values, keys: frozenset[str], hidden: Container[str]
) -> tuple[FieldNode, ...]:
    root: Any = schema.query_type
    groups = Selection(schema, operation.fragments, given).root(root, [operation.node.selection_set])
    asked = (node for key, group in groups.items() if key in keys for node in group)
    return tuple(node for node in asked if node.name.value not in hidden)


def _only(operation: Operation, nodes: tuple[FieldNode, ...]) -> DocumentNode:
    """The operation with nothing but these fields; its fragments stay."""
    only = OperationDefinitionNode(
        operation=operation.node.operation,
        name=operation.node.name,
        variable_definitions=operation.node.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=nodes),
    )
    return DocumentNode(definitions=(only, *operation.fragments.values()))
