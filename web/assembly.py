"""The application of its parts: every address, what stands before it, and what is opened and closed with it."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from schema.exchange import Endpoint
from tenancy.caller import Caller, CallerKind
from tenancy.settings import Settings
from web import metrics
from web.addresses import is_loopback
from web.budget import Allowance, Budgets, Shares
from web.documents import Documents, Registered, none_registered
from web.graphql import Door, Limits, SignIn
from web.headers import Gate, SecurityHeaders, of_data
from web.health import PROBES, Check, Health
from web.http.problems import HTTP_CODES, Problem, envelope
from web.logs import RequestLog, note
from web.sdl import SchemaFile
from web.sse import Streams

METRICS = "/metrics"


@dataclass(frozen=True)
class Audience:
    """One of the two doors: the schema, its printed text, who may enter, which documents are trusted there."""

    endpoint: Endpoint
    sdl: Callable[[], str]
    sign_in: SignIn
    registered: Registered = none_registered
    only_trusted: bool = False


@dataclass(frozen=True)
class Parts:
    """What an application is made of.

    `pages` are all other addresses (start page, playground, sign-in, the demo's issuer). `opened` are entered
    when the worker starts and left when it stops, in order and in reverse. `checks` decide readiness.
    """

    staff: Audience
    portal: Audience
    pages: Callable[[Health], Sequence[BaseRoute]] = lambda _: ()
    opened: Sequence[AbstractAsyncContextManager[object]] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    allowance: Allowance = field(default_factory=Allowance)
    limits: Limits = field(default_factory=Limits)


def assemble(settings: Settings, parts: Parts) -> Starlette:
    """Put the parts together. `app.state.health` and `app.state.streams` are for the server that stops it."""
    health = Health(parts.checks)
    allowance = parts.allowance.share(settings.workers)
    streams = Streams(allowance.streams)
    budgets, shares = Budgets(allowance), Shares(allowance.at_once, allowance.patience)

    def door(name: str, audience: Audience) -> Door:
        return Door(
            name,
            audience.endpoint,
            audience.sign_in,
            documents=Documents(audience.registered, only_trusted=audience.only_trusted),
            budgets=budgets,
            shares=shares,
            streams=streams,
            sees_names=is_staff,
            limits=parts.limits,
        )

    def sdl(audience: Audience, may_read: Callable[[Caller], bool]) -> SchemaFile:
        open_to_all = settings.environment != "production"
        return SchemaFile(audience.sdl, audience.sign_in, open_to_all=open_to_all, may_read=may_read)

    doors = {"/graphql": door("staff", parts.staff), "/portal/graphql": door("portal", parts.portal)}
    routes: list[BaseRoute] = [
        Route("/schema.graphql", sdl(parts.staff, is_staff)),
        Route("/portal/schema.graphql", sdl(parts.portal, anybody)),
        Route(METRICS, partial(tell_metrics, token=settings.metrics_token)),
        *health.routes(),
        *parts.pages(health),
    ]
    app = Application(
        routes=routes,
        middleware=_before_all(settings),
        exception_handlers={HTTPException: tell_http_error},
        lifespan=_lifespan(parts.opened, streams),
    )
    app.state.health, app.state.streams = health, streams
    app.doors = {path: _guarded(one, settings) for path, one in doors.items()}
    # a path with one slash too many is another path; a redirect would turn a POST into an error nobody understands
    app.router.redirect_slashes = False
    return app


class Application(Starlette):
    """The application. Its doors, asked for thousands of times a second, stand beside the layers of all pages."""

    doors: Mapping[str, ASGIApp] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at a door, or at one of the other addresses."""
        door = self.doors.get(scope["path"]) if scope["type"] == "http" else None
        if door is None:
            await super().__call__(scope, receive, send)
        else:
            await door(scope, receive, send)


def is_staff(caller: Caller) -> bool:
    """Whether names of the schema are shown to the caller."""
    return caller.kind is CallerKind.STAFF


def anybody(_: Caller) -> bool:
    """Whoever is signed in."""
    return True


def _before_all(settings: Settings) -> list[Middleware]:
    """What stands before pages and files."""
    return [
        Middleware(SecurityHeaders, https=_is_https(settings)),
        Middleware(RequestLog),
        Middleware(_Gated, gate=_gate(settings, cached=True)),
    ]


def _guarded(door: ASGIApp, settings: Settings) -> ASGIApp:
    """What stands before a door: the same as before pages, in as few steps as can be."""
    return RequestLog(_gate(settings, cached=False)(door), said=of_data(https=_is_https(settings)))


def _gate(settings: Settings, *, cached: bool) -> Callable[[ASGIApp], ASGIApp]:
    return partial(
        Gate,
        public_url=settings.public_url,
        cors_origins=settings.cors_origins,
        developers=settings.environment != "production",
        cached=cached,
    )


def _is_https(settings: Settings) -> bool:
    return settings.public_url.startswith("https:")


class _Gated:
    """Keeps everything behind the gate but what machines ask by an address of their own choice."""

    def __init__(self, app: ASGIApp, gate: Callable[[ASGIApp], ASGIApp]) -> None:
        self._app, self._gated = app, gate(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._app if _is_of_a_machine(scope) else self._gated)(scope, receive, send)


def _is_of_a_machine(scope: Scope) -> bool:
    """Whether it is a probe, or the operator's counter that fetches by an address of this machine.

    A page that lets its own name point to this machine comes with that name, and stays outside.
    """
    if scope["type"] != "http":
        return False
    return scope["path"] in PROBES or (scope["path"] == METRICS and _names_an_address(Headers(scope=scope)))


def _names_an_address(headers: Headers) -> bool:
    try:
        name = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        return is_loopback(name) or bool(ip_address(name))
    except ValueError:
        return False


def _lifespan(
    opened: Sequence[AbstractAsyncContextManager[object]], streams: Streams
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for one in opened:
                await stack.enter_async_context(one)
            stack.callback(streams.stop)
            yield

    return lifespan


async def tell_metrics(request: Request, token: str | None) -> Response:
    """The counts, for whoever asks from this machine itself, or with the operator's token."""
    if not (_from_here(request) or _knows(request, token)):
        raise HTTPException(404)
    return Response(metrics.text(), media_type=metrics.CONTENT_TYPE, headers={"cache-control": "no-store"})


def _from_here(request: Request) -> bool:
    """Whether the line begins on this machine, and no proxy on it passes somebody else's request on."""
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def _knows(request: Request, token: str | None) -> bool:
    given = request.headers.get("authorization", "").encode()
    return token is not None and compare_digest(given, f"Bearer {token}".encode())


async def tell_http_error(request: Request, error: Exception) -> Response:
    """Every address that is no page tells its errors in one form."""
    status, detail = getattr(error, "status_code", 500), getattr(error, "detail", "")
    code = HTTP_CODES.get(status, "BAD_REQUEST")
    note(request.scope).codes.append(code)
    headers = {**(getattr(error, "headers", None) or {}), "cache-control": "no-store"}
    return Response(envelope(Problem(code, detail)), status, headers, media_type="application/json")
