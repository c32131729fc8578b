"""A shop for tests: a tenant that sells its own offer together with one of a connected tenant, and its customer."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from domain.carts import NewCart, NewItem, Translation
from domain.offers import Draft, OfferChanges
from domain.partners import Address
from domain.sales import PaymentMethod
from persistence.offers import Offer, OfferProduct
from persistence.partners import Partner
from resolvers import carts, checkouts, offers, partners
from resolvers.checkouts import NewCheckout, PaidCheckout
from tenancy.caller import Caller
from tests.people import Home, House
from tests.selling import Partners, connected, draft, product, rows
from tests.trade import customer


@dataclass
class Shop:
    """The target of a connection with a cart of two items, and a customer who is signed in to its portal."""

    partners: Partners
    own_offer_id: UUID
    external_offer_id: UUID
    cart_id: UUID
    customer_id: UUID
    buyer: Caller

    @property
    def house(self) -> House:
        """The house."""
        return self.partners.house

    @property
    def source(self) -> Home:
        """The tenant that owns the external offer."""
        return self.partners.source

    @property
    def target(self) -> Home:
        """The tenant that sells."""
        return self.partners.target

    async def start(self, *optional: UUID, by: Caller | None = None, cart_id: UUID | None = None) -> UUID:
        """A checkout that the customer (or somebody else in the portal) starts."""
        new = NewCheckout(cart_id or self.cart_id, optional)
        return await self.house.run(by or self.buyer, checkouts.start_own_checkout(new))

    async def pay(
        self, checkout_id: UUID | None = None, method: PaymentMethod = PaymentMethod.CREDIT_CARD
    ) -> PaidCheckout:
        """A checkout (a fresh one, if none is named) that the customer pays."""
        wanted = checkout_id or await self.start()
        return await self.house.run(self.buyer, checkouts.pay_own_checkout(wanted, method))


def cart_of(*items: NewItem, title: str = "Paket Nord", currency: str = "EUR") -> NewCart:
    """A cart with one text."""
    return NewCart(title, currency, (Translation("de", f"{title} für Sie", "Es gelten die AGB."),), items)


async def own_offer(home: Home, wanted: Draft | None = None) -> UUID:
    """An offer that the tenant sells itself."""
    made = wanted or draft("Tagblatt", products=[product("20.00")])
    return await home.house.run(home.admin, offers.create_offer(made))


async def cart(home: Home, *items: NewItem, **more: Any) -> UUID:
    """A cart of the tenant."""
    return await home.house.run(home.admin, carts.create_cart(cart_of(*items, **more)))


async def at_home_in(home: Home, partner_id: UUID, country: str = "DE") -> None:
    """Give the partner an address."""
    [partner] = await rows(home, Partner, Partner.id == partner_id)
    address = Address(street="Hafenstraße 1", postal_code="20457", city="Hamburg", country_code=country)
    await home.house.run(home.admin, partners.set_addresses(partner_id, [address], partner.version))


async def shop(house: House, *, one_company: bool = False, external: Draft | None = None) -> Shop:
    """Two connected tenants, of one contracting company or of two, and all that is needed to buy.

    The own offer costs 20.00 EUR, the external one 9.90 EUR.
    """
    source = await house.found("Alpha Verlag")
    target = await house.found("Beta Medien", company_id=source.company_id if one_company else None)
    between = await connected(source, target)
    own_offer_id = await own_offer(target)
    external_offer_id = await between.offer(external)
    cart_id = await cart(target, NewItem(own_offer_id), NewItem(external_offer_id=external_offer_id, leading=1))
    customer_id = await customer(target, "Buchhandlung Binder")
    await at_home_in(target, customer_id)
    buyer = await target.customer_of_portal(customer_id)
    return Shop(between, own_offer_id, external_offer_id, cart_id, customer_id, buyer)


async def reprice(between: Shop, amount: str) -> None:
    """Let the source ask another price for the external offer."""
    [standing] = await rows(between.source, OfferProduct, OfferProduct.offer_id == between.external_offer_id)
    [offer] = await rows(between.source, Offer, Offer.id == between.external_offer_id)
    wanted = replace(product(amount), id=standing.id, target_cost_center_id=standing.target_cost_center_id)
    changes: OfferChanges = {"products": (wanted,)}
    await between.house.run(between.source.admin, offers.update_offer(offer.id, changes, offer.version))
