"""What the playground is told of the person who is signed in: asked from the schemas themselves."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from schema.exchange import Endpoint, GraphQLRequest
from tenancy.caller import Caller
from tenancy.errors import Unauthenticated
from web.callers import CallersOf, caller_of
from web.documents import vetted
from web.issuer.people import People
from web.tokens import Identity

STAFF_QUESTION = """
query WhoAmI {
  me {
    tenant { name }
    organization { id name }
    organizations { organization { id name } }
  }
}
"""
PORTAL_QUESTION = "query WhoAmI { tenant { name } }"


class _Place(NamedTuple):
    schema: str
    portal: bool
    endpoint: Endpoint
    question: str


class WhoAmI:
    """Describes an identity: as staff where it is that, else as a portal customer.

    `people` of the demo know the names of their roles.
    """

    def __init__(self, callers: CallersOf, staff: Endpoint, portal: Endpoint, people: People | None = None) -> None:
        self._callers, self._people = callers, people
        self._places = (
            _Place("staff", False, staff, STAFF_QUESTION),  # noqa: FBT003  # named in the tuple
            _Place("portal", True, portal, PORTAL_QUESTION),  # noqa: FBT003  # named in the tuple
        )

    async def __call__(self, identity: Identity) -> Mapping[str, Any]:
        """Return what `/session` tells beside the identity; nothing for somebody without an account here."""
        for place in self._places:
            try:
                caller = await caller_of(self._callers, identity, identity.organization_id, portal=place.portal)
            except Unauthenticated:
                continue
            text = vetted(place.question)
            answer = await place.endpoint.answer(caller, GraphQLRequest(text.text, text.hash), _free)
            found = (orjson.loads(answer.data) if answer.data else None) or {}
            told = _told(caller, found.get("me") or found)
            return {"schema": place.schema, "role": await self._role(identity) or told["kind"], **told}
        return {}

    async def _role(self, identity: Identity) -> str | None:
        email = identity.viewing.email if identity.viewing else identity.email
        if self._people is None or email is None:
            return None
        person = await self._people.by_email(email)
        return person.role if person is not None else None


def _free(_: int) -> None:
    """A question of our own is on the house."""


def _told(caller: Caller, found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": caller.kind.value,
        "tenant": {"id": str(caller.tenant_id), **(found.get("tenant") or {})},
        "organization": _organization(found.get("organization")),
        "organizations": [_organization(place["organization"]) for place in found.get("organizations") or ()],
        "permissions": sorted(permission.value for permission in caller.grants),
    }


def _organization(found: Mapping[str, Any] | None) -> dict[str, str] | None:
    """An organization with its bare id, as `/session/organization` takes it."""
    return None if found is None else {"id": found["id"].removeprefix("org_"), "name": found["name"]}
