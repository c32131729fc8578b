"""The application over a database: people, keys and customers come in by their own doors."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from anyio import to_thread
from starlette.applications import Starlette

from persistence.documents import TrustedDocument
from resolvers import users as user_stories
from resolvers.users import NewUser
from tenancy import settings
from tenancy.settings import DatabaseUrls
from tests import trade
from tests.people import Home, House
from tests.web.audit.node import audit
from tests.web.served import served
from web import app as composition
from web.api_keys import KeyVerifier
from web.assembly import assemble
from web.demo import write_down
from web.documents import vetted
from web.examples import write_values
from web.issuer import DemoPerson, IssuerRefused

ME = "{ me { account { name kind } tenant { name } organization { code } } }"
AUDITS = 61
HERE = "http://127.0.0.1:8000"


@dataclass
class Place:
    """A demo installation over the tests' database, with people to sign in as."""

    app: Starlette
    parts: composition.House
    people: Mapping[str, DemoPerson]
    home: Home

    def token(self, who: str) -> str:
        issuer = self.parts.identities.issuer
        assert issuer is not None
        return issuer.mint(self.people[who])

    def client(self, who: str | None = None) -> httpx2.AsyncClient:
        headers = {"authorization": f"Bearer {self.token(who)}"} if who else {}
        transport = httpx2.ASGITransport(app=self.app)
        return httpx2.AsyncClient(transport=transport, base_url=HERE, headers=headers)


async def demo_person(
    home: Home,
    name: str,
    role: str,
    *,
    kind: str = "STAFF",
    at: Sequence[str] = ("HQ",),
    partner_id: UUID | None = None,
) -> DemoPerson:
    """Somebody who is known by the embedded issuer and has an account in the tenant."""
    email = f"{name.lower()}-{home.id.hex[-6:]}@example.test"
    new = NewUser(
        kind=kind,
        issuer="embedded",
        subject=email,
        name=name,
        email=email,
        role_ids=[home.roles[role]],
        organization_ids=[home.organizations[name] for name in at],
        partner_id=partner_id,
    )
    await home.house.run(await home.operator(), user_stories.create_user(new))
    return DemoPerson(
        subject=email, name=name, email=email, tenant_id=home.id, tenant_name=home.name, role=role, kind=kind
    )


@asynccontextmanager
async def installed(home: Home, urls: DatabaseUrls, data_dir: Path, **given: Any) -> AsyncIterator[Place]:
    buyer = await trade.customer(home)
    people = {
        "petra": await demo_person(home, "Petra", "PORTAL_CUSTOMER", kind="PORTAL", at=(), partner_id=buyer),
        "anna": await demo_person(home, "Anna", "TENANT_ADMIN"),
        "ben": await demo_person(home, "Ben", "SALES_CLERK", at=("NORTH", "MUNICH")),
    }
    write_down(data_dir, list(people.values()))
    chosen = settings.load(environment="demo", data_dir=data_dir, workers=1, **given)
    house = composition.House(chosen, urls)
    app = assemble(chosen, house.parts())
    async with app.router.lifespan_context(app):
        yield Place(app, house, people, home)


@pytest.fixture
async def place(house: House, database_urls: DatabaseUrls, tmp_path: Path) -> AsyncIterator[Place]:
    async with installed(await house.found(), database_urls, tmp_path) as place:
        yield place


def audited(place: Place, urls: DatabaseUrls, path: str, who: str) -> list[dict[str, Any]]:
    """Audit a door of another worker of the same installation, which serves in a thread of its own."""
    app = composition.application(place.parts.settings, urls)
    with served(app, lifespan="on") as address:
        return audit(address + path, place.token(who))


def addresses(app: Starlette) -> set[str]:
    """Every address that the application answers at."""
    return {*getattr(app, "doors", ()), *(getattr(route, "path", "") for route in app.routes)}


async def ask(client: httpx2.AsyncClient, query: str = ME, **more: str) -> httpx2.Response:
    return await client.post("/graphql", json={"query": query}, headers=more)


def code(response: httpx2.Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


async def test_a_demo_person_is_known_by_a_token_of_the_embedded_issuer(place: Place) -> None:
    async with place.client("anna") as anna:
        me = (await ask(anna)).json()["data"]["me"]
    assert me["account"] == {"name": "Anna", "kind": "STAFF"}
    assert me["tenant"] == {"name": place.home.name}
    assert me["organization"] == {"code": "HQ"}


async def test_the_header_names_the_organization_that_acts(place: Place) -> None:
    places = place.home.organizations
    async with place.client("ben") as ben:
        for spelled in (f"{places['MUNICH']}", f"org_{places['MUNICH']}"):
            acting = await ask(ben, **{"x-kontor-organization": spelled})
            assert acting.json()["data"]["me"]["organization"] == {"code": "MUNICH"}
        for not_his in (f"org_{places['HAMBURG']}", "nonsense", ""):
            elsewhere = await ask(ben, **{"x-kontor-organization": not_his})
            assert elsewhere.json()["data"]["me"]["organization"] is None
        twice = [("x-kontor-organization", f"org_{places['MUNICH']}"), ("x-kontor-organization", "x")]
        refused = await ben.post("/graphql", json={"query": ME}, headers=twice)
    assert (refused.status_code, code(refused)) == (400, "BAD_REQUEST")


async def test_somebody_without_an_account_here_is_not_let_in(place: Place) -> None:
    stranger = DemoPerson(
        subject="stranger", name="S", email="s@example.test", tenant_id=place.home.id, tenant_name="", role="", kind=""
    )
    issuer = place.parts.identities.issuer
    assert issuer is not None
    async with place.client() as client:
        refused = await ask(client, authorization=f"Bearer {issuer.mint(stranger)}")
        staff_at_the_portal = await client.post(
            "/portal/graphql",
            json={"query": "{ __typename }"},
            headers={"authorization": f"Bearer {place.token('anna')}"},
        )
    assert (refused.status_code, code(refused)) == (401, "UNAUTHENTICATED")
    assert (staff_at_the_portal.status_code, code(staff_at_the_portal)) == (401, "UNAUTHENTICATED")


async def test_signing_in_with_a_browser_leads_to_a_session_that_may_ask(place: Place) -> None:
    async with place.client() as browser:
        email = place.people["anna"].email
        arrived = await browser.get("/sign-in", params={"login_hint": email}, follow_redirects=True)
        assert arrived.url.path == "/playground/"
        session = (await browser.get("/session")).json()
        assert session["tenant"] == {"id": str(place.home.id), "name": place.home.name}
        assert (session["schema"], session["kind"], session["role"]) == ("staff", "STAFF", "TENANT_ADMIN")
        assert "users:see" in session["permissions"]
        proven = {"x-kontor-csrf": session["csrf"]}
        chosen = next(one for one in session["organizations"] if one["name"] == session["organization"]["name"])
        acted = await browser.post("/session/organization", json={"id": chosen["id"]}, headers=proven)
        assert acted.status_code == 200
        assert (await ask(browser, **proven)).json()["data"]["me"]["account"]["name"] == "Anna"
        forged = await ask(browser)
    assert (forged.status_code, code(forged)) == (401, "UNAUTHENTICATED")


async def test_a_customer_comes_in_by_the_portal_and_by_no_other_door(place: Place) -> None:
    async with place.client("petra") as petra:
        asked = await petra.post("/portal/graphql", json={"query": "{ tenant { name } }"})
        refused = await ask(petra)
    assert asked.json()["data"] == {"tenant": {"name": place.home.name}}
    assert (refused.status_code, code(refused)) == (401, "UNAUTHENTICATED")


async def test_a_customers_session_tells_the_portal(place: Place) -> None:
    async with place.client() as browser:
        await browser.get("/sign-in", params={"login_hint": place.people["petra"].email}, follow_redirects=True)
        session = (await browser.get("/session")).json()
    assert (session["schema"], session["kind"], session["role"]) == ("portal", "PORTAL", "PORTAL_CUSTOMER")
    assert session["tenant"] == {"id": str(place.home.id), "name": place.home.name}
    assert session["organizations"] == []


def test_an_installation_in_production_signs_in_at_its_own_provider(tmp_path: Path) -> None:
    gone = "postgresql+psycopg://kontor_app:x@127.0.0.1:9/kontor"
    chosen = settings.load(
        environment="production",
        session_secret="x" * 32,
        data_dir=tmp_path,
        public_url="https://kontor.example",
        oidc_issuers="https://login.example,https://other.example",
        oidc_client_id="kontor-playground",
    )
    house = composition.House(chosen, DatabaseUrls(None, gone, gone))
    paths = addresses(assemble(chosen, house.parts()))
    assert {"/graphql", "/portal/graphql", "/sign-in", "/session", "/playground"} <= paths
    assert not any(path.startswith("/issuer") for path in paths)
    assert house.identities.provider is not None
    assert [one.url for one in house.identities.provider.trusted()] == ["https://login.example"]
    assert house.parts().portal.only_trusted


def test_without_a_provider_there_is_nothing_to_sign_in_to(tmp_path: Path) -> None:
    gone = "postgresql+psycopg://kontor_app:x@127.0.0.1:9/kontor"
    chosen = settings.load(environment="production", session_secret="x" * 32, data_dir=tmp_path)
    paths = addresses(assemble(chosen, composition.House(chosen, DatabaseUrls(None, gone, gone)).parts()))
    assert "/graphql" in paths
    assert "/sign-in" not in paths


def test_a_demo_that_others_can_reach_is_refused(tmp_path: Path) -> None:
    chosen = settings.load(environment="demo", data_dir=tmp_path, host="0.0.0.0")  # noqa: S104
    with pytest.raises(IssuerRefused, match="only on addresses of this machine"):
        composition.refuse_open_demo(chosen)


async def test_a_key_acts_for_its_tenant_until_it_is_revoked(place: Place, house: House) -> None:
    home = place.home
    expires = datetime.now(UTC) + timedelta(days=1)
    issued = await house.run(home.admin, user_stories.issue_key("import", [home.roles["SALES_VIEWER"]], expires))
    async with place.client() as client:
        proof = {"authorization": f"Bearer {issued.secret}"}
        assert (await ask(client, **proof)).json()["data"]["me"]["tenant"] == {"name": home.name}
        await house.run(home.admin, user_stories.revoke_key(issued.id, 1))
        revoked = await ask(client, **proof)
    assert (revoked.status_code, code(revoked)) == (401, "UNAUTHENTICATED")


async def test_a_key_that_is_none_or_of_another_tenant_is_refused(place: Place, house: House) -> None:
    other = await house.found("Beta Verlag")
    expires = datetime.now(UTC) + timedelta(days=1)
    issued = await house.run(other.admin, user_stories.issue_key("x", [other.roles["SALES_VIEWER"]], expires))
    elsewhere = issued.secret.replace(other.id.hex, place.home.id.hex)
    tokens = [elsewhere, f"kontor_{'0' * 32}_{'a' * 43}", "kontor_", "kontor_x_y"]
    async with place.client() as client:
        for token in tokens:
            refused = await ask(client, authorization=f"Bearer {token}")
            assert (refused.status_code, code(refused)) == (401, "UNAUTHENTICATED")


async def test_an_expired_key_says_so_also_when_it_was_known_a_moment_ago(place: Place, house: House) -> None:
    home, now = place.home, [datetime.now(UTC)]
    expires = now[0] + timedelta(minutes=5)
    issued = await house.run(home.admin, user_stories.issue_key("soon", [home.roles["SALES_VIEWER"]], expires))
    verifier = KeyVerifier(place.parts.database, clock=lambda: now[0])
    assert (await verifier.verify(issued.secret)).tenant_id == home.id
    now[0] = expires
    with pytest.raises(Exception, match="expired") as refused:
        await verifier.verify(issued.secret)
    assert getattr(refused.value, "code", "") == "TOKEN_EXPIRED"


async def test_a_registered_document_is_answered_by_its_hash(place: Place, house: House) -> None:
    text = vetted("{ me { tenant { name } } }")
    async with house.database.transaction(place.home.admin.context()) as session:
        session.add(TrustedDocument(audience="staff", hash=text.hash, text=text.text))
        await session.commit()
    async with place.client("anna") as anna:
        answer = await anna.post("/graphql", json={"documentId": f"sha256:{text.hash}"})
        unknown = await anna.post("/graphql", json={"documentId": f"sha256:{'0' * 64}"})
    assert answer.json()["data"] == {"me": {"tenant": {"name": place.home.name}}}
    assert code(unknown) == "DOCUMENT_NOT_FOUND"


@pytest.mark.parametrize(("path", "who"), [("/graphql", "anna"), ("/portal/graphql", "petra")])
async def test_both_doors_pass_every_audit(place: Place, database_urls: DatabaseUrls, path: str, who: str) -> None:
    results = await to_thread.run_sync(audited, place, database_urls, path, who)
    assert [one for one in results if one["status"] != "ok"] == []
    assert len(results) == AUDITS


async def test_a_database_that_is_gone_is_told_and_worth_another_try(place: Place, tmp_path: Path) -> None:
    gone = "postgresql+psycopg://kontor_app:x@127.0.0.1:9/kontor"
    chosen = settings.load(environment="demo", data_dir=tmp_path, workers=1)
    app = composition.application(chosen, DatabaseUrls(None, gone, gone))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=HERE) as client:
        told = await ask(client, authorization=f"Bearer {place.token('anna')}")
        ready = await client.get("/health/ready")
    assert (told.status_code, code(told), told.headers["retry-after"]) == (503, "DATABASE_UNAVAILABLE", "5")
    assert (ready.status_code, ready.json()["parts"]) == (503, {"database": False})


async def test_the_playground_of_somebody_signed_in_has_the_values_of_the_own_tenant(place: Place) -> None:
    write_values(place.parts.settings.data_dir, {place.home.id: {"brokenCart": "car_7"}, UUID(int=1): {"cart": "x"}})
    async with place.client() as browser:
        assert '\\"{{brokenCart}}\\"' in (await browser.get("/playground/examples.json")).text
        await browser.get("/sign-in", params={"login_hint": place.people["anna"].email}, follow_redirects=True)
        assert '\\"car_7\\"' in (await browser.get("/playground/examples.json")).text
