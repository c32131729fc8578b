"""Checkouts: what a customer chose, at prices that are frozen for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.checkouts import Priced
from domain.sales import CheckoutStatus
from persistence.base import Base, Joint, TenantOwned, Versioned, new_id, own
from persistence.carts import Cart
from persistence.enumerations import one_of
from persistence.offers import ForSale, OfferProduct
from persistence.partners import Partner, PartnerAddress


@dataclass(frozen=True)
class Buyer:
    """The customer of a checkout; `country` is that of the first address, None without any."""

    partner_id: UUID
    organization_id: UUID
    name: str
    country: str | None


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


async def buyer(session: AsyncSession, partner_id: UUID) -> Buyer | None:
    """The customer as a checkout needs it: the responsible organization, and the country of the first address."""
    country = (
        select(PartnerAddress.country_code)
        .where(PartnerAddress.tenant_id == Partner.tenant_id, PartnerAddress.partner_id == Partner.id)
        .order_by(PartnerAddress.position)
        .limit(1)
        .scalar_subquery()
    )
    found = (
        await session.execute(
            select(Partner.responsible_organization_id, Partner.display_name, country.label("country")).where(
                Partner.id == partner_id
            )
        )
    ).one_or_none()
    return (
        None
        if found is None
        else Buyer(partner_id, found.responsible_organization_id, found.display_name, found.country)
    )


def begin(session: AsyncSession, cart: Cart, buyer: Buyer, country: str, frozen_until: datetime) -> Checkout:
    """A new checkout without items."""
    checkout = Checkout(
        id=new_id(),
        partner_id=buyer.partner_id,
        organization_id=buyer.organization_id,
        cart_id=cart.id,
        currency=cart.currency,
        country=country,
        total_minor=0,
        frozen_until=frozen_until,
    )
    session.add(checkout)
    return checkout


def put(session: AsyncSession, checkout: Checkout, position: int, offer: ForSale, title: str, priced: Priced) -> None:
    """Freeze one product of a bought offer."""
    product = priced.product
    if not isinstance(product, OfferProduct):
        raise TypeError("only stored products are sold")
    checkout.total_minor += product.price_minor
    session.add(
        CheckoutItem(
            checkout_id=checkout.id,
            partner_id=checkout.partner_id,
            position=position,
            offer_id=None if offer.external else offer.offer.id,
            source_tenant_id=offer.source_tenant_id,
            connection_id=offer.connection_id,
            external_offer_id=offer.offer.id if offer.external else None,
            product_id=product.id,
            title=title,
            quantity=product.quantity,
            price_minor=product.price_minor,
            currency=product.currency,
            tax_type=product.tax_type,
            tax_country=priced.tax.country,
            tax_rate=priced.tax.rate,
            tax_minor=priced.tax.minor,
        )
    )


async def items_of(session: AsyncSession, checkout_id: UUID) -> Sequence[CheckoutItem]:
    """The frozen items by position."""
    found = await session.scalars(
        select(CheckoutItem).where(CheckoutItem.checkout_id == checkout_id).order_by(CheckoutItem.position)
    )
    return found.all()
