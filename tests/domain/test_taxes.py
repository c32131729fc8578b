"""The tax in a gross price."""

from datetime import date
from decimal import Decimal

import pytest

from domain import taxes
from domain.offers import TaxType
from domain.taxes import TaxUnknown

TODAY = date(2026, 3, 1)


@pytest.mark.rule("E-A11")
@pytest.mark.parametrize(
    ("country", "kind", "day", "percent"),
    [
        ("DE", TaxType.STANDARD, TODAY, "19.00"),
        ("DE", TaxType.REDUCED, TODAY, "7.00"),
        ("DE", TaxType.STANDARD, date(2020, 6, 30), "19.00"),
        ("DE", TaxType.STANDARD, date(2020, 7, 1), "16.00"),
        ("DE", TaxType.REDUCED, date(2020, 12, 31), "5.00"),
        ("DE", TaxType.REDUCED, date(2021, 1, 1), "7.00"),
        ("AT", TaxType.STANDARD, TODAY, "20.00"),
        ("AT", TaxType.REDUCED, TODAY, "10.00"),
        ("CH", TaxType.STANDARD, date(2023, 12, 31), "7.70"),
        ("CH", TaxType.STANDARD, TODAY, "8.10"),
        ("CH", TaxType.REDUCED, TODAY, "2.60"),
        ("DE", TaxType.EXEMPT, TODAY, "0.00"),
    ],
)
def test_the_rate_follows_from_kind_country_and_day(country: str, kind: str, day: date, percent: str) -> None:
    assert taxes.rate_of(kind, country, day) == Decimal(percent)


def test_a_country_without_rates_is_refused() -> None:
    for country, day in (("FR", TODAY), ("DE", date(1999, 1, 1))):
        with pytest.raises(TaxUnknown):
            taxes.rate_of(TaxType.STANDARD, country, day)


@pytest.mark.parametrize(
    ("gross", "kind", "tax"),
    [(2000, TaxType.REDUCED, 131), (990, TaxType.REDUCED, 65), (11900, TaxType.STANDARD, 1900), (0, "STANDARD", 0)],
)
def test_the_tax_is_the_part_of_the_gross_price_rounded_once(gross: int, kind: str, tax: int) -> None:
    found = taxes.tax_in(gross, kind, "DE", TODAY)
    assert (found.minor, found.country) == (tax, "DE")


def test_half_a_cent_is_rounded_up() -> None:
    assert taxes.tax_in(3, TaxType.STANDARD, "AT", TODAY).minor == 1
    assert taxes.tax_in(6, TaxType.STANDARD, "AT", TODAY).minor == 1
    assert taxes.tax_in(9, TaxType.STANDARD, "AT", TODAY).minor == 2
