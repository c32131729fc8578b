"""One schema that can be asked: queries are compiled reads, mutations are operations."""

import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import strawberry
from graphql import FieldNode, OperationType, get_variable_values

from reads.check import checked
from reads.documents import Operation
from reads.engine import ReadEngine
from reads.errors import RequestRefused, error
from reads.pipeline import Pipeline
from reads.selection import Selection
from schema.exchange import Answer, Charge, GraphQLRequest
from schema.live import PERMISSION, Notices
from schema.mutations import Field, Mutations
from tenancy.caller import Caller, CallerKind
from tenancy.errors import Forbidden
from tenancy.operation import Operations
from tenancy.permissions import Permission
from tenancy.rights import Callers

log = logging.getLogger(__name__)

TYPENAME = "__typename"
MUTATION_COST = 10
"""What a mutation costs beside what its payload reads."""

STREAM_COST = 100
"""What a stream costs when it begins."""


@dataclass(frozen=True)
class Reading:
    """How compiled reads reach the database."""

    url: str
    role: str
    secret: bytes
    pool_size: int = 5
    wait_seconds: float = 2.0
    prepared: bool = True
    explains: bool = False


class SchemaEndpoint:
    """Answers requests of one audience."""

    def __init__(self, schema: strawberry.Schema, reading: Reading, operations: Operations, callers: Callers) -> None:
        self.schema, self._reading = schema, reading
        self._pipeline = Pipeline(
            reading.url, size=reading.pool_size, wait_seconds=reading.wait_seconds, prepared=reading.prepared
        )
        self.engine = ReadEngine(
            checked(schema),
            {reading.role: self._pipeline},
            secret=reading.secret,
            reload=callers.again,
            may_introspect=lambda caller: caller.kind is not CallerKind.PORTAL,
        )
        self._mutations = Mutations(schema, self.engine, operations)
        self._notices = Notices(self.engine, operations, callers)

    async def open(self) -> None:
        """Be ready: what is declared was checked when this object was made; connections open when needed."""

    async def close(self) -> None:
        """Close the connections."""
        await self._pipeline.close()

    async def answer(self, caller: Caller, request: GraphQLRequest, charge: Charge) -> Answer:
        """Run a query or mutation."""
        try:
            operation = self.engine.operation(caller, request.query, request.operation_name)
            if operation.kind is OperationType.QUERY:
                return await self._query(caller, operation, request, charge)
            if operation.kind is OperationType.MUTATION:
                return await self._mutation(caller, operation, request, charge)
        except RequestRefused as refused:
            return Answer(errors=refused.errors, request_error=True)
        return _refused("BAD_REQUEST", "Ask for subscriptions as a stream: accept text/event-stream.")

    async def subscribe(self, caller: Caller, request: GraphQLRequest, charge: Charge) -> AsyncGenerator[Answer, None]:
        """Begin an operation as a stream: one answer for a query or mutation, one for each event of a subscription."""
        try:
            operation = self.engine.operation(caller, request.query, request.operation_name)
            if operation.kind is OperationType.SUBSCRIPTION:
                return self._stream(caller, operation, request, charge)
        except RequestRefused as refused:
            return _once(Answer(errors=refused.errors, request_error=True))
        return _once(await self.answer(caller, request, charge))

    def _stream(
        self, caller: Caller, operation: Operation, request: GraphQLRequest, charge: Charge
    ) -> AsyncGenerator[Answer, None]:
        given = operation.values(request.variables)
        root: Any = self.engine.catalogue.graphql.subscription_type
        ((key, nodes),) = self._groups(operation, given, root).items()
        if nodes[0].name.value == TYPENAME:
            raise RequestRefused.because("BAD_REQUEST", "Ask for a field that can be followed.")
        declared = root.fields[nodes[0].name.value].extensions["strawberry-definition"]
        caller.require(declared.metadata[PERMISSION])
        charge(STREAM_COST)
        return self._notices.stream(caller, operation, key, nodes, given)

    async def _query(self, caller: Caller, operation: Operation, request: GraphQLRequest, charge: Charge) -> Answer:
        explains = self._explains(caller, request)
        answer = await self.engine.answer(caller, operation, request.variables, charge=charge)
        told: dict[str, Any] = {}
        if explains:
            charge(answer.cost)
            told["explain"] = await self.engine.explain(answer.caller or caller, operation, request.variables)
        return Answer(data=answer.data, errors=answer.errors, extensions=told, operation=_name(operation))

    def _explains(self, caller: Caller, request: GraphQLRequest) -> bool:
        """Whether the request asks to be explained, and may be."""
        asked = request.extensions.get("explain", False)
        if asked is False:
            return False
        if asked is not True:
            raise RequestRefused.because("BAD_REQUEST", "The extension explain is true or false.")
        caller.require(Permission.EXPLAIN)
        if not self._reading.explains:
            raise RequestRefused.because("BAD_REQUEST", "This installation does not explain queries.")
        return True

    async def _mutation(self, caller: Caller, operation: Operation, request: GraphQLRequest, charge: Charge) -> Answer:
        if request.method == "GET":
            return _refused("METHOD_NOT_ALLOWED", "A mutation is asked by POST.", status=405)
        given = operation.values(request.variables)
        root: Any = self.engine.catalogue.graphql.mutation_type
        groups = self._groups(operation, given, root)
        variables: Any = get_variable_values(
            self.engine.catalogue.graphql, operation.node.variable_definitions or (), dict(request.variables)
        )
        asked = {key: nodes for key, nodes in groups.items() if nodes[0].name.value != TYPENAME}
        fields = {field.key: field for field in self._mutations.fields(asked, variables)}
        charge(MUTATION_COST * len(fields))
        data, errors = await self._each(caller, operation, groups, fields, given)
        return Answer(data=data, errors=errors, operation=_name(operation))

    async def _each(
        self,
        caller: Caller,
        operation: Operation,
        groups: Mapping[str, Sequence[FieldNode]],
        fields: Mapping[str, Field],
        given: Any,
    ) -> tuple[bytes, list[dict[str, Any]]]:
        """Run the fields one after the other; what one of them did stays, whatever becomes of the next."""
        parts: list[bytes] = []
        errors: list[dict[str, Any]] = []
        for place, key in enumerate(groups):
            found = b'"Mutation"'
            if key in fields:
                try:
                    found, more = await self._mutations.answer(caller, operation, fields[key], given)
                    errors += more
                except Forbidden as refused:
                    found = b"null"
                    errors.append(error(refused.code, refused.message, path=[key]))
                except Exception:
                    if place == 0:
                        raise
                    log.exception("a later mutation of a document failed")
                    found = b"null"
                    message = "Something went wrong here; the mutations before this one were done."
                    errors.append(error("INTERNAL", message, path=[key]))
            parts.append(orjson.dumps(key) + b":" + found)
        return b"{" + b",".join(parts) + b"}", errors

    def _groups(self, operation: Operation, given: Any, root: Any) -> dict[str, list[FieldNode]]:
        schema = self.engine.catalogue.graphql
        return Selection(schema, operation.fragments, given).root(root, [operation.node.selection_set])


async def _once(answer: Answer) -> AsyncGenerator[Answer, None]:
    yield answer


def _name(operation: Operation) -> str | None:
    return operation.node.name.value if operation.node.name else None


def _refused(code: str, message: str, *, status: int | None = None) -> Answer:
    return Answer(errors=[error(code, message)], request_error=True, status=status)
