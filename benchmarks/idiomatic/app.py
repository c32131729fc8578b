"""Strawberry's ASGI application; a session with its tenant for each request, committed at its end."""

import os
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from strawberry.asgi import GraphQL

from benchmarks.idiomatic.loaders import loaders
from benchmarks.idiomatic.models import BIND
from benchmarks.idiomatic.schema import schema
from benchmarks.serving import DATABASE, POOL
from benchmarks.tokens import Verifier


class Door(GraphQL[Any, Any]):
    """Takes the context that was made for the request."""

    async def get_context(self, request: Any, response: Any) -> Any:  # noqa: ARG002 - Strawberry's shape
        """The session, the tenant and the loaders."""
        return request.scope["context"]


class App:
    """One worker's: its pool and the tokens that it has seen."""

    def __init__(self) -> None:
        address = os.environ[DATABASE].replace("postgresql://", "postgresql+psycopg://")
        connect = {"options": "-c jit=off -c TimeZone=UTC"}
        engine = create_async_engine(address, pool_size=int(os.environ[POOL]), max_overflow=0, connect_args=connect)
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._verifier, self._door = Verifier(), Door(schema, graphql_ide=None)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request in a transaction of its tenant."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        header = next(value for name, value in scope["headers"] if name == b"authorization")
        tenant = UUID(self._verifier.tenant(header))
        async with self._sessions() as session, session.begin():
            await session.execute(BIND, {"tenant": str(tenant), "caller": str(tenant)})
            made = {"session": session, "tenant": tenant, "caller": tenant, "loaders": loaders(session)}
            await self._door({**scope, "context": made}, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})


def app() -> App:
    """The application of a worker."""
    return App()
