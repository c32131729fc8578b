"""How long a request may take: one look at all that run, instead of timers for each.

Timers cost more than a small answer. So whatever is waited for stands in one set, and while there is anything in it,
it is looked through twenty times a second: what takes too long is ended, and where an answer takes long, somebody
watches whether the client still waits for it.
"""

import asyncio
from time import monotonic
from types import TracebackType
from typing import Any, TypeAlias

from starlette.types import Receive

LOOK_EVERY = 0.05
LOOK_AFTER = 0.5
"""Seconds after which it is worth watching whether the client still waits."""


Task: TypeAlias = "asyncio.Task[Any]"


class ClientGone(Exception):
    """The client hung up; there is nobody to answer."""


def present() -> Task:
    """The task that runs. To be asked once a request: it asks the system."""
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("nobody waits outside a task")
    return task


class Patience:
    """Everything that a door waits for."""

    def __init__(self) -> None:
        self._waits: set[Wait] = set()
        self._looking = False

    def of(self, task: Task, seconds: float, receive: Receive | None = None) -> "Wait":
        """Let the task wait at most so long in the block; with `receive`, no longer than the client does."""
        return Wait(self, task, seconds, receive)

    def begin(self, wait: "Wait") -> None:
        """Look at a wait from now on."""
        self._waits.add(wait)
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_later(LOOK_EVERY, self._look)

    def end(self, wait: "Wait") -> None:
        """Look at it no more."""
        self._waits.discard(wait)

    def _look(self) -> None:
        now = monotonic()
        for wait in tuple(self._waits):
            wait.look(now)
        self._looking = bool(self._waits)
        if self._looking:
            asyncio.get_running_loop().call_later(LOOK_EVERY, self._look)


class Wait:
    """A block that ends in time. Leaving it raises TimeoutError when it did not, ClientGone when nobody waits."""

    __slots__ = ("_begun", "_gone", "_over", "_patience", "_receive", "_seconds", "_task", "_watch")

    _begun: float

    def __init__(self, patience: Patience, task: Task, seconds: float, receive: Receive | None) -> None:
        self._patience, self._task, self._seconds, self._receive = patience, task, seconds, receive
        self._watch: asyncio.Task[None] | None = None
        self._over = self._gone = False

    def __enter__(self) -> None:
        self._begun = monotonic()
        self._patience.begin(self)

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._patience.end(self)
        if self._watch is not None:
            self._watch.cancel()
        if self._over and kind is asyncio.CancelledError:
            self._task.uncancel()
            raise (ClientGone if self._gone else TimeoutError) from None

    def look(self, now: float) -> None:
        """End what takes too long; begin to watch the client when it takes long."""
        if now - self._begun >= self._seconds:
            self._end()
        elif self._receive is not None and self._watch is None and now - self._begun >= LOOK_AFTER:
            self._watch = asyncio.get_running_loop().create_task(self._watched(self._receive))

    async def _watched(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        self._end()

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._task.cancel()
