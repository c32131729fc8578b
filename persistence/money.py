"""Money in SQL: from whole minor units and a currency to the decimal that the API answers."""

from typing import Any

from sqlalchemy import ColumnElement, Numeric, case, cast, literal_column

from domain.money import DIGITS


def decimal_of(minor: ColumnElement[Any], currency: ColumnElement[Any]) -> ColumnElement[Any]:
    """The amount as a numeric whose text has exactly the digits of its currency; null for null."""
    whole = cast(minor, Numeric)
    unusual = [(currency.in_(_quoted(digits)), whole * literal_column(_unit(digits))) for digits in (0, 3, 4)]
    return case(*unusual, else_=whole * literal_column(_unit(2)))


def amount(row: Any, _: object) -> ColumnElement[Any]:
    """The amount of a row with `minor` and `currency`, for the API's type Money."""
    return decimal_of(row.minor, row.currency)


def _unit(digits: int) -> str:
    """One minor unit as an SQL numeric; its scale becomes the product's."""
    return f"{10**-digits:.{digits}f}"


def _quoted(digits: int) -> list[ColumnElement[str]]:
    """The currencies with so many digits, as literals: they are the same in every statement."""
    return [literal_column(f"'{code}'") for code, known in sorted(DIGITS.items()) if known == digits]
