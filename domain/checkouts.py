"""From a cart to a checkout with frozen prices, and from there to an order (E-A2, E-A9, R-SC-30 to R-SC-33)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from domain.carts import CartNotSellable, CartProblem, CurrencyMismatch, Item, LeadingItemRequired, Problem
from domain.offers import ExternalOfferNotAvailable, OfferNotOnSale, OfferType
from domain.refusals import Refusal, RefusalCode, ValidationFailed, Violation
from domain.sales import CheckoutStatus, PaymentMethod
from domain.taxes import Tax, tax_in

FROZEN_FOR = timedelta(minutes=30)
"""How long the prices of a checkout count."""


class CheckoutExpired(Refusal):
    """The frozen prices do not count any more."""

    code = RefusalCode.CHECKOUT_EXPIRED


class CheckoutAlreadyPaid(Refusal):
    """The checkout has become an order already."""

    code = RefusalCode.CHECKOUT_ALREADY_PAID


class PaymentRefused(Refusal):
    """The amount cannot be paid in this way."""

    code = RefusalCode.PAYMENT_REFUSED


class Standing(Protocol):
    """What the rules must know of a checkout."""

    @property
    def status(self) -> str:
        """Started or paid."""

    @property
    def frozen_until(self) -> datetime:
        """Until when its prices count."""

    @property
    def total_minor(self) -> int:
        """The sum of its items."""


class Product(Protocol):
    """What the rules must know of a product of an offer."""

    @property
    def id(self) -> UUID:
        """The product."""

    @property
    def quantity(self) -> int:
        """How many pieces the price is for."""

    @property
    def price_minor(self) -> int:
        """Its gross price."""

    @property
    def currency(self) -> str:
        """The currency of the price."""

    @property
    def tax_type(self) -> str:
        """Which tax counts."""

    @property
    def option(self) -> bool:
        """Whether the customer must choose it."""

    @property
    def target_cost_center_id(self) -> UUID | None:
        """The seller's cost center that the source chose; none for an own offer."""


@dataclass(frozen=True)
class Priced:
    """A product at its frozen price, with the tax in it."""

    product: Product
    tax: Tax


class ForSale(Protocol):
    """What the rules must know of an offer that the seller may look at."""

    @property
    def problem(self) -> Refusal | None:
        """Why it cannot be sold now."""


def chosen(
    items: Sequence[Item], ids: Sequence[UUID], optional: Collection[UUID], found: Sequence[Problem]
) -> list[int]:
    """The positions of the items that are bought: the mandatory ones and the optional ones that were chosen.

    `ids` are the items' ids in their order. An optional item that cannot be sold drops out; chosen all the
    same, it is refused (E-A1).

    Raises:
        ExternalOfferNotAvailable, OfferNotOnSale, CurrencyMismatch, CartNotSellable: the cart, or an item that
            would be bought, cannot be sold now.
        LeadingItemRequired: an external item would be bought without the own one that leads it (R-SC-02).
        ValidationFailed: something was chosen that is no optional item of the cart.
    """
    _check_choice(items, ids, optional)
    wanted = {item.position for item, id_ in zip(items, ids, strict=True) if not item.option or id_ in optional}
    broken = [problem for problem in found if problem.position is None or problem.position in wanted]
    if broken:
        raise _refusal(broken)
    for item in items:
        if item.position in wanted and item.leading_position is not None and item.leading_position not in wanted:
            raise LeadingItemRequired(
                f"Item {item.position} is sold with item {item.leading_position} only; choose both.",
                path=("optionalItemIds",),
            )
    return sorted(wanted)


def check_available(offers: Collection[UUID], found: Mapping[UUID, ForSale], external: Collection[UUID]) -> None:
    """Let a payment start when every bought offer can still be sold at this moment (E-A1, E-A2).

    Raises:
        ExternalOfferNotAvailable, OfferNotOnSale: whatever keeps an offer from being sold now.
    """
    for offer_id in offers:
        if offer_id not in found:
            wrong = ExternalOfferNotAvailable if offer_id in external else OfferNotOnSale
            raise wrong("An offer of this checkout cannot be sold any more.", path=("checkoutId",))
        if (problem := found[offer_id].problem) is not None:
            raise problem


def priced(products: Sequence[Product], country: str, on: date) -> list[Priced]:
    """The products of a bought offer with their taxes; optional products are not among them."""
    return [
        Priced(product, tax_in(product.price_minor, product.tax_type, country, on))
        for product in products
        if not product.option
    ]


def check_payable(checkout: Standing, method: PaymentMethod, now: datetime) -> PaymentMethod:
    """How a checkout is paid: nothing is paid with ZERO, and only nothing is.

    Raises:
        CheckoutAlreadyPaid, CheckoutExpired.
        PaymentRefused: ZERO for a price.
    """
    if checkout.status == CheckoutStatus.PAID:
        raise CheckoutAlreadyPaid("The checkout was paid already; its order stands among the orders.")
    if checkout.frozen_until < now:
        raise CheckoutExpired("The prices of this checkout count no more; start a new one.")
    if checkout.total_minor == 0:
        return PaymentMethod.ZERO
    if method is PaymentMethod.ZERO:
        raise PaymentRefused("There is something to pay; choose how.", path=("paymentMethod",))
    return method


def is_subscription(offer_type: str) -> bool:
    """Whether buying the offer begins a subscription (R-SC-31)."""
    return offer_type in {
        OfferType.SUBSCRIPTION_TIME,
        OfferType.SUBSCRIPTION_ISSUE,
        OfferType.SUBSCRIPTION_CREDIT,
        OfferType.TIME_PASS,
        OfferType.MULTIUSER,
    }


def _check_choice(items: Sequence[Item], ids: Sequence[UUID], optional: Collection[UUID]) -> None:
    open_to_choice = {id_ for item, id_ in zip(items, ids, strict=True) if item.option}
    faults = [
        Violation(RefusalCode.VALIDATION, "This is no optional item of the cart.", ("optionalItemIds", str(place)))
        for place, each in enumerate(optional)
        if each not in open_to_choice
    ]
    if faults:
        raise ValidationFailed(faults)


_REFUSALS: Mapping[CartProblem, type[Refusal]] = {
    CartProblem.EXTERNAL_OFFER_NOT_AVAILABLE: ExternalOfferNotAvailable,
    CartProblem.OFFER_NOT_ON_SALE: OfferNotOnSale,
    CartProblem.CURRENCY_MISMATCH: CurrencyMismatch,
}
"""The problems of a cart that have a refusal of their own; the others make it unsellable as a whole."""


def _refusal(found: Sequence[Problem]) -> Refusal:
    """The refusal for what keeps something from being bought; the whole cart's problem comes first."""
    first = min(found, key=lambda problem: problem.position or 0)
    return _REFUSALS.get(first.code, CartNotSellable)(
        f"This cannot be sold at present: {_named(found)}.", path=("cartId",)
    )


def _named(found: Sequence[Problem]) -> str:
    return ", ".join(
        f"item {problem.position}: {problem.code}" if problem.position is not None else problem.code
        for problem in found
    )
