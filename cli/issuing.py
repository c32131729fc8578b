"""The demo's own identity provider, without a server around it."""

from tenancy.settings import Settings
from web.demo import WrittenPeople
from web.issuer import EmbeddedIssuer


def issuer_of(settings: Settings) -> EmbeddedIssuer | None:
    """The embedded issuer of a demo, None where the demo believes another one.

    Raises IssuerRefused on an address that others can reach.
    """
    if settings.oidc_issuers:
        return None
    return EmbeddedIssuer(
        environment=settings.environment,
        public_url=settings.public_url,
        data_dir=settings.data_dir,
        people=WrittenPeople(settings.data_dir),
        audience=settings.oidc_audience,
        bind_host=settings.host,
    )
