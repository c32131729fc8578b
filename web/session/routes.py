"""The playground's way in and out: sign in, sign out, who am I, and in the demo: be somebody else."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tenancy.errors import CodedError, Unauthenticated, Unavailable
from web.addresses import own_origins
from web.forms import read_object, read_query
from web.html import page
from web.issuer.people import ENVIRONMENTS, DemoPerson, People
from web.session.oidc import CodeFlow, SignInFailed
from web.session.providers import Provider
from web.session.sessions import CSRF_HEADER, Session, Sessions
from web.session.store import SessionStore
from web.tokens import Identity, Viewing

CALLBACK = "/sign-in/callback"
AFTERWARDS = re.compile(r"/(playground(/[A-Za-z0-9._~-]*)*)?(\?[A-Za-z0-9._~%&=+-]*)?")
MAX_ADDRESS = 1000
MAX_HINT = 254
NO_STORE = {"cache-control": "no-store", "vary": "cookie"}

Describe = Callable[[Identity], Awaitable[Mapping[str, Any]]]
Become = Callable[[DemoPerson], Identity]
View = Callable[[Identity, str], Awaitable[Viewing]]
"""Lets a person look at the tenant as the colleague with an address; raises CodedError or HTTPException."""

Endpoint = Callable[[Request], Awaitable[Response]]


async def nothing_more(identity: Identity) -> Mapping[str, Any]:  # noqa: ARG001  # the shape of Describe
    """Tell nothing about a person beyond what the identity says."""
    return {}


class SignIn:
    """The routes of the browser's session.

    `describe` tells what a signed-in person's `/session` holds beside the identity (tenant, organizations,
    role); `view` lets somebody look as a colleague; `people` and `become` are given in the demo only and let a
    visitor be any of them in one click.
    """

    def __init__(
        self,
        *,
        provider: Provider,
        store: SessionStore,
        secret: str,
        public_url: str,
        environment: str,
        describe: Describe = nothing_more,
        people: People | None = None,
        become: Become | None = None,
        view: View | None = None,
    ) -> None:
        if (people is not None or become is not None) and environment not in ENVIRONMENTS:
            raise ValueError("Other people's names are for the taking in the demo only.")
        self.sessions = Sessions(store, public_url)
        attempt = self.sessions.cookie.replace("session", "sign-in")
        self._flow = CodeFlow(provider, secret, attempt, secure=self.sessions.secure)
        self._origins = own_origins(public_url)
        self._environment, self._describe = environment, describe
        self._people, self._become, self._view = people, become, view
        self.routes = self._routes()

    def _routes(self) -> list[Route]:
        return [
            Route("/sign-in", told(self._leave), methods=["GET"]),
            Route(CALLBACK, told(self._arrive), methods=["GET"]),
            Route("/sign-out", told(self._sign_out), methods=["POST"]),
            Route("/session", told(self._tell), methods=["GET"]),
            Route("/session/persona", told(self._switch), methods=["POST"]),
            Route("/session/organization", told(self._act_for), methods=["POST"]),
            Route("/session/view-as", told(self._view_as), methods=["POST"]),
        ]

    async def _leave(self, request: Request) -> Response:
        fields = read_query(request)
        then = fields.get("next", "/playground/")
        if AFTERWARDS.fullmatch(then) is None or len(then) > MAX_ADDRESS:
            return _notice("This address is not ours", "After signing in you can go on to our own pages only.")
        hint = {"login_hint": fields["login_hint"][:MAX_HINT]} if fields.get("login_hint") else {}
        return await self._flow.leave(request, self._origin(request), CALLBACK, then, **hint)

    async def _arrive(self, request: Request) -> Response:
        try:
            identity, then = await self._flow.arrive(request)
        except SignInFailed:
            response = _notice("You are not signed in", "The sign-in was not finished in the browser that began it.")
            self._flow.forget(response, CALLBACK)
            return response
        response = RedirectResponse(then, 303, {"cache-control": "no-store"})
        await self.sessions.begin(request, identity, response)
        self._flow.forget(response, CALLBACK)
        return response

    async def _sign_out(self, request: Request) -> Response:
        await self._proven(request)
        response = JSONResponse({"signedOut": True}, headers=NO_STORE)
        await self.sessions.end(request, response)
        return response

    async def _tell(self, request: Request) -> Response:
        session = await self.sessions.of(request)
        if session is None:
            raise Unauthenticated("UNAUTHENTICATED", "Nobody is signed in.")
        return JSONResponse(await self._told(session), headers=NO_STORE)

    async def _switch(self, request: Request) -> Response:
        if self._people is None or self._become is None:
            raise HTTPException(404)
        await self._proven(request)
        email = (await read_object(request)).get("email")
        person = await self._people.by_email(email) if isinstance(email, str) else None
        if person is None:
            raise HTTPException(400, "Nobody of the demo has this address.")
        response = JSONResponse({"person": _persona(person)}, headers=NO_STORE)
        await self.sessions.begin(request, self._become(person), response)
        return response

    async def _act_for(self, request: Request) -> Response:
        session = await self._proven(request)
        wanted = (await read_object(request)).get("id")
        try:
            organization_id = UUID(wanted) if wanted is not None else None
        except (ValueError, TypeError, AttributeError) as error:
            raise HTTPException(400, "`id` must be the id of an organization, or null.") from error
        session = await self.sessions.act_for(session, organization_id)
        return JSONResponse(await self._told(session), headers=NO_STORE)

    async def _view_as(self, request: Request) -> Response:
        if self._view is None:
            raise HTTPException(404)
        session = await self._proven(request)
        email = (await read_object(request)).get("email")
        if email is not None and not isinstance(email, str):
            raise HTTPException(400, "`email` must be the address of a colleague, or null.")
        viewing = None if email is None else await self._view(session.identity, email)
        session = await self.sessions.view_as(session, viewing)
        return JSONResponse(await self._told(session), headers=NO_STORE)

    async def _proven(self, request: Request) -> Session:
        """Return the session that our own page proved, or raise Unauthenticated."""
        session = await self.sessions.proven(request, request.headers.get(CSRF_HEADER))
        if session is None:
            raise Unauthenticated("UNAUTHENTICATED", "The header X-Kontor-CSRF is missing.")
        return session

    async def _told(self, session: Session) -> dict[str, Any]:
        who = session.identity
        view_as = {"name": who.viewing.name, "email": who.viewing.email} if who.viewing else None
        people: Sequence[DemoPerson] = await self._people.all() if self._people is not None else ()
        return {
            "environment": self._environment,
            "csrf": session.csrf,
            "expiresAt": who.expires_at.isoformat(),
            "person": {"name": who.name, "email": who.email},
            "tenant": {"id": str(who.tenant_id)} if who.tenant_id else None,
            "organization": {"id": str(who.organization_id)} if who.organization_id else None,
            "personas": [_persona(one) for one in people],
            **({} if self._view is None else {"viewAs": view_as}),
            **await self._describe(who),
        }

    def _origin(self, request: Request) -> str:
        """Return under which of our own origins the browser came; a foreign Host header counts for nothing."""
        origin = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
        return origin if origin in self._origins else self._origins[0]


def _persona(person: DemoPerson) -> dict[str, str]:
    return {
        "email": person.email,
        "name": person.name,
        "tenant": person.tenant_name,
        "role": person.role,
        "kind": person.kind,
    }


def _notice(title: str, text: str) -> Response:
    return page("notice.html", status=400, title=title, text=text, link="/sign-in", label="Sign in")


def told(endpoint: Endpoint) -> Endpoint:
    """Answer coded errors as JSON: 401 for one who is not known, 503 when a provider is silent, else 403."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except CodedError as error:
            return _problem(error)

    return answer


def _problem(error: CodedError) -> Response:
    body = {"code": error.code, "message": error.message}
    if isinstance(error, Unavailable):
        return JSONResponse(body, 503, {**NO_STORE, "retry-after": str(error.retry_after)})
    return JSONResponse(body, 401 if isinstance(error, Unauthenticated) else 403, NO_STORE)
