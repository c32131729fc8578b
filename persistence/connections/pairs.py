"""Finding the two tenants of a connection: resolved from its rows, the own half locked first."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain import connections as rules
from domain.connections import FINAL, ConnectionStatus, Party
from domain.refusals import NotFound, VersionConflict
from persistence.connections.rows import Connection, ConnectionAnswer
from persistence.connections.shown import status
from persistence.tenants import ContractingCompany, Tenant


@dataclass(frozen=True)
class Pair:
    """Two connected tenants as the rows of the connection name them, never as somebody said."""

    source_tenant_id: UUID
    target_tenant_id: UUID
    connection_id: UUID
    status: ConnectionStatus
    i_am: Party
    sharing: bool
    """Whether the target may read the source's offers: access is open and the source does not block."""


@dataclass(frozen=True)
class Halves:
    """Both halves of a connection; the own one is locked."""

    half: Connection
    answer: ConnectionAnswer | None
    i_am: Party

    @property
    def status(self) -> ConnectionStatus:
        """Where the connection stands."""
        return rules.status(self.half, self.answer)

    @property
    def version(self) -> int:
        """Counts the changes of both halves."""
        return self.half.version + (self.answer.version if self.answer else 0)

    @property
    def pair(self) -> Pair:
        """The pair for joint stories."""
        half = self.half
        sharing = half.invited and half.access_to_offers and half.blocked_at is None
        return Pair(half.source_tenant_id, half.target_tenant_id, half.id, self.status, self.i_am, sharing)


async def pair(session: AsyncSession, tenant_id: UUID, connection_id: UUID) -> Pair:
    """The two tenants of a connection of this tenant, the own half locked until the transaction ends.

    Raises NotFound.
    """
    return (await halves(session, tenant_id, connection_id)).pair


async def halves(
    session: AsyncSession, tenant_id: UUID, connection_id: UUID, expected_version: int | None = None
) -> Halves:
    """Both halves of a connection of this tenant; the own one is locked first, then the other one is read.

    Raises:
        NotFound: this tenant has no such connection.
        VersionConflict: either half was changed since the caller read it.
    """
    found = await session.scalar(
        select(Connection).where(
            Connection.id == connection_id,
            or_(Connection.source_tenant_id == tenant_id, Connection.target_tenant_id == tenant_id),
        )
    )
    if found is None:
        raise NotFound("There is no such connection.", path=("connectionId",))
    i_am = Party.SOURCE if found.source_tenant_id == tenant_id else Party.TARGET
    both = Halves(*await _locked(session, found, i_am), i_am)
    if expected_version is not None and both.version != expected_version:
        raise VersionConflict(
            f"The connection was changed meanwhile (it has version {both.version} now); read it again and repeat.",
            subject=both.half,
            current_version=both.version,
        )
    return both


async def _locked(session: AsyncSession, found: Connection, i_am: Party) -> tuple[Connection, ConnectionAnswer | None]:
    """Both halves as they are once the own one is locked; a withdrawn half can no more be locked, nor changed."""
    half = select(Connection).where(Connection.source_tenant_id == found.source_tenant_id, Connection.id == found.id)
    answer = select(ConnectionAnswer).where(
        ConnectionAnswer.source_tenant_id == found.source_tenant_id, ConnectionAnswer.connection_id == found.id
    )
    fresh = {"populate_existing": True}
    if i_am is Party.SOURCE:
        locked = await session.scalar(half.with_for_update(), execution_options=fresh)
        return locked or found, await session.scalar(answer)
    answered = await session.scalar(answer.with_for_update())
    return (await session.scalars(half, execution_options=fresh)).one(), answered


async def standing_to(session: AsyncSession, source_tenant_id: UUID, target_tenant_id: UUID) -> Connection | None:
    """The connection of the ordered pair that is not final; there is one at most (R-XC-09)."""
    return await session.scalar(
        select(Connection).where(
            Connection.source_tenant_id == source_tenant_id,
            Connection.target_tenant_id == target_tenant_id,
            status(Connection, None).not_in([str(final) for final in FINAL]),
        )
    )


async def next_round(session: AsyncSession, source_tenant_id: UUID, target_tenant_id: UUID) -> int:
    """The number of the next invitation from this source to this target, from 1 on."""
    last = await session.scalar(
        select(func.max(Connection.round)).where(
            Connection.source_tenant_id == source_tenant_id, Connection.target_tenant_id == target_tenant_id
        )
    )
    return (last or 0) + 1


async def sources_of(session: AsyncSession, target_tenant_id: UUID) -> list[UUID]:
    """The source tenants whose invitation this target accepted and does not block."""
    found = await session.scalars(
        select(ConnectionAnswer.source_tenant_id)
        .where(
            ConnectionAnswer.target_tenant_id == target_tenant_id,
            ConnectionAnswer.accepted,
            ConnectionAnswer.blocked_at.is_(None),
        )
        .order_by(ConnectionAnswer.source_tenant_id)
    )
    return list(found)


@dataclass(frozen=True)
class Side:
    """What one tenant tells the other of itself, and whether its company booked the module."""

    name: str
    self_service_url: str | None
    company_id: UUID
    module_booked: bool


async def own_side(session: AsyncSession, tenant_id: UUID) -> Side:
    """The transaction's own tenant as it presents itself on its half."""
    row = (
        await session.execute(
            select(Tenant.name, Tenant.self_service_url, Tenant.company_id, ContractingCompany.cross_client_connections)
            .join(ContractingCompany, ContractingCompany.id == Tenant.company_id)
            .where(Tenant.id == tenant_id)
        )
    ).one()
    return Side(row.name, row.self_service_url, row.company_id, row.cross_client_connections)
