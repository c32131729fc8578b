"""Value added tax of the seller's sales: by kind of product, country of the customer, and day (E-A11).

Prices are gross: the tax is the part of the price that goes to the state.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.money import rounded
from domain.offers import TaxType
from domain.refusals import Refusal, RefusalCode


class TaxUnknown(Refusal):
    """No rate is known for the country of the customer."""

    code = RefusalCode.TAX_UNKNOWN


@dataclass(frozen=True)
class Rate:
    """A rate in percent, from a day on."""

    since: date
    percent: Decimal


def _rates(*history: tuple[str, str]) -> Sequence[Rate]:
    return [Rate(date.fromisoformat(since), Decimal(percent)) for since, percent in history]


_DE_FULL = _rates(("2007-01-01", "19.00"), ("2020-07-01", "16.00"), ("2021-01-01", "19.00"))
_DE_LOW = _rates(("2007-01-01", "7.00"), ("2020-07-01", "5.00"), ("2021-01-01", "7.00"))
_AT_FULL, _AT_LOW = _rates(("1984-01-01", "20.00")), _rates(("1984-01-01", "10.00"))
_CH_FULL = _rates(("2018-01-01", "7.70"), ("2024-01-01", "8.10"))
_CH_LOW = _rates(("2018-01-01", "2.50"), ("2024-01-01", "2.60"))

RATES: Mapping[str, tuple[Sequence[Rate], Sequence[Rate]]] = {
    "DE": (_DE_FULL, _DE_LOW),
    "AT": (_AT_FULL, _AT_LOW),
    "CH": (_CH_FULL, _CH_LOW),
}
"""Per country the full and the reduced rate through the years."""


@dataclass(frozen=True)
class Tax:
    """The tax in a gross price: country, rate in percent with two digits, and amount in minor units."""

    country: str
    rate: Decimal
    minor: int


def rate_of(tax_type: str, country: str, on: date) -> Decimal:
    """The rate in percent on that day. Raises TaxUnknown."""
    if tax_type == TaxType.EXEMPT:
        return Decimal("0.00")
    if country not in RATES:
        raise TaxUnknown(f"No tax rates are known for {country}; choose a customer in {', '.join(sorted(RATES))}.")
    full, low = RATES[country]
    history = full if tax_type == TaxType.STANDARD else low
    counting = [rate for rate in history if rate.since <= on]
    if not counting:
        raise TaxUnknown(f"No tax rate is known for {country} on {on.isoformat()}.")
    return counting[-1].percent


def tax_in(gross_minor: int, tax_type: str, country: str, on: date) -> Tax:
    """The tax that a gross price contains, rounded half away from zero once. Raises TaxUnknown."""
    rate = rate_of(tax_type, country, on)
    return Tax(country, rate, rounded(Decimal(gross_minor) * rate / (100 + rate)))
