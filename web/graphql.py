"""The GraphQL door: from bytes of whoever calls to the schema's answer and back to bytes."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias

from starlette.types import Receive, Scope, Send

from persistence.faults import Fault
from schema.exchange import Answer, Endpoint, GraphQLRequest
from tenancy.caller import Caller
from web import logs, sse
from web.budget import Bill, Budgets, Shares
from web.documents import Documents
from web.http import bodies, negotiation
from web.http.bodies import Parameters
from web.http.heads import heads_of
from web.http.negotiation import Media
from web.http.problems import Problem, envelope, fault_behind, problem_of, retry_after_header
from web.http.writing import (
    body_of,
    codes_of,
    send_json,
    send_problem,
    status_of,
    without_suggestions,
)
from web.patience import ClientGone, Patience, Task, present


class SignedIn(NamedTuple):
    """Who sends a request, and until when the proof of it holds."""

    caller: Caller
    until: datetime | None = None


SignIn: TypeAlias = Callable[[Scope], Awaitable[SignedIn]]
"""Tells who sends a request, for which organization. Raises CodedError (or Problem) when nobody known does."""

TOO_SLOW = Answer(
    errors=[
        {"message": "The answer took too long; ask for less.", "extensions": {"code": "TIMEOUT"}},
    ]
)

METHOD_NOT_ALLOWED = 405
_ALLOW = (b"allow", b"GET, POST")


@dataclass(frozen=True)
class Limits:
    """How much and how long, in bytes and seconds."""

    body: int = bodies.MAX_BODY
    body_seconds: float = bodies.BODY_SECONDS
    answer_seconds: float = 30.0


class Door:
    """An ASGI application for one address and one schema. It is routed to, never mounted.

    `sees_names` says to whom names of the schema may be suggested when a document is wrong.
    """

    def __init__(
        self,
        name: str,
        endpoint: Endpoint,
        sign_in: SignIn,
        *,
        documents: Documents,
        budgets: Budgets,
        shares: Shares,
        streams: sse.Streams,
        sees_names: Callable[[Caller], bool],
        limits: Limits | None = None,
    ) -> None:
        self._name, self._endpoint, self._sign_in = name, endpoint, sign_in
        self._documents, self._budgets, self._shares = documents, budgets, shares
        self._streams, self._sees_names = streams, sees_names
        self._limits = limits or Limits()
        self._patience = Patience()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; every way it can end is an answer in GraphQL's own form."""
        about, media = logs.note(scope), Media.JSON
        about.endpoint = self._name
        try:
            media = negotiation.chosen(heads_of(scope).get(b"accept", b""))
            await self._serve(scope, receive, send, media, about)
        except ClientGone:
            about.codes.append("CLIENT_GONE")
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            about.codes.append(problem.code)
            await send_problem(send, problem, _spoken(media))

    async def _serve(self, scope: Scope, receive: Receive, send: Send, media: Media, about: logs.Note) -> None:
        _check_method(scope)
        guest = await self._sign_in(scope)
        caller = guest.caller
        about.tenant = caller.tenant_id
        about.actor = caller.membership_id or caller.kind.value
        bill, task = self._budgets.bill(caller.tenant_id), present()
        try:
            request = await self._request(scope, receive, caller, task)
            about.document = request.document_hash
            if media is Media.EVENTS:
                await self._stream(guest, request, bill, receive, send)
                return
            answer = await self._answer(caller, request, bill, receive, task)
        finally:
            about.cost = bill.settle()
        about.operation = answer.operation
        if answer.errors:
            about.codes += codes_of(answer)
        await self._write(send, media, answer, self._body(caller, answer, bill))

    async def _request(self, scope: Scope, receive: Receive, caller: Caller, task: Task) -> GraphQLRequest:
        asked = await self._parameters(scope, receive, task)
        document = await self._documents.find(caller, asked)
        return GraphQLRequest(
            query=document.text,
            document_hash=document.hash,
            document_id=asked.document_id,
            operation_name=asked.operation_name,
            variables=asked.variables,
            extensions=asked.extensions,
            method="GET" if scope["method"] == "GET" else "POST",
        )

    async def _parameters(self, scope: Scope, receive: Receive, task: Task) -> Parameters:
        if scope["method"] == "GET":
            return bodies.from_query_string(scope["query_string"])
        heads, limits = heads_of(scope), self._limits
        bodies.check_content_type(heads)
        bodies.check_encoding(heads)
        body = await bodies.read_body(
            heads, receive, self._patience, task, limit=limits.body, seconds=limits.body_seconds
        )
        return bodies.from_body(body)

    async def _answer(
        self, caller: Caller, request: GraphQLRequest, bill: Bill, receive: Receive, task: Task
    ) -> Answer:
        """Run the operation in one of the tenant's places, as long as the client waits and not for ever."""
        async with self._shares.of(caller.tenant_id):
            try:
                with self._patience.of(task, self._limits.answer_seconds, receive):
                    return await self._endpoint.answer(caller, request, bill)
            except TimeoutError:
                return TOO_SLOW
            except ClientGone:
                raise
            except Exception as error:
                if fault_behind(error) is not Fault.TIMEOUT:
                    raise
                return TOO_SLOW

    async def _stream(self, guest: SignedIn, request: GraphQLRequest, bill: Bill, receive: Receive, send: Send) -> None:
        caller, until = guest
        with self._streams.opened(caller.tenant_id):
            async with aclosing(await self._endpoint.subscribe(caller, request, bill)) as answers:
                events = self._events(caller, answers, bill)
                await sse.send_stream(events, receive, send, self._streams, until)

    async def _events(self, caller: Caller, answers: AsyncIterator[Answer], bill: Bill) -> AsyncGenerator[bytes, None]:
        """The bodies of a stream; what goes wrong after its beginning is its last event."""
        try:
            async for answer in answers:
                yield self._body(caller, answer, bill)
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            yield envelope(problem)

    def _body(self, caller: Caller, answer: Answer, bill: Bill) -> bytes:
        """The answer as this caller may read it: with what it cost, without names it might be fishing for."""
        errors = answer.errors
        if errors and answer.request_error and not self._sees_names(caller):
            errors = without_suggestions(errors)
        return body_of(answer, errors, {**answer.extensions, "cost": bill.statement()})

    async def _write(self, send: Send, media: Media, answer: Answer, body: bytes) -> None:
        status = status_of(answer, media)
        headers = retry_after_header(answer.retry_after)
        if status == METHOD_NOT_ALLOWED:
            headers = (*headers, (b"allow", b"POST"))
        await send_json(send, status, body, media, headers)


def _check_method(scope: Scope) -> None:
    if scope["method"] not in ("GET", "POST"):
        raise Problem("METHOD_NOT_ALLOWED", "Ask by POST, or by GET for a query.", headers=(_ALLOW,))


def _spoken(media: Media) -> Media:
    """The media type of a problem: before a stream begins, JSON."""
    return Media.JSON if media is Media.EVENTS else media
