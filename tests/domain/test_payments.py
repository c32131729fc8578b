"""How the built-in provider captures money."""

from uuid import UUID

from domain import payments
from domain.money import Money
from domain.payments import InstantProvider
from domain.sales import PaymentMethod

CHECKOUT = UUID(int=7)


def test_the_same_checkout_is_the_same_movement_however_often_it_is_tried() -> None:
    provider = InstantProvider()
    first = provider.capture(Money(2990, "EUR"), CHECKOUT)
    assert provider.capture(Money(2990, "EUR"), CHECKOUT) == first
    assert provider.capture(Money(2990, "EUR"), UUID(int=8)).reference != first.reference
    assert first.provider == "instant"


def test_only_a_card_is_charged_at_once() -> None:
    assert [method for method in PaymentMethod if payments.captures_at_once(method)] == [PaymentMethod.CREDIT_CARD]
