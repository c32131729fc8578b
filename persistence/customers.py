"""Customers, their data at each organization, what of it counts where, and accounting data.

A `customer` row exists exactly while the partner holds the role CUSTOMER (R-005); its id is the partner's.
`customer_data` has at most one row that counts for a partner and an organization, own or inherited; a row that
was set aside keeps its values with `ended_at` (R-247). Columns of later sections of the customer role (delivery,
invoicing, shipping, statistics) join this row, their lists join `partner_relationship` by `customer_data_id`.
Versions by day are to be a `valid_from` in the unique key, null for the first one; `resolution` then takes the
greatest one that is not after the day, and nothing above it changes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKeyConstraint,
    Index,
    Select,
    Subquery,
    Text,
    UniqueConstraint,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.customers import (
    AbcClass,
    AccountingGap,
    Block,
    BlockReason,
    CustomerStatus,
    Effective,
    MinimumValueCheck,
    Mode,
)
from domain.relationships import FixedType
from persistence.base import OWN, Acted, Base, Guard, Policy, TenantOwned, Versioned, own
from persistence.enumerations import one_of
from persistence.organizations import Organization, OrganizationClosure
from persistence.partners import PORTAL_SELF, Partner
from persistence.relationships import PartnerRelationship
from persistence.tenants import TenantSettings


class Customer(Acted, TenantOwned, Base):
    """That a partner is a customer; the organization-independent part of the role stands here."""

    __tablename__ = "customer"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
    )
    __guard__ = own("select", "insert", "delete", portal=("select",), portal_sees=PORTAL_SELF)


class CustomerData(Acted, Versioned, TenantOwned, Base):
    """What counts for a customer at an organization; an inherited row says that it was taken over (R-143)."""

    __tablename__ = "customer_data"
    __table_args__ = (
        CheckConstraint(one_of("mode", Mode), name="mode"),
        CheckConstraint(one_of("status", CustomerStatus), name="status"),
        CheckConstraint("status = 'BLOCKED' or blocked_until is null", name="blocked_until"),
        CheckConstraint(one_of("abc_class", AbcClass), name="abc_class"),
        CheckConstraint(one_of("minimum_order_value_check", MinimumValueCheck), name="minimum_order_value_check"),
        CheckConstraint(
            "(minimum_order_value_minor is null) = (minimum_order_value_currency is null) "
            "and coalesce(minimum_order_value_minor, 0) >= 0",
            name="minimum_order_value",
        ),
        UniqueConstraint("tenant_id", "partner_id", "id"),
        Index(
            "uq_customer_data_level",
            "tenant_id",
            "partner_id",
            "organization_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index(None, "tenant_id", "organization_id", "partner_id"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["tenant_id", "organization_id"], ["organization.tenant_id", "organization.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(
            ["tenant_id", "copied_from_organization_id"],
            ["organization.tenant_id", "organization.id"],
            ondelete="RESTRICT",
        ),
    )
    __guard__ = own("select", "insert", "update", portal=("select",))

    partner_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    mode: Mapped[str]
    ended_at: Mapped[datetime | None]
    copied_from_organization_id: Mapped[UUID | None]
    copied_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(default=CustomerStatus.RELEASED, server_default=text("'RELEASED'"))
    blocked_until: Mapped[date | None]
    abc_class: Mapped[str] = mapped_column(default=AbcClass.A, server_default=text("'A'"))
    order_entry_allowed: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    order_confirmation_required: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    minimum_order_value_check: Mapped[str] = mapped_column(
        default=MinimumValueCheck.BY_CUSTOMIZING, server_default=text("'BY_CUSTOMIZING'")
    )
    minimum_order_value_minor: Mapped[int | None]
    minimum_order_value_currency: Mapped[str | None]
    external_number: Mapped[str | None]


COPIED = (
    "status",
    "blocked_until",
    "abc_class",
    "order_entry_allowed",
    "order_confirmation_required",
    "minimum_order_value_check",
    "minimum_order_value_minor",
    "minimum_order_value_currency",
    "external_number",
)
"""What a level takes along when it takes over the editing (4.7); the manual block too."""


ACCOUNTING_CHANGING = (
    "debtor, debtor_account, payment_term, tax_classification, currency, "
    "version, updated_at, updated_by, updated_by_kind"
)


class PartnerAccounting(Acted, Versioned, TenantOwned, Base):
    """The accounting data of a partner, independent of its roles.

    A portal customer sees of others only whether they are complete: its own invoice recipient may be another.
    """

    __tablename__ = "partner_accounting"
    __table_args__ = (
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        UniqueConstraint("tenant_id", "partner_id"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
    )
    __guard__ = Guard(
        (Policy("own", "all", "kontor_app", OWN, OWN), Policy("own_portal", "select", "kontor_portal", OWN)),
        {
            "kontor_app": (
                "select",
                "insert",
                f"update({ACCOUNTING_CHANGING})",
            ),
            "kontor_portal": ("select(tenant_id, partner_id, complete)",),
        },
    )

    partner_id: Mapped[UUID]
    debtor: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    debtor_account: Mapped[str | None]
    payment_term: Mapped[str | None]
    tax_classification: Mapped[str | None]
    currency: Mapped[str | None]
    complete: Mapped[bool] = mapped_column(
        Computed(
            "debtor and debtor_account is not null and payment_term is not null "
            "and tax_classification is not null and currency is not null",
            persisted=True,
        )
    )


@dataclass(frozen=True)
class CustomerSettings:
    """What the tenant has settled about its customers."""

    multi_site: bool
    default_status: str
    explicit: bool


def _named() -> Subquery:
    """Customers with what they are listed by."""
    customer, partner = Customer.__table__, Partner.__table__
    return (
        select(
            *customer.columns,
            partner.c.number,
            partner.c.number_key,
            partner.c.display_name,
            partner.c.name_key,
        )
        .join_from(customer, partner, and_(partner.c.tenant_id == customer.c.tenant_id, partner.c.id == customer.c.id))
        .subquery("named_customer")
    )


NAMED = _named()
"""The customers with the partner's number and name, for lists."""


class Asking(Protocol):
    """The context of a read, as far as these expressions ask it."""

    organization_id: Any
    today: Any


def _resolution() -> Subquery:
    """Every own level with every organization at or below it: `descendant_id` asks, `distance` steps above it."""
    closure, data = OrganizationClosure.__table__, CustomerData.__table__
    columns = [column for column in data.columns if column.name not in {"tenant_id", "mode", "ended_at"}]
    return (
        select(data.c.tenant_id, closure.c.descendant_id, closure.c.distance, *columns)
        .join_from(
            data,
            closure,
            and_(
                closure.c.tenant_id == data.c.tenant_id,
                closure.c.structure == literal("SALES"),
                closure.c.ancestor_id == data.c.organization_id,
            ),
        )
        .where(data.c.mode == literal(str(Mode.OWN)), data.c.ended_at.is_(None))
        .subquery("customer_resolution")
    )


RESOLUTION = _resolution()
"""What counts where: the row with the least `distance` for a partner and an asking organization (4.3)."""


def resolved(partner: Any, child: Any, context: Asking, args: Any) -> ColumnElement[bool]:
    """That a row of RESOLUTION is for this customer and the asked organization, by default the acting one."""
    asked = getattr(args, "organization_id", None)
    organization = context.organization_id if asked is None else asked
    return and_(child.partner_id == partner.id, child.descendant_id == organization)


def at_level(level: Any, child: Any, _context: object, _args: object) -> ColumnElement[bool]:
    """That a row of RESOLUTION is for the customer and the organization of this level."""
    return and_(child.partner_id == level.partner_id, child.descendant_id == level.organization_id)


def representatives(data: Any, child: Any, _context: object, _args: object) -> ColumnElement[bool]:
    """That a relationship assigns a representative at the level of these data."""
    return _in_list(data, child, FixedType.SALES_REPRESENTATIVE)


def invoice_recipients(data: Any, child: Any, _context: object, _args: object) -> ColumnElement[bool]:
    """That a relationship names an invoice recipient at the level of these data."""
    return _in_list(data, child, FixedType.INVOICE_RECIPIENT)


def _in_list(data: Any, child: Any, type_code: FixedType) -> ColumnElement[bool]:
    return and_(child.customer_data_id == data.id, child.type_code == literal(str(type_code)))


def target_number(_data: Any, child: Any, _context: object, _args: object) -> ColumnElement[Any]:
    """The number of the partner that a relationship points at, to order by (R-035, E21)."""
    partner = Partner.__table__.alias()
    found: ColumnElement[Any] = (
        select(partner.c.number_key)
        .where(partner.c.tenant_id == child.tenant_id, partner.c.id == child.target_partner_id)
        .scalar_subquery()
    )
    return found


def inherited(row: Any, _context: object) -> ColumnElement[bool]:
    """Whether the data come from above the asked organization (R-233)."""
    found: ColumnElement[bool] = row.distance > 0
    return found


def partner_blocked(row: Any) -> ColumnElement[bool]:
    """Whether the partner as a whole is blocked."""
    partner = Partner.__table__.alias()
    return exists().where(partner.c.tenant_id == row.tenant_id, partner.c.id == row.partner_id, partner.c.blocked)


def blocked_by_hand(row: Any, today: Any) -> ColumnElement[bool]:
    """Whether the block that somebody set counts today, its last day included (R-026, R-027)."""
    return and_(row.status == literal("BLOCKED"), or_(row.blocked_until.is_(None), row.blocked_until >= today))


def missing_accounting_data(row: Any, today: Any) -> ColumnElement[bool]:
    """Whether an invoice recipient of the level, today's or a later one, is no debtor (R-022, R-190)."""
    recipient, accounting = PartnerRelationship.__table__.alias(), PartnerAccounting.__table__.alias()
    complete = exists(accounting.c.complete).where(
        accounting.c.tenant_id == recipient.c.tenant_id,
        accounting.c.partner_id == recipient.c.target_partner_id,
        accounting.c.complete,
    )
    return exists().where(
        recipient.c.tenant_id == row.tenant_id,
        recipient.c.customer_data_id == row.id,
        recipient.c.type_code == literal(str(FixedType.INVOICE_RECIPIENT)),
        or_(recipient.c.valid_to.is_(None), recipient.c.valid_to >= today),
        ~complete,
    )


def blocked(row: Any, context: Asking) -> ColumnElement[bool]:
    """Whether any block is effective (R-188)."""
    return or_(partner_blocked(row), blocked_by_hand(row, context.today), missing_accounting_data(row, context.today))


def block_reasons(row: Any, context: Asking) -> ColumnElement[Any]:
    """Every reason of an effective block, as text[] (R-188)."""
    parts = {
        BlockReason.PARTNER_BLOCKED: partner_blocked(row),
        BlockReason.MANUAL: blocked_by_hand(row, context.today),
        BlockReason.MISSING_ACCOUNTING_DATA: missing_accounting_data(row, context.today),
    }
    return _present(parts)


def accounting_gaps(row: Any, _context: object) -> ColumnElement[Any]:
    """What is missing for complete accounting data, as text[] (R-191)."""
    return _present(
        {
            AccountingGap.DEBTOR: ~row.debtor,
            AccountingGap.DEBTOR_ACCOUNT: row.debtor_account.is_(None),
            AccountingGap.PAYMENT_TERM: row.payment_term.is_(None),
            AccountingGap.TAX_CLASSIFICATION: row.tax_classification.is_(None),
            AccountingGap.CURRENCY: row.currency.is_(None),
        }
    )


def _present(parts: Any) -> ColumnElement[Any]:
    cases = [case((holds, literal(str(name))), else_=null()) for name, holds in parts.items()]
    return func.array_remove(cast(array(cases), ARRAY(Text)), null(), type_=ARRAY(Text))


def acting_status(row: Any, context: Asking, value: Any) -> ColumnElement[bool]:
    """Customers whose status, as somebody set it, is this at the acting organization (E24)."""
    return _equal(_acting(row.tenant_id, row.id, context, lambda r: r.status), value)


def acting_blocked(row: Any, context: Asking, value: Any) -> ColumnElement[bool]:
    """Customers that are effectively blocked, or are not, at the acting organization (E24)."""
    return _equal(_acting(row.tenant_id, row.id, context, lambda r: blocked(r, context)), value)


def acting_abc_class(row: Any, context: Asking, value: Any) -> ColumnElement[bool]:
    """Customers of this ABC class at the acting organization."""
    return _equal(_acting(row.tenant_id, row.id, context, lambda r: r.abc_class), value)


def role_locked(role: Any, context: Asking) -> ColumnElement[bool]:
    """Whether the lock stands at a role: a customer's effective block, else the role's or the partner's (R-020)."""
    customers = _acting(role.tenant_id, role.partner_id, context, lambda r: blocked(r, context))
    partner = Partner.__table__.alias()
    whole = exists().where(partner.c.tenant_id == role.tenant_id, partner.c.id == role.partner_id, partner.c.blocked)
    return case(
        (role.role == literal("CUSTOMER"), func.coalesce(customers, whole)),
        else_=or_(role.status == literal("BLOCKED"), whole),
    )


def usable(row: Any, context: Asking) -> ColumnElement[bool]:
    """Whether documents of the asked organization may use the customer; `row` is one of RESOLUTION (4.4)."""
    organization, settings = Organization.__table__.alias(), TenantSettings.__table__.alias()
    level = CustomerData.__table__.alias()
    active = exists().where(
        organization.c.tenant_id == row.tenant_id, organization.c.id == row.descendant_id, organization.c.active
    )
    here = exists().where(
        level.c.tenant_id == row.tenant_id,
        level.c.partner_id == row.partner_id,
        level.c.organization_id == row.descendant_id,
        level.c.ended_at.is_(None),
    )
    implicit = exists().where(settings.c.tenant_id == row.tenant_id, ~settings.c.require_explicit_take_over)
    return and_(active, or_(implicit, here), ~blocked(row, context))


def _equal(one: ColumnElement[Any], other: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = one == other
    return found


def _acting(tenant_id: Any, partner_id: Any, context: Asking, value: Any) -> ColumnElement[Any]:
    """A value of the data that count at the acting organization."""
    row = RESOLUTION.alias()
    found: ColumnElement[Any] = (
        select(value(_Columns(row)))
        .select_from(row)
        .where(
            row.c.tenant_id == tenant_id,
            row.c.partner_id == partner_id,
            row.c.descendant_id == context.organization_id,
        )
        .order_by(row.c.distance)
        .limit(1)
        .scalar_subquery()
    )
    return found


class _Columns:
    """The columns of a selectable as attributes, as a row of the compiled reads has them."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        return self._source.c[name]


async def settings_of(session: AsyncSession) -> CustomerSettings:
    """What the tenant has settled about its customers."""
    row = (
        await session.execute(
            select(
                TenantSettings.multi_site,
                TenantSettings.default_customer_status,
                TenantSettings.require_explicit_take_over,
            ).where(TenantSettings.tenant_id == session.info["tenant_id"])
        )
    ).one()
    return CustomerSettings(row.multi_site, row.default_customer_status, row.require_explicit_take_over)


async def levels_of(session: AsyncSession, partner_id: UUID) -> dict[UUID, CustomerData]:
    """The rows that count, by organization; the caller holds the partner's lock when it means to change them."""
    rows = await session.scalars(
        select(CustomerData).where(CustomerData.partner_id == partner_id, CustomerData.ended_at.is_(None))
    )
    return {row.organization_id: row for row in rows}


async def paths_below(session: AsyncSession, organization_id: UUID) -> dict[UUID, list[UUID]]:
    """Every organization below this one with its path to the root, itself first."""
    below = (
        select(OrganizationClosure.descendant_id)
        .where(
            OrganizationClosure.structure == "SALES",
            OrganizationClosure.ancestor_id == organization_id,
            OrganizationClosure.distance > 0,
        )
        .scalar_subquery()
    )
    rows = await session.execute(
        select(OrganizationClosure.descendant_id, OrganizationClosure.ancestor_id)
        .where(OrganizationClosure.structure == "SALES", OrganizationClosure.descendant_id.in_(below))
        .order_by(OrganizationClosure.descendant_id, OrganizationClosure.distance)
    )
    found: dict[UUID, list[UUID]] = {}
    for descendant_id, ancestor_id in rows:
        found.setdefault(descendant_id, []).append(ancestor_id)
    return found


async def active_among(session: AsyncSession, organization_ids: Collection[UUID]) -> set[UUID]:
    """Those of the organizations that are active."""
    found = await session.scalars(
        select(Organization.id).where(Organization.id.in_(organization_ids), Organization.active)
    )
    return set(found)


async def is_customer(session: AsyncSession, partner_id: UUID) -> bool:
    """Whether the partner holds the role CUSTOMER."""
    return await session.scalar(select(Customer.id).where(Customer.id == partner_id)) is not None


def begin(session: AsyncSession, partner_id: UUID, organization_id: UUID, block: Block) -> CustomerData:
    """Make the partner a customer with own data at the organization."""
    session.add(Customer(id=partner_id))
    return begin_level(session, partner_id, organization_id, block)


def begin_level(session: AsyncSession, partner_id: UUID, organization_id: UUID, block: Block) -> CustomerData:
    """Give the customer own data at the organization."""
    data = CustomerData(
        partner_id=partner_id,
        organization_id=organization_id,
        mode=Mode.OWN,
        status=block.status,
        blocked_until=block.until,
    )
    session.add(data)
    return data


async def end(session: AsyncSession, partner_id: UUID, now: datetime) -> None:
    """End the role data: the customer is gone, what was kept of it stays (R-172)."""
    customer = await session.scalar(select(Customer).where(Customer.id == partner_id))
    if customer is not None:
        await session.delete(customer)
    for data in (await levels_of(session, partner_id)).values():
        data.ended_at = now


async def accounting_of(session: AsyncSession, partner_id: UUID) -> PartnerAccounting | None:
    """The partner's accounting data."""
    return await session.scalar(select(PartnerAccounting).where(PartnerAccounting.partner_id == partner_id))


async def debtors(session: AsyncSession, partner_ids: Collection[UUID]) -> set[UUID]:
    """Those of the partners whose accounting data are complete."""
    found = await session.scalars(
        select(PartnerAccounting.partner_id).where(
            PartnerAccounting.partner_id.in_(partner_ids), PartnerAccounting.complete
        )
    )
    return set(found)


async def effective(session: AsyncSession, partner_id: UUID, organization_id: UUID, today: date) -> Effective | None:
    """What counts for the customer at the organization on the day; None where nothing does (R-236).

    Works for staff and for the customer's own portal. `domain.customers.check_usable` decides what it means.
    """
    found = (await session.execute(_effective(session, partner_id, organization_id, today))).one_or_none()
    if found is None:
        return None
    return Effective(
        source_organization_id=found.organization_id,
        hops=found.distance,
        mode_here=None if found.mode_here is None else Mode(found.mode_here),
        block=Block(CustomerStatus(found.status), found.blocked_until),
        partner_blocked=found.partner_blocked,
        missing_accounting_data=found.missing_accounting_data,
        order_entry_allowed=found.order_entry_allowed,
        organization_active=found.active,
    )


def _effective(session: AsyncSession, partner_id: UUID, organization_id: UUID, today: date) -> Select[Any]:
    row = RESOLUTION.alias()
    columns = _Columns(row)
    here, organization = CustomerData.__table__.alias(), Organization.__table__.alias()
    customer = Customer.__table__.alias()
    mode_here = (
        select(here.c.mode)
        .where(
            here.c.tenant_id == row.c.tenant_id,
            here.c.partner_id == row.c.partner_id,
            here.c.organization_id == row.c.descendant_id,
            here.c.ended_at.is_(None),
        )
        .scalar_subquery()
    )
    active = exists().where(
        organization.c.tenant_id == row.c.tenant_id, organization.c.id == row.c.descendant_id, organization.c.active
    )
    return (
        select(
            row.c.organization_id,
            row.c.distance,
            row.c.status,
            row.c.blocked_until,
            row.c.order_entry_allowed,
            mode_here.label("mode_here"),
            active.label("active"),
            partner_blocked(columns).label("partner_blocked"),
            missing_accounting_data(columns, today).label("missing_accounting_data"),
        )
        .where(
            row.c.tenant_id == session.info["tenant_id"],
            row.c.partner_id == partner_id,
            row.c.descendant_id == organization_id,
            exists().where(customer.c.tenant_id == row.c.tenant_id, customer.c.id == row.c.partner_id),
        )
        .order_by(row.c.distance)
        .limit(1)
    )
