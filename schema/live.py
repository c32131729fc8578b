"""What is told live: notices of connected tenants, as they arrive."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from typing import Any
from uuid import UUID

import orjson
import strawberry
from graphql import FieldNode

from reads import by_key, rows
from reads.documents import Operation
from reads.engine import ReadEngine
from reads.errors import error
from resolvers import live
from schema.connections import TenantNotice
from schema.exchange import Answer
from tenancy.caller import Caller
from tenancy.errors import Forbidden, Unauthenticated
from tenancy.operation import Contract, Operations
from tenancy.permissions import Permission
from tenancy.rights import Callers
from tenancy.work import Work

EVERY = 1.0
"""Seconds between two looks."""

REMEMBERED = 10_000
"""How many events a stream remembers as told; more do not happen within one look back."""

PERMISSION = "permission"


@rows(None)
@strawberry.type(description="A notice that has just arrived (neue Mitteilung).")
class NoticeArrived:
    """One event of the stream."""

    notice: TenantNotice = by_key("The notice (Mitteilung).", "id")


@strawberry.type(name="Live", description="What can be followed live, as server-sent events.")
class Subscription:
    """The staff's live streams; `Notices` runs them."""

    notice_arrived: NoticeArrived = strawberry.field(
        description=f"What connected tenants do, as it happens (Mitteilungen). Needs `{Permission.CONNECTIONS_SEE}`.",
        metadata={PERMISSION: Permission.CONNECTIONS_SEE},
    )


class Notices:
    """Streams of notices. Rights are read again before every look, and the stream ends when they are gone."""

    def __init__(self, engine: ReadEngine, operations: Operations, callers: Callers) -> None:
        self._engine, self._operations, self._callers = engine, operations, callers

    async def stream(
        self, caller: Caller, operation: Operation, key: str, nodes: Sequence[FieldNode], given: Any
    ) -> AsyncGenerator[Answer, None]:
        """One answer for every notice that arrives from now on."""
        told: OrderedDict[UUID, None] = OrderedDict.fromkeys(await self._new(caller, ()))
        while True:
            await asyncio.sleep(EVERY)
            try:
                caller = await self._callers.again(caller)
                for id_ in await self._new(caller, told):
                    told[id_] = None
                    yield await self._answer(caller, operation, key, nodes, given, id_)
            except (Forbidden, Unauthenticated) as gone:
                yield Answer(
                    data=b"{" + orjson.dumps(key) + b":null}", errors=[error(gone.code, gone.message, path=[key])]
                )
                return
            while len(told) > REMEMBERED:
                told.popitem(last=False)

    async def _new(self, caller: Caller, known: Any) -> list[UUID]:
        return await self._operations.run(caller, live.newest(known))

    async def _answer(
        self, caller: Caller, operation: Operation, key: str, nodes: Sequence[FieldNode], given: Any, id_: UUID
    ) -> Answer:
        plan = self._engine.payload(caller, operation, given, nodes, NoticeArrived)
        errors: list[dict[str, Any]] = []

        async def payload(work: Work, result: Any) -> bytes:
            if plan.sql is None:
                return plan.constant
            found = await work.one_text(plan.sql, plan.parameters(work.caller, given, result))
            data, inside = self._engine.finished(plan, found, [key])
            errors.extend(inside)
            return data

        outcome = await self._operations.perform(caller, live.happened(id_), Contract(), payload)
        return Answer(data=b"{" + orjson.dumps(key) + b":" + (outcome.data or b"null") + b"}", errors=errors)
