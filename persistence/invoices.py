"""Invoices and their items; a posted invoice is never changed, only paid (database rule 15)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Numeric,
    UniqueConstraint,
    and_,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.sales import InvoiceStatus
from persistence.base import Base, TenantOwned, Versioned, new_id, own
from persistence.enumerations import one_of
from persistence.orders import Order, OrderItem
from persistence.tenants import DUE_DAYS, ContractingCompany, TenantSettings


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


def begin(session: AsyncSession, order: Order, number: str, issued_on: date, due_in_days: int) -> Invoice:
    """The invoice of an order, without items yet."""
    invoice = Invoice(
        id=new_id(),
        number=number,
        partner_id=order.partner_id,
        organization_id=order.organization_id,
        order_id=order.id,
        total_minor=order.total_minor,
        tax_minor=0,
        currency=order.currency,
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=due_in_days),
    )
    session.add(invoice)
    return invoice


def put(session: AsyncSession, invoice: Invoice, item: OrderItem) -> None:
    """One order item as a line of the invoice."""
    invoice.tax_minor += item.tax_minor
    session.add(
        InvoiceItem(
            invoice_id=invoice.id,
            partner_id=item.partner_id,
            order_item_id=item.id,
            position=item.position,
            title=item.title,
            quantity=item.quantity,
            price_minor=item.price_minor,
            currency=item.currency,
            tax_rate=item.tax_rate,
            tax_minor=item.tax_minor,
            cost_center_label=item.cost_center_label,
            purchase_number=item.purchase_number,
        )
    )


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


async def with_items(session: AsyncSession, invoice: Invoice) -> Sequence[OrderItem]:
    """The order items that the invoice bills, by position."""
    found = await session.scalars(
        select(OrderItem)
        .join(
            InvoiceItem, and_(InvoiceItem.tenant_id == OrderItem.tenant_id, InvoiceItem.order_item_id == OrderItem.id)
        )
        .where(InvoiceItem.invoice_id == invoice.id)
        .order_by(OrderItem.position)
    )
    return found.all()
