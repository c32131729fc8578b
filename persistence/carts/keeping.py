"""Keeping carts: their texts, their items in order, and the offers behind them as they are now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.carts import NewCart, NewItem, Translation
from domain.names import sort_key
from persistence.base import new_id
from persistence.carts.rows import Cart, CartItem, CartTranslation
from persistence.offers import ForSale, for_sale


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
        id=new_id(),
        internal_title=new.internal_title,
        title_key=sort_key(new.internal_title),
        currency=new.currency,
        hint_text_module_id=new.hint_text_module_id,
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


async def places_of(session: AsyncSession, cart_id: UUID) -> dict[UUID, bool]:
    """The items of a cart by their ids, each with whether it is another tenant's offer."""
    external = CartItem.external_offer_id.is_not(None).label("external")
    rows = await session.execute(select(CartItem.id, external).where(CartItem.cart_id == cart_id))
    return {row.id: row.external for row in rows}


async def items_of(session: AsyncSession, tenant_id: UUID, cart_id: UUID) -> list[Standing]:
    """The items of a cart by position, with their offers as they are now."""
    rows = await _rows_of(session, cart_id)
    return _standing(rows, await for_sale(session, tenant_id, [offer_of(row) for row in rows]))


async def standing_in(session: AsyncSession, cart_id: UUID) -> list[Standing]:
    """The same without a look at the offers: none is available."""
    return _standing(await _rows_of(session, cart_id), {})


async def _rows_of(session: AsyncSession, cart_id: UUID) -> Sequence[CartItem]:
    found = await session.scalars(select(CartItem).where(CartItem.cart_id == cart_id).order_by(CartItem.position))
    return found.all()


def _standing(rows: Sequence[CartItem], offers: Mapping[UUID, ForSale]) -> list[Standing]:
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
