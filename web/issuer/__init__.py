"""The embedded identity provider for the demo and for tests."""

from web.issuer.people import DemoPerson, People, ServiceClient
from web.issuer.provider import EmbeddedIssuer, IssuerRefused

__all__ = ["DemoPerson", "EmbeddedIssuer", "IssuerRefused", "People", "ServiceClient"]
