"""The identity provider that the playground signs in at: the embedded one, or one elsewhere."""

from collections.abc import Mapping
from typing import Any, Protocol

import httpx2

from web.jwts import TrustedIssuer
from web.keys import RemoteKeys


class Provider(Protocol):
    """What a sign-in has to know of its identity provider; `EmbeddedIssuer` is one."""

    client_id: str
    client_secret: str | None

    async def metadata(self, origin: str) -> Mapping[str, Any]:
        """Return the discovery document, for a browser that reaches us under `origin`."""

    def transport(self) -> httpx2.AsyncBaseTransport | None:
        """Return how its token endpoint is called; None: over the network."""

    def trusted(self) -> tuple[TrustedIssuer, ...]:
        """Return under which names it may issue, and with which keys."""


class RemoteProvider:
    """An OpenID Connect provider elsewhere, found by discovery of the issuer's address."""

    def __init__(
        self,
        issuer: TrustedIssuer,
        keys: RemoteKeys,
        *,
        client_id: str,
        client_secret: str | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._issuer, self._keys, self._transport = issuer, keys, transport
        self.client_id, self.client_secret = client_id, client_secret

    async def metadata(self, origin: str) -> Mapping[str, Any]:  # noqa: ARG002  # it has one address for all
        """See Provider. Raises Unavailable while the provider does not answer."""
        return await self._keys.metadata()

    def transport(self) -> httpx2.AsyncBaseTransport | None:
        """See Provider."""
        return self._transport

    def trusted(self) -> tuple[TrustedIssuer, ...]:
        """See Provider."""
        return (self._issuer,)
