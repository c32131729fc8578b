"""Relationships between partners: directed, of a type, some of them at a level of a customer's data.

One table holds them all. Rows with a `customer_data_id` are a customer's lists at a level (representatives,
invoice recipients, later payers, delivery recipients, carriers): they count as long as that level's data count,
and are set aside with them. Incoming relationships are the same rows, looked up from the other end (R-173).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.refusals import AlreadyExists, NotFound
from domain.relationships import NAMES, WITHOUT_PERIOD, FixedType, Listed
from persistence.base import Acted, Base, TenantOwned, Versioned, own
from persistence.conflicts import means


class RelationshipType(Acted, Versioned, TenantOwned, Base):
    """A type of relationship: fixed, or the tenant's own (R-174, R-175)."""

    __tablename__ = "partner_relationship_type"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)
    __guard__ = own("select", "insert")

    code: Mapped[str] = mapped_column(Text(collation="C"))
    name: Mapped[str]
    fixed: Mapped[bool] = mapped_column(server_default=text("false"))
    time_dependent: Mapped[bool]


class PartnerRelationship(Acted, Versioned, TenantOwned, Base):
    """A link from one partner to another (Partnerbeziehung)."""

    __tablename__ = "partner_relationship"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_to", name="period"),
        CheckConstraint("sequence between 1 and 999", name="sequence"),
        Index(None, "tenant_id", "partner_id", "type_code"),
        Index(None, "tenant_id", "target_partner_id", "type_code"),
        Index(None, "tenant_id", "customer_data_id", "type_code"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["tenant_id", "target_partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(
            ["tenant_id", "type_code"],
            ["partner_relationship_type.tenant_id", "partner_relationship_type.code"],
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "partner_id", "customer_data_id"],
            ["customer_data.tenant_id", "customer_data.partner_id", "customer_data.id"],
            ondelete="RESTRICT",
        ),
    )
    __guard__ = own("select", "insert", "update", "delete", portal=("select",))

    partner_id: Mapped[UUID]
    type_code: Mapped[str] = mapped_column(Text(collation="C"))
    target_partner_id: Mapped[UUID]
    customer_data_id: Mapped[UUID | None]
    sequence: Mapped[int | None]
    preferred: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


means(
    "uq_partner_relationship_type_tenant_id_code",
    lambda: AlreadyExists("There is a relationship type with this code already.", path=("code",)),
)


def deliver(session: AsyncSession) -> None:
    """Give a new tenant the fixed types (R-175)."""
    session.add_all(
        RelationshipType(code=code, name=NAMES[code], fixed=True, time_dependent=code not in WITHOUT_PERIOD)
        for code in FixedType
    )


async def type_of(session: AsyncSession, code: str) -> RelationshipType:
    """The type with this code. Raises NotFound."""
    found = await session.scalar(select(RelationshipType).where(RelationshipType.code == code))
    if found is None:
        raise NotFound("There is no such relationship type.", path=("typeCode",))
    return found


async def between(
    session: AsyncSession, partner_id: UUID, target_partner_id: UUID, type_code: str
) -> Sequence[PartnerRelationship]:
    """The relationships of this type from one partner to the other."""
    found = await session.scalars(
        select(PartnerRelationship).where(
            PartnerRelationship.partner_id == partner_id,
            PartnerRelationship.target_partner_id == target_partner_id,
            PartnerRelationship.type_code == type_code,
            PartnerRelationship.customer_data_id.is_(None),
        )
    )
    return found.all()


async def listed(session: AsyncSession, customer_data_id: UUID, type_code: FixedType) -> Sequence[PartnerRelationship]:
    """The rows of one list of a customer at a level."""
    found = await session.scalars(
        select(PartnerRelationship)
        .where(
            PartnerRelationship.customer_data_id == customer_data_id,
            PartnerRelationship.type_code == type_code,
        )
        .order_by(PartnerRelationship.sequence, PartnerRelationship.id)
    )
    return found.all()


async def replace_list(
    session: AsyncSession,
    old: Sequence[PartnerRelationship],
    new: Sequence[tuple[Listed, int | None]],
    of: Mapping[str, UUID | str],
) -> None:
    """Let these be the rows of a list: rows that name an old one go on, the others are new or removed (R-210).

    Each comes with its sequence. `of` is what all rows share: partner_id, customer_data_id, type_code.
    """
    kept = {row.id: row for row in old}
    for given, sequence in new:
        row = kept.pop(given.id) if given.id is not None else None
        if row is None:
            row = PartnerRelationship(**of)
            session.add(row)
        row.target_partner_id, row.preferred, row.sequence = given.target_partner_id, given.preferred, sequence
        row.valid_from, row.valid_to = given.valid_from, given.valid_to
    for row in kept.values():
        await session.delete(row)


async def copy_lists(session: AsyncSession, source_id: UUID, target_id: UUID, partner_id: UUID, today: date) -> None:
    """Copy the rows of all lists that count on that day or later to another level of the customer (4.7)."""
    rows = await session.scalars(select(PartnerRelationship).where(PartnerRelationship.customer_data_id == source_id))
    session.add_all(
        PartnerRelationship(
            partner_id=partner_id,
            customer_data_id=target_id,
            type_code=row.type_code,
            target_partner_id=row.target_partner_id,
            sequence=row.sequence,
            preferred=row.preferred,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
        if row.valid_to is None or row.valid_to >= today
    )


def targets(rows: Collection[PartnerRelationship]) -> set[UUID]:
    """The partners that the rows point at."""
    return {row.target_partner_id for row in rows}
