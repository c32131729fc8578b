"""Money: whole minor units, refused instead of rounded on the way in, split without losing a cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Money, allocated, digits_of, money_of, percent_of, rounded, text_of
from domain.refusals import ValidationFailed


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.50", "EUR", 1250), ("12.5", "EUR", 1250), ("7", "CHF", 700), ("100", "JPY", 100), ("1.234", "KWD", 1234)],
)
def test_a_decimal_becomes_whole_minor_units(amount: str, currency: str, minor: int) -> None:
    assert money_of(Decimal(amount), currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "where"),
    [
        ("12.505", "EUR", "amount"),
        ("1.5", "JPY", "amount"),
        ("1e3", "EUR", "amount"),
        ("NaN", "EUR", "amount"),
        ("99999999999999999", "EUR", "amount"),
        ("١٢", "EUR", "amount"),
        ("12", "eur", "currency"),
        ("12", "EURO", "currency"),
    ],
)
def test_what_is_no_exact_amount_is_refused_and_never_rounded(amount: str, currency: str, where: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        money_of(amount, currency, path=("products", "0", "price"))
    assert refused.value.violations[0].path == ("products", "0", "price", where)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(1250, "EUR", "12.50"), (5, "EUR", "0.05"), (0, "EUR", "0.00"), (-1250, "EUR", "-12.50"), (100, "JPY", "100")],
)
def test_money_is_written_with_exactly_the_digits_of_its_currency(minor: int, currency: str, text: str) -> None:
    assert text_of(minor, currency) == text
    assert str(Money(minor, currency)) == f"{text} {currency}"


def test_a_currency_has_two_digits_unless_the_standard_says_otherwise() -> None:
    assert [digits_of(code) for code in ("EUR", "JPY", "TND", "CLF")] == [2, 0, 3, 4]


def test_half_a_cent_is_rounded_away_from_zero() -> None:
    assert [rounded(Decimal(value)) for value in ("0.5", "1.5", "2.5", "-0.5", "-2.5", "2.49")] == [1, 2, 3, -1, -3, 2]
    assert percent_of(250, Decimal("7.00")) == 18


def test_a_euro_among_three_gives_the_odd_cent_to_the_first() -> None:
    assert allocated(100, [1, 1, 1]) == [34, 33, 33]
    assert allocated(-100, [1, 1, 1]) == [-34, -33, -33]


def test_the_largest_remainder_gets_the_odd_cent() -> None:
    assert allocated(10, [Decimal("33.3"), Decimal("33.3"), Decimal("33.4")]) == [3, 3, 4]


def test_nothing_can_be_split_among_nobody() -> None:
    with pytest.raises(ValueError, match="nobody"):
        allocated(100, [])


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_parts_always_add_up_to_the_whole(minor: int, weights: list[int]) -> None:
    parts = allocated(minor, weights)
    assert sum(parts) == minor
    assert all(
        abs(part - minor * weight / (sum(weights) or 1)) <= 1 + abs(minor) * 1e-12
        for part, weight in zip(parts, weights, strict=True)
        if any(weights)
    )
