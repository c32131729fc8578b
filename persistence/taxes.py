"""Value added tax in SQL: `domain.taxes` as expressions, for prices that are shown before anything is frozen."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Numeric, and_, case, cast, func, literal, literal_column, null

from domain.offers import TaxType
from domain.taxes import RATES, Rate


def rate(tax_type: Any, country: Any, day: Any) -> ColumnElement[Any]:
    """The rate in percent on a day; null where none is known."""
    known = []
    for code, (full, low) in sorted(RATES.items()):
        there = country == literal(code)
        known += [(and_(there, tax_type == literal(TaxType.STANDARD.value)), _on(full, day))]
        known += [(and_(there, tax_type == literal(TaxType.REDUCED.value)), _on(low, day))]
    return case((tax_type == literal(TaxType.EXEMPT.value), literal_column("0.00")), *known, else_=null())


def tax_in(gross_minor: Any, rate: ColumnElement[Any]) -> ColumnElement[Any]:
    """The tax that a gross price contains, in minor units, half away from zero; null where the rate is."""
    exact = cast(gross_minor, Numeric) * rate / (literal_column("100") + rate)
    return cast(func.round(exact), BigInteger)


def _on(history: Sequence[Rate], day: Any) -> ColumnElement[Any]:
    counting: list[Any] = [
        (day >= literal(each.since), literal_column(str(each.percent))) for each in reversed(history)
    ]
    return case(*counting, else_=null())
