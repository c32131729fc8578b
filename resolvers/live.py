"""What happened a moment ago: asked again and again by those who look on live."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from persistence import events
from tenancy.operation import reads
from tenancy.permissions import Permission
from tenancy.work import Work

LOOK_BACK = timedelta(seconds=30)
"""How far a look goes back: an event that was written earlier may be committed later than another."""


@reads(Permission.CONNECTIONS_SEE)
async def newest(work: Work, known: Collection[UUID]) -> list[UUID]:
    """What connected tenants told this one in the last moments and is not known yet, oldest first."""
    found = await events.told_since(work.session, work.caller.tenant_id, work.now - LOOK_BACK)
    return [id_ for id_ in found if id_ not in known]


@reads(Permission.CONNECTIONS_SEE)
async def happened(work: Work, event_id: UUID) -> UUID:  # noqa: ARG001 - the payload reads the event
    """One event, for its payload."""
    return event_id
