"""A browser's session: who signed in, found by an opaque id in a cookie that no script can read."""

import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from starlette.requests import HTTPConnection
from starlette.responses import Response

from tenancy.errors import Unauthenticated
from web.http.heads import heads_of
from web.session.store import SessionStore
from web.tokens import Identity, Verifier, Viewing

LIFETIME_SECONDS = 8 * 3600
CSRF_HEADER = "x-kontor-csrf"
BEARER = "bearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is signed in in one browser, with the chosen tenant and organization, until when.

    `csrf` is what a request has to repeat in the header X-Kontor-CSRF to prove that our own page sent it.
    """

    id: str
    csrf: str
    identity: Identity


class Sessions:
    """The sessions of all browsers, and their cookie.

    Over https the cookie is called `__Host-kontor-session` and is Secure. Over http (this machine only) its
    name carries the port, since browsers share cookies between ports and two installations may run.
    """

    def __init__(self, store: SessionStore, public_url: str, clock: Callable[[], float] = time.time) -> None:
        address = urlsplit(public_url)
        self._store, self._clock = store, clock
        self.secure = address.scheme == "https"
        suffix = "" if self.secure else f"-{address.port or 80}"
        self.cookie = ("__Host-" if self.secure else "") + "kontor-session" + suffix

    async def of(self, connection: HTTPConnection) -> Session | None:
        """Return the session of the cookie, whoever caused the request.

        Only for pages and for answers that other sites cannot read; the API asks `proven`.
        """
        session_id = connection.cookies.get(self.cookie)
        record = await self._store.get(session_id) if session_id else None
        if session_id is None or record is None:
            return None
        return Session(id=session_id, csrf=record["csrf"], identity=_thaw(record["identity"]))

    async def proven(self, connection: HTTPConnection, csrf: str | None) -> Session | None:
        """Return the session if the request proves that our own page sent it; no proof, no session.

        `csrf` comes from the header, or from a socket's `connection_init`.
        Raises Unauthenticated for a proof that is not (any longer) the session's.
        """
        if csrf is None:
            return None
        session = await self.of(connection)
        if session is None or not hmac.compare_digest(session.csrf.encode(), csrf.encode()):
            raise Unauthenticated("UNAUTHENTICATED", "The session has ended; sign in again.")
        return session

    async def begin(self, connection: HTTPConnection, identity: Identity, response: Response) -> Session:
        """Sign somebody in: always under a new id, and whatever session the browser had is over."""
        await self._drop(connection)
        until = self._clock() + LIFETIME_SECONDS
        identity = replace(identity, expires_at=datetime.fromtimestamp(until, UTC))
        session = Session(id=secrets.token_urlsafe(32), csrf=secrets.token_urlsafe(32), identity=identity)
        await self._keep(session)
        response.set_cookie(
            self.cookie,
            session.id,
            max_age=LIFETIME_SECONDS,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )
        return session

    async def act_for(self, session: Session, organization_id: UUID | None) -> Session:
        """Choose the acting organization; whether the person may act for it, `tenancy` decides each time."""
        changed = replace(session, identity=replace(session.identity, organization_id=organization_id))
        await self._keep(changed)
        return changed

    async def view_as(self, session: Session, viewing: Viewing | None) -> Session:
        """Look at the tenant as a colleague, or as oneself again; the organization is chosen anew."""
        changed = replace(session, identity=replace(session.identity, viewing=viewing, organization_id=None))
        await self._keep(changed)
        return changed

    async def end(self, connection: HTTPConnection, response: Response) -> None:
        """Sign out: the session is gone for whoever has its id, not only for this browser."""
        await self._drop(connection)
        response.delete_cookie(self.cookie, path="/", secure=self.secure, httponly=True, samesite="lax")

    async def _drop(self, connection: HTTPConnection) -> None:
        former = connection.cookies.get(self.cookie)
        if former:
            await self._store.delete(former)

    async def _keep(self, session: Session) -> None:
        record = {"csrf": session.csrf, "identity": _freeze(session.identity)}
        await self._store.put(session.id, record, session.identity.expires_at.timestamp())


async def identity_from_request(connection: HTTPConnection, verifier: Verifier, sessions: Sessions) -> Identity | None:
    """Return who calls the API: by a bearer token, else by a session with its X-Kontor-CSRF header, else nobody.

    A cookie without that header counts for nothing, so no other site can act with it; a token in the address
    counts for nothing, since addresses are logged.
    Raises Unauthenticated for an Authorization header that is not exactly one good bearer token, and for a
    proof that is not the session's; Unavailable when the issuer's keys cannot be had.
    """
    given = heads_of(connection.scope).get(b"authorization")
    if given is not None:
        return await verifier.verify(_bearer(given.decode("latin-1")))
    session = await sessions.proven(connection, connection.headers.get(CSRF_HEADER))
    return session.identity if session is not None else None


def _bearer(given: str) -> str:
    scheme, _, token = given.partition(" ")
    token = token.strip()
    # no token has a comma in it; several headers are joined with one
    if scheme.lower() != BEARER or not token or "," in token:
        raise Unauthenticated("UNAUTHENTICATED", "The Authorization header must hold one bearer token.")
    return token


def _freeze(identity: Identity) -> dict[str, Any]:
    plain = {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(identity).items()}
    return {**plain, "expires_at": identity.expires_at.timestamp()}


def _thaw(record: Mapping[str, Any]) -> Identity:
    ids = {
        name: UUID(record[name]) if record[name] else None for name in ("tenant_id", "membership_id", "organization_id")
    }
    viewing = Viewing(**record["viewing"]) if record.get("viewing") else None
    until = datetime.fromtimestamp(record["expires_at"], UTC)
    return Identity(**{**record, **ids, "expires_at": until, "viewing": viewing})
