"""Finding a row in order to change it: locked, of the own tenant, and as the caller last saw it."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.base import ExecutableOption

from domain.refusals import NotFound, NotOwner, VersionConflict
from persistence.base import TenantOwned, Versioned

R = TypeVar("R", bound=TenantOwned)


async def to_change(
    session: AsyncSession,
    model: type[R],
    id: UUID,
    expected_version: int | None = None,
    *,
    what: str,
    options: tuple[ExecutableOption, ...] = (),
) -> R:
    """The own tenant's row, locked until the transaction ends.

    `what` names the thing in sentences. `expected_version` None means that the caller states none.

    Raises:
        NotFound: there is no such row for this tenant (R-00-01).
        NotOwner: there is, but it is another tenant's and only shared (R-00-02).
        VersionConflict: it was changed since the caller read it (R-00-03).
    """
    row = await session.scalar(select(model).where(model.id == id).options(*options).with_for_update(of=model))
    if row is None:
        raise await _why_not(session, model, id, what)
    if expected_version is not None and isinstance(row, Versioned) and row.version != expected_version:
        raise conflict(row, what)
    return row


async def found(session: AsyncSession, model: type[R], id: UUID, *, what: str) -> R:
    """The own tenant's row, only looked at. Raises NotFound."""
    row = await session.scalar(select(model).where(model.id == id))
    if row is None:
        raise NotFound(f"There is no such {what}.")
    return row


def conflict(row: Versioned, what: str) -> VersionConflict:
    """The refusal for a row that was changed meanwhile."""
    return VersionConflict(
        f"The {what} was changed by somebody else (it has version {row.version} now); read it again and repeat.",
        subject=row,
        current_version=row.version,
    )


async def _why_not(session: AsyncSession, model: type[R], id: UUID, what: str) -> NotFound | NotOwner:
    shared = await session.scalar(
        select(model.id).where(model.id == id).execution_options(across_tenants=True).limit(1)
    )
    if shared is None:
        return NotFound(f"There is no such {what}.")
    return NotOwner(f"The {what} belongs to another tenant, who alone can change it.")
