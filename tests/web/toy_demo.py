"""A whole small server with the embedded issuer, a sign-in and one API address that tells who calls."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tenancy.errors import Unauthenticated
from tests.web.toys import TENANT_A, TENANT_B
from web.headers import Gate, SecurityHeaders
from web.issuer import DemoPerson, EmbeddedIssuer, ServiceClient
from web.session import SignIn, SqliteSessions, identity_from_request
from web.tokens import Identity, TokenVerifier

HERE = "http://127.0.0.1:8000"
SPA = "http://localhost:5173/callback"
VERIFIER = "v" * 64
CHALLENGE = create_s256_code_challenge(VERIFIER)
SERVICE = ServiceClient(client_id="warehouse", secret="a long secret", name="Warehouse", tenant_id=TENANT_B)
ANNA = DemoPerson(
    subject="anna",
    name="Anna <b>Adler</b>",
    email="anna@adler.example",
    tenant_id=TENANT_A,
    tenant_name="Adler Verlag",
    role="Tenant administrator",
    kind="STAFF",
)
BEN = DemoPerson(
    subject="ben",
    name="Ben Bach",
    email="ben@bach.example",
    tenant_id=TENANT_B,
    tenant_name="Bach Medien",
    role="Portal customer",
    kind="PORTAL",
)


class ToyPeople:
    async def all(self) -> Sequence[DemoPerson]:
        return (ANNA, BEN)

    async def by_email(self, email: str) -> DemoPerson | None:
        return next((person for person in (ANNA, BEN) if person.email == email), None)


@dataclass
class Demo:
    """One worker process of the toy server; two with one data directory are two workers."""

    issuer: EmbeddedIssuer
    sign_in: SignIn
    verifier: TokenVerifier
    store: SqliteSessions
    app: Any

    def browser(self, base_url: str = HERE, cookies: Any = None) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self.app)
        return httpx2.AsyncClient(transport=transport, base_url=base_url, cookies=cookies)


def demo(data_dir: Path, public_url: str = HERE) -> Demo:
    people = ToyPeople()
    issuer = EmbeddedIssuer(
        environment="demo", public_url=public_url, data_dir=data_dir, people=people, services=[SERVICE]
    )
    store = SqliteSessions(data_dir)
    sign_in = SignIn(
        provider=issuer,
        store=store,
        secret="s" * 48,
        public_url=public_url,
        environment="demo",
        people=people,
        become=issuer.become,
        describe=toy_facts,
    )
    verifier = TokenVerifier(issuer.trusted(), "kontor")

    async def api(request: Request) -> Response:
        try:
            identity = await identity_from_request(request, verifier, sign_in.sessions)
        except Unauthenticated as error:
            return JSONResponse(error.extensions, 401)
        return JSONResponse({"subject": identity and identity.subject})

    routes = [*issuer.routes, *sign_in.routes, Route("/graphql", api, methods=["GET", "POST"])]
    app = SecurityHeaders(
        Gate(Starlette(routes=routes), public_url=public_url, developers=True),
        https=public_url.startswith("https:"),
    )
    return Demo(issuer, sign_in, verifier, store, app)


async def toy_facts(identity: Identity) -> Mapping[str, Any]:
    return {"role": "Administrator" if identity.subject == "anna" else "Customer"}


def asked(**changes: Any) -> dict[str, str]:
    """A good authorization request of the single-page application; a change to None takes a field away."""
    good = {
        "response_type": "code",
        "client_id": "spa",
        "redirect_uri": SPA,
        "scope": "openid profile email",
        "state": "xyz",
        "nonce": "n-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def told(response: httpx2.Response) -> dict[str, str]:
    """The parameters of a redirect."""
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


async def choose(browser: httpx2.AsyncClient, person: DemoPerson = ANNA, **changes: Any) -> httpx2.Response:
    form = {**asked(**changes), "person": f"{person.subject}@{person.tenant_id}"}
    return await browser.post("/issuer/authorize", data=form, headers={"origin": HERE})


async def code_for(browser: httpx2.AsyncClient, person: DemoPerson = ANNA, **changes: Any) -> str:
    return told(await choose(browser, person, **changes))["code"]


async def redeem(browser: httpx2.AsyncClient, code: str, **changes: Any) -> httpx2.Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": "spa",
        "redirect_uri": SPA,
        "code": code,
        "code_verifier": VERIFIER,
        **changes,
    }
    form = {name: value for name, value in form.items() if value is not None}
    return await browser.post("/issuer/token", data=form, headers={"origin": "http://localhost:5173"})


async def begin(browser: httpx2.AsyncClient, path: str = "/sign-in?next=/playground/") -> dict[str, str]:
    """Go to the sign-in and return what the provider is asked."""
    left = await browser.get(path)
    assert left.status_code == 302
    return told(left)


async def sign_in(browser: httpx2.AsyncClient, person: DemoPerson = ANNA) -> httpx2.Response:
    """Sign in as a visitor does: leave, choose, come back."""
    fields = await begin(browser)
    form = {**fields, "person": f"{person.subject}@{person.tenant_id}"}
    chosen = await browser.post("/issuer/authorize", data=form, headers={"origin": str(browser.base_url).rstrip("/")})
    return await browser.get(chosen.headers["location"])


async def session_of(browser: httpx2.AsyncClient) -> dict[str, Any]:
    response = await browser.get("/session")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def hidden_fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def query(fields: Mapping[str, str]) -> str:
    return urlencode(fields)
