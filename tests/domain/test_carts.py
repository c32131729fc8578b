"""What may stand in a cart, and whether it can be sold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest

from domain import carts
from domain.carts import (
    CartProblem,
    CurrencyMismatch,
    ItemLeads,
    LeadingItemRequired,
    NewCart,
    NewItem,
    Translation,
)
from domain.refusals import ValidationFailed
from domain.sales import CartState

TEXT = Translation("de", "Paket", "Es gelten die AGB.")
OWN, EXTERNAL = NewItem(uuid4()), NewItem(external_offer_id=uuid4(), leading=1)


@dataclass(frozen=True)
class Standing:
    position: int
    external: bool = False
    option: bool = False
    leading_position: int | None = None
    available: bool = True
    currency: str | None = "EUR"


def cart(*items: NewItem, translations: Sequence[Translation] = (TEXT,), title: str = "Paket Nord") -> NewCart:
    return NewCart(title, "EUR", tuple(translations), items)


def paths(wrong: NewCart) -> set[str]:
    with pytest.raises(ValidationFailed) as refused:
        carts.check(wrong)
    return {".".join(violation.path) for violation in refused.value.violations}


@pytest.mark.rule("R-SC-01", "R-SC-02", "R-SC-10")
def test_an_external_offer_stands_beside_the_own_one_that_leads_it() -> None:
    carts.check(cart(OWN, EXTERNAL))
    carts.check(cart(OWN, replace(EXTERNAL, option=True)))
    carts.check(cart(replace(EXTERNAL, leading=2), OWN))


@pytest.mark.rule("R-SC-02")
@pytest.mark.parametrize("leading", [None, 2, 3, 0, -1], ids=["none", "itself", "beyond", "zero", "negative"])
def test_an_external_offer_needs_an_own_one_of_the_cart(leading: int | None) -> None:
    with pytest.raises(LeadingItemRequired):
        carts.check(cart(OWN, replace(EXTERNAL, leading=leading)))


@pytest.mark.rule("R-SC-02")
def test_an_external_offer_is_not_led_by_another_external_one() -> None:
    with pytest.raises(LeadingItemRequired):
        carts.check(cart(OWN, EXTERNAL, NewItem(external_offer_id=uuid4(), leading=2)))


@pytest.mark.rule("R-SC-02")
def test_an_item_added_later_is_led_by_an_own_item_of_the_cart() -> None:
    own, external = uuid4(), uuid4()
    items = {own: False, external: True}
    carts.led_by(own, items)
    for wrong in (None, external, uuid4()):
        with pytest.raises(LeadingItemRequired):
            carts.led_by(wrong, items)


@pytest.mark.rule("R-SC-06")
def test_a_cart_has_items_and_one_of_them_is_mandatory() -> None:
    assert paths(cart()) == {"items"}
    assert paths(cart(replace(OWN, option=True))) == {"items"}
    assert paths(cart(*[OWN] * 51)) == {"items"}
    carts.check(cart(*[OWN] * 50))


def test_an_item_is_an_own_offer_or_an_external_one() -> None:
    both = NewItem(uuid4(), uuid4(), leading=1)
    assert paths(cart(OWN, NewItem(), both)) == {"items.1.offerId", "items.2.offerId"}
    for wrong in (NewItem(), both):
        with pytest.raises(ValidationFailed):
            carts.check_addition(wrong, 1)


@pytest.mark.rule("R-SC-08")
def test_only_an_optional_item_is_chosen_beforehand_and_it_is_unless_said_otherwise() -> None:
    assert paths(cart(replace(OWN, default_selected=True))) == {"items.0.defaultSelected"}
    assert replace(OWN, option=True).selected
    assert not replace(OWN, option=True, default_selected=False).selected
    assert not OWN.selected


@pytest.mark.rule("R-SC-09")
def test_a_cart_has_texts_with_one_preferred_language() -> None:
    english = Translation("en", "Bundle", "Terms apply.")
    assert paths(cart(OWN, translations=()))
    assert paths(cart(OWN, translations=(TEXT, english)))
    assert paths(cart(OWN, translations=(replace(TEXT, preferred=True), replace(english, preferred=True))))
    assert paths(cart(OWN, translations=(TEXT, TEXT)))
    assert paths(cart(OWN, translations=(replace(TEXT, title=" "),))) == {"translations.0.title"}
    assert paths(cart(OWN, translations=(replace(TEXT, legal_text=""),))) == {"translations.0.legalText"}
    assert paths(cart(OWN, title="x" * 101)) == {"internalTitle"}
    carts.check(cart(OWN, translations=(replace(TEXT, preferred=True), english)))


@pytest.mark.rule("R-SC-13", "E-A10")
def test_a_cart_sells_in_one_currency() -> None:
    carts.same_currency("EUR", "EUR", 1)
    with pytest.raises(CurrencyMismatch, match="Item 2 costs CHF"):
        carts.same_currency("EUR", "CHF", 2)


def test_the_fifty_first_item_is_refused() -> None:
    carts.check_addition(OWN, 49)
    with pytest.raises(ValidationFailed, match="50"):
        carts.check_addition(OWN, 50)


@pytest.mark.rule("E-A16")
def test_an_item_that_leads_another_stays() -> None:
    with pytest.raises(ItemLeads):
        carts.removable(1, [Standing(1), Standing(2, external=True, leading_position=1), Standing(3)])


@pytest.mark.rule("R-SC-06")
def test_the_last_mandatory_item_stays() -> None:
    with pytest.raises(ValidationFailed):
        carts.removable(1, [Standing(1), Standing(2, option=True)])
    carts.removable(2, [Standing(1), Standing(2, option=True)])


def problems(*items: Standing, state: str = CartState.ACTIVE) -> tuple[bool, list[tuple[CartProblem, int | None]]]:
    found = carts.problems(state, "EUR", items)
    return carts.sellable(items, found), [(problem.code, problem.position) for problem in found]


@pytest.mark.rule("E-A1")
def test_a_mandatory_item_that_is_missing_keeps_the_cart_from_being_sold() -> None:
    missing = Standing(2, external=True, leading_position=1, available=False)
    assert problems(Standing(1), missing) == (False, [(CartProblem.EXTERNAL_OFFER_NOT_AVAILABLE, 2)])


@pytest.mark.rule("E-A1")
def test_an_optional_item_that_is_missing_drops_out() -> None:
    missing = Standing(2, external=True, leading_position=1, available=False, option=True)
    assert problems(Standing(1), missing) == (True, [(CartProblem.EXTERNAL_OFFER_NOT_AVAILABLE, 2)])


def test_each_problem_is_named() -> None:
    led = Standing(2, external=True, leading_position=1)
    assert problems(Standing(1, available=False), led) == (
        False,
        [(CartProblem.OFFER_NOT_ON_SALE, 1), (CartProblem.LEADING_ITEM_NOT_AVAILABLE, 2)],
    )
    assert problems(Standing(1, currency="CHF"), Standing(2)) == (False, [(CartProblem.CURRENCY_MISMATCH, 1)])
    assert problems(Standing(1), state=CartState.ARCHIVED) == (False, [(CartProblem.CART_ARCHIVED, None)])
    assert problems(Standing(1, option=True)) == (False, [(CartProblem.NO_MANDATORY_ITEM, None)])
    assert problems(Standing(1), led) == (True, [])


def test_ids_of_offers_are_told_apart() -> None:
    assert EXTERNAL.external
    assert not OWN.external
    assert isinstance(OWN.offer_id, UUID)
