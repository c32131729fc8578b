"""The one door through which a column that another tenant reads may be set (two-tenants, "One door in the code")."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session


class JointColumnOutsideTheDoor(AssertionError):
    """A story that is not joint set a column that another tenant reads: a defect, not a refusal."""


def door(session: AsyncSession | Session, what: str) -> None:
    """Let only joint operations pass; for statements beside the unit of work, which the engine watches itself."""
    if not session.info.get("joint"):
        raise JointColumnOutsideTheDoor(what)
