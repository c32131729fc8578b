"""The applications that may ask the embedded issuer, in the shape in which Authlib asks about them."""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from web.issuer.people import ServiceClient

SCOPES = ("openid", "profile", "email")
CALLBACK = "/sign-in/callback"
LOOPBACK_ADDRESS = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A registered application.

    `redirects` are matched whole; `any_loopback` admits in addition every address on this machine (RFC 8252:
    the port of a developer's server is not known beforehand). A client with a secret is a service.
    """

    client_id: str
    title: str
    redirects: frozenset[str] = frozenset()
    any_loopback: bool = False
    secret: str | None = None
    tenant_id: UUID | None = None

    def get_client_id(self) -> str:
        """Return the client id."""
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """Return nothing: a request names its redirect address."""

    def get_allowed_scope(self, scope: str | None) -> str:
        """Return the part of the wanted scopes that exists."""
        return " ".join(name for name in (scope or "").split() if name in SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether exactly this address may receive an answer."""
        if redirect_uri in self.redirects:
            return True
        return self.any_loopback and LOOPBACK_ADDRESS.fullmatch(redirect_uri) is not None

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether this is the secret; a public client has none."""
        return self.secret is not None and hmac.compare_digest(self.secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002  # Authlib's shape
        """Whether the client may say who it is in this way."""
        return (method == "none") == (self.secret is None)

    def check_response_type(self, response_type: str) -> bool:
        """Whether the client may ask for this at the authorization endpoint."""
        return response_type == "code" and self.secret is None

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether the client may trade this for tokens."""
        return grant_type == ("client_credentials" if self.secret else "authorization_code")


def registered(own_origins: Iterable[str], services: Iterable[ServiceClient]) -> dict[str, Client]:
    """Return the applications by client id: our playground, a developer's single-page app, the services."""
    playground = Client(
        client_id="playground",
        title="the Kontor playground",
        redirects=frozenset(origin + path for origin in own_origins for path in (CALLBACK, "/", "/playground")),
    )
    spa = Client(client_id="spa", title="a single-page application on this machine", any_loopback=True)
    programs = (
        Client(client_id=one.client_id, title=one.name, secret=one.secret, tenant_id=one.tenant_id) for one in services
    )
    return {client.client_id: client for client in (playground, spa, *programs)}
