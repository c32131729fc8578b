"""How long a subscription runs, and how it ends."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from domain import subscriptions
from domain.offers import OfferType
from domain.refusals import InvalidStatusTransition, ValidationFailed
from domain.sales import CancellationKind, SubscriptionStatus
from domain.subscriptions import Cancellation, ManagedByOtherTenant

START = date(2026, 1, 15)
REGULAR, NOW = Cancellation(), Cancellation(CancellationKind.NOW)


@dataclass(frozen=True)
class Running:
    status: str = SubscriptionStatus.ACTIVE
    starts_on: date = START
    ends_on: date | None = None
    renews: bool = True
    term_months: int | None = 12
    cancellation_period_days: int | None = 30
    cancellation: str | None = None


YEARLY = Running()
PASS = Running(ends_on=date(2026, 2, 14), renews=False, term_months=1)


def until(day: date) -> Cancellation:
    return Cancellation(CancellationKind.DATE, day)


def test_a_subscription_goes_on_and_a_pass_ends() -> None:
    assert subscriptions.renews(OfferType.SUBSCRIPTION_TIME)
    assert not subscriptions.renews(OfferType.TIME_PASS)
    assert subscriptions.first_end(START, 12, renews=True) is None
    assert subscriptions.first_end(START, None, renews=False) is None
    assert subscriptions.first_end(START, 1, renews=False) == date(2026, 2, 14)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-15", 1, "2026-02-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2026-11-30", 14, "2028-01-30"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: str, months: int, later: str) -> None:
    assert subscriptions.months_later(date.fromisoformat(day), months) == date.fromisoformat(later)


@pytest.mark.rule("R-SC-39")
@pytest.mark.parametrize(
    ("on", "end"),
    [
        ("2026-02-01", "2027-01-14"),
        ("2026-12-15", "2027-01-14"),
        ("2026-12-16", "2028-01-14"),
        ("2027-06-01", "2028-01-14"),
    ],
)
def test_a_regular_cancellation_ends_the_first_term_whose_notice_has_not_begun(on: str, end: str) -> None:
    found = subscriptions.end_of_cancelled(YEARLY, REGULAR, date.fromisoformat(on))
    assert found == date.fromisoformat(end)


@pytest.mark.rule("R-SC-39")
def test_a_pass_that_is_cancelled_ends_when_it_ends_anyway() -> None:
    assert subscriptions.end_of_cancelled(PASS, REGULAR, START) == date(2026, 2, 14)


@pytest.mark.rule("R-SC-39")
def test_a_cancellation_at_once_ends_today() -> None:
    assert subscriptions.end_of_cancelled(YEARLY, NOW, date(2026, 3, 3)) == date(2026, 3, 3)


@pytest.mark.rule("R-SC-39")
def test_a_cancellation_to_a_date_ends_on_it() -> None:
    today = date(2026, 3, 3)
    assert subscriptions.end_of_cancelled(YEARLY, until(date(2026, 6, 30)), today) == date(2026, 6, 30)
    assert subscriptions.end_of_cancelled(YEARLY, until(today), today) == today
    wrong = [
        (YEARLY, until(date(2026, 3, 2)), today),
        (YEARLY, Cancellation(CancellationKind.DATE), today),
        (YEARLY, Cancellation(CancellationKind.REGULAR, today), today),
        (PASS, until(date(2026, 2, 15)), START),
    ]
    for running, wanted, on in wrong:
        with pytest.raises(ValidationFailed) as refused:
            subscriptions.end_of_cancelled(running, wanted, on)
        assert refused.value.path == ("endsOn",)


@pytest.mark.rule("R-SC-39")
def test_what_is_cancelled_or_over_is_not_cancelled_again() -> None:
    cancelled = replace(YEARLY, cancellation=CancellationKind.REGULAR, ends_on=date(2027, 1, 14))
    for running in (cancelled, replace(YEARLY, status=SubscriptionStatus.INACTIVE), PASS):
        with pytest.raises(InvalidStatusTransition):
            subscriptions.end_of_cancelled(running, NOW, date(2026, 3, 3))


@pytest.mark.rule("R-SC-39")
def test_a_cancellation_is_taken_back_while_the_subscription_runs() -> None:
    cancelled = replace(YEARLY, cancellation=CancellationKind.REGULAR, ends_on=date(2027, 1, 14))
    subscriptions.undone(cancelled, date(2027, 1, 14))
    at_once = replace(cancelled, cancellation=CancellationKind.NOW, ends_on=date(2026, 3, 3))
    for running, day in (
        (cancelled, date(2027, 1, 15)),
        (at_once, date(2026, 3, 3)),
        (YEARLY, date(2026, 3, 3)),
    ):
        with pytest.raises(InvalidStatusTransition):
            subscriptions.undone(running, day)


@pytest.mark.rule("R-SC-35")
def test_whoever_only_provides_is_told_who_manages() -> None:
    refused = ManagedByOtherTenant("Beta Medien", "https://beta.test/konto")
    assert refused.manage_url == "https://beta.test/konto"
    assert "Beta Medien" in refused.message
    assert ManagedByOtherTenant("Beta Medien", None).manage_url is None
