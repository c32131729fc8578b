"""The job of a tenant that was told something: act on every event that waits, in the tenant's own context.

Whoever tells an event leaves this job in the same transaction (persistence.events). One job of a tenant runs at a
time, and takes along those that wait behind it; what it finds done, it leaves alone.
"""

from uuid import UUID

import procrastinate
import structlog

from jobs.hands import Hands
from resolvers import events

AGAIN = procrastinate.RetryStrategy(max_attempts=8, exponential_wait=3)
"""Tried again after 3, 9, 27 … seconds, for about two hours."""

log = structlog.get_logger("jobs.events")


class EventsLeft(Exception):
    """Some events could not be acted on; the others were."""


def add_to(app: procrastinate.App, hands: Hands) -> None:
    """Teach the queue this job."""

    @app.task(name="take_events", queue="events", retry=AGAIN)
    async def take_events(tenant_id: str) -> None:
        await hands.take_along(UUID(tenant_id))
        await take(hands, UUID(tenant_id))


async def take(hands: Hands, tenant_id: UUID) -> int:
    """Act on what waits for the tenant and return how many events that were.

    Raises:
        EventsLeft: one of them failed; the log says why, and the next try begins with it.
    """
    done, failed = 0, set[UUID]()
    while waiting := await _waiting(hands, tenant_id, failed):
        for event_id in waiting:
            try:
                done += await hands.run(tenant_id, "take_events", events.handle(event_id))
            except Exception:
                log.exception("an event was not acted on", tenant=str(tenant_id), event_id=str(event_id))
                failed.add(event_id)
    if failed:
        raise EventsLeft(f"{len(failed)} events")
    return done


async def _waiting(hands: Hands, tenant_id: UUID, failed: set[UUID]) -> list[UUID]:
    pending = await hands.run(tenant_id, "take_events", events.pending())
    return [event_id for event_id in pending if event_id not in failed]
