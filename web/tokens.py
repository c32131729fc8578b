"""Who is calling, by a bearer token: access tokens are verified and remembered for a while as identities."""

import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from tenancy.errors import Unauthenticated
from web import jwts
from web.jwts import Claims, ExpiredToken, RefusedToken, TrustedIssuer

log = logging.getLogger(__name__)

TENANT_CLAIM = "kontor_tenant"
ORGANIZATION_CLAIM = "kontor_organization"
MEMBERSHIP_CLAIM = "kontor_membership"
MAX_LEEWAY = 60
REMEMBERED_SECONDS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """The colleague as whom somebody looks at the tenant, by the issuer's names."""

    issuer: str
    subject: str
    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who an issuer says is calling, and which tenant and organization the caller chose.

    A person is (issuer, subject), never an e-mail address: another issuer may assert the same address.
    What this person may do, and whether the chosen tenant is one of theirs, `tenancy` decides.
    """

    issuer: str
    subject: str
    audience: str
    expires_at: datetime
    client_id: str | None = None
    tenant_id: UUID | None = None
    membership_id: UUID | None = None
    organization_id: UUID | None = None
    email: str | None = None
    name: str | None = None
    viewing: Viewing | None = None


class Verifier(Protocol):
    """Something that turns a bearer token into an identity."""

    async def verify(self, token: str) -> Identity:
        """Return the identity, or raise Unauthenticated (or Unavailable)."""


class TokenVerifier:
    """Verifies access tokens of the issuers for the audience.

    `leeway` in seconds, at most 60, is granted to clocks that disagree. At most `remember` verified tokens
    are remembered (by their SHA-256, never the token), each until it expires or for a quarter of an hour.
    """

    def __init__(
        self,
        issuers: Iterable[TrustedIssuer],
        audience: str,
        *,
        leeway: int = 30,
        remember: int = 10_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if not 0 <= leeway <= MAX_LEEWAY:
            raise ValueError("The leeway for clocks is at most 60 seconds.")
        self._issuers = {issuer.url: issuer for issuer in issuers}
        self._audience, self._leeway, self._clock = audience, leeway, clock
        self._remember = remember
        self._known: OrderedDict[bytes, tuple[float, Identity]] = OrderedDict()

    async def verify(self, token: str) -> Identity:
        """Return who the token speaks for.

        Raises Unauthenticated with code TOKEN_EXPIRED for a good token whose time is over, with code
        UNAUTHENTICATED and always the same sentence for every other token; Unavailable when an issuer's keys
        cannot be had.
        """
        digest = hashlib.sha256(token.encode(errors="replace")).digest()
        known = self._recall(digest)
        if known is not None:
            return known
        try:
            claims = await jwts.read(
                token, self._issuers, audience=self._audience, leeway=self._leeway, clock=self._clock
            )
            identity = self._identity(claims)
        except ExpiredToken as error:
            raise Unauthenticated("TOKEN_EXPIRED", "The access token has expired; sign in again.") from error
        except RefusedToken as error:
            log.info("access token refused: %s", error)
            raise Unauthenticated("UNAUTHENTICATED", "The access token is not valid.") from error
        self._keep(digest, identity)
        return identity

    def forget(self, predicate: Callable[[Identity], bool]) -> int:
        """Forget the remembered tokens of these identities, so that they are verified anew; say how many."""
        gone = [digest for digest, (_, identity) in self._known.items() if predicate(identity)]
        for digest in gone:
            del self._known[digest]
        return len(gone)

    def _identity(self, claims: Claims) -> Identity:
        if "at_hash" in claims or "c_hash" in claims:
            raise RefusedToken("an ID token, not an access token")
        return identity_of(claims, self._issuers[claims["iss"]], self._audience)

    def _recall(self, digest: bytes) -> Identity | None:
        until, identity = self._known.get(digest, (0.0, None))
        if identity is None:
            return None
        if until <= self._clock():
            del self._known[digest]
            return None
        self._known.move_to_end(digest)
        return identity

    def _keep(self, digest: bytes, identity: Identity) -> None:
        until = min(identity.expires_at.timestamp(), self._clock() + REMEMBERED_SECONDS)
        self._known[digest] = (until, identity)
        while len(self._known) > self._remember:
            self._known.popitem(last=False)


def identity_of(claims: Claims, issuer: TrustedIssuer, audience: str) -> Identity:
    """Make an identity of verified claims. Raises RefusedToken for claims that nobody could mean.

    An issuer that may speak for some tenants only cannot name another one; when it speaks for exactly one,
    its people need not name it.
    """
    subject = jwts.text(claims, "sub")
    if subject is None:
        raise RefusedToken("nobody named")
    verified = claims.get("email_verified", True) is True
    return Identity(
        issuer=issuer.known_as or issuer.url,
        subject=subject,
        audience=audience,
        expires_at=_moment(claims["exp"]),
        client_id=jwts.text(claims, "client_id") or jwts.text(claims, "azp"),
        tenant_id=_tenant(jwts.uuid(claims, TENANT_CLAIM), issuer.tenants),
        membership_id=jwts.uuid(claims, MEMBERSHIP_CLAIM),
        organization_id=jwts.uuid(claims, ORGANIZATION_CLAIM),
        email=jwts.text(claims, "email") if verified else None,
        name=jwts.text(claims, "name"),
    )


def _tenant(named: UUID | None, spoken_for: frozenset[UUID] | None) -> UUID | None:
    if spoken_for is None or named in spoken_for:
        return named
    if named is None and len(spoken_for) == 1:
        return next(iter(spoken_for))
    raise RefusedToken("the issuer does not speak for this tenant")


def _moment(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise RefusedToken("exp is no date") from error
