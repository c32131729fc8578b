"""Checkouts: what a customer chose, at prices that are frozen for a while."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.sales import CheckoutStatus
from persistence.base import Base, Joint, TenantOwned, Versioned, own
from persistence.enumerations import one_of


class Checkout(Versioned, TenantOwned, Base):
    """A customer on the way from a cart to an order; prices count until `frozen_until` (Kasse)."""

    __tablename__ = "checkout"
    __table_args__ = (
        CheckConstraint(one_of("status", CheckoutStatus), name="status"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
        CheckConstraint("total_minor >= 0", name="total"),
        ForeignKeyConstraint(["tenant_id", "cart_id"], ["cart.tenant_id", "cart.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
        Index(None, "tenant_id", "partner_id", "created_at", "id"),
    )
    __guard__ = own(
        "select",
        "insert",
        "update(status, version, updated_at)",
        portal=("select", "insert", "update(status, version, updated_at)"),
    )

    partner_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    cart_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(default=CheckoutStatus.STARTED, server_default=text("'STARTED'"))
    currency: Mapped[str]
    country: Mapped[str]
    total_minor: Mapped[int]
    frozen_until: Mapped[datetime]


class CheckoutItem(Joint, TenantOwned, Base):
    """One product of a chosen offer with its frozen price and tax (E-A9, E-A11)."""

    __tablename__ = "checkout_item"
    __table_args__ = (
        CheckConstraint("num_nonnulls(offer_id, external_offer_id) = 1", name="one_offer"),
        CheckConstraint("num_nonnulls(source_tenant_id, connection_id, external_offer_id) in (0, 3)", name="external"),
        CheckConstraint("price_minor >= 0 and tax_minor between 0 and price_minor", name="price"),
        UniqueConstraint("tenant_id", "checkout_id", "position"),
        ForeignKeyConstraint(["tenant_id", "checkout_id"], ["checkout.tenant_id", "checkout.id"], ondelete="RESTRICT"),
    )
    __guard__ = own("select", "insert", portal=("select", "insert"))

    checkout_id: Mapped[UUID]
    partner_id: Mapped[UUID]
    position: Mapped[int]
    offer_id: Mapped[UUID | None]
    source_tenant_id: Mapped[UUID | None]
    connection_id: Mapped[UUID | None]
    external_offer_id: Mapped[UUID | None]
    product_id: Mapped[UUID]
    title: Mapped[str]
    quantity: Mapped[int]
    price_minor: Mapped[int]
    currency: Mapped[str]
    tax_type: Mapped[str]
    tax_country: Mapped[str]
    tax_rate: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    tax_minor: Mapped[int]
