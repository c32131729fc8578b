"""Invoices and their items; a posted invoice is never changed, only paid (database rule 15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Numeric,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.sales import InvoiceStatus
from persistence import sold
from persistence.base import Base, TenantOwned, Versioned, new_id, own
from persistence.enumerations import one_of
from persistence.orders import Order, OrderItem
from persistence.tenants import DUE_DAYS, ContractingCompany, TenantSettings

visible = sold.visible("invoices:see")
"""The invoices that the caller sees."""


class Invoice(Versioned, TenantOwned, Base):
    """The bill of an order (Rechnung)."""

    __tablename__ = "invoice"
    __table_args__ = (
        CheckConstraint(one_of("status", InvoiceStatus), name="status"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("total_minor >= 0 and tax_minor between 0 and total_minor", name="total"),
        CheckConstraint("(status = 'PAID') = (paid_at is not null)", name="paid"),
        UniqueConstraint("tenant_id", "number"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"], ondelete="RESTRICT"
        ),
        Index(None, "tenant_id", "partner_id", "issued_on", "id"),
        Index(None, "tenant_id", "organization_id", "issued_on", "id"),
        Index(None, "tenant_id", "order_id"),
        Index(None, "tenant_id", "issued_on", "id"),
        Index(None, "tenant_id", "status", "issued_on", "id"),
    )
    __guard__ = own("select", "insert", "update(status, paid_at, version, updated_at)", portal=("select", "insert"))

    number: Mapped[str]
    partner_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    order_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(default=InvoiceStatus.NOT_PAID, server_default=text("'NOT_PAID'"))
    total_minor: Mapped[int]
    tax_minor: Mapped[int]
    currency: Mapped[str]
    issued_on: Mapped[date]
    due_on: Mapped[date]
    paid_at: Mapped[datetime | None]


class InvoiceItem(TenantOwned, Base):
    """One line of an invoice, for one order item."""

    __tablename__ = "invoice_item"
    __table_args__ = (
        CheckConstraint("price_minor >= 0 and tax_minor between 0 and price_minor", name="price"),
        UniqueConstraint("tenant_id", "invoice_id", "position"),
        ForeignKeyConstraint(["tenant_id", "invoice_id"], ["invoice.tenant_id", "invoice.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["tenant_id", "order_item_id"], ["order_item.tenant_id", "order_item.id"], ondelete="RESTRICT"
        ),
        Index(None, "tenant_id", "order_item_id"),
    )
    __guard__ = own("select", "insert", portal=("select", "insert"))

    invoice_id: Mapped[UUID]
    partner_id: Mapped[UUID]
    order_item_id: Mapped[UUID]
    position: Mapped[int]
    title: Mapped[str]
    quantity: Mapped[int]
    price_minor: Mapped[int]
    currency: Mapped[str]
    tax_rate: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    tax_minor: Mapped[int]
    cost_center_label: Mapped[str | None]
    purchase_number: Mapped[str | None]


@dataclass(frozen=True)
class Terms:
    """When an invoice is issued and due, in days, and since when it is paid; None: not yet."""

    issued_on: date
    due_in_days: int
    paid_at: datetime | None


def begin(session: AsyncSession, order: Order, number: str, terms: Terms, items: Sequence[OrderItem]) -> Invoice:
    """The invoice of an order, without lines yet."""
    invoice = Invoice(
        id=new_id(),
        number=number,
        partner_id=order.partner_id,
        organization_id=order.organization_id,
        order_id=order.id,
        total_minor=order.total_minor,
        tax_minor=sum(item.tax_minor for item in items),
        currency=order.currency,
        issued_on=terms.issued_on,
        due_on=terms.issued_on + timedelta(days=terms.due_in_days),
        status=InvoiceStatus.NOT_PAID if terms.paid_at is None else InvoiceStatus.PAID,
        paid_at=terms.paid_at,
    )
    session.add(invoice)
    return invoice


def put(session: AsyncSession, invoice: Invoice, items: Sequence[OrderItem]) -> None:
    """The order's items as lines of the invoice."""
    session.add_all(
        InvoiceItem(invoice_id=invoice.id, order_item_id=item.id, **{name: getattr(item, name) for name in COPIED})
        for item in items
    )


COPIED = (
    "partner_id", "position", "title", "quantity", "price_minor", "currency", "tax_rate", "tax_minor",
    "cost_center_label", "purchase_number",
)  # fmt: skip
"""What a line of an invoice takes over from the order's item."""


async def due_days(session: AsyncSession, tenant_id: UUID, company_id: UUID) -> int:
    """Days until an invoice of this tenant is due: the own number, else the company's, else 14 (R-00-09)."""
    own_days = await session.scalar(
        select(TenantSettings.invoice_due_days).where(TenantSettings.tenant_id == tenant_id)
    )
    if own_days is not None:
        return own_days
    company = await session.scalar(
        select(ContractingCompany.invoice_due_days).where(ContractingCompany.id == company_id)
    )
    return DUE_DAYS if company is None else company


def own_reference(invoice: Invoice) -> str:
    """What a payment refers to that came without a reference of its own."""
    return f"invoice {invoice.number}"
