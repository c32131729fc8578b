"""Carts: what a tenant puts together to sell, of its own offers and of those shared with it (two-tenants, 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.carts import NewCart, NewItem, Translation
from domain.names import sort_key
from domain.sales import CartState
from persistence.base import OWN, Acted, Base, Joint, TenantOwned, Versioned, new_id, own
from persistence.enumerations import one_of
from persistence.offers import ForSale, for_sale


class Cart(Acted, Versioned, TenantOwned, Base):
    """A sellable thing that staff put together (Warenkorb); a customer buys it in a checkout."""

    __tablename__ = "cart"
    __table_args__ = (
        CheckConstraint(one_of("state", CartState), name="state"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        Index(None, "tenant_id", "state", "title_key", "id"),
    )
    __guard__ = own(
        "select",
        "insert",
        "update",
        portal=("select(tenant_id, id, state, currency, version, created_at, updated_at)",),
        portal_sees=f"{OWN} AND state = 'ACTIVE'",
    )

    internal_title: Mapped[str]
    title_key: Mapped[str] = mapped_column(Text(collation="C"))
    currency: Mapped[str]
    state: Mapped[str] = mapped_column(default=CartState.ACTIVE, server_default=text("'ACTIVE'"))


class CartTranslation(TenantOwned, Base):
    """How the cart is called and described in one language; exactly one is preferred (R-SC-09)."""

    __tablename__ = "cart_translation"
    __table_args__ = (
        UniqueConstraint("tenant_id", "cart_id", "language"),
        Index("uq_cart_translation_preferred", "tenant_id", "cart_id", unique=True, postgresql_where=text("preferred")),
        ForeignKeyConstraint(["tenant_id", "cart_id"], ["cart.tenant_id", "cart.id"], ondelete="RESTRICT"),
    )
    __guard__ = own("select", "insert", "update", "delete", portal=("select",), portal_sees=OWN)

    cart_id: Mapped[UUID]
    language: Mapped[str]
    title: Mapped[str]
    legal_text: Mapped[str]
    description: Mapped[str | None]
    preferred: Mapped[bool]


class CartItem(Joint, TenantOwned, Base):
    """One offer in a cart: an own one, or another tenant's that an own one leads.

    An external item names tenant, connection and offer; only the accepted connection is a key, since each use
    resolves the offer under row security anyway.
    """

    __tablename__ = "cart_item"
    __table_args__ = (
        CheckConstraint("position between 1 and 50", name="position"),
        CheckConstraint("num_nonnulls(offer_id, external_offer_id) = 1", name="one_offer"),
        CheckConstraint("num_nonnulls(source_tenant_id, connection_id, external_offer_id) in (0, 3)", name="external"),
        CheckConstraint("external_offer_id is null or leading_item_id is not null", name="led"),
        CheckConstraint("option or not default_selected", name="default_selected"),
        UniqueConstraint("tenant_id", "cart_id", "position"),
        UniqueConstraint("tenant_id", "cart_id", "id"),
        ForeignKeyConstraint(["tenant_id", "cart_id"], ["cart.tenant_id", "cart.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["tenant_id", "offer_id"], ["offer.tenant_id", "offer.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["tenant_id", "cart_id", "leading_item_id"],
            ["cart_item.tenant_id", "cart_item.cart_id", "cart_item.id"],
            name="fk_cart_item_leading",
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["source_tenant_id", "connection_id", "tenant_id"],
            [
                "connection_answer.source_tenant_id",
                "connection_answer.accepted_id",
                "connection_answer.target_tenant_id",
            ],
            name="fk_cart_item_accepted",
            ondelete="RESTRICT",
        ),
        Index(None, "tenant_id", "leading_item_id"),
    )
    __guard__ = own(
        "select",
        "insert",
        "update(position, option, default_selected)",
        "delete",
        portal=("select",),
        portal_sees=OWN,
    )

    cart_id: Mapped[UUID]
    position: Mapped[int]
    option: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    default_selected: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    offer_id: Mapped[UUID | None]
    source_tenant_id: Mapped[UUID | None]
    connection_id: Mapped[UUID | None]
    external_offer_id: Mapped[UUID | None]
    leading_item_id: Mapped[UUID | None]


@dataclass(frozen=True)
class Standing:
    """An item of a cart with the offer behind it as it is at this moment; it fits `domain.carts.Item`."""

    row: CartItem
    offer: ForSale | None
    leading_position: int | None

    @property
    def position(self) -> int:
        """Its place, from 1."""
        return self.row.position

    @property
    def external(self) -> bool:
        """Whether it is another tenant's offer."""
        return self.row.external_offer_id is not None

    @property
    def option(self) -> bool:
        """Whether the customer may leave it out."""
        return self.row.option

    @property
    def available(self) -> bool:
        """Whether the offer can be bought at this moment."""
        return self.offer is not None and self.offer.problem is None

    @property
    def currency(self) -> str | None:
        """The currency of the offer."""
        return None if self.offer is None else self.offer.offer.currency


@dataclass(frozen=True)
class Head:
    """A cart without what only staff may read."""

    id: UUID
    state: str
    currency: str


def begin(session: AsyncSession, new: NewCart) -> Cart:
    """A new cart with its translations, without items yet."""
    cart = Cart(
        id=new_id(), internal_title=new.internal_title, title_key=sort_key(new.internal_title), currency=new.currency
    )
    session.add(cart)
    put_translations(session, cart.id, new.translations)
    return cart


def put_translations(session: AsyncSession, cart_id: UUID, translations: Sequence[Translation]) -> None:
    """Write the texts of a cart; a single one is the preferred one."""
    for each in translations:
        session.add(
            CartTranslation(
                cart_id=cart_id,
                language=each.language,
                title=each.title,
                legal_text=each.legal_text,
                description=each.description,
                preferred=each.preferred or len(translations) == 1,
            )
        )


async def replace_translations(session: AsyncSession, cart_id: UUID, translations: Sequence[Translation]) -> None:
    """Write the texts of a cart anew."""
    for row in await session.scalars(select(CartTranslation).where(CartTranslation.cart_id == cart_id)):
        await session.delete(row)
    await session.flush()
    put_translations(session, cart_id, translations)


def put(
    session: AsyncSession, cart_id: UUID, position: int, item: NewItem, offer: ForSale, led_by: UUID | None
) -> UUID:
    """Put an offer into the cart at a position and return the item's id."""
    row = CartItem(
        id=new_id(),
        cart_id=cart_id,
        position=position,
        option=item.option,
        default_selected=item.selected,
        offer_id=None if offer.external else offer.offer.id,
        source_tenant_id=offer.source_tenant_id,
        connection_id=offer.connection_id,
        external_offer_id=offer.offer.id if offer.external else None,
        leading_item_id=led_by,
    )
    session.add(row)
    return row.id


async def head(session: AsyncSession, cart_id: UUID) -> Head | None:
    """What a checkout needs of a cart; a portal customer sees active ones only, and no title for staff (R-SC-11)."""
    found = (await session.execute(select(Cart.id, Cart.state, Cart.currency).where(Cart.id == cart_id))).one_or_none()
    return None if found is None else Head(found.id, found.state, found.currency)


async def items_of(session: AsyncSession, tenant_id: UUID, cart_id: UUID) -> list[Standing]:
    """The items of a cart by position, with their offers as they are now."""
    rows = list(await session.scalars(select(CartItem).where(CartItem.cart_id == cart_id).order_by(CartItem.position)))
    offers = await for_sale(session, tenant_id, [offer_of(row) for row in rows])
    places = {row.id: row.position for row in rows}
    return [
        Standing(
            row,
            offers.get(offer_of(row)),
            None if row.leading_item_id is None else places[row.leading_item_id],
        )
        for row in rows
    ]


def offer_of(row: CartItem) -> UUID:
    """The offer in the item, own or external."""
    found = row.offer_id or row.external_offer_id
    if found is None:
        raise LookupError("an item without an offer")
    return found


async def take_out(session: AsyncSession, item: CartItem, rest: Sequence[CartItem]) -> None:
    """Remove an item and close the gap that it leaves."""
    await session.delete(item)
    await session.flush()
    for row in rest:
        if row.position > item.position:
            row.position -= 1
            await session.flush()
