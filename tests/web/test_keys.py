"""Known keys keep working whatever happens to the issuer, and nobody can make us ask it often."""

import asyncio
import json
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from starlette.responses import RedirectResponse, Response

from tenancy.errors import Unavailable
from tests.web.toys import EC_KEY, ISSUER, Clock, ToyIssuer
from web.keys import MAX_BODY, RemoteKeys, usable_keys

NEXT_KEY = ECKey.generate_key("P-256", {"kid": "ec-2"})


def remote(issuer: ToyIssuer, clock: Clock, **options: Any) -> RemoteKeys:
    return RemoteKeys(ISSUER, transport=issuer.transport, clock=clock, **options)


async def test_a_known_key_works_for_hours_while_the_issuer_is_down() -> None:
    issuer, clock = ToyIssuer(), Clock()
    keys = remote(issuer, clock)
    assert await keys.find("ec-1") is not None
    issuer.down = True
    clock.now = 23 * 3600
    assert await keys.find("ec-1") is not None
    await keys.aclose()


async def test_a_key_of_yesterday_is_not_believed_for_ever() -> None:
    issuer, clock = ToyIssuer(), Clock()
    keys = remote(issuer, clock)
    await keys.find("ec-1")
    issuer.down = True
    clock.now = 25 * 3600
    with pytest.raises(Unavailable) as told:
        await keys.find("ec-1")
    assert told.value.retry_after == 60


async def test_a_rotated_key_is_found_at_its_first_use() -> None:
    issuer, clock = ToyIssuer(), Clock()
    keys = remote(issuer, clock)
    await keys.find("ec-1")
    issuer.keys = [NEXT_KEY]
    clock.now = 61
    assert await keys.find("ec-2") is not None
    assert await keys.find("ec-1") is None


async def test_a_flood_of_unknown_keys_asks_the_issuer_once_a_minute() -> None:
    issuer, clock = ToyIssuer(), Clock()
    keys = remote(issuer, clock)
    await asyncio.gather(*(keys.find(f"unknown-{n}") for n in range(200)))
    for n in range(200):
        assert await keys.find(f"other-{n}") is None
    assert issuer.fetches == 1
    clock.now = 61
    await keys.find("unknown")
    assert issuer.fetches == 2


async def test_an_unknown_key_never_keeps_a_known_one_waiting() -> None:
    issuer, clock = ToyIssuer(), Clock()
    keys = remote(issuer, clock, patience=60)
    await keys.find("ec-1")
    issuer.open.clear()
    clock.now = 61
    waiting = asyncio.create_task(keys.find("unknown"))
    await asyncio.sleep(0)
    assert await keys.find("ec-1") is not None
    assert not waiting.done()
    issuer.open.set()
    assert await waiting is None


async def test_patience_with_a_slow_issuer_ends_and_the_fetch_goes_on() -> None:
    issuer, clock = ToyIssuer(), Clock()
    keys = remote(issuer, clock, patience=0)
    issuer.open.clear()
    with pytest.raises(Unavailable):
        await keys.find("ec-1")
    issuer.open.set()
    assert keys._running is not None
    await keys._running
    assert await keys.find("ec-1") is not None
    assert issuer.fetches == 1


async def test_a_server_that_ends_does_not_wait_for_a_slow_issuer() -> None:
    issuer = ToyIssuer()
    keys = remote(issuer, Clock(), patience=0)
    issuer.open.clear()
    with pytest.raises(Unavailable):
        await keys.find("ec-1")
    await keys.aclose()
    assert keys._running is not None
    assert keys._running.cancelled()


MORE = json.dumps({"keys": [{**NEXT_KEY.as_dict(private=False), "kid": "unknown"}]}).encode()


@pytest.mark.parametrize(
    "answer",
    [
        Response(b"[" * 5000, media_type="application/json"),
        Response(b"[]", media_type="application/json"),
        Response(b"\xff\xfe", media_type="application/json"),
        Response(b'{"keys": []}'),
        Response(b'{"keys": "none"}'),
        Response(MORE + b" " * MAX_BODY),
        Response(MORE, status_code=500),
        RedirectResponse("/moved"),
    ],
    ids=["deep", "list", "not utf-8", "empty", "text", "too long", "500", "redirect"],
)
async def test_an_odd_answer_of_the_issuer_changes_nothing(answer: Response) -> None:
    issuer, clock = ToyIssuer(), Clock()
    keys = remote(issuer, clock)
    await keys.find("ec-1")
    issuer.jwks, issuer.moved = answer, MORE
    clock.now = 61
    assert await keys.find("unknown") is None
    assert await keys.find("ec-1") is not None


async def test_a_discovery_document_of_another_issuer_is_not_believed() -> None:
    issuer = ToyIssuer(issuer="https://evil.example")
    with pytest.raises(Unavailable):
        await RemoteKeys(ISSUER, transport=issuer.transport).find("ec-1")


@pytest.mark.parametrize(
    "address",
    ["http://login.example.com", "file:///etc/passwd", "ftp://x", "", "http://127.0.0.1@evil.example", "//x"],
)
async def test_keys_are_not_fetched_over_a_plain_line(address: str) -> None:
    with pytest.raises(ValueError, match="https"):
        RemoteKeys(address)
    issuer = ToyIssuer()
    issuer.jwks_uri = address + "/jwks"
    with pytest.raises(Unavailable):
        await RemoteKeys(ISSUER, transport=issuer.transport).find("ec-1")


def test_only_public_keys_for_signatures_that_are_strong_enough_are_used() -> None:
    short = {"kty": "RSA", "kid": "short", "e": "AQAB", "n": "u" * 170}
    documents: list[object] = [
        short,
        OctKey.generate_key(256, {"kid": "secret"}).as_dict(),
        ECKey.generate_key("P-521", {"kid": "p521"}).as_dict(private=False),
        OKPKey.generate_key("X25519", {"kid": "x"}).as_dict(private=False),
        {**RSAKey.generate_key(2048, {"kid": "enc"}).as_dict(private=False), "use": "enc"},
        {**EC_KEY.as_dict(private=False), "kid": "off the curve", "x": "A" * 43},
        {"kty": "AKP", "kid": "future"},
        {"kty": ["EC"]},
        "text",
        None,
        EC_KEY.as_dict(private=True),
    ]
    keys = usable_keys(documents)
    assert list(keys) == ["ec-1"]
    assert not keys["ec-1"].is_private
