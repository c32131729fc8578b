"""A small schema behind the real door: what the HTTP tests ask."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import httpx2
import orjson
import strawberry
from graphql import GraphQLError, OperationDefinitionNode, OperationType, get_operation_ast, parse
from graphql import validate as validate_document
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import Scope
from strawberry.types.execution import ExecutionResult

from schema.exchange import Answer, Charge, GraphQLRequest
from tenancy.caller import Caller, CallerKind
from tenancy.errors import Unauthenticated
from web.budget import Allowance, Budgets, Shares
from web.documents import Documents, Registered, none_registered
from web.graphql import Door, Limits, SignedIn
from web.logs import RequestLog
from web.sse import Streams

ADLER = UUID("0199aaaa-0000-7000-8000-000000000001")
BUSSARD = UUID("0199bbbb-0000-7000-8000-000000000002")
ANNA = UUID("0199aaaa-0000-7000-8000-0000000000aa")


def caller(tenant: UUID = ADLER, kind: CallerKind = CallerKind.STAFF) -> Caller:
    """Somebody of a tenant."""
    return Caller(tenant_id=tenant, company_id=tenant, kind=kind, subject="anna", membership_id=ANNA)


PEOPLE = {
    "anna": caller(),
    "berta": caller(BUSSARD),
    "petra": caller(kind=CallerKind.PORTAL),
}


async def sign_in(scope: Scope) -> SignedIn:
    """Know people by their first name as a bearer token."""
    token = dict(scope["headers"]).get(b"authorization", b"").decode().removeprefix("Bearer ")
    if token == "expired":
        raise Unauthenticated("TOKEN_EXPIRED", "The access token has expired; sign in again.")
    if token not in PEOPLE:
        raise Unauthenticated("UNAUTHENTICATED", "Sign in first.")
    return SignedIn(PEOPLE[token])


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        """Say hello."""
        return f"Hello {name}"

    @strawberry.field
    def number(self, value: int) -> int:
        """Say the number again."""
        return value

    @strawberry.field
    def broken(self) -> str | None:
        """Fail, as a field may."""
        raise GraphQLError("No permission.", extensions={"code": "FORBIDDEN"})

    @strawberry.field
    async def slow(self, seconds: float) -> str:
        """Take time."""
        await asyncio.sleep(seconds)
        return "done"

    @strawberry.field
    def defect(self) -> str:
        """Never reached: the endpoint itself breaks first."""
        return ""


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self, name: str) -> str:
        """Change something."""
        return name


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int, pause: float = 0) -> AsyncIterator[int]:
        """Count, with pauses."""
        for number in range(1, to + 1):
            await asyncio.sleep(pause)
            yield number


class ToyEndpoint:
    """Answers by graphql-core; each operation costs as many points as its `cost` comment says, else one."""

    def __init__(self) -> None:
        self.schema = strawberry.Schema(Query, Mutation, Subscription)
        self.asked: list[GraphQLRequest] = []
        self.callers: list[Caller] = []
        self.fails: Exception | None = None
        self.cancelled = 0
        self.closed_streams = 0

    async def answer(self, caller: Caller, request: GraphQLRequest, charge: Charge) -> Answer:
        """See Endpoint."""
        self.asked.append(request)
        self.callers.append(caller)
        operation, errors = self._operation(request)
        if operation is None:
            return errors
        if operation.operation is OperationType.MUTATION and request.method == "GET":
            return _refused("METHOD_NOT_ALLOWED", "Mutations are sent by POST.", status=405)
        charge(_cost(request.query))
        if self.fails is not None:
            raise self.fails
        if "defect" in request.query:
            raise ValueError("secret of a person: anna@example.com")
        try:
            result = await self.schema.execute(
                request.query, variable_values=dict(request.variables), operation_name=request.operation_name
            )
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        name = operation.name.value if operation.name else None
        return _answer(result, name)

    async def subscribe(self, caller: Caller, request: GraphQLRequest, charge: Charge) -> AsyncGenerator[Answer, None]:
        """See Endpoint."""
        operation, errors = self._operation(request)
        charge(_cost(request.query))
        return self._stream(caller, request, charge, operation, errors)

    async def _stream(
        self,
        caller: Caller,
        request: GraphQLRequest,
        charge: Charge,
        operation: OperationDefinitionNode | None,
        errors: Answer,
    ) -> AsyncGenerator[Answer, None]:
        try:
            if operation is None:
                yield errors
            elif operation.operation is not OperationType.SUBSCRIPTION:
                yield await self.answer(caller, request, charge)
            else:
                stream = await self.schema.subscribe(request.query, variable_values=dict(request.variables))
                async for result in stream:
                    yield _answer(result, None)
                    if "revoked" in request.query:
                        raise Unauthenticated("UNAUTHENTICATED", "Your rights are gone.")
        finally:
            self.closed_streams += 1

    def _operation(self, request: GraphQLRequest) -> tuple[OperationDefinitionNode | None, Answer]:
        core = self.schema._schema
        try:
            document = parse(request.query)
        except GraphQLError as error:
            return None, _refused("GRAPHQL_PARSE_FAILED", error.message)
        errors = validate_document(core, document)
        if errors:
            return None, _refused("GRAPHQL_VALIDATION_FAILED", errors[0].message)
        return get_operation_ast(document, request.operation_name), _refused("BAD_REQUEST", "No such operation.")


def _answer(result: ExecutionResult | Any, name: str | None) -> Answer:
    errors = [{**error.formatted, "extensions": _extensions(error)} for error in result.errors or []]
    if result.data is None and errors and "path" not in errors[0]:
        return Answer(errors=errors, request_error=True, operation=name)
    return Answer(data=orjson.dumps(result.data), errors=errors, operation=name)


def _extensions(error: GraphQLError) -> Mapping[str, Any]:
    return error.extensions or {"code": "BAD_USER_INPUT"}


def _refused(code: str, message: str, status: int | None = None) -> Answer:
    return Answer(errors=[{"message": message, "extensions": {"code": code}}], request_error=True, status=status)


def _cost(query: str) -> int:
    match = re.search(r"# cost (\d+)", query)
    return int(match[1]) if match else 1


class Toy:
    """One application with one door, and a client that is signed in as Anna."""

    def __init__(
        self,
        *,
        allowance: Allowance | None = None,
        limits: Limits | None = None,
        registered: Registered = none_registered,
        only_trusted: bool = False,
    ) -> None:
        allowance = allowance or Allowance()
        self.endpoint = ToyEndpoint()
        self.streams = Streams(allowance.streams, keep_alive=0.05)
        self.door = Door(
            "staff",
            self.endpoint,
            sign_in,
            documents=Documents(registered, only_trusted=only_trusted),
            budgets=Budgets(allowance),
            shares=Shares(allowance.at_once, allowance.patience),
            streams=self.streams,
            sees_names=lambda one: one.kind is CallerKind.STAFF,
            limits=limits,
        )
        self.app = Starlette(routes=[Route("/graphql", self.door)], middleware=[Middleware(RequestLog)])

    def client(self, who: str | None = "anna") -> httpx2.AsyncClient:
        """A client of the application, in memory."""
        headers = {"authorization": f"Bearer {who}"} if who else {}
        transport = httpx2.ASGITransport(app=self.app)
        return httpx2.AsyncClient(transport=transport, base_url="http://kontor.test", headers=headers)
