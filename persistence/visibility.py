"""Who sees which partners and customers: said once, for compiled reads and for stories (4.4, 3.8 of the rules).

A partner is visible where its responsible organization, or a level with own customer data, stands on the way from
the acting organization to the root, or below it with descendant scope. A representative sees the customers to whom
the data that count at the acting organization assign him today.
"""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, exists, false, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.customers import Mode
from domain.partners import PartnerRoleKind
from domain.refusals import NotFound
from domain.relationships import FixedType
from persistence.changes import conflict
from persistence.customers import Customer, CustomerData
from persistence.partners import Partner, PartnerRole
from persistence.relationships import PartnerRelationship

PARTNERS = "partners:see"
CUSTOMERS = "customers:see"
IDS: Any = ARRAY(Uuid(as_uuid=True))


class Sight(Protocol):
    """Who looks, as SQL needs it: a read's context has binds, an `Onlooker` has values."""

    @property
    def partner_id(self) -> Any:
        """The partner that the caller is, if it is one."""

    @property
    def today(self) -> Any:
        """The day."""

    def scope(self, permission: Any, /) -> Any:
        """How far the permission reaches, or None."""

    def seen(self, permission: Any, /) -> Any:
        """The organizations that the permission shows, as uuid[]; the acting one first, the root last."""


class CallerLike(Protocol):
    """A caller, as far as this room needs it."""

    @property
    def partner_id(self) -> UUID | None:
        """The partner that the caller is."""

    @property
    def today(self) -> Any:
        """The day."""

    def scope(self, permission: Any, /) -> Any:
        """How far the permission reaches, or None."""

    def seen(self, permission: Any, /) -> tuple[UUID, ...]:
        """The organizations that the permission shows."""


@dataclass(frozen=True)
class Onlooker:
    """The sight of a caller within a story, with its values at hand."""

    caller: CallerLike

    @property
    def partner_id(self) -> Any:
        """The partner that the caller is."""
        return literal(self.caller.partner_id, Uuid(as_uuid=True))

    @property
    def today(self) -> Any:
        """The day."""
        return literal(self.caller.today)

    def scope(self, permission: str) -> Any:
        """How far the permission reaches."""
        return self.caller.scope(permission)

    def seen(self, permission: str) -> Any:
        """The organizations that the permission shows."""
        return literal(list(self.caller.seen(permission)), IDS)


def partners(row: Any, sight: Sight) -> ColumnElement[bool]:
    """The partners that the caller sees; archived ones do not exist (R-171, R-229)."""
    reach = _reach(sight, PARTNERS)
    if reach is None:
        return false()
    if reach == "TENANT":
        found: ColumnElement[bool] = row.archived_at.is_(None)
        return found
    if reach == "OWN_CUSTOMERS":
        return and_(row.archived_at.is_(None), _assigned(row.tenant_id, row.id, sight, PARTNERS))
    seen = sight.seen(PARTNERS)
    return and_(
        row.archived_at.is_(None),
        or_(row.responsible_organization_id == any_(seen), _has_own_data(row.tenant_id, row.id, seen)),
    )


def customers(row: Any, sight: Sight) -> ColumnElement[bool] | None:
    """The customers that the caller sees; `row` has the partner's id as its `id` (R-238)."""
    return customers_by(row.tenant_id, row.id, sight)


def customers_by(tenant_id: Any, partner_id: Any, sight: Sight) -> ColumnElement[bool] | None:
    """That the partner in this column is a customer whom the caller sees; None for everybody (R-223)."""
    reach = _reach(sight, CUSTOMERS)
    if reach is None:
        return false()
    if reach == "TENANT":
        return None
    if reach == "OWN_CUSTOMERS":
        return _assigned(tenant_id, partner_id, sight, CUSTOMERS)
    return _has_own_data(tenant_id, partner_id, sight.seen(CUSTOMERS))


def levels(row: Any, sight: Sight) -> ColumnElement[bool]:
    """The levels of a customer that the caller sees; what was set aside is not shown."""
    reach = _reach(sight, CUSTOMERS)
    if reach is None:
        return false()
    if reach == "TENANT":
        found: ColumnElement[bool] = row.ended_at.is_(None)
        return found
    return and_(row.ended_at.is_(None), row.organization_id == any_(sight.seen(CUSTOMERS)))


def resolutions(row: Any, sight: Sight) -> ColumnElement[bool] | None:
    """The asking organizations whose data the caller may look at: those of siblings are not (4.4)."""
    reach = _reach(sight, CUSTOMERS)
    if reach is None:
        return false()
    if reach == "TENANT":
        return None
    found: ColumnElement[bool] = row.descendant_id == any_(sight.seen(CUSTOMERS))
    return found


def relationships(row: Any, sight: Sight) -> ColumnElement[bool]:
    """The relationships that the caller sees: both ends, and the level if it is a row of a customer's list."""
    level = CustomerData.__table__.alias()
    return and_(
        _sees_partner(row.tenant_id, row.partner_id, sight),
        _sees_partner(row.tenant_id, row.target_partner_id, sight),
        or_(
            row.customer_data_id.is_(None),
            exists().where(
                level.c.tenant_id == row.tenant_id,
                level.c.id == row.customer_data_id,
                levels(level.c, sight),
            ),
        ),
    )


async def partner_to_change(
    session: AsyncSession, caller: CallerLike, partner_id: UUID, expected_version: int | None = None
) -> Partner:
    """The partner, locked, if the caller sees it.

    Raises:
        NotFound: there is none, or the caller does not see it (R-229).
        VersionConflict: it was changed since the caller read it (R-00-03).
    """
    row = await session.scalar(
        select(Partner)
        .where(Partner.id == partner_id, partners(Partner, Onlooker(caller)))
        .with_for_update(of=Partner)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("There is no such partner.", path=("partnerId",))
    if expected_version is not None and row.version != expected_version:
        raise conflict(row, "partner")
    return row


async def customer_to_change(session: AsyncSession, caller: CallerLike, partner_id: UUID) -> Partner:
    """The partner of a customer that the caller sees, locked: every change of a customer waits for the one before.

    Raises:
        NotFound: there is none, or the caller does not see it (R-229).
    """
    seen = customers(Customer, Onlooker(caller))
    row = await session.scalar(
        select(Partner)
        .join(Customer, Customer.id == Partner.id)
        .where(Partner.id == partner_id, Partner.archived_at.is_(None), *(() if seen is None else (seen,)))
        .with_for_update(of=Partner)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("There is no such customer.", path=("customerId",))
    return row


async def seen_partners(session: AsyncSession, caller: CallerLike, partner_ids: set[UUID]) -> set[UUID]:
    """Those of the partners that the caller sees; others are as good as absent (R-228)."""
    found = await session.scalars(
        select(Partner.id).where(Partner.id.in_(partner_ids), partners(Partner, Onlooker(caller)))
    )
    return set(found)


async def sees_customer(session: AsyncSession, caller: CallerLike, partner_id: UUID) -> bool:
    """Whether the partner is a customer that the caller sees."""
    seen = customers(Customer, Onlooker(caller))
    found = await session.scalar(
        select(Customer.id).where(Customer.id == partner_id, *(() if seen is None else (seen,)))
    )
    return found is not None


def _reach(sight: Sight, permission: str) -> str | None:
    scope = sight.scope(permission)
    return None if scope is None else str(scope.name)


def _sees_partner(tenant_id: Any, partner_id: Any, sight: Sight) -> ColumnElement[bool]:
    partner = Partner.__table__.alias()
    return exists().where(partner.c.tenant_id == tenant_id, partner.c.id == partner_id, partners(partner.c, sight))


def _has_own_data(tenant_id: Any, partner_id: Any, seen: Any) -> ColumnElement[bool]:
    level = CustomerData.__table__.alias()
    return exists().where(
        level.c.tenant_id == tenant_id,
        level.c.partner_id == partner_id,
        level.c.organization_id == any_(seen),
        level.c.mode == literal(str(Mode.OWN)),
        level.c.ended_at.is_(None),
    )


def _assigned(tenant_id: Any, partner_id: Any, sight: Sight, permission: str) -> ColumnElement[bool]:
    """That the data which count at the acting organization assign the caller's partner today (R-222, R-225).

    The partner must still hold the role: without it the row gives no access (E22).
    """
    link, level = PartnerRelationship.__table__.alias(), CustomerData.__table__.alias()
    role = PartnerRole.__table__.alias()
    path = sight.seen(permission)
    nearest = (
        select(level.c.id)
        .where(
            level.c.tenant_id == link.c.tenant_id,
            level.c.partner_id == link.c.partner_id,
            level.c.organization_id == any_(path),
            level.c.mode == literal(str(Mode.OWN)),
            level.c.ended_at.is_(None),
        )
        .order_by(func.array_position(path, level.c.organization_id))
        .limit(1)
        .scalar_subquery()
    )
    representative = exists().where(
        role.c.tenant_id == link.c.tenant_id,
        role.c.partner_id == link.c.target_partner_id,
        role.c.role == literal(str(PartnerRoleKind.SALES_REPRESENTATIVE)),
        role.c.ended_at.is_(None),
    )
    return exists().where(
        link.c.tenant_id == tenant_id,
        link.c.partner_id == partner_id,
        link.c.target_partner_id == sight.partner_id,
        link.c.type_code == literal(str(FixedType.SALES_REPRESENTATIVE)),
        or_(link.c.valid_from.is_(None), link.c.valid_from <= sight.today),
        or_(link.c.valid_to.is_(None), link.c.valid_to >= sight.today),
        link.c.customer_data_id == nearest,
        representative,
    )
