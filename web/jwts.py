"""How a signed JWT is read: strictly, and believed only with a key of an issuer we trust.

joserfc checks the signature; everything that it leaves to its caller is decided here: which header fields are
understood, which types of token, that no name stands twice, and that issuer, audience and end are there.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from joserfc import jws
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import Key
from joserfc.jwt import JWTClaimsRegistry
from joserfc.registry import HeaderParameter
from joserfc.util import urlsafe_b64decode

from web.keys import KeySource

Claims = dict[str, Any]

MAX_TOKEN = 8192
MAX_TEXT = 255
ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")
TYPES = {"at+jwt", "application/at+jwt", "jwt"}


class RefusedToken(Exception):
    """The token is not believed; the text is a reason for the log and holds nothing of the token."""


class ExpiredToken(RefusedToken):
    """The token was good and its time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedIssuer:
    """An identity provider we believe.

    `known_as` is the lasting name under which its people are kept when its address may change (the embedded
    one moves with the port). `tenants` limits whom it may speak for; None means every tenant.
    """

    url: str
    keys: KeySource
    known_as: str | None = None
    tenants: frozenset[UUID] | None = None


async def read(
    token: str,
    issuers: Mapping[str, TrustedIssuer],
    *,
    audience: str,
    leeway: int,
    clock: Callable[[], float],
) -> Claims:
    """Return the claims of a token of one of the issuers, meant for the audience and valid now.

    `typ` may be at+jwt (RFC 9068) or JWT or absent: several issuers in use never learned to write at+jwt.
    What that check would have kept out, ID tokens made for other clients, is kept out by the audience.

    Raises RefusedToken, ExpiredToken, and Unavailable when the issuer's keys could not be had.
    """
    if len(token) > MAX_TOKEN or not token.isascii() or token.count(".") != 2:  # noqa: PLR2004
        raise RefusedToken("not a compact signed token")
    header_part, payload_part, _ = token.split(".")
    header = _header(header_part)
    claims = _strict_object(payload_part)
    issuer = _issuer(claims, issuers)
    key = await issuer.keys.find(header.get("kid"))
    if key is None:
        raise RefusedToken("no such key")
    _check_signature(token, key)
    _check_claims(claims, issuer.url, audience, leeway, clock)
    return claims


def text(claims: Claims, name: str) -> str | None:
    """Return a claim as a line of text that a database can keep, None when it is absent or blank.

    Raises RefusedToken for anything but a string, for control characters, and for lone surrogates.
    """
    value = claims.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise RefusedToken(f"{name} is not a short text")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise RefusedToken(f"{name} holds control characters")
    return value


def uuid(claims: Claims, name: str) -> UUID | None:
    """Return a claim as a UUID, None when it is absent. Raises RefusedToken for anything else."""
    value = text(claims, name)
    try:
        return UUID(value) if value is not None else None
    except ValueError as error:
        raise RefusedToken(f"{name} is not a UUID") from error


class _Registry(jws.JWSRegistry):
    """The algorithms we list and the header fields we understand; any other field refuses the token.

    So jku, jwk, x5u and x5c (bring your own key), crit and b64 (change the rules) end here. x5t only hints.
    """

    default_header_registry = {  # noqa: RUF012  # joserfc declares it as an instance variable
        "alg": HeaderParameter("Algorithm", "str", required=True),
        "kid": HeaderParameter("Key ID", "str"),
        "typ": HeaderParameter("Type", "str"),
        "x5t": HeaderParameter("Certificate hint", "str"),
        "x5t#S256": HeaderParameter("Certificate hint", "str"),
    }

    def get_alg(self, name: str) -> Any:
        """Look up an algorithm, without joserfc's warning that EdDSA has a new name: issuers still use it."""
        if name not in ALGORITHMS:
            raise RefusedToken("algorithm not allowed")
        return self.algorithms[name]


_REGISTRY = _Registry(algorithms=ALGORITHMS)


def _header(part: str) -> dict[str, Any]:
    header = _strict_object(part)
    try:
        _REGISTRY.check_header(header)
    except JoseError as error:
        raise RefusedToken("header not understood") from error
    if str(header.get("typ", "JWT")).lower() not in TYPES:
        raise RefusedToken("type not allowed")
    return header


def _issuer(claims: Claims, issuers: Mapping[str, TrustedIssuer]) -> TrustedIssuer:
    name = claims.get("iss")
    issuer = issuers.get(name) if isinstance(name, str) else None
    if issuer is None:
        raise RefusedToken("issuer not trusted")
    return issuer


def _check_signature(token: str, key: Key) -> None:
    try:
        jws.deserialize_compact(token, key, registry=_REGISTRY)
    except (JoseError, ValueError) as error:
        raise RefusedToken("signature not valid") from error


def _check_claims(claims: Claims, issuer: str, audience: str, leeway: int, clock: Callable[[], float]) -> None:
    demanded = JWTClaimsRegistry(
        now=lambda: int(clock()),
        leeway=leeway,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        sub={"essential": True},
    )
    try:
        demanded.validate(claims)
    except ExpiredTokenError as error:
        raise ExpiredToken("expired") from error
    except (JoseError, ValueError, OverflowError) as error:
        raise RefusedToken("claims not valid") from error


def _strict_object(part: str) -> dict[str, Any]:
    """Read a JSON object in which no name stands twice and no number is out of JSON."""
    try:
        found = json.loads(
            urlsafe_b64decode(part.encode()), object_pairs_hook=_no_duplicates, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise RefusedToken("not JSON") from error
    if not isinstance(found, dict):
        raise RefusedToken("not a JSON object")
    return found


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
