"""What happens at the checkout: a choice is frozen, then paid, and becomes order, invoice and subscriptions.

Checkout is a transaction of the selling tenant only (R-SC-30). What another tenant reads of it (the mirror of a
subscription, its payout entry, the event) are rows of the seller with a column for the reader.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain import carts as cart_rules
from domain import checkouts as rules
from domain import customers as customer_rules
from domain.money import Money
from domain.number_ranges import NumberCategory
from domain.payments import PROVIDER, Captured, captures_at_once
from domain.refusals import NotFound, RefusalCode, ValidationFailed, Violation
from domain.sales import CheckoutStatus, PaymentMethod, SaleEvent
from persistence import (
    carts,
    checkouts,
    connections,
    customers,
    events,
    invoices,
    number_ranges,
    offers,
    orders,
    payments,
    payouts,
    sold,
    subscriptions,
    visibility,
)
from persistence.changes import to_change
from persistence.checkouts import Buyer, Checkout, CheckoutItem, Chosen
from persistence.invoices import Invoice, Terms
from persistence.offers import ForSale
from persistence.orders import Order, OrderItem
from persistence.payouts import Counterpart, Payment
from persistence.subscriptions import Seller, Subscription
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.work import Work


@dataclass(frozen=True)
class NewCheckout:
    """What a customer wants: a cart, the optional items of it, and the country where none is known by address."""

    cart_id: UUID
    optional_item_ids: tuple[UUID, ...] = ()
    country: str | None = None


@dataclass(frozen=True)
class PaidCheckout:
    """What a checkout became."""

    checkout_id: UUID
    order_id: UUID
    invoice_id: UUID
    subscription_ids: tuple[UUID, ...]


@writes(Permission.CHECKOUT_SELL, joint=True)
async def start_checkout(work: Work, customer_id: UUID, new: NewCheckout) -> UUID:
    """Freeze a choice and its prices for a customer that the caller sees and may use (R-019, R-193)."""
    await _check_seen(work, customer_id)
    buyer = await _buyer(work, customer_id, work.caller.acting())
    return await _start(work, buyer, new)


@writes(Permission.PORTAL_BUY, joint=True)
async def start_own_checkout(work: Work, new: NewCheckout) -> UUID:
    """Freeze a choice and its prices for the customer who is signed in."""
    buyer = await _buyer(work, _myself(work), None)
    return await _start(work, buyer, new)


@writes(Permission.CHECKOUT_SELL, joint=True, money=True)
async def pay_checkout(work: Work, checkout_id: UUID, method: PaymentMethod) -> PaidCheckout:
    """Pay a customer's checkout (R-SC-30 to R-SC-34, R-PO-01 to R-PO-03)."""
    checkout = await to_change(work.session, Checkout, checkout_id, what="checkout")
    if not await sold.sees(work.session, work.caller, checkout, Permission.CHECKOUT_SELL):
        raise NotFound("There is no such checkout.", path=("checkoutId",))
    await _check_seen(work, checkout.partner_id)
    return await _pay(work, checkout, method)


@writes(Permission.PORTAL_BUY, joint=True, money=True)
async def pay_own_checkout(work: Work, checkout_id: UUID, method: PaymentMethod) -> PaidCheckout:
    """Pay the own checkout; row security knows no other (R-SC-30 to R-SC-34, R-PO-01 to R-PO-03)."""
    checkout = await to_change(work.session, Checkout, checkout_id, what="checkout")
    return await _pay(work, checkout, method)


async def _start(work: Work, buyer: Buyer, new: NewCheckout) -> UUID:
    await _check_usable(work, buyer.partner_id, buyer.organization_id)
    cart = await carts.head(work.session, new.cart_id)
    if cart is None:
        raise NotFound("There is no such cart.", path=("cartId",))
    items = await carts.items_of(work.session, work.caller.tenant_id, cart.id)
    found = cart_rules.problems(cart.state, cart.currency, items)
    wanted = rules.chosen(items, [item.row.id for item in items], new.optional_item_ids, found)
    country = _country(buyer, new)
    chosen = [
        Chosen(item.offer, rules.priced(item.offer.products, country, work.today))
        for item in items
        if item.position in wanted and item.offer is not None
    ]
    total = sum(each.total for each in chosen)
    checkout = checkouts.begin(work.session, cart, buyer, country, total, work.now + rules.FROZEN_FOR)
    await work.session.flush()
    checkouts.put(work.session, checkout, chosen, buyer.language)
    return checkout.id


async def _pay(work: Work, checkout: Checkout, wanted: PaymentMethod) -> PaidCheckout:
    """Decide at this moment whether the payment may start, take the money, and keep what it was for (E-A2)."""
    method = rules.check_payable(checkout, wanted, work.now)
    await _check_usable(work, checkout.partner_id, checkout.organization_id)
    items = await checkouts.items_of(work.session, checkout.id)
    sold = await offers.looked_at(work.session, work.caller.tenant_id, {item.offered for item in items})
    external = {item.external_offer_id for item in items if item.external_offer_id is not None}
    rules.check_available([item.offered for item in items], sold, external)
    captured = None
    if captures_at_once(method):
        captured = PROVIDER.capture(Money(checkout.total_minor, checkout.currency), checkout.id)
    return await _keep(work, checkout, items, sold, method, captured)


async def _keep(
    work: Work,
    checkout: Checkout,
    items: Sequence[CheckoutItem],
    sold: Mapping[UUID, ForSale],
    method: PaymentMethod,
    captured: Captured | None,
) -> PaidCheckout:
    """Everything that the checkout becomes; numbers are taken when all else is known, pairs' numbers last."""
    session, caller = work.session, work.caller
    centers = await orders.cost_centers_of(session, items)
    due_in_days = await invoices.due_days(session, caller.tenant_id, caller.company_id)
    paid_at = None if method is PaymentMethod.BILLING else work.now
    terms = Terms(work.today, due_in_days, paid_at)
    side = await connections.own_side(session, caller.tenant_id)
    seller = Seller(side.name, side.self_service_url)
    others = await payouts.counterparts(session, caller.tenant_id, _connections(items))
    facts = await _facts(work, checkout, others)

    order = orders.begin(session, checkout, await _number(work, NumberCategory.ORDER), method, work.now)
    checkout.status = CheckoutStatus.PAID
    await session.flush()
    ordered = orders.put(session, order, items, centers)
    invoice_number = await _number(work, NumberCategory.INVOICE)
    invoice = invoices.begin(session, order, invoice_number, terms, ordered)
    await session.flush()
    invoices.put(session, invoice, ordered)
    begun = await _subscribe(work, checkout, ordered, sold, seller)
    await session.flush()
    for one in begun:
        if one.connection_id is not None:
            _tell_sold(work, one, others[one.connection_id], facts)
    if captured is not None:
        await _book(work, order, invoice, ordered, captured, others)
    return PaidCheckout(checkout.id, order.id, invoice.id, tuple(one.id for one in begun))


async def _subscribe(
    work: Work, checkout: Checkout, ordered: Sequence[OrderItem], sold: Mapping[UUID, ForSale], seller: Seller
) -> list[Subscription]:
    """One subscription for each bought offer that is one, on the first of its items (R-SC-31, R-SC-32)."""
    first: dict[UUID, OrderItem] = {}
    for item in ordered:
        first.setdefault(item.offered, item)
    begun = []
    for offer_id, item in first.items():
        offer = sold[offer_id].offer
        if rules.is_subscription(offer.offer_type):
            number = await _number(work, NumberCategory.SUBSCRIPTION)
            begun.append(
                subscriptions.begin(work.session, item, offer, number, checkout.organization_id, seller, work.today)
            )
    return begun


async def _book(
    work: Work,
    order: Order,
    invoice: Invoice,
    ordered: Sequence[OrderItem],
    captured: Captured,
    others: Mapping[UUID, Counterpart],
) -> None:
    """Keep the payment, and what the source tenants are due of it."""
    transaction = payments.put(work.session, invoice, order.payment_method, captured, work.now)
    await work.session.flush()
    await payouts.book(work.session, Payment(order, invoice, transaction, work.now), ordered, others)


def _tell_sold(work: Work, sold: Subscription, other: Counterpart, customer: Mapping[str, object] | None) -> None:
    """Tell the source of its mirror; of the customer only within one contracting company (R-SC-34)."""
    events.tell(
        work.session,
        other,
        SaleEvent.SUBSCRIPTION_SOLD,
        at=work.now,
        subject_id=sold.id,
        number=sold.number,
        title=sold.title,
        starts_on=sold.starts_on.isoformat(),
        ends_on=None if sold.ends_on is None else sold.ends_on.isoformat(),
        offer_id=str(sold.external_offer_id),
        target_name=sold.target_name,
        manage_url=sold.manage_url,
        customer=customer if other.same_company else None,
    )


async def _facts(work: Work, checkout: Checkout, others: Mapping[UUID, Counterpart]) -> Mapping[str, object] | None:
    if not any(other.same_company for other in others.values()):
        return None
    return await subscriptions.customer_facts(work.session, checkout.partner_id)


async def _check_seen(work: Work, customer_id: UUID) -> None:
    if not await visibility.sees_customer(work.session, work.caller, customer_id):
        raise NotFound("There is no such customer.", path=("customerId",))


async def _check_usable(work: Work, partner_id: UUID, organization_id: UUID) -> None:
    """Let a customer buy who is not blocked where the sale is made (R-019, R-026, R-040, R-249)."""
    settings = await customers.settings_of(work.session)
    effective = await customers.effective(work.session, partner_id, organization_id, work.today)
    customer_rules.check_usable(effective, on=work.today, explicit=settings.explicit, ordering=True)


async def _buyer(work: Work, partner_id: UUID, organization_id: UUID | None) -> Buyer:
    """The customer, at the organization that sells; without one at the responsible organization."""
    buyer = await checkouts.buyer(work.session, partner_id, organization_id)
    if buyer is None:
        raise NotFound("There is no such customer.", path=("customerId",))
    return buyer


def _myself(work: Work) -> UUID:
    if work.caller.partner_id is None:
        raise NotFound("Nobody is a customer here.", path=("customerId",))
    return work.caller.partner_id


def _country(buyer: Buyer, new: NewCheckout) -> str:
    """The country whose taxes count: that of the first address, else the one that was named (E-A11)."""
    country = buyer.country or new.country
    if country is None:
        message = "The customer has no address; name the country."
        raise ValidationFailed([Violation(RefusalCode.REQUIRED, message, ("country",))])
    return country


def _connections(items: Sequence[CheckoutItem]) -> set[UUID]:
    return {item.connection_id for item in items if item.connection_id is not None}


async def _number(work: Work, category: NumberCategory) -> str:
    return await number_ranges.next_number(work.session, category, on=work.today)
