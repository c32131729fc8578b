"""Answers as a stream of events: GraphQL over SSE in its mode of distinct connections (graphql-sse).

One request, one operation, one stream: `next` for each answer, `complete` at the end. A stream that ends without
`complete` was cut (a restart, a token that ran out): the client asks again.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from starlette.types import Receive, Send

from web import metrics
from web.http.problems import Problem

KEEP_ALIVE_SECONDS = 12.0

COMPLETE = b"event: complete\ndata:\n\n"
_STILL_HERE = b":\n\n"


class Streams:
    """The streams of this worker: so many a tenant, all of them ended when the worker is to stop."""

    def __init__(self, per_tenant: int, *, keep_alive: float = KEEP_ALIVE_SECONDS) -> None:
        self._per_tenant, self.keep_alive = per_tenant, keep_alive
        self._open: Counter[UUID] = Counter()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End all streams, and begin no more: the worker is about to go."""
        self._stopping.set()

    async def stopped(self) -> None:
        """Return when the streams are to end."""
        await self._stopping.wait()

    @contextmanager
    def opened(self, tenant_id: UUID) -> Iterator[None]:
        """Count one stream of the tenant. Raises Problem TOO_MANY_AT_ONCE."""
        if self._open[tenant_id] >= self._per_tenant:
            raise Problem("TOO_MANY_AT_ONCE", "Your tenant has too many streams open; close some.", retry_after=10)
        if self._stopping.is_set():
            raise Problem("UNAVAILABLE", "This server is about to stop; ask again.", retry_after=1)
        self._open[tenant_id] += 1
        metrics.STREAMS.inc()
        try:
            yield
        finally:
            metrics.STREAMS.dec()
            self._open[tenant_id] -= 1
            if not self._open[tenant_id]:
                del self._open[tenant_id]


def next_event(body: bytes) -> bytes:
    """One answer as an event; JSON has no line breaks of its own, so one data line holds it."""
    return b"event: next\ndata: " + body.replace(b"\n", b" ") + b"\n\n"


async def send_stream(
    bodies: AsyncGenerator[bytes, None],
    receive: Receive,
    send: Send,
    streams: Streams,
    until: datetime | None = None,
) -> None:
    """Send each body as it comes, until there are no more, the client leaves, `until` is over or streams stop."""
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    ending = [asyncio.create_task(one) for one in (streams.stopped(), _client_left(receive), _over(until))]
    try:
        whole = await _pump(bodies, send, ending, streams.keep_alive)
        await send({"type": "http.response.body", "body": COMPLETE if whole else b""})
    finally:
        await _cancelled(ending)
        await bodies.aclose()


async def _pump(
    bodies: AsyncIterator[bytes], send: Send, ending: Sequence["asyncio.Task[None]"], keep_alive: float
) -> bool:
    """Send events while the stream lasts; say whether it came to its own end."""
    while True:
        coming = asyncio.create_task(_next(bodies))
        try:
            if not await _came(coming, send, ending, keep_alive):
                return False
            body = coming.result()
        finally:
            await _cancelled([coming])
        if body is None:
            return True
        await send({"type": "http.response.body", "body": next_event(body), "more_body": True})


async def _came(
    coming: "asyncio.Task[bytes | None]",
    send: Send,
    ending: Sequence["asyncio.Task[None]"],
    keep_alive: float,
) -> bool:
    """Wait for the next body with a sign of life now and then; say whether it came before the end."""
    while not coming.done():
        waiting: list[asyncio.Task[Any]] = [coming, *ending]
        done, _ = await asyncio.wait(waiting, timeout=keep_alive, return_when=asyncio.FIRST_COMPLETED)
        if done.intersection(ending):
            return False
        if not done:
            await send({"type": "http.response.body", "body": _STILL_HERE, "more_body": True})
    return True


async def _next(bodies: AsyncIterator[bytes]) -> bytes | None:
    return await anext(bodies, None)


async def _client_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _over(until: datetime | None) -> None:
    """Sleep for as long as the caller's proof of identity holds."""
    if until is None:
        await asyncio.get_running_loop().create_future()
    else:
        await asyncio.sleep((until - datetime.now(UTC)).total_seconds())


async def _cancelled(tasks: "Sequence[asyncio.Task[Any]]") -> None:
    """Cancel and see the end, so that nothing of a stream outlives it."""
    for one in tasks:
        one.cancel()
    await asyncio.wait(tasks)


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"vary", b"accept"),
    (b"x-accel-buffering", b"no"),
]
