"""The order in which the demo world comes into being."""

import asyncio
from collections.abc import Sequence

from cli.demo_world import accounts, baskets, care, clearing, founding, market, partners, values
from cli.demo_world.baskets import OnSale
from cli.demo_world.sales import MONTH, Shop
from cli.demo_world.world import TWO_YEARS, Tell, Tenancy, World
from cli.installation import House
from web.issuer.people import DemoPerson

TAKEN_IN, LOOKED_AFTER, TRADED, SOLD = 0.07, 0.03, 0.015, 0.58
"""Shares of the whole work: the first three of each tenant, the last of all together."""


async def build(house: House, *, small: bool, tell: Tell) -> Sequence[DemoPerson]:
    """Found the tenants, fill them, and let two years pass; the last thing told is that all is done."""
    world = World(house, small, tell)
    tenancies = await founding.found(world)
    await asyncio.gather(*(_fill(tenancy) for tenancy in tenancies))
    on_sale = await _trade(tenancies)
    await _sell(world, tenancies, on_sale)
    await asyncio.gather(*(clearing.link(tenancies, tenancy) for tenancy in tenancies))
    await values.write_down(tenancies)
    world.finish("Die Demowelt ist fertig")
    return founding.people_of(tenancies)


async def _fill(tenancy: Tenancy) -> None:
    """The partners of a tenant, and what is done with them."""
    await accounts.let_in(tenancy)
    await partners.take_in(tenancy, TAKEN_IN)
    await care.look_after(tenancy, LOOKED_AFTER)
    await market.keep_cost_centers(tenancy)
    await market.write_texts(tenancy)


async def _trade(tenancies: Sequence[Tenancy]) -> Sequence[Sequence[OnSale]]:
    """Connections, then offers on both sides of them, then carts of both."""
    known = {tenancy.plan.key: tenancy for tenancy in tenancies}
    await market.connect(known)
    await asyncio.gather(*(market.make_offers(known, tenancy) for tenancy in tenancies))
    return await asyncio.gather(*(_open_shop(known, tenancy) for tenancy in tenancies))


async def _open_shop(known: market.Tenancies, tenancy: Tenancy) -> Sequence[OnSale]:
    on_sale = await baskets.put_together(known, tenancy)
    tenancy.world.advance(TRADED, f"{tenancy.plan.name}: Angebote und Warenkörbe")
    return on_sale


async def _sell(world: World, tenancies: Sequence[Tenancy], on_sale: Sequence[Sequence[OnSale]]) -> None:
    """Month by month: everybody sells, then acts on what the others did, then settles with them."""
    shops = [Shop(tenancy, place, carts) for place, (tenancy, carts) in enumerate(zip(tenancies, on_sale, strict=True))]
    for shop in shops:
        shop.plan(world.many(70, 8))
    months = range(TWO_YEARS - MONTH, 0, -MONTH)
    for ago in world.each([*months, 1], SOLD, "Verkauf"):
        await asyncio.gather(*(shop.work_until(ago) for shop in shops))
        if not world.small or ago == 1:
            await asyncio.gather(*(clearing.take_events(tenancy, ago) for tenancy in tenancies))
            await asyncio.gather(*(clearing.settle(tenancy, ago) for tenancy in tenancies))
    await asyncio.gather(*(_clear_out(tenancy) for tenancy in tenancies))


async def _clear_out(tenancy: Tenancy) -> None:
    """Offers and carts whose time is over."""
    await market.archive(tenancy)
    await baskets.archive(tenancy)
