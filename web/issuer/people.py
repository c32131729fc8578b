"""Whom the embedded identity provider can sign in: the people and the services of the demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

ENVIRONMENTS = ("demo", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody of the demo in one tenant; `role` and `kind` are labels for people to read.

    `subject` is who the person is for the issuer; somebody with memberships in two tenants stands in the list
    twice, with the same subject and another tenant.
    """

    subject: str
    name: str
    email: str
    tenant_id: UUID
    tenant_name: str
    role: str
    kind: str

    def get_user_id(self) -> str:
        """Return the subject; Authlib asks for it by this name."""
        return self.subject


class People(Protocol):
    """Where the people of the demo come from."""

    async def all(self) -> Sequence[DemoPerson]:
        """Return everybody, in the order in which they are offered."""

    async def by_email(self, email: str) -> DemoPerson | None:
        """Return the person with this address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceClient:
    """A program that signs in as itself (client credentials); its subject is its client id."""

    client_id: str
    secret: str
    name: str
    tenant_id: UUID
