"""Partners with their roles, addresses and communication connections.

Deleted partners do not exist: an archived one keeps its number taken (R-171).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    and_,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.partners import (
    Address,
    Affiliation,
    Communication,
    CommunicationType,
    NumberTaken,
    PartnerRoleKind,
    PartnerType,
    RoleStatus,
    number_key,
)
from persistence.base import Acted, Base, TenantOwned, Versioned, own, utc_now
from persistence.conflicts import means
from persistence.enumerations import one_of

PORTAL_SELF = "tenant_id = current_tenant() AND id = current_partner()"
CHANGING = (
    "number, number_key, salutation, title, first_name, last_name, name, display_name, name_key, search_term, "
    "search_key, language, affiliation, blocked, responsible_organization_id, archived_at, "
    "version, updated_at, updated_by, updated_by_kind"
)
"""What the application may change of a partner: everything but its type (R-170) and its keys."""


class Partner(Acted, Versioned, TenantOwned, Base):
    """A person or an organization that the tenant deals with, kept once (R-001)."""

    __tablename__ = "partner"
    __table_args__ = (
        CheckConstraint(one_of("type", PartnerType), name="type"),
        CheckConstraint(one_of("affiliation", Affiliation), name="affiliation"),
        CheckConstraint(
            "case type when 'PERSON' then last_name is not null and name is null "
            "else name is not null and last_name is null end",
            name="names",
        ),
        UniqueConstraint("tenant_id", "number_key"),
        Index(None, "tenant_id", "number"),
        Index(None, "tenant_id", "name_key", "id"),
        Index(None, "tenant_id", "search_key"),
        Index(None, "tenant_id", "type"),
        Index(None, "tenant_id", "responsible_organization_id"),
        ForeignKeyConstraint(
            ["tenant_id", "responsible_organization_id"],
            ["organization.tenant_id", "organization.id"],
            ondelete="RESTRICT",
        ),
    )
    __guard__ = own("select", "insert", f"update({CHANGING})", portal=("select",), portal_sees=PORTAL_SELF)

    type: Mapped[str]
    number: Mapped[str] = mapped_column(Text(collation="C"))
    number_key: Mapped[str] = mapped_column(Text(collation="C"))
    salutation: Mapped[str | None]
    title: Mapped[str | None]
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    name: Mapped[str | None]
    display_name: Mapped[str]
    name_key: Mapped[str] = mapped_column(Text(collation="C"))
    search_term: Mapped[str]
    search_key: Mapped[str] = mapped_column(Text(collation="C"))
    language: Mapped[str]
    affiliation: Mapped[str]
    blocked: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    responsible_organization_id: Mapped[UUID]
    archived_at: Mapped[datetime | None]


class PartnerRole(Acted, Versioned, TenantOwned, Base):
    """A role that a partner holds, or held until `ended_at`; its data are kept (R-167, R-172)."""

    __tablename__ = "partner_role"
    __table_args__ = (
        CheckConstraint(one_of("role", PartnerRoleKind), name="role"),
        CheckConstraint(one_of("status", RoleStatus), name="status"),
        UniqueConstraint("tenant_id", "partner_id", "role"),
        Index(None, "tenant_id", "role", "partner_id"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
    )
    __guard__ = own("select", "insert", "update", portal=("select",))

    partner_id: Mapped[UUID]
    role: Mapped[str]
    status: Mapped[str]
    ended_at: Mapped[datetime | None]


class PartnerAddress(TenantOwned, Base):
    """A postal address of a partner; the first one is the main one."""

    __tablename__ = "partner_address"
    __table_args__ = (
        UniqueConstraint("tenant_id", "partner_id", "position"),
        Index(None, "tenant_id", "city_key"),
        Index(None, "tenant_id", "postal_code"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
    )
    __guard__ = own("select", "insert", "update", "delete", portal=("select",))

    partner_id: Mapped[UUID]
    position: Mapped[int]
    label: Mapped[str | None]
    street: Mapped[str | None]
    additional_line: Mapped[str | None]
    post_office_box: Mapped[str | None]
    postal_code: Mapped[str | None] = mapped_column(Text(collation="C"))
    city: Mapped[str]
    city_key: Mapped[str] = mapped_column(Text(collation="C"))
    region: Mapped[str | None]
    country_code: Mapped[str]


class PartnerCommunication(TenantOwned, Base):
    """A number or address by which a partner is reached."""

    __tablename__ = "partner_communication"
    __table_args__ = (
        CheckConstraint(one_of("type", CommunicationType), name="type"),
        UniqueConstraint("tenant_id", "partner_id", "position"),
        Index(None, "tenant_id", "value_key"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
    )
    __guard__ = own("select", "insert", "update", "delete", portal=("select",))

    partner_id: Mapped[UUID]
    position: Mapped[int]
    type: Mapped[str]
    value: Mapped[str]
    value_key: Mapped[str] = mapped_column(Text(collation="C"))
    preferred: Mapped[bool]
    label: Mapped[str | None]


means(
    "uq_partner_tenant_id_number_key",
    lambda: NumberTaken("This number is taken; choose another one.", path=("number",)),
)


def playing(partner: Any, role: Any, _context: object, _args: object) -> ColumnElement[bool]:
    """That the role is one that the partner plays now."""
    return and_(role.partner_id == partner.id, role.ended_at.is_(None))


def touch(row: Versioned) -> None:
    """Count the record's version up, because something that belongs to it changed."""
    row.updated_at = utc_now()


async def number_free(session: AsyncSession, number: str) -> bool:
    """Whether no partner has or had the number (R-171, R-184)."""
    found = await session.scalar(select(Partner.id).where(Partner.number_key == number_key(number)))
    return found is None


async def roles_of(session: AsyncSession, partner_id: UUID) -> dict[str, PartnerRole]:
    """The rows of all roles that the partner holds or held."""
    rows = await session.scalars(select(PartnerRole).where(PartnerRole.partner_id == partner_id))
    return {row.role: row for row in rows}


def held(rows: Mapping[str, PartnerRole]) -> frozenset[str]:
    """The roles that count now."""
    return frozenset(role for role, row in rows.items() if row.ended_at is None)


def put_roles(
    session: AsyncSession,
    partner_id: UUID,
    rows: Mapping[str, PartnerRole],
    wanted: Collection[str],
    *,
    status: str,
    now: datetime,
) -> None:
    """Let exactly these roles count; a role that is new starts with the status, an old one goes on."""
    for role in sorted(wanted):
        row = rows.get(role)
        if row is None:
            session.add(PartnerRole(partner_id=partner_id, role=role, status=status))
        else:
            row.ended_at = None
    for role in held(rows) - set(wanted):
        rows[role].ended_at = now


async def holders(session: AsyncSession, role: PartnerRoleKind, partner_ids: Collection[UUID]) -> set[UUID]:
    """Those of the partners that hold the role."""
    found = await session.scalars(
        select(PartnerRole.partner_id).where(
            PartnerRole.role == role, PartnerRole.ended_at.is_(None), PartnerRole.partner_id.in_(partner_ids)
        )
    )
    return set(found)


async def present(session: AsyncSession, partner_ids: Collection[UUID]) -> set[UUID]:
    """Those of the partners that exist and are not archived."""
    found = await session.scalars(select(Partner.id).where(Partner.id.in_(partner_ids), Partner.archived_at.is_(None)))
    return set(found)


async def replace_addresses(session: AsyncSession, partner_id: UUID, addresses: Sequence[tuple[Address, str]]) -> None:
    """Let these be the partner's addresses, in this order, each with the key its city is found by."""
    rows = await session.scalars(
        select(PartnerAddress).where(PartnerAddress.partner_id == partner_id).order_by(PartnerAddress.position)
    )
    values = [{**vars(address), "city_key": key} for address, key in addresses]
    await _replace(session, PartnerAddress, partner_id, rows.all(), values)


async def replace_communication(
    session: AsyncSession, partner_id: UUID, connections: Sequence[tuple[Communication, str]]
) -> None:
    """Let these be the partner's communication connections, in this order, each with the key it is found by."""
    rows = await session.scalars(
        select(PartnerCommunication)
        .where(PartnerCommunication.partner_id == partner_id)
        .order_by(PartnerCommunication.position)
    )
    values = [{**vars(connection), "value_key": key} for connection, key in connections]
    await _replace(session, PartnerCommunication, partner_id, rows.all(), values)


async def _replace(
    session: AsyncSession,
    model: type[PartnerAddress] | type[PartnerCommunication],
    partner_id: UUID,
    rows: Sequence[Base],
    values: Sequence[Mapping[str, Any]],
) -> None:
    for position, (row, new) in enumerate(zip_longest(rows, values)):
        if new is None:
            await session.delete(row)
        elif row is None:
            session.add(model(partner_id=partner_id, position=position, **new))
        else:
            for name, value in new.items():
                setattr(row, name, value)
