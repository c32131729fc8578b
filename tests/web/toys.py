"""People, keys and tokens that the identity tests play with."""

import asyncio
import base64
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import httpx2
from joserfc import jws
from joserfc.jwk import ECKey, Key, KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from web.jwts import ALGORITHMS

ISSUER = "https://login.example.com"
AUDIENCE = "kontor"
TENANT_A = UUID("0199aaaa-0000-7000-8000-000000000001")
TENANT_B = UUID("0199bbbb-0000-7000-8000-000000000002")
EC_KEY = ECKey.generate_key("P-256", {"kid": "ec-1"})


def claims(**changes: Any) -> dict[str, Any]:
    """Good claims; a change to None takes one away."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "sub": "anna",
        "aud": AUDIENCE,
        "exp": now + 600,
        "iat": now,
        "jti": "j1",
        "client_id": "spa",
        "kontor_tenant": str(TENANT_A),
        "email": "anna@example.com",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(payload: Mapping[str, Any] | bytes, key: Key = EC_KEY, alg: str = "ES256", **header: Any) -> str:
    """A compact token with exactly this header and these payload bytes, properly signed."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    fields = {"alg": alg, "kid": key.kid, "typ": "at+jwt", **header}
    fields = {name: value for name, value in fields.items() if value is not None}
    if set(fields) <= {"alg", "kid", "typ", "x5t"} and alg != "EdDSA":
        return jws.serialize_compact(fields, body, key, algorithms=[*ALGORITHMS, "HS256"])
    return by_hand(fields, body, key, alg)


def by_hand(fields: Mapping[str, Any] | bytes, body: bytes, key: Key, alg: str) -> str:
    """Sign what joserfc would not write."""
    head = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    start = encode(head) + "." + encode(body)
    return start + "." + encode(jws.JWSRegistry.algorithms[alg].sign(start.encode(), key))


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class ToyIssuer:
    """An OIDC provider of two routes that counts how often its keys are fetched."""

    def __init__(self, keys: Sequence[Key] = (EC_KEY,), issuer: str = ISSUER) -> None:
        self.keys, self.issuer = list(keys), issuer
        self.fetches = 0
        self.down = False
        self.open = asyncio.Event()
        self.open.set()
        self.jwks: Any = None
        self.moved = b""
        self.jwks_uri = issuer + "/jwks"
        routes = [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/jwks", self._jwks),
            Route("/moved", lambda _: Response(self.moved)),
        ]
        self.transport = httpx2.ASGITransport(app=Starlette(routes=routes))

    async def _discovery(self, _: Request) -> Response:
        self.fetches += 1
        await self.open.wait()
        if self.down:
            return Response(status_code=503)
        return JSONResponse({"issuer": self.issuer, "jwks_uri": self.jwks_uri})

    async def _jwks(self, _: Request) -> Response:
        if isinstance(self.jwks, Response):
            return self.jwks
        return JSONResponse(self.jwks or KeySet(self.keys).as_dict(private=False))


class Clock:
    """A clock that goes when told."""

    def __init__(self, now: float = 0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
