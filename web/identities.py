"""Whose proofs of identity an installation believes, and where its people sign in with a browser."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute

from persistence.engine import Database
from tenancy.settings import Settings, signing_secret
from web.api_keys import AnyVerifier, KeyVerifier
from web.issuer import EmbeddedIssuer, People
from web.jwts import TrustedIssuer
from web.keys import RemoteKeys
from web.session import Provider, RemoteProvider, Sessions, SignIn, SqliteSessions, identity_from_request
from web.session.routes import Describe, View
from web.tokens import Identity, TokenVerifier, Verifier

DEMO = "demo"


@dataclass
class Identities:
    """The installation's verifier, its browser sessions, and its identity provider for the playground.

    `provider` is None where nobody configured one: then there are bearer tokens and API keys only.
    """

    settings: Settings
    verifier: Verifier
    store: SqliteSessions
    sessions: Sessions
    provider: Provider | None = None
    issuer: EmbeddedIssuer | None = None
    people: People | None = None
    remote: Sequence[RemoteKeys] = field(default_factory=tuple)

    async def identify(self, connection: HTTPConnection) -> Identity | None:
        """Return who sends a request; see `identity_from_request`."""
        return await identity_from_request(connection, self.verifier, self.sessions)

    def routes(self, describe: Describe, view: View | None = None) -> list[BaseRoute]:
        """The addresses of signing in and out, and those of the embedded issuer in the demo."""
        if self.provider is None:
            return []
        sign_in = SignIn(
            provider=self.provider,
            store=self.store,
            secret=signing_secret(self.settings),
            public_url=self.settings.public_url,
            environment=self.settings.environment,
            describe=describe,
            people=self.people if self.issuer else None,
            become=self.issuer.become if self.issuer else None,
            view=view,
        )
        return [*sign_in.routes, *(self.issuer.routes if self.issuer else [])]

    async def close(self) -> None:
        """Close what was opened on the way."""
        for keys in self.remote:
            await keys.aclose()
        self.store.close()


def identities(settings: Settings, database: Database, people: People | None) -> Identities:
    """What the settings name; in the demo without an issuer of its own, the embedded one.

    Raises IssuerRefused when the demo listens where others can reach it.
    """
    issuer = embedded_issuer(settings, people)
    remote = {url: RemoteKeys(url) for url in settings.oidc_issuers}
    trusted = [TrustedIssuer(url=url, keys=keys) for url, keys in remote.items()]
    store = SqliteSessions(settings.data_dir)
    tokens = TokenVerifier([*trusted, *(issuer.trusted() if issuer else ())], settings.oidc_audience)
    return Identities(
        settings,
        AnyVerifier(KeyVerifier(database), tokens),
        store,
        Sessions(store, settings.public_url),
        issuer or _remote_provider(settings, trusted, list(remote.values())),
        issuer,
        people,
        tuple(remote.values()),
    )


def embedded_issuer(settings: Settings, people: People | None) -> EmbeddedIssuer | None:
    """The demo's own issuer, unless the demo was given another. Raises IssuerRefused on an open address."""
    if settings.environment != DEMO or settings.oidc_issuers or people is None:
        return None
    return EmbeddedIssuer(
        environment=settings.environment,
        public_url=settings.public_url,
        data_dir=settings.data_dir,
        people=people,
        audience=settings.oidc_audience,
        bind_host=settings.host,
    )


def _remote_provider(
    settings: Settings, trusted: Sequence[TrustedIssuer], keys: Sequence[RemoteKeys]
) -> RemoteProvider | None:
    if settings.oidc_client_id is None or not trusted:
        return None
    return RemoteProvider(
        trusted[0], keys[0], client_id=settings.oidc_client_id, client_secret=settings.oidc_client_secret
    )
