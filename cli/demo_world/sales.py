"""Two years of selling in the demo world: checkouts, invoices that are paid later, cancellations."""

import heapq
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from uuid import UUID

from cli.demo_world.baskets import OnSale
from cli.demo_world.carts_on_sale import Inside
from cli.demo_world.goods import OFFERS
from cli.demo_world.world import TWO_YEARS, Tenancy
from domain.checkouts import is_subscription
from domain.offers import SUBSCRIPTIONS, OfferType
from domain.sales import CancellationKind, PaymentMethod
from domain.subscriptions import Cancellation
from persistence.invoices import Invoice
from persistence.subscriptions import Subscription
from resolvers import checkouts, payments, subscriptions
from resolvers.checkouts import NewCheckout, PaidCheckout

FIRST_SALE = TWO_YEARS - 22
MONTH = 30
CARD, BILL = PaymentMethod.CREDIT_CARD, PaymentMethod.BILLING
PLACES = 3
"""How many tenants sell side by side; each has minutes of its own, so that no two sales have the same moment."""

Deed = Callable[[int], Awaitable[None]]
"""Something that is done on a day; it is told how many days ago that is."""


@dataclass(frozen=True)
class Seller:
    """Who sells: a customer in the portal for itself, or a clerk for customers that the place may use."""

    who: str
    customers: tuple[UUID, ...] = ()
    swiss: bool = False


@dataclass
class Shop:
    """The sales of one tenant, in the order of their days."""

    tenancy: Tenancy
    place: int
    on_sale: Sequence[OnSale]
    dice: Random = field(init=False)
    sold: int = 0
    _agenda: list[tuple[int, int, Deed]] = field(default_factory=list)
    _turns: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.dice = self.tenancy.dice("sales")

    def plan(self, orders: int) -> None:
        """Write the sales of two years into the agenda.

        Each portal customer buys at the beginning and once more in the last days, so that there is always an
        invoice that waits for its money and an entry that waits to be settled.
        """
        sellers = _sellers(self.tenancy)
        portal = [seller for seller in sellers if not seller.customers]
        for turn, seller in enumerate(portal):
            self._sale(FIRST_SALE - turn, seller, self.on_sale[turn % 2])
            self._sale(9 - turn, seller, self.on_sale[(turn + 1) % 2], (CARD, BILL)[turn % 2])
        for _ in range(orders - 2 * len(portal)):
            seller = self.dice.choices(sellers, [10 if each.customers else 7 for each in sellers])[0]
            ago = self.dice.randint(2, FIRST_SALE - 5)
            self._sale(ago, seller, self._choice(seller))

    async def work_until(self, ago: int) -> None:
        """Do everything that stands in the agenda up to a day."""
        while self._agenda and -self._agenda[0][0] >= ago:
            day, _, deed = heapq.heappop(self._agenda)
            await deed(-day)

    def _sale(self, ago: int, seller: Seller, on_sale: OnSale, wish: PaymentMethod | None = None) -> None:
        customer = self.dice.choice(seller.customers) if seller.customers else None
        optional = tuple(id_ for id_, default in on_sale.optional if self.dice.random() < (0.7 if default else 0.25))
        new = NewCheckout(on_sale.cart_id, optional)
        method = wish or self.dice.choices((CARD, BILL), (62, 38))[0]
        patience = self.dice.choice((9, 14, 18, 21, 33, 800))
        ends = self.dice.choice((None, None, None, None, None, CancellationKind.REGULAR, CancellationKind.NOW))
        after = self.dice.randint(12, 240)

        async def sell(day: int) -> None:
            paid = await self._check_out(day, seller.who, customer, new, method)
            if method is BILL and not self._costs_nothing(on_sale):
                self._later(day - patience, self._payment(paid.invoice_id))
            if ends is not None and (subscription := self._to_cancel(on_sale, optional, paid)) is not None:
                self._later(day - after, self._cancellation(seller.who, subscription, ends))

        self._later(ago, sell)

    async def _check_out(
        self, ago: int, who: str, customer: UUID | None, new: NewCheckout, method: PaymentMethod
    ) -> PaidCheckout:
        minute = self._minute()
        act = self.tenancy.act
        self.sold += 1
        if customer is None:
            started = await act(who, ago, checkouts.start_own_checkout(new), minute=minute)
            return await act(who, ago, checkouts.pay_own_checkout(started, method), minute=minute)
        started = await act(who, ago, checkouts.start_checkout(customer, new), minute=minute)
        return await act(who, ago, checkouts.pay_checkout(started, method), minute=minute)

    def _payment(self, invoice_id: UUID) -> Deed:
        async def pay(ago: int) -> None:
            version = await self.tenancy.version(Invoice, invoice_id)
            call = payments.mark_invoice_paid(invoice_id, None, version)
            await self.tenancy.act("accounting", ago, call, minute=self._minute())

        return pay

    def _cancellation(self, who: str, subscription_id: UUID, kind: CancellationKind) -> Deed:
        """The customer cancels in the portal, else the administrator does; some regret it within a week."""
        regret = kind is CancellationKind.REGULAR and self.dice.random() < 0.2  # noqa: PLR2004
        own = self.tenancy.member(who).kind == "PORTAL"
        by = who if own else "admin"

        async def cancel(ago: int) -> None:
            version = await self.tenancy.version(Subscription, subscription_id)
            story = subscriptions.cancel_own_subscription if own else subscriptions.cancel_subscription
            await self.tenancy.act(by, ago, story(subscription_id, Cancellation(kind), version), minute=self._minute())
            if regret:
                self._later(ago - 5, undo)

        async def undo(ago: int) -> None:
            version = await self.tenancy.version(Subscription, subscription_id)
            story = subscriptions.undo_own_cancellation if own else subscriptions.undo_cancellation
            await self.tenancy.act(by, ago, story(subscription_id, version), minute=self._minute())

        return cancel

    def _to_cancel(self, on_sale: OnSale, optional: Sequence[UUID], paid: PaidCheckout) -> UUID | None:
        """The last of the bought subscriptions that go on by terms until they are cancelled."""
        chosen = iter(id_ in optional for id_, _ in on_sale.optional)
        bought = [inside for inside in on_sale.basket.inside if not inside.option or next(chosen)]
        kinds = [kind for kind in (self._kind(inside) for inside in bought) if is_subscription(kind)]
        going = [id_ for id_, kind in zip(paid.subscription_ids, kinds, strict=True) if kind in SUBSCRIPTIONS]
        return going[-1] if going else None

    def _kind(self, inside: Inside) -> OfferType:
        goods = OFFERS[inside.of or self.tenancy.plan.key]
        return next(good.type for good in goods if good.key == inside.offer)

    def _costs_nothing(self, on_sale: OnSale) -> bool:
        return on_sale.basket.key in ("trial", "sample")

    def _choice(self, seller: Seller) -> OnSale:
        """A cart that people of a place buy: francs in Switzerland, euros elsewhere."""
        fitting = [each for each in self.on_sale if seller.swiss or each.basket.currency == "EUR"]
        weights = [each.basket.weight * (4 if each.basket.currency == "CHF" else 1) for each in fitting]
        return self.dice.choices(fitting, weights)[0]

    def _later(self, ago: int, deed: Deed) -> None:
        if ago >= 1:
            heapq.heappush(self._agenda, (-ago, next(self._turns), deed))

    def _minute(self) -> int:
        return next(self._turns) % 150 * PLACES + self.place


def _sellers(tenancy: Tenancy) -> list[Seller]:
    """The portal's customers, and the clerks with the customers that they may sell to."""
    plan, blocked = tenancy.plan, set(tenancy.customers["blocked"])
    swiss = {place.code for place in plan.places if place.countries == ("CH",)}
    found = [Seller(one.key, (), one.at in swiss) for one in plan.members if one.kind == "PORTAL"]
    for clerk in plan.members:
        if clerk.role == "SALES_CLERK":
            above = (clerk.at, clerk.at, plan.region_of(clerk.at), plan.root)
            known = [id_ for code in above for id_ in tenancy.customers[code] if id_ not in blocked]
            found.append(Seller(clerk.key, tuple(known), clerk.at in swiss))
    return [seller for seller in found if seller.customers or tenancy.member(seller.who).kind == "PORTAL"]
