"""From a request to the caller: the proof of identity it carries, and the organization it names."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import UUID

from starlette.requests import HTTPConnection
from starlette.types import Scope

from tenancy.caller import Caller
from tenancy.errors import Unauthenticated
from tenancy.rights import Wish
from tenancy.viewing import CallersOf, seen_as
from web.graphql import SignedIn
from web.http.heads import heads_of
from web.http.problems import bad_request
from web.tokens import Identity

__all__ = ["ORGANIZATION", "CallersOf", "Doorkeeper", "Identify", "caller_of", "named_organization"]

ORGANIZATION = b"x-kontor-organization"

Identify: TypeAlias = Callable[[HTTPConnection], Awaitable[Identity | None]]
"""Who sends a request, by token or session; None for nobody. Raises Unauthenticated for a bad proof."""

_NONE = UUID(int=0)


class Doorkeeper:
    """Says who is calling at one of the two doors; `portal` is the customers' one."""

    def __init__(self, identify: Identify, callers: CallersOf, *, portal: bool) -> None:
        self._identify, self._callers, self._portal = identify, callers, portal

    async def __call__(self, scope: Scope) -> SignedIn:
        """The caller, and until when the proof holds. Raises Unauthenticated, Unavailable or Problem."""
        connection = HTTPConnection(scope)
        identity = await self._identify(connection)
        if identity is None:
            raise Unauthenticated("UNAUTHENTICATED", "Sign in: send a bearer token in the Authorization header.")
        organization_id = named_organization(connection) or identity.organization_id
        caller = await caller_of(self._callers, identity, organization_id, portal=self._portal)
        return SignedIn(caller, identity.expires_at)


async def caller_of(
    callers: CallersOf, identity: Identity, organization_id: UUID | None, *, portal: bool = False
) -> Caller:
    """The caller of an identity, or the colleague as whom it looks at the tenant.

    Raises:
        Unauthenticated: nobody has this identity here.
        Forbidden: the identity may not (any longer) look as somebody else.
    """
    if identity.viewing is None or portal:
        return await callers.of(identity, Wish(portal, organization_id))
    # nothing tells that the viewer's own right is gone while somebody else's rights are asked about: so it is read
    viewer = await callers.fresh(identity, Wish())
    return await seen_as(callers, viewer, identity.viewing.issuer, identity.viewing.subject, organization_id)


def named_organization(connection: HTTPConnection) -> UUID | None:
    """The organization in the header X-Kontor-Organization, as the API writes its id (`org_…`).

    What is no such id is like the id of an organization that does not exist.
    """
    given = heads_of(connection.scope).get(ORGANIZATION)
    if given is None:
        return None
    if b"," in given:
        raise bad_request("The header X-Kontor-Organization may stand there once.")
    try:
        return UUID(given.decode("latin-1").strip().removeprefix("org_"))
    except ValueError:
        return _NONE
