"""Whose signatures are believed: the public keys of an issuer, held here or fetched by OIDC discovery."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key
from joserfc.util import urlsafe_b64decode

from tenancy.errors import Unavailable
from web.addresses import is_loopback

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024
MAX_KEYS = 100
MIN_RSA_BITS = 2048
CURVES = {"P-256", "Ed25519"}
FETCH_SECONDS = 10.0


class KeySource(Protocol):
    """Something that knows an issuer's public keys."""

    async def find(self, kid: str | None) -> Key | None:
        """Return the key of that id (None: the only key there is), or None when there is none.

        Raises Unavailable when no key at all is known because the issuer does not answer.
        """


def pick(keys: Mapping[str, Key], kid: str | None) -> Key | None:
    """Choose by key id; a token without one is only read when there is no choice."""
    if kid is not None:
        return keys.get(kid)
    return next(iter(keys.values())) if len(keys) == 1 else None


class LocalKeys:
    """Keys that are at hand: those of the embedded issuer, or of a test."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys = usable_keys([key.as_dict(private=False) for key in keys])

    async def find(self, kid: str | None) -> Key | None:
        """See KeySource."""
        return pick(self._keys, kid)


class RemoteKeys:
    """Keys of an issuer elsewhere, kept fresh without ever making a known key wait.

    A known key answers at once, also while the issuer is down, for `usable_for` seconds; when it is older
    than `fresh_for`, a refresh runs beside the request. An unknown key id asks the issuer again, at most once
    per `cooldown`, and waits for that at most `patience` seconds. All times are in seconds.
    """

    def __init__(
        self,
        issuer: str,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        fresh_for: float = 600,
        usable_for: float = 24 * 3600,
        cooldown: float = 60,
        patience: float = 2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        _require_trustworthy(issuer)
        self.issuer = issuer
        self._transport = transport
        self._fresh_for, self._usable_for = fresh_for, usable_for
        self._cooldown, self._patience = cooldown, patience
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._metadata: dict[str, Any] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._running: asyncio.Task[None] | None = None

    async def find(self, kid: str | None) -> Key | None:
        """See KeySource."""
        age = self._clock() - self._fetched_at
        if age > self._usable_for:
            self._keys = {}
        key = pick(self._keys, kid)
        if key is None:
            await self._ask_again()
            return self._after_asking(kid)
        if age > self._fresh_for:
            self._begin_refresh()
        return key

    async def metadata(self) -> Mapping[str, Any]:
        """Return the issuer's discovery document. Raises Unavailable when it could not be read yet."""
        if not self._metadata:
            await self._ask_again()
        if not self._metadata:
            raise self._silence()
        return self._metadata

    async def aclose(self) -> None:
        """Stop a fetch that is under way; for the end of the server."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})

    def _after_asking(self, kid: str | None) -> Key | None:
        if not self._keys:
            raise self._silence()
        return pick(self._keys, kid)

    def _silence(self) -> Unavailable:
        return Unavailable("The identity provider does not answer; try again shortly.", int(self._cooldown))

    async def _ask_again(self) -> None:
        refresh = self._begin_refresh()
        if refresh is not None:
            # wait() neither cancels the fetch when we lose patience nor when our caller hangs up
            await asyncio.wait({refresh}, timeout=self._patience)

    def _begin_refresh(self) -> "asyncio.Task[None] | None":
        """Join the fetch under way, or begin one unless the last try was just now."""
        if self._running is not None and not self._running.done():
            return self._running
        if self._clock() - self._tried_at < self._cooldown:
            return None
        self._tried_at = self._clock()
        self._running = asyncio.create_task(self._refresh())
        return self._running

    async def _refresh(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                metadata, keys = await self._fetch()
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, TypeError, TimeoutError) as error:
            log.warning("signing keys of %s could not be fetched: %s", self.issuer, type(error).__name__)
            return
        self._metadata, self._keys, self._fetched_at = metadata, keys, self._clock()

    async def _fetch(self) -> tuple[dict[str, Any], dict[str, Key]]:
        async with httpx2.AsyncClient(
            transport=self._transport, timeout=FETCH_SECONDS, follow_redirects=False
        ) as client:
            found = await _get_json(client, self.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if found.get("issuer") != self.issuer:
                raise ValueError("The discovery document names another issuer.")
            jwks_uri = str(found.get("jwks_uri"))
            _require_trustworthy(jwks_uri)
            keys = usable_keys((await _get_json(client, jwks_uri)).get("keys"))
        if not keys:
            raise ValueError("The issuer publishes no key that may be used.")
        return found, keys


def usable_keys(documents: object) -> dict[str, Key]:
    """Import the public signature keys among JWK documents, by key id; all others are left out.

    Left out are symmetric keys, RSA below 2048 bits, curves but P-256 and Ed25519, and keys for encryption:
    one odd key must not take the others with it.
    """
    keys: dict[str, Key] = {}
    for document in documents[:MAX_KEYS] if isinstance(documents, list) else []:
        key = _usable(document)
        if key is not None and key.kid is not None:
            keys.setdefault(key.kid, key)
    return keys


def _usable(document: object) -> Key | None:
    if not isinstance(document, dict) or document.get("use", "sig") != "sig":
        return None
    kty = document.get("kty")
    if kty not in ("RSA", "EC", "OKP") or (kty == "RSA" and not _is_long(document.get("n"))):
        return None
    if kty != "RSA" and document.get("crv") not in CURVES:
        return None
    public = {name: value for name, value in document.items() if name in _PUBLIC_MEMBERS}
    try:
        key = import_key(public)
        key.ensure_kid()
    except (JoseError, ValueError, TypeError):
        return None
    if isinstance(key, RSAKey) and key.raw_value.key_size < MIN_RSA_BITS:
        return None
    return key if isinstance(key, RSAKey | ECKey | OKPKey) else None


_PUBLIC_MEMBERS = {"kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"}


def _is_long(modulus: object) -> bool:
    """Look at the length before importing: joserfc imports short RSA keys with no more than a warning."""
    if not isinstance(modulus, str):
        return False
    try:
        return len(urlsafe_b64decode(modulus.encode())) * 8 >= MIN_RSA_BITS
    except ValueError:
        return False


def _require_trustworthy(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname and "@" not in parts.netloc:
        return
    if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
        raise ValueError(f"{url!r} must be an https address: signing keys are not taken over a plain line.")


async def _get_json(client: httpx2.AsyncClient, url: str) -> dict[str, Any]:
    """Read one JSON object of at most MAX_BODY bytes; raw bytes, so that no packed answer can swell."""
    body = bytearray()
    wanted = {"accept": "application/json", "accept-encoding": "identity"}
    async with client.stream("GET", url, headers=wanted) as response:
        if response.status_code != httpx2.codes.OK:
            raise ValueError(f"The issuer answered with status {response.status_code}.")
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MAX_BODY:
                raise ValueError("The issuer's answer is too long.")
    try:
        document = json.loads(body)
    except RecursionError as error:
        raise ValueError("The issuer's answer is nested too deep.") from error
    if not isinstance(document, dict):
        raise TypeError("The issuer's answer is not an object.")
    return document
