"""The embedded identity provider signs in the people of the demo, on this machine, and by the book."""

import asyncio
import base64
import json
import os
import stat
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet

from tests.web.toy_demo import (
    ANNA,
    BEN,
    HERE,
    SERVICE,
    SPA,
    Demo,
    ToyPeople,
    asked,
    choose,
    code_for,
    demo,
    hidden_fields,
    redeem,
    told,
)
from tests.web.toys import TENANT_A, TENANT_B, Clock
from web.issuer import EmbeddedIssuer, IssuerRefused
from web.issuer.codes import Codes, Grant
from web.issuer.signing import signing_key
from web.jwts import TrustedIssuer
from web.keys import RemoteKeys
from web.tokens import TokenVerifier


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Demo]:
    built = demo(tmp_path)
    yield built
    built.store.close()


@pytest.fixture
async def browser(server: Demo) -> AsyncIterator[httpx2.AsyncClient]:
    async with server.browser() as client:
        yield client


def payload(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(jws.extract_compact(token.encode()).payload)
    return found


async def test_a_person_signs_in_and_the_token_opens_the_api(browser: httpx2.AsyncClient) -> None:
    answer = await redeem(browser, await code_for(browser))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    assert "refresh_token" not in tokens
    assert tokens["expires_in"] == 900
    called = await browser.get("/graphql", headers={"authorization": f"Bearer {tokens['access_token']}"})
    assert called.json() == {"subject": "anna"}


async def test_an_access_token_follows_rfc_9068_and_lives_a_quarter_of_an_hour(
    browser: httpx2.AsyncClient,
) -> None:
    token = (await redeem(browser, await code_for(browser))).json()["access_token"]
    claims = payload(token)
    assert jws.extract_compact(token.encode()).headers()["typ"] == "at+jwt"
    assert claims["exp"] - claims["iat"] == 900
    assert {"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id"} <= set(claims)
    assert (claims["iss"], claims["aud"], claims["client_id"]) == (HERE + "/issuer", "kontor", "spa")
    assert (claims["kontor_tenant"], claims["email"]) == (str(TENANT_A), ANNA.email)


async def test_the_id_token_is_for_the_client_and_carries_its_nonce(server: Demo, browser: httpx2.AsyncClient) -> None:
    tokens = (await redeem(browser, await code_for(browser))).json()
    keys = KeySet.import_key_set((await browser.get("/issuer/jwks")).json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"]).claims
    assert (claims["aud"], claims["nonce"], claims["sub"]) == (["spa"], "n-1", "anna")
    with pytest.raises(Exception, match="not valid"):
        await server.verifier.verify(tokens["id_token"])


async def test_discovery_leads_a_strict_verifier_to_the_keys(server: Demo, browser: httpx2.AsyncClient) -> None:
    issuer = HERE + "/issuer"
    keys = RemoteKeys(issuer, transport=httpx2.ASGITransport(app=server.app))
    verifier = TokenVerifier([TrustedIssuer(url=issuer, keys=keys)], "kontor")
    assert (await verifier.verify(server.issuer.mint(ANNA))).subject == "anna"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
async def test_every_name_of_this_machine_is_an_issuer_of_its_own_with_the_same_people(server: Demo, name: str) -> None:
    async with server.browser(f"http://{name}:8000") as browser:
        found = (await browser.get("/issuer/.well-known/openid-configuration")).json()
        token = (await redeem(browser, await code_for(browser))).json()["access_token"]
    assert found["issuer"] == f"http://{name}:8000/issuer" == payload(token)["iss"]
    assert (await server.verifier.verify(token)).issuer == "embedded"


async def test_keys_are_published_without_their_secret(browser: httpx2.AsyncClient) -> None:
    (key,) = (await browser.get("/issuer/jwks")).json()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


async def test_the_page_offers_everybody_by_tenant_without_script(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/issuer/authorize", params=asked(state='"><script>'))
    assert page.status_code == 200
    assert "Anna &lt;b&gt;Adler&lt;/b&gt;" in page.text
    assert "<script" not in page.text
    assert "Adler Verlag" in page.text
    assert BEN.role in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "form-action 'self' http://localhost:5173;" in policy
    assert page.headers["cache-control"] == "no-store"
    assert hidden_fields(page.text)["client_id"] == "spa"


async def test_the_answer_names_the_issuer_and_repeats_the_state(browser: httpx2.AsyncClient) -> None:
    answer = await choose(browser)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(SPA + "?")
    assert (told(answer)["state"], told(answer)["iss"]) == ("xyz", HERE + "/issuer")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/callback",
        "http://localhost.evil.example/",
        "http://localhost@evil.example/",
        "http://evil.example#@localhost/",
        "http://localhost:5173/callback#x",
        "http://localhost:5173/callback?x=1",
        "http://localhost:5173/\r\nset-cookie: a=b",
        "http://localhost:5173;script-src/",
        "https://localhost:5173/",
        "javascript:alert(1)",
        "//localhost/",
        'http://localhost:5173/"',
        "",
        None,
    ],
)
async def test_nobody_is_sent_to_an_address_that_is_not_registered(
    browser: httpx2.AsyncClient, address: str | None
) -> None:
    asking = await browser.get("/issuer/authorize", params=asked(redirect_uri=address))
    choosing = await choose(browser, redirect_uri=address)
    for answer in (asking, choosing):
        assert answer.status_code == 400
        assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["/sign-in/callback/", "/sign-in/callback?x", "/sign-in", "/evil"])
async def test_the_playgrounds_address_is_matched_whole(browser: httpx2.AsyncClient, path: str) -> None:
    answer = await browser.get("/issuer/authorize", params=asked(client_id="playground", redirect_uri=HERE + path))
    assert answer.status_code == 400
    other_port = asked(client_id="playground", redirect_uri="http://127.0.0.1:8001/sign-in/callback")
    assert (await browser.get("/issuer/authorize", params=other_port)).status_code == 400


@pytest.mark.parametrize("client", ["nobody", "", None, "warehouse", "a\0b", "spa "])
async def test_unknown_applications_get_nothing(browser: httpx2.AsyncClient, client: str | None) -> None:
    assert (await browser.get("/issuer/authorize", params=asked(client_id=client))).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge": "short"},
        {"state": None},
        {"nonce": None},
        {"response_type": "token"},
        {"response_type": 'code"id_token'},
        {"response_type": None},
        {"prompt": "none"},
    ],
)
async def test_a_request_without_its_protections_gets_an_error_and_no_code(
    browser: httpx2.AsyncClient, changes: dict[str, Any]
) -> None:
    answers = [await browser.get("/issuer/authorize", params=asked(**changes))]
    if "prompt" not in changes:
        answers.append(await choose(browser, **changes))
    for answer in answers:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(SPA + "?")
        assert "code" not in told(answer)
        assert told(answer)["error"]


async def test_a_parameter_given_twice_is_refused(browser: httpx2.AsyncClient) -> None:
    doubled = [*asked().items(), ("redirect_uri", "https://evil.example")]
    assert (await browser.get("/issuer/authorize", params=doubled)).status_code == 400


async def test_choosing_nobody_known_gives_no_code(browser: httpx2.AsyncClient) -> None:
    for person in ("mallory", f"anna@{TENANT_B}", ""):
        answer = await browser.post("/issuer/authorize", data={**asked(), "person": person})
        assert answer.status_code == 400


async def test_a_code_works_once(browser: httpx2.AsyncClient) -> None:
    code = await code_for(browser)
    assert (await redeem(browser, code)).status_code == 200
    again = await redeem(browser, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


async def test_a_code_shown_to_all_workers_at_once_works_in_one(tmp_path: Path) -> None:
    workers = [demo(tmp_path) for _ in range(4)]
    async with workers[0].browser() as browser:
        code = await code_for(browser)
    answers = await asyncio.gather(*(redeem(worker.browser(), code) for worker in workers * 3))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 11


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": None},
        {"code_verifier": ""},
        {"redirect_uri": "http://localhost:5174/callback"},
        {"redirect_uri": None},
        {"client_id": "playground"},
        {"client_id": "nobody"},
        {"client_id": None},
        {"client_id": "warehouse", "client_secret": SERVICE.secret},
        {"grant_type": "refresh_token"},
        {"grant_type": "password"},
        {"grant_type": 'x"\n'},
        {"grant_type": None},
        {"code": "abc"},
        {"code": None},
        {"code": "a.b.c"},
    ],
)
async def test_a_code_in_wrong_hands_is_worth_nothing(browser: httpx2.AsyncClient, changes: dict[str, Any]) -> None:
    code = await code_for(browser)
    answer = await redeem(browser, **{"code": code, **changes})
    assert answer.status_code in (400, 401)
    assert "access_token" not in answer.text
    assert answer.json()["error"]


async def test_a_failed_try_uses_the_code_up(browser: httpx2.AsyncClient) -> None:
    code = await code_for(browser)
    assert (await redeem(browser, code, code_verifier="w" * 64)).status_code == 400
    assert (await redeem(browser, code)).status_code == 400


async def test_an_access_token_is_no_code_and_a_code_no_access_token(server: Demo, browser: httpx2.AsyncClient) -> None:
    assert (await redeem(browser, server.issuer.mint(ANNA))).status_code == 400
    code = await code_for(browser)
    called = await browser.get("/graphql", headers={"authorization": f"Bearer {code}"})
    assert called.status_code == 401


def test_a_code_is_good_for_a_minute(tmp_path: Path) -> None:
    clock = Clock(time.time())
    codes = Codes(signing_key(tmp_path), tmp_path, clock)
    grant = Grant(client_id="spa", redirect_uri=SPA, scope="openid", nonce="n", code_challenge="c", person=ANNA)
    early, late = codes.seal(grant), codes.seal(grant)
    clock.now += 59
    assert codes.redeem(early, "spa") == grant
    clock.now += 2
    assert codes.redeem(late, "spa") is None


def test_marks_of_old_codes_are_swept_away(tmp_path: Path) -> None:
    codes = Codes(signing_key(tmp_path), tmp_path)
    grant = Grant(client_id="spa", redirect_uri=SPA, scope="openid", nonce="n", code_challenge="c", person=ANNA)
    codes.redeem(codes.seal(grant), "spa")
    (mark,) = (tmp_path / "issuer-codes").iterdir()
    os.utime(mark, (0, 0))
    codes.redeem(codes.seal(grant), "spa")
    assert not mark.exists()


async def test_a_service_signs_in_as_itself(server: Demo, browser: httpx2.AsyncClient) -> None:
    basic = base64.b64encode(f"{SERVICE.client_id}:a%20long%20secret".encode()).decode()
    form = {"grant_type": "client_credentials"}
    by_header = await browser.post("/issuer/token", data=form, headers={"authorization": f"Basic {basic}"})
    secret = {"client_id": SERVICE.client_id, "client_secret": SERVICE.secret}
    by_form = await browser.post("/issuer/token", data={**form, **secret})
    for answer in (by_header, by_form):
        identity = await server.verifier.verify(answer.json()["access_token"])
        assert (identity.subject, identity.tenant_id) == ("warehouse", TENANT_B)


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("Basic " + base64.b64encode(b"warehouse:wrong").decode(), {}),
        ("Basic " + base64.b64encode(b"warehouse:").decode(), {}),
        ("Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(), {}),
        ("Basic ???", {}),
        ("Basic", {}),
        ("Bearer x", {}),
        (None, {"client_id": "warehouse"}),
        (None, {"client_id": "warehouse", "client_secret": ""}),
        (None, {"client_id": "spa"}),
        (None, {"client_id": "spa", "client_secret": "x"}),
    ],
)
async def test_a_service_without_its_secret_gets_nothing(
    browser: httpx2.AsyncClient, header: str | None, form: dict[str, str]
) -> None:
    answer = await browser.post(
        "/issuer/token",
        data={"grant_type": "client_credentials", **form},
        headers={"authorization": header} if header else {},
    )
    assert answer.status_code in (400, 401)
    assert "access_token" not in answer.text


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"a=b&" * 100_000, "application/x-www-form-urlencoded", 413),
        (b"a=b&" * 100, "application/x-www-form-urlencoded", 400),
        (b"%ff=%fe", "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"", "multipart/form-data; boundary=x", 415),
        (b"", "", 415),
    ],
)
async def test_odd_bodies_are_refused(
    browser: httpx2.AsyncClient, content: bytes, media_type: str, status: int
) -> None:
    for path in ("/issuer/token", "/issuer/authorize"):
        answer = await browser.post(path, content=content, headers={"content-type": media_type})
        assert answer.status_code == status


async def test_signing_out_leads_back_to_a_registered_address_only(browser: httpx2.AsyncClient) -> None:
    tokens = (await redeem(browser, await code_for(browser))).json()
    back = {"post_logout_redirect_uri": "http://localhost:5173/", "state": "s 1"}
    for hint in ({"client_id": "spa"}, {"id_token_hint": tokens["id_token"]}):
        answer = await browser.get("/issuer/end-session", params={**back, **hint})
        assert answer.headers["location"] == "http://localhost:5173/?state=s+1"
    for wrong in (
        {**back, "client_id": "spa", "post_logout_redirect_uri": "https://evil.example"},
        {**back, "client_id": "nobody"},
        {**back, "id_token_hint": tokens["id_token"][:-4]},
        back,
    ):
        answer = await browser.get("/issuer/end-session", params=wrong)
        assert (answer.status_code, "location" in answer.headers) == (200, False)


async def test_the_command_line_mints_a_token_that_works(server: Demo, browser: httpx2.AsyncClient) -> None:
    called = await browser.get("/graphql", headers={"authorization": f"Bearer {server.issuer.mint(BEN)}"})
    assert called.json() == {"subject": "ben"}


def test_the_key_is_kept_for_the_next_start_and_for_its_owner_only(tmp_path: Path) -> None:
    first = signing_key(tmp_path / "data")
    assert signing_key(tmp_path / "data").as_dict() == first.as_dict()
    file = tmp_path / "data" / "issuer-key.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_workers_that_start_together_share_one_key(tmp_path: Path) -> None:
    def kid(_: int) -> str | None:
        return signing_key(tmp_path).kid

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(kid, range(8)))) == 1
    assert isinstance(signing_key(tmp_path), ECKey)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"environment": "production"}, "not in 'production'"),
        ({"environment": "development"}, "not in 'development'"),
        ({"environment": ""}, "not in ''"),
        ({"public_url": "https://kontor.example.com"}, "not on 'kontor.example.com'"),
        ({"public_url": "http://192.168.0.7:8000"}, "not on '192.168.0.7'"),
        ({"public_url": "http://127.0.0.1.evil.example"}, "not on '127.0.0.1.evil.example'"),
        ({"bind_host": "0.0.0.0"}, "not on '0.0.0.0'"),  # noqa: S104  # that is the attack
        ({"bind_host": "::"}, "not on '::'"),
    ],
)
def test_it_does_not_run_where_strangers_could_sign_in(tmp_path: Path, changes: dict[str, str], sentence: str) -> None:
    options: dict[str, Any] = {"environment": "demo", "public_url": HERE, **changes}
    with pytest.raises(IssuerRefused, match=sentence):
        EmbeddedIssuer(data_dir=tmp_path, people=ToyPeople(), **options)
    assert not list(tmp_path.iterdir())


def test_authlib_is_never_told_to_take_plain_http_everywhere(server: Demo) -> None:
    server.issuer.mint(ANNA)
    assert "AUTHLIB_INSECURE_TRANSPORT" not in os.environ
