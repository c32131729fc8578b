"""Orders and their items, with what counted when they were made (R-SC-33)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.offers import TaxType
from domain.sales import OrderStatus, PaymentMethod
from persistence import sold
from persistence.base import Acted, Base, Joint, TenantOwned, Versioned, new_id, own
from persistence.checkouts import Checkout, CheckoutItem
from persistence.cost_centers import CostCenter
from persistence.enumerations import one_of

visible = sold.visible("orders:see")
"""The orders that the caller sees."""


class Order(Acted, Versioned, TenantOwned, Base):
    """What was ordered; one kind of order for all ways that lead to one (Bestellung, Auftrag)."""

    __tablename__ = "sales_order"
    __table_args__ = (
        CheckConstraint(one_of("status", OrderStatus), name="status"),
        CheckConstraint(one_of("payment_method", PaymentMethod), name="payment_method"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "checkout_id"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["tenant_id", "cart_id"], ["cart.tenant_id", "cart.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["tenant_id", "checkout_id"], ["checkout.tenant_id", "checkout.id"], ondelete="RESTRICT"),
        Index(None, "tenant_id", "partner_id", "ordered_at", "id"),
        Index(None, "tenant_id", "organization_id", "ordered_at", "id"),
        Index(None, "tenant_id", "ordered_at", "id"),
        Index(None, "tenant_id", "status", "ordered_at", "id"),
    )
    __guard__ = own(
        "select",
        "insert",
        "update(status, version, updated_at, updated_by, updated_by_kind)",
        portal=("select", "insert"),
    )

    number: Mapped[str]
    status: Mapped[str] = mapped_column(default=OrderStatus.ENTRY, server_default=text("'ENTRY'"))
    partner_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    cart_id: Mapped[UUID | None]
    checkout_id: Mapped[UUID | None]
    total_minor: Mapped[int]
    currency: Mapped[str]
    payment_method: Mapped[str]
    ordered_at: Mapped[datetime]


class OrderItem(Joint, TenantOwned, Base):
    """One product that was ordered, with price, tax and cost center as they were then."""

    __tablename__ = "order_item"
    __table_args__ = (
        CheckConstraint("num_nonnulls(offer_id, external_offer_id) = 1", name="one_offer"),
        CheckConstraint("num_nonnulls(source_tenant_id, connection_id, external_offer_id) in (0, 3)", name="external"),
        CheckConstraint("source_tenant_id is null or cost_center_id is not null", name="cost_center"),
        CheckConstraint("price_minor >= 0 and tax_minor between 0 and price_minor", name="price"),
        CheckConstraint(one_of("tax_type", TaxType), name="tax_type"),
        UniqueConstraint("tenant_id", "order_id", "position"),
        UniqueConstraint("tenant_id", "id", "source_tenant_id"),
        ForeignKeyConstraint(
            ["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(["tenant_id", "offer_id"], ["offer.tenant_id", "offer.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["tenant_id", "cost_center_id"], ["cost_center.tenant_id", "cost_center.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(
            ["source_tenant_id", "connection_id", "tenant_id"],
            [
                "connection_answer.source_tenant_id",
                "connection_answer.accepted_id",
                "connection_answer.target_tenant_id",
            ],
            name="fk_order_item_accepted",
            ondelete="RESTRICT",
        ),
    )
    __guard__ = own("select", "insert", portal=("select", "insert"))

    order_id: Mapped[UUID]
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
    cost_center_label: Mapped[str | None]
    purchase_number: Mapped[str | None]

    @property
    def offered(self) -> UUID:
        """The offer that was bought, own or external."""
        found = self.offer_id or self.external_offer_id
        if found is None:
            raise LookupError("an item without an offer")
        return found


def begin(session: AsyncSession, checkout: Checkout, number: str, method: str, at: datetime) -> Order:
    """The order that a paid checkout becomes."""
    order = Order(
        id=new_id(),
        number=number,
        status=OrderStatus.INVOICED,
        partner_id=checkout.partner_id,
        organization_id=checkout.organization_id,
        cart_id=checkout.cart_id,
        checkout_id=checkout.id,
        total_minor=checkout.total_minor,
        currency=checkout.currency,
        payment_method=method,
        ordered_at=at,
    )
    session.add(order)
    return order


def put(
    session: AsyncSession, order: Order, items: Sequence[CheckoutItem], centers: Mapping[UUID, CostCenter]
) -> list[OrderItem]:
    """The frozen items as items of the order, with what their cost centers are called now (R-SC-33)."""
    rows = [_ordered(order, item, centers.get(item.cost_center_id) if item.cost_center_id else None) for item in items]
    session.add_all(rows)
    return rows


def _ordered(order: Order, item: CheckoutItem, center: CostCenter | None) -> OrderItem:
    return OrderItem(
        id=new_id(),
        order_id=order.id,
        **{name: getattr(item, name) for name in COPIED},
        cost_center_label=None if center is None else center.label,
        purchase_number=None if center is None else center.purchase_number,
    )


COPIED = (
    "partner_id", "position", "offer_id", "source_tenant_id", "connection_id", "external_offer_id", "product_id",
    "title", "quantity", "price_minor", "currency", "tax_type", "tax_country", "tax_rate", "tax_minor",
    "cost_center_id",
)  # fmt: skip
"""What an order item takes over from the checkout's item."""


async def cost_centers_of(session: AsyncSession, items: Sequence[CheckoutItem]) -> dict[UUID, CostCenter]:
    """The own cost centers that the sources chose for the items, as they are now."""
    wanted = {item.cost_center_id for item in items} - {None}
    if not wanted:
        return {}
    return {row.id: row for row in await session.scalars(select(CostCenter).where(CostCenter.id.in_(wanted)))}


async def items_of(session: AsyncSession, order_id: UUID) -> Sequence[OrderItem]:
    """The items of an order by position."""
    found = await session.scalars(select(OrderItem).where(OrderItem.order_id == order_id).order_by(OrderItem.position))
    return found.all()
