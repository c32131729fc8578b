"""Browsers are told to be strict on every answer, and other sites cannot act through them."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.web.toy_demo import demo
from web.addresses import is_loopback, origin_of, own_origins
from web.headers import API_POLICY, Gate, SecurityHeaders

OURS = "https://kontor.example.com"
APP = "https://app.example.com"
SOCKET = "wss://kontor.example.com/graphql"


async def hello(request: Request) -> Response:
    return JSONResponse({"path": request.url.path}, headers={"server": "kontor/0.1"})


async def page(_: Request) -> Response:
    return HTMLResponse("<p>", headers={"content-security-policy": "default-src 'self'"})


async def broken(_: Request) -> Response:
    raise RuntimeError("boom")


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


ROUTES = [
    Route("/graphql", hello, methods=["GET", "POST"]),
    Route("/session", hello, methods=["GET", "POST"]),
    Route("/sign-out", hello, methods=["POST"]),
    Route("/page", page),
    Route("/broken", broken),
    Route("/mail", lambda request: PlainTextResponse(str(request.base_url))),
    WebSocketRoute("/graphql", socket),
]


def application(**options: Any) -> Any:
    settings = {"public_url": OURS, "cors_origins": [APP], **options}
    return SecurityHeaders(Gate(Starlette(routes=ROUTES), **settings), https=True)


def client(**options: Any) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=application(**options), raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url=OURS)


@pytest.mark.parametrize("path", ["/graphql", "/page", "/broken", "/nowhere"])
async def test_every_answer_carries_the_headers(path: str) -> None:
    async with client() as browser:
        headers = (await browser.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert "server" not in headers


async def test_also_refusals_carry_the_headers() -> None:
    async with client() as browser:
        foreign = await browser.get("/graphql", headers={"host": "evil.example"})
        cross = await browser.post("/session", headers={"origin": APP})
        preflight = await browser.options(
            "/graphql", headers={"origin": "https://evil.example", "access-control-request-method": "POST"}
        )
    assert [foreign.status_code, cross.status_code, preflight.status_code] == [400, 403, 400]
    for answer in (foreign, cross, preflight):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == API_POLICY


async def test_the_policy_allows_nothing_unless_a_page_says_more() -> None:
    async with client() as browser:
        assert (await browser.get("/graphql")).headers["content-security-policy"] == API_POLICY
        assert (await browser.get("/page")).headers["content-security-policy"] == "default-src 'self'"
    assert "default-src 'none'" in API_POLICY
    assert "frame-ancestors 'none'" in API_POLICY


async def test_plain_http_promises_no_https() -> None:
    app = SecurityHeaders(Starlette(routes=ROUTES), https=False)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=OURS) as browser:
        assert "strict-transport-security" not in (await browser.get("/page")).headers


PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}


async def test_an_allowed_origin_may_call_the_api_without_cookies() -> None:
    async with client() as browser:
        asked = await browser.options("/graphql", headers={"origin": APP, **PREFLIGHT})
        called = await browser.post("/graphql", headers={"origin": APP})
    assert (asked.status_code, called.status_code) == (200, 200)
    for answer in (asked, called):
        assert answer.headers["access-control-allow-origin"] == APP
        assert "access-control-allow-credentials" not in answer.headers
        assert "origin" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "https://evil-app.example.com",
        "https://app.example.com.evil.example",
        "https://app.example.com:444",
        "http://app.example.com",
        "HTTPS://APP.EXAMPLE.COM",
        "https://app.example.com/",
        "http://localhost:5173",
        "*",
        "",
    ],
)
async def test_other_origins_may_not(origin: str) -> None:
    async with client() as browser:
        asked = await browser.options("/graphql", headers={"origin": origin, **PREFLIGHT})
        read = await browser.get("/graphql", headers={"origin": origin})
        called = await browser.post("/graphql", headers={"origin": origin})
    assert (asked.status_code, called.status_code) == (400, 403)
    for answer in (asked, read, called):
        assert "access-control-allow-origin" not in answer.headers


async def test_a_star_opens_the_api_to_all_and_never_with_cookies() -> None:
    async with client(cors_origins=["*"]) as browser:
        called = await browser.post("/graphql", headers={"origin": "https://any.example", "cookie": "a=b"})
        session = await browser.post("/session", headers={"origin": "https://any.example"})
    assert called.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in called.headers
    assert session.status_code == 403


async def test_our_own_pages_are_open_to_no_other_origin() -> None:
    async with client() as browser:
        for path in ("/session", "/sign-out"):
            asked = await browser.options(path, headers={"origin": APP, **PREFLIGHT})
            posted = await browser.post(path, headers={"origin": APP})
            for answer in (asked, posted):
                assert "access-control-allow-origin" not in answer.headers
            assert posted.status_code == 403


async def test_developers_work_from_any_port_of_this_machine_in_the_demo_only() -> None:
    async with client(developers=True) as browser:
        for origin in ("http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:80"):
            called = await browser.post("/graphql", headers={"origin": origin})
            assert called.headers["access-control-allow-origin"] == origin
        for origin in ("http://localhost.evil.example", "http://localhost:5173.evil.example", "http://localhost:x"):
            assert (await browser.post("/graphql", headers={"origin": origin})).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": OURS},
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
)
async def test_our_own_pages_and_programs_may_post(headers: dict[str, str]) -> None:
    async with client() as browser:
        assert (await browser.post("/session", headers=headers)).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_browser_that_hides_the_origin_is_still_another_site(site: str) -> None:
    async with client() as browser:
        assert (await browser.post("/session", headers={"sec-fetch-site": site})).status_code == 403


async def test_two_origins_do_not_add_up_to_ours() -> None:
    async with client() as browser:
        for pair in ([OURS, "https://evil.example"], ["https://evil.example", OURS]):
            headers = [("origin", origin) for origin in pair]
            assert (await browser.post("/session", headers=headers)).status_code == 403


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_a_form_of_another_site_does_not_get_in(content_type: str) -> None:
    async with client() as browser:
        answer = await browser.post(
            "/graphql",
            content=b"{}",
            headers={"origin": "https://evil.example", "content-type": content_type, "cookie": "a=b"},
        )
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"] == {"code": "CROSS_SITE"}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", OURS + ".evil.example"])
def test_another_site_opens_no_socket(origin: str) -> None:
    with TestClient(application(), base_url=OURS) as browser:
        with (
            pytest.raises(WebSocketDisconnect) as closed,
            browser.websocket_connect(SOCKET, headers={"origin": origin}),
        ):
            pass
        assert closed.value.code == 1008


@pytest.mark.parametrize("headers", [{"origin": OURS}, {"origin": APP}, {}])
def test_our_own_pages_and_allowed_ones_open_sockets(headers: dict[str, str]) -> None:
    with TestClient(application(), base_url=OURS) as browser, browser.websocket_connect(SOCKET, headers=headers):
        pass


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "kontor.example.com.evil.example",
        "evil.kontor.example.com",
        "kontor.example.com@evil.example",
        "kontor.example.com/?x=",
        "a/?x=",
        "a?x=",
        "kontor.example.com:80:80",
        "kontor.example.com:x",
        "kontor.example.com.",
        " ",
        "",
        "127.0.0.1",
    ],
)
async def test_a_name_that_is_not_ours_is_not_answered(host: str) -> None:
    async with client() as browser:
        answer = await browser.get("/mail", headers={"host": host})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNKNOWN_HOST"}
    assert "evil" not in answer.text


async def test_two_host_headers_are_not_answered() -> None:
    async with client() as browser:
        for pair in ([OURS[8:], "evil.example"], ["evil.example", OURS[8:]]):
            assert (await browser.get("/mail", headers=[("host", host) for host in pair])).status_code == 400


async def test_forwarded_names_do_not_get_into_links() -> None:
    poison = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-server": "evil.example",
        "x-original-host": "evil.example",
        "forwarded": "host=evil.example",
    }
    async with client() as browser:
        answer = await browser.get("/mail", headers=poison)
    assert answer.text == OURS + "/"


async def test_hosts_are_known_by_any_port_and_by_name_in_any_case() -> None:
    async with client(more_hosts=["health.internal"]) as browser:
        for host in ("kontor.example.com:8443", "KONTOR.example.com", "health.internal"):
            assert (await browser.get("/graphql", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "origin", ["app.example.com", "https://app.example.com/", "null", "https://a@b", "ftp://x", ""]
)
def test_an_allow_list_with_a_mistake_stops_the_start(origin: str) -> None:
    with pytest.raises(ValueError, match=r"origin|address"):
        application(cors_origins=[origin])


def test_own_origins_are_the_spellings_of_this_machine_and_else_one() -> None:
    assert own_origins("http://127.0.0.1:8000/") == (
        "http://127.0.0.1:8000",
        "http://localhost:8000",
        "http://[::1]:8000",
    )
    assert own_origins("https://kontor.example.com:443/x") == ("https://kontor.example.com",)
    assert origin_of("http://[::1]:80/") == "http://[::1]"


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("localhost.evil.example", False),
        ("0.0.0.0", False),  # noqa: S104  # that it is everywhere is the point
        ("10.0.0.1", False),
        ("", False),
        ("2130706433", False),
    ],
)
def test_only_addresses_of_this_machine_are_loopback(host: str, local: bool) -> None:
    assert is_loopback(host) is local


async def test_a_single_page_application_reaches_issuer_and_api_from_its_own_port(tmp_path: Path) -> None:
    server, origin = demo(tmp_path), "http://localhost:5173"
    async with server.browser() as browser:
        for path in ("/issuer/.well-known/openid-configuration", "/issuer/jwks", "/graphql"):
            read = await browser.get(path, headers={"origin": origin})
            assert read.headers["access-control-allow-origin"] == origin
        asked = await browser.options("/issuer/token", headers={"origin": origin, **PREFLIGHT})
        assert asked.status_code == 200
        for path in ("/session", "/sign-in"):
            kept = await browser.get(path, headers={"origin": origin})
            assert "access-control-allow-origin" not in kept.headers
    server.store.close()
