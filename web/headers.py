"""What every answer says to browsers, and which requests of browsers are let in at all.

SecurityHeaders   on every answer: no sniffing, no framing, a policy that allows nothing unless a page says more
Gate              known host names only; other sites only where CORS lets them, and never with cookies
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from web.addresses import origin_of, own_origins
from web.http.heads import heads_of
from web.http.problems import Header

API_POLICY = "default-src 'none'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'"
ALWAYS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # not no-referrer: then browsers write `Origin: null` on our own forms, and we could not tell them apart
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
UNLESS_SAID: Mapping[str, str] = {"content-security-policy": API_POLICY}
HSTS = "max-age=31536000; includeSubDomains"

# What a browser program of another origin may call; everything else is for our own pages.
OPEN_PATHS = ("/graphql", "/portal/graphql", "/schema.graphql", "/portal/schema.graphql", "/issuer/")
OPEN_METHODS = ("GET", "POST")
OPEN_HEADERS = (
    "Authorization", "Content-Type", "If-None-Match", "X-Kontor-Organization", "X-Request-ID",
)  # fmt: skip
SHOWN_HEADERS = ("ETag", "Retry-After", "X-Request-ID")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
DEVELOPERS_ORIGINS = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?"
REMEMBERED_HOSTS = 256
HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not let in."""

    status: int
    code: str
    message: str


UNKNOWN_HOST = Refusal(400, "UNKNOWN_HOST", "This server does not answer to that name.")
CROSS_SITE = Refusal(403, "CROSS_SITE", "Another site may not send this request.")


def always(*, https: bool) -> tuple[Header, ...]:
    """The headers of every answer."""
    return _encoded({**ALWAYS, **({"strict-transport-security": HSTS} if https else {})})


def of_data(*, https: bool) -> tuple[Header, ...]:
    """All headers of an answer that is no page and says none of them itself."""
    return (*always(https=https), *_encoded(UNLESS_SAID))


class SecurityHeaders:
    """Put the headers on every answer, also on those of errors: wrap the whole application, not a part."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._always = always(https=https)
        self._unless_said = _encoded(UNLESS_SAID)
        self._ours = frozenset({name for name, _ in self._always} | {b"server"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                message["headers"] = self._completed(message.get("headers", ()))
            await send(message)

        await self._app(scope, receive, with_headers)

    def _completed(self, headers: Sequence[Header]) -> list[Header]:
        said = {name.lower() for name, _ in headers}
        if not said.isdisjoint(self._ours):
            headers = [one for one in headers if one[0].lower() not in self._ours]
        return [*headers, *self._always, *(one for one in self._unless_said if one[0] not in said)]


def _encoded(headers: Mapping[str, str]) -> tuple[Header, ...]:
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


class Gate:
    """Let in what names us rightly and what a browser sends for our own pages or for an allowed origin.

    `cors_origins` are origins like https://app.example.com, or `*` for all; no answer ever allows another
    origin to send cookies. With `developers`, every origin on this machine is allowed as well.
    `more_hosts` are host names beside the public one, such as a health check's.
    Answers that no cache keeps (`cached=False`) need not say that they would differ for another origin.
    Raises ValueError for an origin that is none.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        public_url: str,
        cors_origins: Iterable[str] = (),
        developers: bool = False,
        more_hosts: Sequence[str] = (),
        cached: bool = True,
    ) -> None:
        own = own_origins(public_url)
        self._own = frozenset(own)
        self._cached = cached
        self._is_us = lru_cache(REMEMBERED_HOSTS)(self._names_us)
        self._hosts = {_host_of(origin) for origin in own} | {host.lower() for host in more_hosts}
        self._app = app
        self._cors = CORSMiddleware(
            app,
            allow_origins=[_checked(origin) for origin in cors_origins],
            allow_origin_regex=DEVELOPERS_ORIGINS if developers else None,
            allow_methods=OPEN_METHODS,
            allow_headers=OPEN_HEADERS,
            expose_headers=SHOWN_HEADERS,
            allow_credentials=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        heads = heads_of(scope)
        if not self._is_us(heads.get(b"host", b"")):
            await _refuse(scope, receive, send, UNKNOWN_HOST)
        elif not self._is_welcome(scope, heads):
            await _refuse(scope, receive, send, CROSS_SITE)
        elif b"origin" not in heads and not self._cached:
            await self._app(scope, receive, send)
        else:
            await (self._cors if _is_open(scope) else self._app)(scope, receive, send)

    def _names_us(self, host: bytes) -> bool:
        found = HOST.fullmatch(host.decode("latin-1").lower())
        return found is not None and found["name"] in self._hosts

    def _is_welcome(self, scope: Scope, heads: Mapping[bytes, bytes]) -> bool:
        """Whether no other site is behind it; programs that are no browsers name no origin and may pass.

        A socket is opened with a GET, and browsers do not hold CORS against it: it is judged like a change.
        """
        if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
            return True
        origin = heads.get(b"origin")
        if origin is None:
            return heads.get(b"sec-fetch-site") in (None, b"none", b"same-origin")
        return self._may_send(origin.decode("latin-1"), scope)

    def _may_send(self, origin: str, scope: Scope) -> bool:
        return origin in self._own or (_is_open(scope) and self._cors.is_allowed_origin(origin))


def _is_open(scope: Scope) -> bool:
    path = scope["path"]
    return any(path == one or (one.endswith("/") and path.startswith(one)) for one in OPEN_PATHS)


def _checked(origin: str) -> str:
    if origin != "*" and origin_of(origin) != origin:
        raise ValueError(f"{origin!r} is no origin; one looks like https://app.example.com, without a path.")
    return origin


def _host_of(origin: str) -> str:
    name = urlsplit(origin).hostname or ""
    return f"[{name}]" if ":" in name else name


async def _refuse(scope: Scope, receive: Receive, send: Send, refusal: Refusal) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(1008, refusal.message)(scope, receive, send)
        return
    body = {"errors": [{"message": refusal.message, "extensions": {"code": refusal.code}}]}
    await JSONResponse(body, refusal.status)(scope, receive, send)
