"""The work that one caller does in one transaction, as a story sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from persistence.engine import one_text
from tenancy.audit import Change
from tenancy.caller import Caller


@dataclass
class Work:
    """One transaction of one caller.

    `today` is the day in the tenant's time zone, `now` the moment in UTC. `joint` tells whether the story may
    set the columns by which another tenant reads (two-tenants).
    """

    session: AsyncSession
    caller: Caller
    today: date
    now: datetime
    joint: bool = False
    stated_reason: str | None = None
    noted: list[Change] = field(default_factory=list)

    async def one_text(self, sql: bytes, parameters: Sequence[bytes | None]) -> bytes | None:
        """The text that a compiled statement answers inside this transaction."""
        return await one_text(self.session, sql, parameters)

    def because(self, reason: str | None) -> None:
        """State the reason or the rule for the audit entries of this operation."""
        self.stated_reason = reason

    def note(self, change: Change) -> None:
        """Add a change that was written past the session's unit of work to the audit."""
        self.noted.append(change)
