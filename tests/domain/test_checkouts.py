"""What is bought of a cart, at which price, and whether it may be paid."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain import carts, checkouts
from domain.carts import CartNotSellable, CurrencyMismatch, LeadingItemRequired
from domain.checkouts import CheckoutAlreadyPaid, CheckoutExpired, PaymentRefused
from domain.offers import ExternalOfferNotAvailable, OfferNotOnSale, OfferType
from domain.refusals import Refusal, ValidationFailed
from domain.sales import CartState, CheckoutStatus, PaymentMethod
from tests.domain.test_carts import Standing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OWN = Standing(1)
EXTERNAL = Standing(2, external=True, leading_position=1)
OPTIONAL = Standing(3, option=True)


def chosen(items: Sequence[Standing], *optional: int, state: str = CartState.ACTIVE) -> list[int]:
    ids = [UUID(int=item.position) for item in items]
    found = carts.problems(state, "EUR", items)
    return checkouts.chosen(items, ids, [UUID(int=position) for position in optional], found)


def test_mandatory_items_are_bought_and_optional_ones_when_they_are_chosen() -> None:
    assert chosen([OWN, EXTERNAL, OPTIONAL]) == [1, 2]
    assert chosen([OWN, EXTERNAL, OPTIONAL], 3) == [1, 2, 3]


@pytest.mark.parametrize("wrong", [1, 9], ids=["mandatory", "unknown"])
def test_only_optional_items_of_the_cart_are_chosen(wrong: int) -> None:
    with pytest.raises(ValidationFailed) as refused:
        chosen([OWN, OPTIONAL], 3, wrong)
    assert refused.value.path == ("optionalItemIds", "1")


@pytest.mark.rule("E-A1")
def test_an_external_offer_that_is_not_available_has_a_refusal_of_its_own() -> None:
    with pytest.raises(ExternalOfferNotAvailable, match="item 2"):
        chosen([OWN, replace(EXTERNAL, available=False)])


@pytest.mark.rule("E-A1")
def test_an_optional_external_offer_drops_out_unless_it_is_chosen() -> None:
    missing = replace(EXTERNAL, option=True, available=False)
    assert chosen([OWN, missing]) == [1]
    with pytest.raises(ExternalOfferNotAvailable):
        chosen([OWN, missing], 2)


def test_what_else_keeps_a_cart_from_being_sold_is_told_apart() -> None:
    with pytest.raises(OfferNotOnSale):
        chosen([replace(OWN, available=False)])
    with pytest.raises(CurrencyMismatch):
        chosen([replace(OWN, currency="CHF")])
    with pytest.raises(CartNotSellable, match="CART_ARCHIVED"):
        chosen([replace(OWN, available=False)], state=CartState.ARCHIVED)


@pytest.mark.rule("R-SC-02")
def test_an_external_offer_is_not_bought_without_the_one_that_leads_it() -> None:
    leader = replace(OWN, option=True)
    items = [leader, EXTERNAL, Standing(3)]
    with pytest.raises(LeadingItemRequired, match="item 1"):
        chosen(items)
    assert chosen(items, 1) == [1, 2, 3]


@dataclass(frozen=True)
class Product:
    price_minor: int
    tax_type: str = "REDUCED"
    option: bool = False
    currency: str = "EUR"
    quantity: int = 1
    id: UUID = field(default_factory=uuid4)
    target_cost_center_id: UUID | None = None


def test_products_are_priced_with_their_tax_and_without_optional_ones() -> None:
    found = checkouts.priced([Product(2000), Product(500, option=True)], "DE", date(2026, 3, 1))
    assert [(each.product.price_minor, each.tax.minor) for each in found] == [(2000, 131)]


@dataclass(frozen=True)
class Started:
    status: str = CheckoutStatus.STARTED
    frozen_until: datetime = NOW
    total_minor: int = 100


def test_a_checkout_is_paid_once_and_while_its_prices_count() -> None:
    card = PaymentMethod.CREDIT_CARD
    assert checkouts.check_payable(Started(), card, NOW) is card
    with pytest.raises(CheckoutExpired):
        checkouts.check_payable(Started(), card, NOW + timedelta(seconds=1))
    with pytest.raises(CheckoutAlreadyPaid):
        checkouts.check_payable(Started(status=CheckoutStatus.PAID), card, NOW)


@pytest.mark.rule("R-PO-19")
def test_nothing_is_paid_with_zero_and_only_nothing_is() -> None:
    zero = PaymentMethod.ZERO
    assert checkouts.check_payable(Started(total_minor=0), PaymentMethod.CREDIT_CARD, NOW) is zero
    with pytest.raises(PaymentRefused):
        checkouts.check_payable(Started(), zero, NOW)


@dataclass(frozen=True)
class ForSale:
    problem: Refusal | None = None


@pytest.mark.rule("E-A2")
def test_a_payment_starts_only_while_every_bought_offer_can_be_sold() -> None:
    own, external = uuid4(), uuid4()
    free = {own: ForSale(), external: ForSale()}
    checkouts.check_available([own, external], free, {external})
    with pytest.raises(ExternalOfferNotAvailable):
        checkouts.check_available([own, external], {own: ForSale()}, {external})
    with pytest.raises(OfferNotOnSale):
        checkouts.check_available([own, external], {external: ForSale()}, {external})
    gone = ExternalOfferNotAvailable("blocked")
    with pytest.raises(ExternalOfferNotAvailable, match="blocked"):
        checkouts.check_available([own, external], {**free, external: ForSale(gone)}, {external})


@pytest.mark.rule("R-SC-31")
def test_what_repeats_or_lasts_begins_a_subscription() -> None:
    lasting = {each for each in OfferType if checkouts.is_subscription(each)}
    assert lasting == {
        OfferType.SUBSCRIPTION_TIME,
        OfferType.SUBSCRIPTION_ISSUE,
        OfferType.SUBSCRIPTION_CREDIT,
        OfferType.TIME_PASS,
        OfferType.MULTIUSER,
    }
