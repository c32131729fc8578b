"""Money: whole minor units of one currency, never a float, rounded half away from zero."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from domain.refusals import RefusalCode, ValidationFailed, Violation

DIGITS = {
    **dict.fromkeys(
        (
            *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
            *("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""The minor digits of the currencies that do not have two (ISO 4217)."""

CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
AMOUNT = re.compile(r"-?\d{1,15}(\.\d+)?", re.ASCII)
LARGEST_MINOR = 10**15 - 1


def digits_of(currency: str) -> int:
    """How many minor digits the currency has."""
    return DIGITS.get(currency, 2)


@dataclass(frozen=True, order=False)
class Money:
    """An amount in whole minor units (cents) of a currency (ISO 4217, three capitals)."""

    minor: int
    currency: str

    def __str__(self) -> str:
        """The decimal amount with exactly the currency's digits, a blank, the currency."""
        return f"{text_of(self.minor, self.currency)} {self.currency}"


def text_of(minor: int, currency: str) -> str:
    """The decimal amount of so many minor units, with exactly the currency's digits."""
    return format(Decimal(minor).scaleb(-digits_of(currency)), "f")


def money_of(amount: Decimal | str, currency: str, *, path: Sequence[str] = ("price",)) -> Money:
    """The money that a client wrote as a decimal; more digits than the currency has are refused, not rounded.

    `path` names where the money stands in the input; `amount` and `currency` are added to it.

    Raises:
        ValidationFailed: no decimal, no currency code, too many digits, or too large.
    """
    if CURRENCY.fullmatch(currency) is None:
        raise _refused("A currency is three capital letters, such as EUR.", (*path, "currency"))
    written = format(amount, "f") if isinstance(amount, Decimal) else amount
    if AMOUNT.fullmatch(written) is None:
        raise _refused('An amount is a decimal, such as "12.50".', (*path, "amount"))
    value, digits = Decimal(written), digits_of(currency)
    minor = value.scaleb(digits)
    if minor != minor.to_integral_value():
        raise _refused(f"{currency} has {digits} digits after the point at most.", (*path, "amount"))
    if abs(minor) > LARGEST_MINOR:
        raise _refused("The amount is too large.", (*path, "amount"))
    return Money(int(minor), currency)


def rounded(value: Decimal) -> int:
    """Whole minor units, half away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def percent_of(minor: int, percent: Decimal) -> int:
    """So many percent of an amount, in whole minor units, half away from zero."""
    return rounded(Decimal(minor) * percent / 100)


def allocated(minor: int, weights: Sequence[int | Decimal]) -> list[int]:
    """The amount split by weights so that the parts add up to it: the largest remainders get the odd units.

    Among equal remainders the first part wins. All weights zero count as equal weights. Negative amounts are
    split like positive ones.
    """
    if not weights:
        raise ValueError("an amount cannot be split among nobody")
    if minor < 0:
        return [-part for part in allocated(-minor, weights)]
    shares = [Decimal(weight) for weight in weights]
    if not any(shares):
        shares = [Decimal(1)] * len(shares)
    exact = [minor * share / sum(shares) for share in shares]
    parts = [int(value) for value in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in by_remainder[: minor - sum(parts)]:
        parts[place] += 1
    return parts


def _refused(message: str, path: tuple[str, ...]) -> ValidationFailed:
    return ValidationFailed([Violation(RefusalCode.VALIDATION, message, path)])
