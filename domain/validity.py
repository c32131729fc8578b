"""Periods with open ends: inclusive on both sides, a missing date is open."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from domain.refusals import Refusal, RefusalCode


class InvalidPeriod(Refusal):
    """The first day stands after the last (R-205)."""

    code = RefusalCode.INVALID_PERIOD


class Dated(Protocol):
    """Something that counts from a day to a day, as a row or as a value."""

    @property
    def valid_from(self) -> date | None:
        """The first day, None when it always counted."""

    @property
    def valid_to(self) -> date | None:
        """The last day, None when it never ends."""


def counts(period: Dated, on: date) -> bool:
    """Whether the day lies within the period, its first and its last day included."""
    return (period.valid_from or on) <= on <= (period.valid_to or on)


def touches(period: Dated, on: date) -> bool:
    """Whether the period reaches the day or a later one (R-190)."""
    return (period.valid_to or on) >= on


def overlap(one: Dated, other: Dated) -> bool:
    """Whether two periods share a day (R-204)."""
    return _begins_by(one, other.valid_to) and _begins_by(other, one.valid_to)


def check_period(period: Dated, path: Sequence[str] = ()) -> None:
    """Refuse a period that ends before it begins; one day is a period (R-205).

    Raises:
        InvalidPeriod: `validFrom` stands after `validTo`.
    """
    if not _begins_by(period, period.valid_to):
        raise InvalidPeriod("The first day stands after the last.", path=(*path, "validFrom"))


def _begins_by(period: Dated, day: date | None) -> bool:
    return period.valid_from is None or day is None or period.valid_from <= day
