"""What of a customer's data counts where, as one query that compiled reads and stories share."""

from typing import Any, Protocol

from sqlalchemy import ColumnElement, Subquery, and_, literal, select

from domain.customers import Mode
from domain.relationships import FixedType
from persistence.customers.rows import Customer, CustomerData
from persistence.organizations import OrganizationClosure
from persistence.partners import Partner


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


def acting(tenant_id: Any, partner_id: Any, context: Asking, value: Any) -> ColumnElement[Any]:
    """A value of the data that count at the acting organization."""
    row = RESOLUTION.alias()
    found: ColumnElement[Any] = (
        select(value(Columns(row)))
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


class Columns:
    """The columns of a selectable as attributes, as a row of the compiled reads has them."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        return self._source.c[name]
