"""Only a token of a trusted issuer, meant for us and valid now, says who is calling."""

import asyncio
import hmac
import json
import time
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from tenancy.errors import Unauthenticated
from tests.web.toys import (
    AUDIENCE,
    EC_KEY,
    ISSUER,
    TENANT_A,
    TENANT_B,
    Clock,
    by_hand,
    claims,
    encode,
    signed,
)
from web.jwts import TrustedIssuer
from web.keys import LocalKeys
from web.tokens import Identity, TokenVerifier

RSA_KEY = RSAKey.generate_key(2048, {"kid": "rsa-1"})
OKP_KEY = OKPKey.generate_key("Ed25519", {"kid": "okp-1"})
STRANGER = ECKey.generate_key("P-256", {"kid": "ec-1"})
CONSTANT = ("UNAUTHENTICATED", "The access token is not valid.")


class CountingKeys(LocalKeys):
    """Local keys that remember how often they were asked."""

    asked = 0

    async def find(self, kid: str | None) -> Any:
        self.asked += 1
        return await super().find(kid)


def verifier(**options: Any) -> TokenVerifier:
    trusted = TrustedIssuer(url=ISSUER, keys=LocalKeys([EC_KEY, RSA_KEY, OKP_KEY]))
    return TokenVerifier([trusted], AUDIENCE, **options)


async def refusal(token: str, **options: Any) -> tuple[str, str]:
    with pytest.raises(Unauthenticated) as refused:
        await verifier(**options).verify(token)
    return refused.value.code, refused.value.message


@pytest.mark.parametrize(
    ("key", "alg"), [(EC_KEY, "ES256"), (RSA_KEY, "RS256"), (OKP_KEY, "EdDSA"), (OKP_KEY, "Ed25519")]
)
async def test_a_good_token_tells_who_calls_for_which_tenant(key: Any, alg: str) -> None:
    identity = await verifier().verify(signed(claims(), key, alg))
    assert (identity.issuer, identity.subject, identity.tenant_id) == (ISSUER, "anna", TENANT_A)
    assert (identity.audience, identity.client_id, identity.email) == (AUDIENCE, "spa", "anna@example.com")


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "JWT", None])
async def test_the_types_that_issuers_write_are_read(typ: str | None) -> None:
    assert (await verifier().verify(signed(claims(), typ=typ))).subject == "anna"


async def test_one_of_several_audiences_may_be_us() -> None:
    assert (await verifier().verify(signed(claims(aud=["other", AUDIENCE])))).subject == "anna"


def body() -> bytes:
    return json.dumps(claims()).encode()


def same_name_twice() -> str:
    return signed(body()[:-1] + b', "sub": "mallory"}')


def same_header_twice() -> str:
    return by_hand(b'{"alg":"none","alg":"ES256","kid":"ec-1"}', body(), EC_KEY, "ES256")


def algorithm_none(name: str) -> str:
    return encode(json.dumps({"alg": name, "kid": "ec-1"}).encode()) + "." + encode(body()) + "."


def hmac_with(secret: bytes) -> str:
    start = encode(b'{"alg":"HS256","kid":"rsa-1"}') + "." + encode(body())
    return start + "." + encode(hmac.digest(secret, start.encode(), "sha256"))


def encrypted(alg: str) -> str:
    key = OctKey.generate_key(256)
    registry = jwe.JWERegistry(algorithms=[alg, "A256GCM"])
    return jwe.encrypt_compact({"alg": alg, "enc": "A256GCM", "p2c": 1000}
        if alg.startswith("PBES2") else {"alg": alg, "enc": "A256GCM"},
        signed(claims()), key, registry=registry)  # fmt: skip


def tampered() -> str:
    head, _, signature = signed(claims()).split(".")
    return ".".join([head, encode(json.dumps(claims(sub="mallory")).encode()), signature])


PUBLIC = EC_KEY.as_dict(private=False)
ATTACKS = {
    "nothing": lambda: "",
    "not a token": lambda: "abc",
    "four dots": lambda: "a.b.c.d.e",
    "not ascii": lambda: signed(claims()) + "ü",
    "nul at the end": lambda: signed(claims()) + "\0",
    "padding at the end": lambda: signed(claims()) + "=",
    "a mebibyte": lambda: "a." + "b" * 1024 * 1024 + ".c",
    "nested 2000 deep": lambda: signed(b"[" * 2000 + b"]" * 2000),
    "deep inside a claim": lambda: signed(b'{"iss":' + b"[" * 1500 + b"]" * 1500 + b"}"),
    "5000 digits": lambda: signed(b'{"exp":' + b"9" * 5000 + b"}"),
    "a list for claims": lambda: signed(b"[]"),
    "exp NaN": lambda: signed(json.dumps(claims(exp=float("nan"))).encode()),
    "exp beyond all calendars": lambda: signed(claims(exp=10**18)),
    "exp 1e400": lambda: signed(json.dumps(claims(exp=0)).replace('"exp": 0', '"exp": 1e400').encode()),
    "exp as text": lambda: signed(claims(exp=str(int(time.time()) + 600))),
    "exp as true": lambda: signed(claims(exp=True)),
    "no exp": lambda: signed(claims(exp=None)),
    "no iss": lambda: signed(claims(iss=None)),
    "no aud": lambda: signed(claims(aud=None)),
    "no sub": lambda: signed(claims(sub=None)),
    "blank sub": lambda: signed(claims(sub="")),
    "sub as number": lambda: signed(claims(sub=7)),
    "nul in sub": lambda: signed(claims(sub="anna\0")),
    "lone surrogate in email": lambda: signed(claims(email="\ud800@example.com")),
    "a very long sub": lambda: signed(claims(sub="a" * 256)),
    "not before next minute": lambda: signed(claims(nbf=int(time.time()) + 61)),
    "nbf null": lambda: signed(json.dumps({**claims(), "nbf": None}).encode()),
    "issued in the future": lambda: signed(claims(iat=int(time.time()) + 300)),
    "other audience": lambda: signed(claims(aud="playground")),
    "audience of others": lambda: signed(claims(aud=["a", "b"])),
    "audience as object": lambda: signed(claims(aud={"kontor": 1})),
    "audience with blank": lambda: signed(claims(aud="kontor ")),
    "issuer with slash": lambda: signed(claims(iss=ISSUER + "/")),
    "issuer in capitals": lambda: signed(claims(iss=ISSUER.upper())),
    "issuer of somebody": lambda: signed(claims(iss="https://evil.example")),
    "issuer as list": lambda: signed(claims(iss=[ISSUER])),
    "tenant not a uuid": lambda: signed(claims(kontor_tenant="' or 1=1 --")),
    "tenant as list": lambda: signed(claims(kontor_tenant=[str(TENANT_B)])),
    "an id token": lambda: signed(claims(at_hash="x")),
    "alg none": lambda: algorithm_none("none"),
    "alg None": lambda: algorithm_none("nOnE"),
    "alg missing": lambda: by_hand({"kid": "ec-1"}, body(), EC_KEY, "ES256"),
    "alg as list": lambda: by_hand({"alg": ["ES256"]}, body(), EC_KEY, "ES256"),
    "public key as secret": lambda: hmac_with(RSA_KEY.as_pem(private=False)),
    "short secret": lambda: hmac_with(b"1234"),
    "rsa claimed on ec": lambda: by_hand({"alg": "RS256", "kid": "ec-1"}, body(), RSA_KEY, "RS256"),
    "rs512": lambda: by_hand({"alg": "RS512", "kid": "rsa-1"}, body(), RSA_KEY, "RS512"),
    "kid as path": lambda: signed(claims(), kid="../../../dev/null"),
    "kid as sql": lambda: signed(claims(), kid="ec-1' union select 'x"),
    "kid as url": lambda: signed(claims(), kid="https://evil.example/key"),
    "kid as number": lambda: by_hand(
        {"alg": "ES256", "kid": 1}, body(), EC_KEY, "ES256"
    ),
    "no kid among several": lambda: signed(claims(), kid=None),
    "jku": lambda: signed(claims(), jku="https://evil.example/jwks"),
    "x5u": lambda: signed(claims(), x5u="https://evil.example/cert"),
    "x5c": lambda: signed(claims(), x5c=["MIIB"]),
    "jwk of its own": lambda: signed(claims(), STRANGER, jwk=STRANGER.as_dict(private=False)),
    "jwk of ours": lambda: signed(claims(), jwk=PUBLIC),
    "crit": lambda: signed(claims(), crit=["exp"], exp=1),
    "crit unknown": lambda: signed(claims(), crit=["evil"], evil=True),
    "b64 false": lambda: signed(claims(), crit=["b64"], b64=False),
    "zip": lambda: signed(claims(), zip="DEF"),
    "nested token": lambda: signed(signed(claims()).encode(), cty="JWT"),
    "logout token": lambda: signed(claims(), typ="logout+jwt"),
    "name twice": same_name_twice,
    "header twice": same_header_twice,
    "key of a stranger": lambda: signed(claims(), STRANGER),
    "tampered": tampered,
    "no signature": lambda: signed(claims()).rsplit(".", 1)[0] + ".",
    "zero signature": lambda: signed(claims()).rsplit(".", 1)[0] + "." + encode(bytes(64)),
    "encrypted dir": lambda: encrypted("dir"),
    "encrypted PBES2": lambda: encrypted("PBES2-HS256+A128KW"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
async def test_an_attack_on_the_token_is_refused_with_always_the_same_words(attack: str) -> None:
    assert await refusal(ATTACKS[attack]()) == CONSTANT


async def test_an_expired_token_is_told_apart_only_when_it_was_good() -> None:
    gone = int(time.time()) - 31
    assert (await refusal(signed(claims(exp=gone))))[0] == "TOKEN_EXPIRED"
    assert await refusal(signed(claims(exp=gone), STRANGER)) == CONSTANT


async def test_clocks_may_disagree_by_half_a_minute_and_never_by_more_than_one() -> None:
    assert (await verifier().verify(signed(claims(exp=int(time.time()) - 25)))).subject == "anna"
    with pytest.raises(ValueError, match="60 seconds"):
        verifier(leeway=61)


async def test_an_unverified_address_is_not_taken_for_the_persons() -> None:
    assert (await verifier().verify(signed(claims(email_verified=False)))).email is None
    assert (await verifier().verify(signed(claims(email_verified="true")))).email is None
    assert (await verifier().verify(signed(claims(email_verified=True)))).email == "anna@example.com"


async def test_an_issuer_of_one_tenant_cannot_speak_for_another() -> None:
    narrow = TrustedIssuer(url=ISSUER, keys=LocalKeys([EC_KEY]), tenants=frozenset({TENANT_A}))
    door = TokenVerifier([narrow], AUDIENCE)
    assert (await door.verify(signed(claims(kontor_tenant=None)))).tenant_id == TENANT_A
    with pytest.raises(Unauthenticated) as refused:
        await door.verify(signed(claims(kontor_tenant=str(TENANT_B))))
    assert (refused.value.code, refused.value.message) == CONSTANT


async def test_a_key_of_one_issuer_does_not_sign_for_another() -> None:
    door = TokenVerifier(
        [
            TrustedIssuer(url=ISSUER, keys=LocalKeys([EC_KEY])),
            TrustedIssuer(url="https://other.example", keys=LocalKeys([STRANGER])),
        ],
        AUDIENCE,
    )
    assert (await door.verify(signed(claims(iss="https://other.example"), STRANGER))).subject == "anna"
    with pytest.raises(Unauthenticated):
        await door.verify(signed(claims(), STRANGER))


async def test_an_issuer_that_moves_is_kept_under_its_lasting_name() -> None:
    moving = TrustedIssuer(url=ISSUER, keys=LocalKeys([EC_KEY]), known_as="embedded")
    assert (await TokenVerifier([moving], AUDIENCE).verify(signed(claims()))).issuer == "embedded"


async def test_a_verified_token_is_remembered_until_it_expires() -> None:
    keys, clock = CountingKeys([EC_KEY]), Clock(time.time())
    door = TokenVerifier([TrustedIssuer(url=ISSUER, keys=keys)], AUDIENCE, clock=clock)
    token = signed(claims(exp=int(clock.now) + 100))
    await door.verify(token)
    await door.verify(token)
    assert keys.asked == 1
    clock.now += 131
    with pytest.raises(Unauthenticated) as refused:
        await door.verify(token)
    assert refused.value.code == "TOKEN_EXPIRED"


async def test_a_long_lived_token_is_looked_at_again_after_a_quarter_of_an_hour() -> None:
    keys, clock = CountingKeys([EC_KEY]), Clock(time.time())
    door = TokenVerifier([TrustedIssuer(url=ISSUER, keys=keys)], AUDIENCE, clock=clock)
    token = signed(claims(exp=int(clock.now) + 86400))
    await door.verify(token)
    clock.now += 901
    await door.verify(token)
    assert keys.asked == 2


async def test_the_memory_of_tokens_is_bounded_and_can_be_wiped() -> None:
    keys = CountingKeys([EC_KEY])
    door = TokenVerifier([TrustedIssuer(url=ISSUER, keys=keys)], AUDIENCE, remember=2)
    tokens = [signed(claims(sub=name)) for name in ("anna", "ben", "cora")]
    for token in tokens:
        await door.verify(token)
    await door.verify(tokens[0])
    assert keys.asked == 4

    def is_cora(identity: Identity) -> bool:
        return identity.subject == "cora"

    assert door.forget(is_cora) == 1
    assert door.forget(is_cora) == 0
    await door.verify(tokens[2])
    assert keys.asked == 5


async def test_many_verifications_at_once_do_not_mix_people_up() -> None:
    door = verifier()
    names = [f"person-{n}" for n in range(50)]
    found = await asyncio.gather(*(door.verify(signed(claims(sub=name))) for name in names))
    assert [identity.subject for identity in found] == names
