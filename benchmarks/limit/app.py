"""The ASGI function: a token, a document, its statement's bytes."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson
from psycopg.conninfo import make_conninfo

from benchmarks.limit.lines import OPTIONS, Lines
from benchmarks.limit.statements import STATEMENTS, TYPENAME
from benchmarks.serving import DATABASE, POOL
from benchmarks.tokens import Verifier

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEADERS = [(b"content-type", b"application/json")]


class App:
    """One worker's: its pool and the tokens that it has seen."""

    def __init__(self) -> None:
        self._verifier = Verifier()
        self._lines: Lines | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or open the pool when the worker starts."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        tenant = self._verifier.tenant(next(value for name, value in scope["headers"] if name == b"authorization"))
        asked = orjson.loads(await _body(receive))
        found = await self._found(tenant, asked)
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [*HEADERS, (b"content-length", b"%d" % len(found))],
            }
        )
        await send({"type": "http.response.body", "body": found})

    async def _found(self, tenant: str, asked: Any) -> bytes:
        if asked["query"] == TYPENAME:
            return b'{"data":{"__typename":"Query"}}'
        if self._lines is None:
            raise RuntimeError("the pool is not open")
        statement = STATEMENTS[asked["query"]]
        return b'{"data":%b}' % await self._lines.fetch(tenant, statement, statement.values(asked["variables"]))

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            if (await receive())["type"] == "lifespan.startup":
                self._lines = Lines(make_conninfo(os.environ[DATABASE], options=OPTIONS), int(os.environ[POOL]))
                await send({"type": "lifespan.startup.complete"})
            else:
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    return body


def app() -> App:
    """The application of a worker."""
    return App()
