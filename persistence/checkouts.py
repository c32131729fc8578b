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
from domain.offers import TaxType
from domain.sales import CheckoutStatus
from persistence import sold
from persistence.base import Base, Joint, TenantOwned, Versioned, new_id, own
from persistence.carts import Head
from persistence.enumerations import one_of
from persistence.offers import ForSale
from persistence.partners import Partner, PartnerAddress

visible = sold.visible("checkout:sell")
"""The checkouts that the caller sees."""


@dataclass(frozen=True)
class Buyer:
    """The customer of a checkout; `country` is that of the first address, None without any."""

    partner_id: UUID
    organization_id: UUID
    language: str
    country: str | None


@dataclass(frozen=True)
class Chosen:
    """An offer that is bought, with the products of it that are."""

    offer: ForSale
    products: Sequence[Priced]

    @property
    def total(self) -> int:
        """The gross price in minor units."""
        return sum(each.product.price_minor for each in self.products)


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
        Index(None, "tenant_id", "created_at", "id"),
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
        CheckConstraint(one_of("tax_type", TaxType), name="tax_type"),
        UniqueConstraint("tenant_id", "checkout_id", "position"),
        CheckConstraint("source_tenant_id is null or cost_center_id is not null", name="cost_center"),
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
    cost_center_id: Mapped[UUID | None]

    @property
    def offered(self) -> UUID:
        """The offer it belongs to, own or external."""
        found = self.offer_id or self.external_offer_id
        if found is None:
            raise LookupError("an item without an offer")
        return found


async def buyer(session: AsyncSession, partner_id: UUID, organization_id: UUID | None) -> Buyer | None:
    """The customer as a checkout needs it, at the organization that sells, else at the responsible one.

    The country is that of the first address. None when there is no such partner.
    """
    country = (
        select(PartnerAddress.country_code)
        .where(PartnerAddress.tenant_id == Partner.tenant_id, PartnerAddress.partner_id == Partner.id)
        .order_by(PartnerAddress.position)
        .limit(1)
        .scalar_subquery()
    )
    found = (
        await session.execute(
            select(Partner.responsible_organization_id, Partner.language, country.label("country")).where(
                Partner.id == partner_id, Partner.archived_at.is_(None)
            )
        )
    ).one_or_none()
    if found is None:
        return None
    return Buyer(partner_id, organization_id or found.responsible_organization_id, found.language, found.country)


def begin(session: AsyncSession, cart: Head, buyer: Buyer, country: str, total: int, until: datetime) -> Checkout:
    """A new checkout without items; `total` is their sum in minor units."""
    checkout = Checkout(
        id=new_id(),
        partner_id=buyer.partner_id,
        organization_id=buyer.organization_id,
        cart_id=cart.id,
        currency=cart.currency,
        country=country,
        total_minor=total,
        frozen_until=until,
    )
    session.add(checkout)
    return checkout


def put(session: AsyncSession, checkout: Checkout, chosen: Sequence[Chosen], language: str) -> None:
    """Freeze the products of the chosen offers in their order; titles are in the customer's language."""
    lines = ((offer, product) for offer in chosen for product in offer.products)
    for position, (chosen_offer, priced) in enumerate(lines, start=1):
        session.add(_frozen(checkout, position, chosen_offer.offer, priced, language))


def _frozen(checkout: Checkout, position: int, offer: ForSale, priced: Priced, language: str) -> CheckoutItem:
    product, tax = priced.product, priced.tax
    return CheckoutItem(
        checkout_id=checkout.id,
        partner_id=checkout.partner_id,
        position=position,
        offer_id=None if offer.external else offer.offer.id,
        source_tenant_id=offer.source_tenant_id,
        connection_id=offer.connection_id,
        external_offer_id=offer.offer.id if offer.external else None,
        product_id=product.id,
        title=_title(offer, language),
        quantity=product.quantity,
        price_minor=product.price_minor,
        currency=product.currency,
        tax_type=product.tax_type,
        tax_country=tax.country,
        tax_rate=tax.rate,
        tax_minor=tax.minor,
        cost_center_id=product.target_cost_center_id if offer.external else None,
    )


def _title(offer: ForSale, language: str) -> str:
    """The offer's title in the language, else in the preferred one."""
    said = {one.language: one.title for one in offer.translations}
    return said.get(language) or next(one.title for one in offer.translations if one.preferred)


async def items_of(session: AsyncSession, checkout_id: UUID) -> Sequence[CheckoutItem]:
    """The frozen items by position."""
    found = await session.scalars(
        select(CheckoutItem).where(CheckoutItem.checkout_id == checkout_id).order_by(CheckoutItem.position)
    )
    return found.all()
