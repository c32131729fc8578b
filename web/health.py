"""Whether this worker lives, and whether it should be sent requests."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Check: TypeAlias = Callable[[], Awaitable[bool]]

CHECK_SECONDS = 3.0
FRESH_SECONDS = 1.0
LIVE, READY = "/health/live", "/health/ready"
PROBES = frozenset({LIVE, READY})


class Health:
    """Asks the parts that a request needs; at most once a second, however often it is asked itself.

    `drain` says that the worker is about to stop: it goes on answering, but should get nothing new.
    """

    def __init__(self, checks: Mapping[str, Check], clock: Callable[[], float] = time.monotonic) -> None:
        self._checks, self._clock = checks, clock
        self._found: dict[str, bool] = {}
        self._asked = float("-inf")
        self._asking = asyncio.Lock()
        self.draining = False

    def drain(self) -> None:
        """Be not ready from now on."""
        self.draining = True

    async def parts(self) -> Mapping[str, bool]:
        """What works, by the name of the part."""
        async with self._asking:
            if self._clock() - self._asked > FRESH_SECONDS:
                found = await asyncio.gather(*(_works(check) for check in self._checks.values()))
                self._found = dict(zip(self._checks, found, strict=True))
                self._asked = self._clock()
        return self._found

    def routes(self) -> list[Route]:
        """The addresses for a load balancer or a supervisor; they tell nothing that is worth hiding."""

        async def live(_: Request) -> Response:
            return _told(200, {"live": True})

        async def ready(_: Request) -> Response:
            if self.draining:
                return _told(503, {"ready": False, "draining": True})
            parts = await self.parts()
            well = all(parts.values())
            return _told(200 if well else 503, {"ready": well, "parts": parts})

        return [Route(LIVE, live), Route(READY, ready)]


async def _works(check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return False


def _told(status: int, body: Mapping[str, object]) -> Response:
    headers = {"cache-control": "no-store"}
    if status == 503:  # noqa: PLR2004
        headers["retry-after"] = "2"
    return Response(orjson.dumps(body), status, headers, media_type="application/json")
