"""Whether a customer is blocked or usable, and why, as SQL over the data that count."""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, func, literal, null, or_
from sqlalchemy.dialects.postgresql import ARRAY, array

from domain.customers import AccountingGap, BlockReason
from domain.relationships import FixedType
from persistence.customers.resolution import Asking, acting
from persistence.customers.rows import CustomerData, PartnerAccounting
from persistence.organizations import Organization
from persistence.partners import Partner
from persistence.relationships import PartnerRelationship
from persistence.tenants import TenantSettings


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
    return _equal(acting(row.tenant_id, row.id, context, lambda r: r.status), value)


def acting_blocked(row: Any, context: Asking, value: Any) -> ColumnElement[bool]:
    """Customers that are effectively blocked, or are not, at the acting organization (E24)."""
    return _equal(acting(row.tenant_id, row.id, context, lambda r: blocked(r, context)), value)


def acting_abc_class(row: Any, context: Asking, value: Any) -> ColumnElement[bool]:
    """Customers of this ABC class at the acting organization."""
    return _equal(acting(row.tenant_id, row.id, context, lambda r: r.abc_class), value)


def role_locked(role: Any, context: Asking) -> ColumnElement[bool]:
    """Whether the lock stands at a role: a customer's effective block, else the role's or the partner's (R-020)."""
    customers = acting(role.tenant_id, role.partner_id, context, lambda r: blocked(r, context))
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
