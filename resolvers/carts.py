"""What happens to carts: put together by staff, of own offers and of those shared with the tenant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from domain import carts as rules
from domain.carts import NewCart, NewItem, Translation
from domain.names import sort_key
from domain.refusals import InvalidStatusTransition, NotFound
from domain.sales import CartState
from persistence import carts, offers
from persistence.carts import Cart, Standing
from persistence.changes import found, to_change
from persistence.texts import TextModule
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.work import Work


@dataclass(frozen=True)
class AddedItem:
    """The cart, and the item that was put into it."""

    cart_id: UUID
    item_id: UUID


class CartChanges(TypedDict, total=False):
    """What is to change of a cart; an absent value stays."""

    internal_title: str
    translations: Sequence[Translation]
    hint_text_module_id: UUID | None


@writes(Permission.CARTS_EDIT, joint=True)
async def create_cart(work: Work, new: NewCart) -> UUID:
    """Put a cart together (R-SC-01, R-SC-02, R-SC-06, R-SC-09, R-SC-13)."""
    rules.check(new)
    await _check_hint(work, new.hint_text_module_id)
    cart = carts.begin(work.session, new)
    await work.session.flush()
    placed: list[UUID] = []
    for place, item in sorted(enumerate(new.items, start=1), key=lambda pair: pair[1].external):
        offer = await _sellable(work, item)
        rules.same_currency(new.currency, offer.offer.currency, place)
        led_by = placed_at(new.items, placed, item.leading)
        placed.append(carts.put(work.session, cart.id, place, item, offer, led_by))
        await work.session.flush()
    return cart.id


@writes(Permission.CARTS_EDIT, joint=True)
async def add_item(
    work: Work, cart_id: UUID, item: NewItem, leading_item_id: UUID | None, expected_version: int
) -> AddedItem:
    """Put one more offer, own or shared by another tenant, at the end of a cart."""
    cart = await to_change(work.session, Cart, cart_id, expected_version, what="cart")
    standing = await carts.places_of(work.session, cart_id)
    rules.check_addition(item, len(standing))
    if item.external:
        rules.led_by(leading_item_id, standing)
    offer = await _sellable(work, item)
    rules.same_currency(cart.currency, offer.offer.currency, len(standing) + 1)
    led_by = leading_item_id if item.external else None
    item_id = carts.put(work.session, cart_id, len(standing) + 1, item, offer, led_by)
    cart.updated_at = work.now
    return AddedItem(cart_id, item_id)


@writes(Permission.CARTS_EDIT)
async def remove_item(work: Work, cart_id: UUID, item_id: UUID, expected_version: int) -> UUID:
    """Take an item out of a cart (E-A16)."""
    cart = await to_change(work.session, Cart, cart_id, expected_version, what="cart")
    standing = await carts.standing_in(work.session, cart_id)
    one = _item(standing, item_id)
    rules.removable(one.position, standing)
    await carts.take_out(work.session, one.row, [each.row for each in standing])
    cart.updated_at = work.now
    return cart_id


@writes(Permission.CARTS_EDIT)
async def update_cart(work: Work, cart_id: UUID, changes: CartChanges, expected_version: int) -> UUID:
    """Change how a cart is called and described (R-SC-09)."""
    cart = await to_change(work.session, Cart, cart_id, expected_version, what="cart")
    if "internal_title" in changes:
        rules.check_title(changes["internal_title"])
        cart.internal_title, cart.title_key = changes["internal_title"], sort_key(changes["internal_title"])
    if "translations" in changes:
        rules.check_translations(changes["translations"])
        await carts.replace_translations(work.session, cart_id, changes["translations"])
    if "hint_text_module_id" in changes:
        await _check_hint(work, changes["hint_text_module_id"])
        cart.hint_text_module_id = changes["hint_text_module_id"]
    cart.updated_at = work.now
    return cart_id


@writes(Permission.CARTS_EDIT)
async def archive_cart(work: Work, cart_id: UUID, expected_version: int) -> UUID:
    """Let a cart be used for no new checkout (R-SC-14)."""
    cart = await to_change(work.session, Cart, cart_id, expected_version, what="cart")
    if cart.state == CartState.ARCHIVED:
        raise InvalidStatusTransition("The cart is archived already.")
    cart.state = CartState.ARCHIVED
    return cart_id


async def _check_hint(work: Work, text_module_id: UUID | None) -> None:
    """Let a text of the own tenant stand under the cart's description (R-SC-12). Raises NotFound."""
    if text_module_id is not None:
        await found(work.session, TextModule, text_module_id, what="text module")


async def _sellable(work: Work, item: NewItem) -> offers.ForSale:
    """The offer of an item, if this tenant may sell it now (R-SC-04, R-SC-05)."""
    wanted = item.external_offer_id or item.offer_id
    if wanted is None:
        raise NotFound("There is no such offer.", path=("offerId",))
    return await offers.sellable(work.session, work.caller.tenant_id, wanted, external=item.external)


def placed_at(items: Sequence[NewItem], placed: Sequence[UUID], leading: int | None) -> UUID | None:
    """The id of the item at a position of the input; own items were placed first, in their order."""
    if leading is None:
        return None
    own = [place for place, item in enumerate(items, start=1) if not item.external]
    return placed[own.index(leading)]


def _item(standing: Sequence[Standing], item_id: UUID) -> Standing:
    for one in standing:
        if one.row.id == item_id:
            return one
    raise NotFound("There is no such item in this cart.", path=("itemId",))
