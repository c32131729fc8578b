"""A visitor signs in with a browser: nobody else can use, plant, steal or redirect what comes of it."""

import sqlite3
import stat
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from itsdangerous import TimestampSigner
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from tenancy.errors import Unauthenticated
from tests.web.toy_demo import (
    ANNA,
    BEN,
    HERE,
    SPA,
    Demo,
    ToyPeople,
    asked,
    begin,
    code_for,
    demo,
    session_of,
    sign_in,
    told,
)
from tests.web.toys import AUDIENCE, EC_KEY, ISSUER, TENANT_A, Clock, claims, signed
from web.headers import SecurityHeaders
from web.jwts import TrustedIssuer
from web.keys import LocalKeys
from web.session import Sessions, SignIn, SqliteSessions
from web.session.routes import AFTERWARDS
from web.tokens import Identity

COOKIE = "kontor-session-8000"
NOTE = "kontor-sign-in-8000"
SAME_SITE = {"origin": HERE}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Demo]:
    built = demo(tmp_path)
    yield built
    built.store.close()


@pytest.fixture
async def browser(server: Demo) -> AsyncIterator[httpx2.AsyncClient]:
    async with server.browser() as client:
        yield client


async def post(browser: httpx2.AsyncClient, path: str, body: Any, csrf: str | None) -> httpx2.Response:
    headers = {**SAME_SITE, **({"x-kontor-csrf": csrf} if csrf is not None else {})}
    return await browser.post(path, json=body, headers=headers)


async def test_a_visitor_signs_in_and_is_known_to_the_api(browser: httpx2.AsyncClient) -> None:
    back = await sign_in(browser)
    assert (back.status_code, back.headers["location"]) == (303, "/playground/")
    session = await session_of(browser)
    assert session["person"] == {"name": ANNA.name, "email": ANNA.email}
    assert session["tenant"] == {"id": str(TENANT_A)}
    assert (session["environment"], session["role"]) == ("demo", "Administrator")
    assert [one["email"] for one in session["personas"]] == [ANNA.email, BEN.email]
    called = await browser.post("/graphql", headers={"x-kontor-csrf": session["csrf"], **SAME_SITE})
    assert called.json() == {"subject": "anna"}


async def test_the_start_page_signs_a_persona_in_with_one_click(browser: httpx2.AsyncClient) -> None:
    left = await browser.get("/sign-in", params={"next": "/playground/", "login_hint": BEN.email})
    at_issuer = await browser.get(left.headers["location"])
    await browser.get(at_issuer.headers["location"])
    assert (await session_of(browser))["person"]["name"] == BEN.name


async def test_a_hint_chooses_for_nobody_elses_application(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/issuer/authorize", params=asked(login_hint=BEN.email))
    assert page.status_code == 200


@pytest.mark.parametrize("name", ["localhost", "[::1]"])
async def test_each_name_of_this_machine_signs_in_by_itself(server: Demo, name: str) -> None:
    async with server.browser(f"http://{name}:8000") as browser:
        await sign_in(browser)
        assert (await session_of(browser))["person"]["email"] == ANNA.email


async def test_any_worker_knows_a_session_and_finishes_a_sign_in(tmp_path: Path) -> None:
    one, two = demo(tmp_path), demo(tmp_path)
    async with one.browser() as first, two.browser(cookies=first.cookies) as second:
        fields = await begin(first)
        second.cookies = first.cookies
        form = {**fields, "person": f"anna@{TENANT_A}"}
        chosen = await second.post("/issuer/authorize", data=form, headers=SAME_SITE)
        await first.get(chosen.headers["location"])
        second.cookies = first.cookies
        assert (await session_of(second))["person"]["name"] == ANNA.name
    one.store.close()
    two.store.close()


async def test_nobody_signed_in_is_told_so(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/session")
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
    assert answer.headers["cache-control"] == "no-store"
    assert (await browser.post("/graphql")).json() == {"subject": None}


ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/playground",
    "http:///evil.example",
    "/playground//evil.example/%2e%2e",
    "/playground\r\nset-cookie: a=b",
    "/playground/..//evil.example",
    "javascript:alert(1)",
    "/graphql",
    "/sign-out",
    "playground",
    "/playground@evil.example",
    "/%2f/evil.example",
    "/playground/?x=\u2028",
    "/playground/" + "a" * 2000,
    "",
]


@pytest.mark.parametrize("address", ELSEWHERE)
async def test_signing_in_never_leads_elsewhere(browser: httpx2.AsyncClient, address: str) -> None:
    left = await browser.get("/sign-in", params={"next": address})
    if AFTERWARDS.fullmatch(address) and len(address) <= 1000:
        # what the pattern lets through stays below our own path, whatever dots and slashes it holds
        assert address.startswith("/playground/")
        return
    assert left.status_code == 400
    assert "location" not in left.headers
    assert "set-cookie" not in left.headers


@pytest.mark.parametrize("address", ["/", "/playground", "/playground/", "/playground/?tab=carts%20of%20b"])
async def test_signing_in_leads_on_to_our_own_pages(browser: httpx2.AsyncClient, address: str) -> None:
    left = await browser.get("/sign-in", params={"next": address, "login_hint": ANNA.email})
    at_issuer = await browser.get(left.headers["location"])
    assert (await browser.get(at_issuer.headers["location"])).headers["location"] == address


async def finished_elsewhere(browser: httpx2.AsyncClient) -> str:
    """The address with which the provider would send this browser back."""
    fields = await begin(browser)
    form = {**fields, "person": f"anna@{TENANT_A}"}
    chosen = await browser.post("/issuer/authorize", data=form, headers=SAME_SITE)
    return str(chosen.headers["location"])


async def test_another_browser_cannot_finish_what_this_one_began(server: Demo, browser: httpx2.AsyncClient) -> None:
    address = await finished_elsewhere(browser)
    async with server.browser() as other:
        assert (await other.get(address)).status_code == 400
        await begin(other)
        assert (await other.get(address)).status_code == 400
        assert (await other.get("/session")).status_code == 401


async def test_an_answer_of_the_provider_signs_in_once(browser: httpx2.AsyncClient) -> None:
    address = await finished_elsewhere(browser)
    notes = dict(browser.cookies)
    assert (await browser.get(address)).status_code == 303
    assert (await browser.get(address)).status_code == 400
    for name, value in notes.items():
        browser.cookies.set(name, value, domain="127.0.0.1", path="/")
    assert (await browser.get(address)).status_code == 400


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("state", "another"),
        ("state", None),
        ("code", "abc"),
        ("code", None),
        ("iss", "https://evil.example"),
        ("iss", "http://localhost:8000/issuer"),
        ("iss", None),
        ("error", "access_denied"),
    ],
)
async def test_an_answer_changed_on_the_way_signs_nobody_in(
    browser: httpx2.AsyncClient, part: str, instead: str | None
) -> None:
    address = await finished_elsewhere(browser)
    fields = {**told(httpx2.Response(303, headers={"location": address})), part: instead}
    fields = {name: value for name, value in fields.items() if value is not None}
    answer = await browser.get("/sign-in/callback", params=fields)
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert (await browser.get("/session")).status_code == 401


async def test_a_code_of_another_application_signs_nobody_in(browser: httpx2.AsyncClient) -> None:
    fields = await begin(browser)
    foreign = await code_for(browser, redirect_uri=SPA)
    answer = await browser.get(
        "/sign-in/callback", params={"code": foreign, "state": fields["state"], "iss": HERE + "/issuer"}
    )
    assert answer.status_code == 400


async def test_a_note_of_the_browser_that_was_changed_is_not_believed(browser: httpx2.AsyncClient) -> None:
    address = await finished_elsewhere(browser)
    head, _, signature = browser.cookies[NOTE].rpartition(".")
    browser.cookies.clear()
    for forged in (head + "." + signature[::-1], "", "x", "null"):
        browser.cookies.set(NOTE, forged, domain="127.0.0.1", path="/")
        assert (await browser.get(address)).status_code == 400


async def test_a_sign_in_waits_ten_minutes_and_no_longer(
    browser: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time()) - 601)
        fields = await begin(browser)
    form = {**fields, "person": f"anna@{TENANT_A}"}
    chosen = await browser.post("/issuer/authorize", data=form, headers=SAME_SITE)
    assert (await browser.get(chosen.headers["location"])).status_code == 400


async def test_the_sign_in_asks_with_pkce_state_and_nonce(browser: httpx2.AsyncClient) -> None:
    first, second = await begin(browser), await begin(browser)
    assert first["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 20
        assert first[name] != second[name]


async def test_a_planted_session_id_is_never_adopted(browser: httpx2.AsyncClient) -> None:
    browser.cookies.set(COOKIE, "planted-by-mallory", domain="127.0.0.1", path="/")
    await sign_in(browser)
    assert all(cookie.value != "planted-by-mallory" for cookie in browser.cookies.jar if cookie.expires)


async def test_each_sign_in_has_a_new_id_and_ends_the_old_session(server: Demo, browser: httpx2.AsyncClient) -> None:
    await sign_in(browser)
    former = browser.cookies[COOKIE]
    await sign_in(browser, BEN)
    assert browser.cookies[COOKIE] != former
    async with server.browser(cookies={COOKIE: former}) as thief:
        assert (await thief.get("/session")).status_code == 401


async def test_signing_out_ends_the_session_for_everybody_who_has_its_id(
    server: Demo, browser: httpx2.AsyncClient
) -> None:
    await sign_in(browser)
    former, session = browser.cookies[COOKIE], await session_of(browser)
    out = await post(browser, "/sign-out", {}, session["csrf"])
    assert out.status_code == 200
    assert COOKIE not in browser.cookies
    async with server.browser(cookies={COOKIE: former}) as thief:
        assert (await thief.get("/session")).status_code == 401
        called = await thief.post("/graphql", headers={"x-kontor-csrf": session["csrf"]})
        assert called.status_code == 401


async def test_a_session_ends_after_a_working_day(tmp_path: Path) -> None:
    clock = Clock(time.time())
    store = SqliteSessions(tmp_path, clock)
    await store.put("id", {"a": 1}, clock.now + 10)
    assert await store.get("id") == {"a": 1}
    clock.now += 10
    assert await store.get("id") is None
    assert await store.prune() == 1
    store.close()


async def test_the_cookie_of_a_public_server_is_bound_to_its_host(tmp_path: Path) -> None:
    sessions = Sessions(SqliteSessions(tmp_path), "https://kontor.example.com")
    assert sessions.cookie == "__Host-kontor-session"
    header = await cookie_of(sessions)
    assert header.startswith("__Host-kontor-session=")
    flags = {flag.strip().lower() for flag in header.split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/", "max-age=28800"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)


async def test_the_cookie_of_a_local_server_belongs_to_its_port(tmp_path: Path) -> None:
    sessions = Sessions(SqliteSessions(tmp_path), "http://127.0.0.1:8001")
    header = await cookie_of(sessions)
    assert header.startswith("kontor-session-8001=")
    assert "httponly" in header.lower()
    assert "samesite=lax" in header.lower()


async def cookie_of(sessions: Sessions) -> str:
    identity = Identity(issuer="i", subject="s", audience="a", expires_at=datetime.now(UTC))
    response = Response()
    await sessions.begin(Request({"type": "http", "headers": []}), identity, response)
    return response.headers["set-cookie"]


async def test_the_file_of_sessions_makes_nobody_anybody(
    server: Demo, browser: httpx2.AsyncClient, tmp_path: Path
) -> None:
    await sign_in(browser)
    file = tmp_path / "sessions.sqlite"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with sqlite3.connect(file) as reader:
        rows = reader.execute("SELECT * FROM session").fetchall()
    reader.close()
    assert len(rows) == 1
    assert browser.cookies[COOKIE] not in str(rows)


async def test_a_cookie_alone_is_nobody_to_the_api(browser: httpx2.AsyncClient) -> None:
    await sign_in(browser)
    for called in (
        await browser.get("/graphql"),
        await browser.post("/graphql", headers=SAME_SITE),
        await browser.post("/graphql", content=b"{me}", headers={**SAME_SITE, "content-type": "text/plain"}),
        await browser.post("/graphql", data={"query": "{me}"}, headers=SAME_SITE),
        await browser.post("/graphql", files={"query": b"{me}"}, headers=SAME_SITE),
        await browser.get("/graphql", params={"csrf": (await session_of(browser))["csrf"]}),
    ):
        assert called.json() == {"subject": None}


@pytest.mark.parametrize("csrf", ["", "x", "null", "ü"])
async def test_a_wrong_proof_is_refused(browser: httpx2.AsyncClient, csrf: str) -> None:
    await sign_in(browser)
    called = await browser.post("/graphql", headers=[("x-kontor-csrf", csrf.encode())])
    assert called.status_code == 401


async def test_the_proof_of_one_session_does_not_serve_another(server: Demo, browser: httpx2.AsyncClient) -> None:
    await sign_in(browser)
    foreign = (await session_of(browser))["csrf"]
    async with server.browser() as other:
        await sign_in(other, BEN)
        assert (await other.post("/graphql", headers={"x-kontor-csrf": foreign})).status_code == 401


async def test_a_bearer_token_goes_before_the_session(server: Demo, browser: httpx2.AsyncClient) -> None:
    await sign_in(browser)
    csrf = (await session_of(browser))["csrf"]
    bearer = {"authorization": f"bearer {server.issuer.mint(BEN)}", "x-kontor-csrf": csrf}
    assert (await browser.post("/graphql", headers=bearer)).json() == {"subject": "ben"}
    broken = {**bearer, "authorization": "Bearer abc"}
    assert (await browser.post("/graphql", headers=broken)).status_code == 401


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Basic YTpi", "token", "Bearer a b", "Bearer a,Bearer b"])
async def test_an_authorization_header_of_another_kind_is_refused(browser: httpx2.AsyncClient, value: str) -> None:
    assert (await browser.get("/graphql", headers={"authorization": value})).status_code == 401


async def test_two_authorization_headers_are_refused(server: Demo, browser: httpx2.AsyncClient) -> None:
    token = f"Bearer {server.issuer.mint(ANNA)}"
    called = await browser.get("/graphql", headers=[("authorization", token), ("authorization", token)])
    assert called.status_code == 401


async def test_a_token_in_the_address_counts_for_nothing(server: Demo, browser: httpx2.AsyncClient) -> None:
    token = server.issuer.mint(ANNA)
    called = await browser.get("/graphql", params={"access_token": token, "authorization": f"Bearer {token}"})
    assert called.json() == {"subject": None}


CHANGES = [("/sign-out", {}), ("/session/persona", {"email": BEN.email}), ("/session/organization", {"id": None})]


@pytest.mark.parametrize(("path", "body"), CHANGES)
async def test_nothing_about_the_session_changes_without_proof(
    browser: httpx2.AsyncClient, path: str, body: dict[str, Any]
) -> None:
    await sign_in(browser)
    for csrf in (None, "wrong"):
        assert (await post(browser, path, body, csrf)).status_code == 401
    assert (await browser.get(path)).status_code == 405
    assert (await session_of(browser))["person"]["email"] == ANNA.email


@pytest.mark.parametrize(("path", "body"), CHANGES)
@pytest.mark.parametrize("origin", ["null", "https://evil.example", HERE + ".evil.example", "http://localhost:5173"])
async def test_nothing_about_the_session_changes_from_another_site(
    browser: httpx2.AsyncClient, path: str, body: dict[str, Any], origin: str
) -> None:
    await sign_in(browser)
    csrf = (await session_of(browser))["csrf"]
    answer = await browser.post(path, json=body, headers={"origin": origin, "x-kontor-csrf": csrf})
    assert answer.status_code == 403


async def test_a_demo_visitor_becomes_somebody_else_in_one_click(server: Demo, browser: httpx2.AsyncClient) -> None:
    await sign_in(browser)
    former, before = browser.cookies[COOKIE], await session_of(browser)
    assert (await post(browser, "/session/persona", {"email": BEN.email}, before["csrf"])).status_code == 200
    after = await session_of(browser)
    assert (after["person"]["name"], after["role"]) == (BEN.name, "Customer")
    assert after["csrf"] != before["csrf"]
    assert browser.cookies[COOKIE] != former
    async with server.browser(cookies={COOKIE: former}) as thief:
        assert (await thief.get("/session")).status_code == 401


@pytest.mark.parametrize("email", ["nobody@example.com", "", None, 7, ["x"], {"a": 1}])
async def test_nobody_becomes_somebody_who_is_not_there(browser: httpx2.AsyncClient, email: Any) -> None:
    await sign_in(browser)
    csrf = (await session_of(browser))["csrf"]
    assert (await post(browser, "/session/persona", {"email": email}, csrf)).status_code == 400


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 400), (b"[]", 400), (b"[" * 5000, 400), (b"\xff", 400), (b" " * 20_000, 413), (b"9" * 5000, 400)],
)
async def test_odd_bodies_change_nothing(browser: httpx2.AsyncClient, content: bytes, status: int) -> None:
    await sign_in(browser)
    csrf = (await session_of(browser))["csrf"]
    for path in ("/session/persona", "/session/organization"):
        headers = {**SAME_SITE, "x-kontor-csrf": csrf, "content-type": "application/json"}
        assert (await browser.post(path, content=content, headers=headers)).status_code == status


async def test_a_visitor_chooses_the_acting_organization(server: Demo, browser: httpx2.AsyncClient) -> None:
    await sign_in(browser)
    csrf = (await session_of(browser))["csrf"]
    wanted = "0199cccc-0000-7000-8000-000000000003"
    answer = await post(browser, "/session/organization", {"id": wanted}, csrf)
    assert answer.json()["organization"] == {"id": wanted}
    assert (await session_of(browser))["organization"] == {"id": wanted}
    await post(browser, "/session/organization", {"id": None}, csrf)
    assert (await session_of(browser))["organization"] is None
    for odd in ("x", 7, ["x"], {}):
        assert (await post(browser, "/session/organization", {"id": odd}, csrf)).status_code == 400


SISTER = "https://sister.example.com"


class ForeignProvider:
    """A provider elsewhere whose token endpoint answers what the test wants."""

    client_id = "kontor-web"
    client_secret = "shh"

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.instead: httpx2.Response | None = None

    async def metadata(self, _: str) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": ISSUER + "/authorize",
            "token_endpoint": ISSUER + "/token",
        }

    def transport(self) -> httpx2.AsyncBaseTransport:
        return httpx2.MockTransport(self._answer)

    def trusted(self) -> tuple[TrustedIssuer, ...]:
        keys = LocalKeys([EC_KEY])
        return (TrustedIssuer(url=ISSUER, keys=keys), TrustedIssuer(url=SISTER, keys=keys))

    def _answer(self, _: httpx2.Request) -> httpx2.Response:
        if self.instead is not None:
            return self.instead
        body = {"access_token": "opaque", "token_type": "Bearer"}
        if self.claims:
            body["id_token"] = signed(self.claims, typ="JWT")
        return httpx2.Response(200, json=body)


@pytest.fixture
async def foreign(tmp_path: Path) -> AsyncIterator[tuple[ForeignProvider, httpx2.AsyncClient]]:
    provider, store = ForeignProvider(), SqliteSessions(tmp_path)
    door = SignIn(
        provider=provider,
        store=store,
        secret="s" * 48,
        public_url="https://kontor.example.com",
        environment="production",
    )
    app = SecurityHeaders(Starlette(routes=door.routes), https=True)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="https://kontor.example.com"
    ) as browser:
        yield provider, browser
    store.close()


async def arrive(provider: ForeignProvider, browser: httpx2.AsyncClient, **changes: Any) -> httpx2.Response:
    fields = await begin(browser)
    assert fields["redirect_uri"] == "https://kontor.example.com/sign-in/callback"
    if changes.pop("id_token", True):
        provider.claims = claims(**{"aud": "kontor-web", "nonce": fields["nonce"], **changes})
    return await browser.get("/sign-in/callback", params={"code": "c", "state": fields["state"]})


async def test_a_provider_elsewhere_signs_in_too(foreign: tuple[ForeignProvider, httpx2.AsyncClient]) -> None:
    provider, browser = foreign
    assert (await arrive(provider, browser)).status_code == 303
    session = await session_of(browser)
    assert session["person"]["email"] == "anna@example.com"
    assert session["personas"] == []
    assert (await post(browser, "/session/persona", {}, session["csrf"])).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "replayed"},
        {"nonce": None},
        {"aud": AUDIENCE},
        {"aud": ["kontor-web", "other"], "azp": "other"},
        {"iss": "https://evil.example"},
        {"iss": SISTER},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"id_token": False},
    ],
)
async def test_an_id_token_that_is_not_for_this_sign_in_signs_nobody_in(
    foreign: tuple[ForeignProvider, httpx2.AsyncClient], changes: dict[str, Any]
) -> None:
    provider, browser = foreign
    assert (await arrive(provider, browser, **changes)).status_code == 400
    assert (await browser.get("/session")).status_code == 401


@pytest.mark.parametrize(
    "instead",
    [
        httpx2.Response(500, text="down"),
        httpx2.Response(200, text="<html>"),
        httpx2.Response(200, json=[]),
        httpx2.Response(200, json={}),
        httpx2.Response(200, json={"access_token": "x", "token_type": "Bearer", "id_token": None}),
        httpx2.Response(200, json={"access_token": "x", "token_type": "Bearer", "id_token": [1]}),
        httpx2.Response(400, json={"error": "invalid_grant"}),
        httpx2.Response(302, headers={"location": "https://evil.example"}),
    ],
    ids=["500", "html", "list", "empty", "null", "id list", "refused", "redirect"],
)
async def test_a_provider_that_answers_oddly_signs_nobody_in(
    foreign: tuple[ForeignProvider, httpx2.AsyncClient], instead: httpx2.Response
) -> None:
    provider, browser = foreign
    provider.instead = instead
    assert (await arrive(provider, browser)).status_code == 400


async def test_an_unverified_address_does_not_become_an_account(
    foreign: tuple[ForeignProvider, httpx2.AsyncClient],
) -> None:
    provider, browser = foreign
    await arrive(provider, browser, email_verified=False)
    assert (await session_of(browser))["person"]["email"] is None


@pytest.mark.parametrize("host", ["evil.example", "kontor.example.com.evil.example", "a/?x=", ""])
async def test_a_foreign_host_name_does_not_get_into_our_addresses(
    foreign: tuple[ForeignProvider, httpx2.AsyncClient], host: str
) -> None:
    _, browser = foreign
    for extra in (
        {},
        {"x-forwarded-host": "evil.example", "x-forwarded-proto": "http", "forwarded": "host=evil.example"},
    ):
        left = await browser.get("/sign-in", headers={"host": host, **extra})
        assert told(left)["redirect_uri"] == "https://kontor.example.com/sign-in/callback"


def test_personas_are_not_for_production(tmp_path: Path) -> None:
    issuer = demo(tmp_path).issuer
    with pytest.raises(ValueError, match="demo only"):
        SignIn(
            provider=issuer,
            store=SqliteSessions(tmp_path),
            secret="s" * 48,
            public_url=HERE,
            environment="production",
            people=ToyPeople(),
        )


async def test_a_socket_proves_itself_by_its_first_message(server: Demo, browser: httpx2.AsyncClient) -> None:
    await sign_in(browser)
    session = await session_of(browser)
    cookie = f"{COOKIE}={browser.cookies[COOKIE]}".encode()
    socket = HTTPConnection({"type": "websocket", "headers": [(b"cookie", cookie)]})
    assert await server.sign_in.sessions.proven(socket, None) is None
    with pytest.raises(Unauthenticated):
        await server.sign_in.sessions.proven(socket, "wrong")
    proven = await server.sign_in.sessions.proven(socket, session["csrf"])
    assert proven is not None
    assert proven.identity.subject == "anna"
