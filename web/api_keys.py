"""Kontor's own API keys as bearer tokens: `kontor_<tenant>_<secret>`, known by the hash of the secret only."""

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from uuid import UUID

from persistence import keys
from persistence.engine import Context, Database
from persistence.keys import KnownKey
from tenancy.caller import Clock, system_clock
from tenancy.errors import Unauthenticated
from web.tokens import Identity, Verifier

PREFIX = "kontor_"
REMEMBERED_SECONDS = 30.0
REMEMBERED_KEYS = 10_000

_FORM = re.compile(r"kontor_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")


class KeyVerifier:
    """Verifies API keys. A key is looked up again after half a minute.

    That a revoked key ends at once does not hang on this: revoking disables its membership, and the tenant's
    rights count up with it.
    """

    def __init__(
        self, database: Database, *, clock: Clock = system_clock, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._database, self._clock, self._timer = database, clock, timer
        self._known: OrderedDict[str, tuple[float, Identity]] = OrderedDict()

    async def verify(self, token: str) -> Identity:
        """Return whom the key acts as. Raises Unauthenticated, with code TOKEN_EXPIRED when its time is over."""
        match = _FORM.fullmatch(token)
        if match is None:
            raise _unknown()
        digest = hashlib.sha256(token.encode()).hexdigest()
        until, identity = self._known.get(digest, (0.0, None))
        if identity is None or until <= self._timer():
            identity = await self._looked_up(UUID(match[1]), match[2])
            self._keep(digest, identity)
        if identity.expires_at <= self._clock():
            raise Unauthenticated("TOKEN_EXPIRED", "The API key has expired; ask an administrator for a new one.")
        return identity

    async def _looked_up(self, tenant_id: UUID, secret: str) -> Identity:
        secret_hash = hashlib.sha256(secret.encode()).hexdigest()
        async with self._database.transaction(Context(tenant_id=tenant_id)) as session:
            key = await keys.by_hash(session, secret_hash)
            if key is None or key.revoked_at is not None:
                raise _unknown()
            now = self._clock()
            if not keys.is_noted(key, now):
                await keys.note_use(session, key, now)
                await session.commit()
        return _identity(key, tenant_id)

    def _keep(self, digest: str, identity: Identity) -> None:
        self._known[digest] = (self._timer() + REMEMBERED_SECONDS, identity)
        self._known.move_to_end(digest)
        while len(self._known) > REMEMBERED_KEYS:
            self._known.popitem(last=False)


class AnyVerifier:
    """Verifies what an Authorization header holds: an API key by its beginning, else an access token."""

    def __init__(self, key: Verifier, token: Verifier) -> None:
        self._key, self._token = key, token

    async def verify(self, token: str) -> Identity:
        """See Verifier."""
        return await (self._key if token.startswith(PREFIX) else self._token).verify(token)


def _identity(key: KnownKey, tenant_id: UUID) -> Identity:
    return Identity(
        issuer=key.issuer,
        subject=key.subject,
        audience="kontor",
        expires_at=key.expires_at,
        tenant_id=tenant_id,
        membership_id=key.membership_id,
    )


def _unknown() -> Unauthenticated:
    return Unauthenticated("UNAUTHENTICATED", "The API key is not valid.")
