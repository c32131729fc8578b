"""Invoices and their items; a posted invoice is never changed, only paid (database rule 15)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.sales import InvoiceStatus
from persistence.base import Base, TenantOwned, Versioned, own
from persistence.enumerations import one_of


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
