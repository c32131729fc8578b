"""From a cart to a checkout with frozen prices, and from there to an order (E-A2, E-A9, R-SC-30 to R-SC-33)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from domain.carts import CartNotSellable, Item, Problem, sellable
from domain.offers import OfferType
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
    def price_minor(self) -> int:
        """Its gross price."""

    @property
    def tax_type(self) -> str:
        """Which tax counts."""

    @property
    def option(self) -> bool:
        """Whether the customer must choose it."""


@dataclass(frozen=True)
class Priced:
    """A product at its frozen price, with the tax in it."""

    product: Product
    tax: Tax


def chosen(
    items: Sequence[Item], ids: Sequence[UUID], optional: Collection[UUID], found: Sequence[Problem]
) -> list[int]:
    """The positions of the items that are bought: the mandatory ones and the optional ones that were chosen.

    `ids` are the items' ids in their order. An optional item that cannot be sold drops out; chosen all the
    same, it is refused (E-A1).

    Raises:
        CartNotSellable: the cart, or an item that would be bought, cannot be sold now.
        ValidationFailed: something was chosen that is no optional item of the cart.
    """
    if not sellable(items, found):
        raise CartNotSellable(f"The cart cannot be sold at present: {_named(found)}.", path=("cartId",))
    by_id = dict(zip(ids, items, strict=True))
    for place, each in enumerate(optional):
        if each not in by_id or not by_id[each].option:
            path = ("optionalItemIds", str(place))
            raise ValidationFailed([Violation(RefusalCode.VALIDATION, "This is no optional item of the cart.", path)])
    wanted = [item.position for id_, item in by_id.items() if not item.option or id_ in optional]
    broken = [problem for problem in found if problem.position in wanted]
    if broken:
        raise CartNotSellable(f"An item cannot be sold at present: {_named(broken)}.", path=("optionalItemIds",))
    return wanted


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


def _named(found: Sequence[Problem]) -> str:
    return ", ".join(
        f"item {problem.position}: {problem.code}" if problem.position is not None else problem.code
        for problem in found
    )
