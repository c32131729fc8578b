"""How the carts of the demo world are put together, and what of them a customer can choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from cli.demo_world.carts_on_sale import BASKETS, Basket, Inside
from cli.demo_world.world import TWO_YEARS, Tenancy
from domain.carts import NewCart, NewItem, Translation
from domain.sales import CartState
from persistence import carts as stored
from resolvers import carts


@dataclass(frozen=True)
class OnSale:
    """A cart that is bought, and its optional items with whether they are chosen beforehand."""

    cart_id: UUID
    basket: Basket
    optional: tuple[tuple[UUID, bool], ...]


async def put_together(tenancies: Mapping[str, Tenancy], tenancy: Tenancy) -> list[OnSale]:
    """Let the product manager put the carts together; the last one of them was archived since."""
    made = []
    for turn, basket in enumerate(BASKETS[tenancy.plan.key]):
        new = _cart(tenancies, tenancy, basket)
        cart_id = await tenancy.act("product", TWO_YEARS - 12 - turn // 2, carts.create_cart(new))
        tenancy.carts[basket.key] = cart_id
        if basket.weight:
            made.append(OnSale(cart_id, basket, await _optional(tenancy, cart_id)))
    return made


async def archive(tenancy: Tenancy) -> None:
    """Take carts off sale whose time is over."""
    for basket in BASKETS[tenancy.plan.key]:
        if basket.state is CartState.ARCHIVED:
            await tenancy.act("product", 100, carts.archive_cart(tenancy.carts[basket.key], 1))


def _cart(tenancies: Mapping[str, Tenancy], tenancy: Tenancy, basket: Basket) -> NewCart:
    terms = "Mit dem Kauf stimmen Sie den Bedingungen aller enthaltenen Angebote zu."
    return NewCart(
        internal_title=basket.title,
        currency=basket.currency,
        translations=(
            Translation("de", basket.title, terms, basket.text, preferred=True),
            Translation("en", basket.english, "By buying you agree to the terms of all offers in the cart."),
        ),
        items=tuple(_item(tenancies, tenancy, each) for each in basket.inside),
    )


def _item(tenancies: Mapping[str, Tenancy], tenancy: Tenancy, inside: Inside) -> NewItem:
    chosen = inside.preselected if inside.option else None
    if inside.of is None:
        return NewItem(tenancy.offers[inside.offer], None, inside.option, chosen)
    return NewItem(None, tenancies[inside.of].offers[inside.offer], inside.option, chosen, inside.led_by)


async def _optional(tenancy: Tenancy, cart_id: UUID) -> tuple[tuple[UUID, bool], ...]:
    async with tenancy.looking() as session:
        items = await stored.items_of(session, tenancy.id, cart_id)
    return tuple((item.row.id, item.row.default_selected) for item in items if item.option)
