"""The log: one JSON line for each request and each event, on stderr, without anything a person would mind.

Never logged: the text of queries, variables, tokens, names, addresses. A line of a request has only the fields of
`Note`; an exception has its type and the places it passed, not its message, which may quote data. In a demo the
messages are shown.
"""

import asyncio
import logging
import re
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TextIO
from uuid import UUID

import orjson
import structlog
import uuid_utils
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict, Processor, WrappedLogger

from tenancy.settings import Settings
from web import metrics
from web.http.heads import heads_of
from web.http.negotiation import Media
from web.http.problems import Header, internal
from web.http.writing import send_problem

REQUEST_ID = b"x-request-id"

CLIENT_GONE = 499
"""The status in log and counts of a request whose client left before the answer."""

_OWN_ID = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_FORBIDDEN = frozenset({"query", "variables", "authorization", "cookie", "token", "password", "email"})
_NOTE = "kontor.note"

log = structlog.get_logger("web")


@dataclass(slots=True)
class Note:
    """What the log tells of a request; the rooms of the web fill it in."""

    request_id: str
    endpoint: str = "other"
    tenant: UUID | None = None
    actor: UUID | str | None = None
    operation: str | None = None
    document: str | None = None
    cost: int | None = None
    codes: list[str] = field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        """The fields that have something to say."""
        told: dict[str, Any] = {
            "tenant": self.tenant,
            "actor": self.actor,
            "operation": self.operation,
            "document": self.document,
            "cost": self.cost,
            "codes": self.codes or None,
        }
        return {name: value for name, value in told.items() if value is not None}


def note(scope: Scope) -> Note:
    """The note of the request that the scope belongs to."""
    found: Note | None = scope.get(_NOTE)
    if found is None:
        found = scope[_NOTE] = Note(_request_id(scope))
    return found


class RequestLog:
    """Names each request, logs and counts it, and answers for what broke below. `said` are headers of every answer."""

    def __init__(self, app: ASGIApp, said: Sequence[Header] = ()) -> None:
        self._app, self._said = app, said

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and tell how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        about, status, begun = note(scope), 0, time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (REQUEST_ID, about.request_id.encode()), *self._said]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:
            log.exception("request broke", request_id=about.request_id)
            about.codes.append("INTERNAL")
            if status:
                raise  # half an answer is out: only the server can cut the line now
            await send_problem(noted, internal(about.request_id), Media.JSON)
        finally:
            _tell(about, scope, status, time.perf_counter() - begun)


def _tell(about: Note, scope: Scope, status: int, seconds: float) -> None:
    method = scope["method"] if scope["method"] in ("GET", "POST", "HEAD", "OPTIONS") else "other"
    status = status or CLIENT_GONE
    metrics.observe(about.endpoint, method, status, seconds, about.codes)
    _line.write(
        {
            "event": "request",
            "request_id": about.request_id,
            "endpoint": about.endpoint,
            "method": method,
            "status": status,
            "ms": round(seconds * 1000, 2),
            **about.fields(),
            "level": "info",
            "timestamp": datetime.now(UTC),
        }
    )


class _Lines:
    """Where the lines of requests go: past the machinery of other lines, which takes longer than an answer.

    Those of requests that end at the same moment, in one turn of the loop, are written at once.
    """

    def __init__(self) -> None:
        self.out: TextIO | None = sys.stderr
        self._waiting: list[str] = []

    def write(self, told: Mapping[str, Any]) -> None:
        """Write one line of fields that are all fit to be seen."""
        if self.out is None:
            return
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.flush)
        self._waiting.append(_json(told))

    def flush(self) -> None:
        """Write what waits."""
        lines, self._waiting = self._waiting, []
        if lines and self.out is not None:
            self.out.write("\n".join(lines) + "\n")


_line = _Lines()
flush = _line.flush


def _request_id(scope: Scope) -> str:
    """The client's own id where it is short and plain, else a new one."""
    own = heads_of(scope).get(REQUEST_ID)
    return str(own, "ascii") if own is not None and _OWN_ID.fullmatch(own) else uuid_utils.uuid4().hex


def begin(settings: Settings) -> None:
    """Send the logs of this process where the settings say; several processes may add to one file."""
    stream = None if settings.log_file is None else settings.log_file.open("a", encoding="utf-8", buffering=1)
    configure(messages=settings.environment != "production", stream=stream)


def configure(*, level: int = logging.INFO, messages: bool = False, stream: TextIO | None = None) -> None:
    """Send every log of this process as JSON lines to `stream` (stderr).

    `messages` shows what exceptions say; only where no real person's data is.
    """
    out = stream or sys.stderr
    _line.out = out if level <= logging.INFO else None
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Tracebacks(messages=messages),
        _without_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_json)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=stream is None,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *shared,
                structlog.processors.JSONRenderer(serializer=_json),
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    _quieten()


# these tell of expected errors with their messages, of addresses asked, of jobs with their arguments
_TALKATIVE = {"strawberry.execution": logging.CRITICAL, "httpx2": logging.WARNING, "procrastinate": logging.WARNING}


def _quieten() -> None:
    """Let uvicorn's own lines go the same way as ours; its access line would only repeat ours."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.asgi", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], name != "uvicorn.access"
        logger.setLevel(logging.NOTSET)  # whoever asked uvicorn for a level before does not decide here
    for name, level in _TALKATIVE.items():
        logging.getLogger(name).setLevel(level)


def _json(event: Any, **_: Any) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_UTC_Z).decode()


def _without_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A line that names such a thing by mistake loses it."""
    for name in _FORBIDDEN & event.keys():
        event[name] = "(not logged)"
    return event


class _Tracebacks:
    """Tells an exception as types and places: enough to find the fault, nothing of the data."""

    def __init__(self, *, messages: bool) -> None:
        self._messages = messages

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        raised = event.pop("exc_info", None)
        if raised:
            error = _exception(raised)
            if error is not None:
                event["exception"] = [self._told(one) for one in _chain(error)]
        return event

    def _told(self, error: BaseException) -> dict[str, Any]:
        places = [
            f"{frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
            for frame, line in traceback.walk_tb(error.__traceback__)
        ]
        told: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}", "at": places}
        sqlstate = getattr(error, "sqlstate", None)
        if sqlstate is not None:
            told["sqlstate"] = sqlstate
        if self._messages:
            told["message"] = str(error)
        return told


def _exception(raised: Any) -> BaseException | None:
    if isinstance(raised, BaseException):
        return raised
    found = raised[1] if isinstance(raised, tuple) else sys.exc_info()[1]
    return found if isinstance(found, BaseException) else None


def _chain(error: BaseException) -> list[BaseException]:
    """The exception, and those it came from."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return chain
