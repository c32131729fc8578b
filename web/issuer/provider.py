"""The embedded identity provider: anybody of the demo signs in without a password, on this machine only."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from authlib.oauth2 import OAuth2Error
from joserfc import jwt
from joserfc.errors import JoseError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from web.addresses import is_loopback, origin_of, own_origins
from web.forms import read_form, read_query
from web.html import PAGE_POLICY, page
from web.issuer.clients import SCOPES, Client, registered
from web.issuer.codes import Codes
from web.issuer.people import ENVIRONMENTS, DemoPerson, People, ServiceClient
from web.issuer.server import TOKEN_SECONDS, Answer, FormRequest, Server
from web.issuer.signing import signing_key
from web.jwts import TrustedIssuer
from web.keys import LocalKeys
from web.tokens import Identity

KNOWN_AS = "embedded"
ASKED = (
    "response_type", "client_id", "redirect_uri", "scope", "state", "nonce",
    "code_challenge", "code_challenge_method",
)  # fmt: skip


class IssuerRefused(Exception):
    """The embedded identity provider must not run here."""


class EmbeddedIssuer:
    """A small OpenID Connect provider under `/issuer`, for the demo and for tests.

    `public_url` is where people find the server, `bind_host` where it listens; both must be this machine. The
    key and the marks of used codes live in `data_dir`, which all workers share.
    Raises IssuerRefused outside of demo and test, and on an address that others can reach.
    """

    client_id: str = "playground"
    client_secret: str | None = None

    def __init__(
        self,
        *,
        environment: str,
        public_url: str,
        data_dir: Path,
        people: People,
        audience: str = "kontor",
        bind_host: str = "127.0.0.1",
        services: Sequence[ServiceClient] = (),
    ) -> None:
        _refuse_outside_of_a_demo(environment, public_url, bind_host)
        self._people = people
        self._origins = own_origins(public_url)
        self._key = signing_key(data_dir)
        self._clients = registered(self._origins, services)
        codes = Codes(self._key, data_dir)
        self._servers = {
            origin: Server(_issuer_url(origin), audience, self._clients, codes, self._key) for origin in self._origins
        }
        self.url = _issuer_url(self._origins[0])
        self.keys = LocalKeys([self._key])
        self.routes = self._routes()
        self._app = Starlette(routes=self.routes)

    def trusted(self) -> tuple[TrustedIssuer, ...]:
        """Return what a token verifier must know: every spelling of our address, known under one name.

        The name stays the same when the port changes, so that people are recognised after a restart.
        """
        return tuple(
            TrustedIssuer(url=_issuer_url(origin), keys=self.keys, known_as=KNOWN_AS) for origin in self._origins
        )

    def mint(self, person: DemoPerson) -> str:
        """Return an access token of the person, as if signed in, for a quarter of an hour."""
        client = Client(client_id="kontor-cli", title="the command line")
        token: str = self._servers[self._origins[0]].tokens.access_token_generator(
            client=client, grant_type="authorization_code", user=person, scope="openid"
        )
        return token

    def become(self, person: DemoPerson) -> Identity:
        """Return the identity that a sign-in as this person would give; a session ends it in its own time."""
        return Identity(
            issuer=KNOWN_AS,
            subject=person.subject,
            audience=self.client_id,
            client_id=self.client_id,
            expires_at=datetime.now(UTC) + timedelta(seconds=TOKEN_SECONDS),
            tenant_id=person.tenant_id,
            email=person.email,
            name=person.name,
        )

    async def metadata(self, origin: str) -> Mapping[str, Any]:
        """Return the discovery document for a browser that found us under this origin."""
        return self._discovery(origin if origin in self._servers else self._origins[0])

    def transport(self) -> httpx2.AsyncBaseTransport:
        """Return the way to us for our own sign-in: a call inside the process, needing no port and no worker."""
        return httpx2.ASGITransport(app=self._app)

    def _routes(self) -> list[Route]:
        return [
            Route("/issuer/.well-known/openid-configuration", self._answer_discovery, methods=["GET"]),
            Route("/issuer/jwks", self._answer_keys, methods=["GET"]),
            Route("/issuer/authorize", self._ask_who, methods=["GET"]),
            Route("/issuer/authorize", self._answer_who, methods=["POST"]),
            Route("/issuer/token", self._answer_token, methods=["POST"]),
            Route("/issuer/end-session", self._end_session, methods=["GET", "POST"]),
        ]

    def _here(self, request: Request) -> str:
        """Under which of our own origins the request came; a foreign Host header counts for nothing."""
        origin = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
        return origin if origin in self._servers else self._origins[0]

    def _discovery(self, origin: str) -> dict[str, Any]:
        url = _issuer_url(origin)
        return {
            "issuer": url,
            "authorization_endpoint": url + "/authorize",
            "token_endpoint": url + "/token",
            "jwks_uri": url + "/jwks",
            "end_session_endpoint": url + "/end-session",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "claims_supported": ["sub", "name", "email", "email_verified", "kontor_tenant"],
        }

    async def _answer_discovery(self, request: Request) -> Response:
        return JSONResponse(self._discovery(self._here(request)))

    async def _answer_keys(self, request: Request) -> Response:  # noqa: ARG002  # Starlette's shape
        public = self._key.as_dict(private=False)
        return JSONResponse({"keys": [public]}, headers={"cache-control": "max-age=300"})

    async def _ask_who(self, request: Request) -> Response:
        fields = read_query(request)
        refused = self._check(request, fields)
        if refused is not None:
            return refused
        people = await self._people.all()
        hinted = [one for one in people if one.email == fields.get("login_hint")]
        if fields["client_id"] == self.client_id and len(hinted) == 1:
            # our own start page and playground name the person: in a demo that is choice enough
            return await self._let_in(request, fields, hinted[0])
        return self._choice(fields, people)

    def _choice(self, fields: Mapping[str, str], people: Sequence[DemoPerson]) -> Response:
        tenants: dict[str, list[DemoPerson]] = {}
        for person in people:
            tenants.setdefault(person.tenant_name, []).append(person)
        shown = page(
            "choose.html",
            client=self._clients[fields["client_id"]].title,
            fields={name: fields[name] for name in ASKED if name in fields},
            tenants=tenants,
        )
        # browsers apply form-action also to the redirect that answers the form
        targets = f"form-action 'self' {origin_of(fields['redirect_uri'])};"
        shown.headers["content-security-policy"] = PAGE_POLICY.replace("form-action 'self';", targets)
        return shown

    async def _answer_who(self, request: Request) -> Response:
        fields = await read_form(request)
        refused = self._check(request, fields)
        if refused is not None:
            return refused
        chosen = next((one for one in await self._people.all() if _key_of(one) == fields.get("person")), None)
        if chosen is None:
            return _notice("Nobody chosen", "Go back and choose one of the people.", status=400)
        return await self._let_in(request, fields, chosen)

    async def _let_in(self, request: Request, fields: Mapping[str, str], person: DemoPerson) -> Response:
        answer = await run_in_threadpool(self._grant, self._here(request), fields, person)
        return self._redirect(request, answer)

    def _check(self, request: Request, fields: Mapping[str, str]) -> Response | None:
        """Check an authorization request; return the refusal, if it is one.

        When client or redirect address are not registered, nobody is redirected: the person is told. What else
        is wrong is told to the client.
        """
        client = self._clients.get(fields.get("client_id", ""))
        if client is None or not client.check_redirect_uri(fields.get("redirect_uri", "")):
            return _notice(
                "Unknown application",
                "The application that sent you, or its redirect address, is not registered here.",
                status=400,
            )
        if fields.get("response_type") != "code" or not fields.get("state"):
            return self._redirect(request, _told(fields, "A code and a state are required."))
        server = self._servers[self._here(request)]
        try:
            server.get_consent_grant(FormRequest("GET", self.url, fields))
        except OAuth2Error as error:
            return self._redirect(request, server.handle_error_response(None, error))
        except ValueError:  # Authlib cannot write every character into an error
            return self._redirect(request, _told(fields, "The request cannot be read."))
        return None

    def _grant(self, origin: str, fields: Mapping[str, str], person: DemoPerson) -> Answer:
        server = self._servers[origin]
        request = FormRequest("POST", self.url, fields)
        grant = server.get_authorization_grant(request)
        answer: Answer = server.create_authorization_response(request, grant_user=person, grant=grant)
        return answer

    def _redirect(self, request: Request, answer: Answer) -> Response:
        """Send the browser back, and say who answers (RFC 9207, against mixed-up issuers)."""
        location = dict(answer[2]).get("Location")
        if location is None:
            return _notice("This does not work", "The application asked for something odd.", status=400)
        told = urlencode({"iss": _issuer_url(self._here(request))})
        return RedirectResponse(f"{location}&{told}", 303, {"cache-control": "no-store"})

    async def _answer_token(self, request: Request) -> Response:
        fields = await read_form(request)
        server = self._servers[self._here(request)]
        asked = FormRequest("POST", self.url, fields, request.headers)
        try:
            status, body, headers = await run_in_threadpool(server.create_token_response, asked)
        except ValueError:  # Authlib meets characters that no registered client or code has
            status, body, headers = 400, {"error": "invalid_request"}, []
        told = {name.lower(): value for name, value in headers}
        told |= {"content-type": "application/json", "cache-control": "no-store"}
        return Response(json.dumps(dict(body)), status, told)

    async def _end_session(self, request: Request) -> Response:
        """Say good-bye; the issuer keeps no session, every sign-in asks again."""
        fields = read_query(request) if request.method == "GET" else await read_form(request)
        target = fields.get("post_logout_redirect_uri")
        client = self._clients.get(fields.get("client_id") or self._hinted(fields.get("id_token_hint", "")))
        if target and client is not None and client.check_redirect_uri(target):
            state = {"state": fields["state"]} if "state" in fields else {}
            return RedirectResponse(target + ("?" + urlencode(state) if state else ""), 303)
        return _notice("You are signed out", "Close this window or go back to the start.")

    def _hinted(self, id_token: str) -> str:
        """Return for which client an ID token of ours was made, also when it is over."""
        try:
            audience = jwt.decode(id_token, self._key, algorithms=["ES256"]).claims.get("aud")
        except (JoseError, ValueError):
            return ""
        return str(audience[0]) if isinstance(audience, list) and audience else ""


def _notice(title: str, text: str, *, status: int = 200) -> Response:
    return page("notice.html", status=status, title=title, text=text, link="/", label="To the start")


def _key_of(person: DemoPerson) -> str:
    """Return what names one button: the same subject may stand in several tenants."""
    return f"{person.subject}@{person.tenant_id}"


def _issuer_url(origin: str) -> str:
    return origin + "/issuer"


def _told(fields: Mapping[str, str], description: str) -> Answer:
    told = {"error": "invalid_request", "error_description": description}
    told |= {"state": fields["state"]} if fields.get("state") else {}
    return 303, "", [("Location", f"{fields['redirect_uri']}?{urlencode(told)}")]


def _refuse_outside_of_a_demo(environment: str, public_url: str, bind_host: str) -> None:
    advice = "Name your own identity provider in KONTOR_OIDC_ISSUERS instead."
    if environment not in ENVIRONMENTS:
        raise IssuerRefused(
            "The embedded identity provider signs anybody in without a password and runs only in the "
            f"environments demo and test, not in {environment!r}. {advice}"
        )
    for host in (urlsplit(public_url).hostname or "", bind_host):
        if not is_loopback(host):
            raise IssuerRefused(
                "The embedded identity provider signs anybody in without a password and runs only on "
                f"addresses of this machine (127.0.0.1, localhost, ::1), not on {host!r}. {advice}"
            )
