"""Connections between two tenants: the source's half and the target's half (two-tenants, 1)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    and_,
    any_,
    case,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from domain import connections as rules
from domain.connections import FINAL, ConnectionExists, ConnectionStatus, Party
from domain.refusals import InvalidStatusTransition, NotFound, VersionConflict
from persistence.base import Base, Guard, Joint, Policy, Versioned, new_id
from persistence.conflicts import means
from persistence.tenants import ContractingCompany, Tenant

AS_SOURCE = "source_tenant_id = current_tenant()"
AS_TARGET = "target_tenant_id = current_tenant()"


class Connection(Joint, Versioned, Base):
    """The source's half: it invited, it opens and closes access to its offers, it may block."""

    __tablename__ = "connection"
    __table_args__ = (
        CheckConstraint("source_tenant_id <> target_tenant_id", name="two_tenants"),
        UniqueConstraint("source_tenant_id", "target_tenant_id", "round"),
        UniqueConstraint("source_tenant_id", "id", "target_tenant_id"),
        UniqueConstraint("source_tenant_id", "id", "target_tenant_id", "invited"),
        UniqueConstraint("source_tenant_id", "id", "sharing_tenant_id"),
        Index(None, "target_tenant_id", "source_tenant_id"),
    )
    __guard__ = Guard(
        (
            Policy("own", "select", "kontor_app", AS_SOURCE),
            Policy("other", "select", "kontor_app", AS_TARGET),
            Policy("invite", "insert", "kontor_app", check=AS_SOURCE),
            Policy("change", "update", "kontor_app", f"{AS_SOURCE} AND invited", AS_SOURCE),
            Policy("own_portal", "select", "kontor_portal", AS_SOURCE),
            Policy("other_portal", "select", "kontor_portal", AS_TARGET),
        ),
        {
            "kontor_app": (
                "select",
                "insert",
                "update(invited, access_to_offers, blocked_at, version, updated_at)",
            ),
            "kontor_portal": ("select",),
        },
    )

    source_tenant_id: Mapped[UUID] = mapped_column(
        ForeignKey("tenant.id", ondelete="RESTRICT"),
        primary_key=True,
        server_default=text("current_tenant()"),
        sort_order=-20,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-19)
    target_tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id", ondelete="RESTRICT"))
    round: Mapped[int] = mapped_column(server_default=text("1"))
    source_name: Mapped[str]
    source_self_service_url: Mapped[str | None]
    source_company_id: Mapped[UUID]
    callback_url: Mapped[str | None]
    invited: Mapped[bool] = mapped_column(server_default=text("true"))
    access_to_offers: Mapped[bool] = mapped_column(server_default=text("false"))
    blocked_at: Mapped[datetime | None]
    sharing_tenant_id: Mapped[UUID | None] = mapped_column(
        Computed(
            "case when invited and access_to_offers and blocked_at is null then target_tenant_id end",
            persisted=True,
        )
    )


class ConnectionAnswer(Joint, Versioned, Base):
    """The target's half: it accepted or declined, and it may block."""

    __tablename__ = "connection_answer"
    __table_args__ = (
        CheckConstraint("invited", name="invited"),
        UniqueConstraint("source_tenant_id", "accepted_id", "target_tenant_id", name="uq_connection_answer_accepted"),
        ForeignKeyConstraint(
            ["source_tenant_id", "connection_id", "target_tenant_id", "invited"],
            [
                "connection.source_tenant_id",
                "connection.id",
                "connection.target_tenant_id",
                "connection.invited",
            ],
            name="fk_connection_answer_connection",
            ondelete="RESTRICT",
        ),
        Index(None, "target_tenant_id", "source_tenant_id"),
    )
    __guard__ = Guard(
        (
            Policy("own", "select", "kontor_app", AS_TARGET),
            Policy("other", "select", "kontor_app", AS_SOURCE),
            Policy("answer", "insert", "kontor_app", check=AS_TARGET),
            Policy("change", "update", "kontor_app", AS_TARGET, AS_TARGET),
            Policy("own_portal", "select", "kontor_portal", AS_TARGET),
            Policy("other_portal", "select", "kontor_portal", AS_SOURCE),
        ),
        {
            "kontor_app": ("select", "insert", "update(blocked_at, version, updated_at)"),
            "kontor_portal": ("select",),
        },
    )

    source_tenant_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)
    connection_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)
    target_tenant_id: Mapped[UUID] = mapped_column(server_default=text("current_tenant()"))
    target_name: Mapped[str]
    target_self_service_url: Mapped[str | None]
    target_company_id: Mapped[UUID]
    invited: Mapped[bool] = mapped_column(server_default=text("true"))
    accepted: Mapped[bool]
    accepted_id: Mapped[UUID | None] = mapped_column(
        Computed("case when accepted then connection_id end", persisted=True)
    )
    blocked_at: Mapped[datetime | None]


means(
    "uq_connection_source_tenant_id_target_tenant_id_round",
    lambda: ConnectionExists("There is a connection to this tenant already.", path=("targetTenantId",)),
)
means("fk_connection_target_tenant_id", lambda: NotFound("There is no such tenant.", path=("targetTenantId",)))
means("pk_connection_answer", lambda: InvalidStatusTransition("The invitation was answered at the same moment."))
means(
    "fk_connection_answer_connection",
    lambda: InvalidStatusTransition("The other tenant answered or withdrew the invitation at the same moment."),
)


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
    found = await session.scalar(select(Connection).where(Connection.id == connection_id, _of(Connection, tenant_id)))
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


def status(row: Any, _: object) -> ColumnElement[str]:
    """`domain.connections.status` in SQL, over a row of the source's half."""
    answer = aliased(ConnectionAnswer)
    answered = (
        select(
            case(
                (~answer.accepted, ConnectionStatus.DECLINED.value),
                (
                    or_(row.blocked_at.is_not(None), answer.blocked_at.is_not(None)),
                    ConnectionStatus.BLOCKED.value,
                ),
                else_=ConnectionStatus.ACTIVE.value,
            )
        )
        .where(_answers(answer, row))
        .scalar_subquery()
    )
    return case(
        (~row.invited, ConnectionStatus.WITHDRAWN.value),
        else_=func.coalesce(answered, ConnectionStatus.INVITED.value),
    )


def active(source_tenant_id: Any, connection_id: Any) -> ColumnElement[bool]:
    """Whether the connection with this key is ACTIVE, as a condition on a row that names it."""
    half, answer = aliased(Connection), aliased(ConnectionAnswer)
    return exists().where(
        half.source_tenant_id == source_tenant_id,
        half.id == connection_id,
        half.invited,
        half.blocked_at.is_(None),
        _answers(answer, half),
        answer.accepted,
        answer.blocked_at.is_(None),
    )


def from_sources(column: Any, tenant_id: Any) -> ColumnElement[bool]:
    """That a column names a tenant that has a connection to this one: it makes a feed use its index."""
    half = aliased(Connection)
    sources = select(half.source_tenant_id).where(half.target_tenant_id == tenant_id)
    named: ColumnElement[bool] = column == any_(func.array(sources.scalar_subquery()))
    return named


def of_answer(name: str) -> Any:
    """A column of the target's half as an expression over a row of the source's half; null while unanswered."""

    def expression(row: Any, _: object) -> ColumnElement[Any]:
        answer = aliased(ConnectionAnswer)
        return select(getattr(answer, name)).where(_answers(answer, row)).scalar_subquery()

    return expression


def _answers(answer: Any, row: Any) -> ColumnElement[bool]:
    return and_(answer.source_tenant_id == row.source_tenant_id, answer.connection_id == row.id)


def _of(model: Any, tenant_id: UUID) -> ColumnElement[bool]:
    return or_(model.source_tenant_id == tenant_id, model.target_tenant_id == tenant_id)


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
