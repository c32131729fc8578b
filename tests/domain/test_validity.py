"""Periods with open and inclusive ends."""

from dataclasses import dataclass
from datetime import date

import pytest

from domain.validity import InvalidPeriod, check_period, counts, overlap, touches

MAY = [date(2026, 5, day) for day in range(1, 32)]


@dataclass(frozen=True)
class Period:
    valid_from: date | None = None
    valid_to: date | None = None


def test_a_period_counts_on_its_first_and_on_its_last_day_and_not_beside_them() -> None:
    period = Period(MAY[10], MAY[20])
    assert [day for day in MAY if counts(period, day)] == MAY[10:21]


def test_a_period_without_dates_counts_always() -> None:
    assert counts(Period(), MAY[0])
    assert counts(Period(), date(9999, 12, 31))


@pytest.mark.rule("R-222")
def test_an_assignment_counts_up_to_its_last_day_and_not_the_day_after() -> None:
    assignment = Period(valid_to=MAY[4])
    assert counts(assignment, MAY[4])
    assert not counts(assignment, MAY[5])


@pytest.mark.rule("R-204", "E15")
def test_periods_that_share_one_day_overlap_and_adjacent_ones_do_not() -> None:
    assert overlap(Period(None, MAY[4]), Period(MAY[4], None))
    assert not overlap(Period(None, MAY[4]), Period(MAY[5], None))


def test_an_open_period_overlaps_every_other() -> None:
    assert overlap(Period(), Period(MAY[1], MAY[1]))
    assert overlap(Period(MAY[1], MAY[1]), Period())


def test_a_period_touches_today_and_the_future_but_not_when_it_ended_yesterday() -> None:
    assert touches(Period(MAY[9], MAY[10]), MAY[10])
    assert touches(Period(MAY[20], None), MAY[10])
    assert not touches(Period(None, MAY[9]), MAY[10])


@pytest.mark.rule("R-205")
def test_one_day_is_a_period_and_an_end_before_the_beginning_is_none() -> None:
    check_period(Period(MAY[3], MAY[3]))
    with pytest.raises(InvalidPeriod) as refused:
        check_period(Period(MAY[4], MAY[3]), ("representatives", "0"))
    assert refused.value.path == ("representatives", "0", "validFrom")
