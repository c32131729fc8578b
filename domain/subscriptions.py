"""How long a subscription runs, how it ends, and who may manage it (R-SC-31 to R-SC-39)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from domain.offers import OfferType
from domain.refusals import InvalidStatusTransition, Refusal, RefusalCode, ValidationFailed, Violation
from domain.sales import CancellationKind, SubscriptionStatus

NEUTRAL_HINT: Mapping[str, str] = {
    "de": "Dieses Abonnement wird von {target} verwaltet. Änderungen sind dort im Kundenkonto möglich.",
    "en": "This subscription is managed by {target}. You can change it in your account there.",
}
"""What the source's customer reads where the source has stored no text of its own (R-SC-36)."""


class ManagedByOtherTenant(Refusal):
    """The tenant that sold the subscription manages it; the source only provides (R-SC-35)."""

    code = RefusalCode.MANAGED_BY_OTHER_TENANT

    def __init__(self, target_name: str, manage_url: str | None) -> None:
        where = f": {manage_url}" if manage_url else ""
        super().__init__(f"{target_name} sold this subscription and manages it{where}.", path=("subscriptionId",))
        self.manage_url = manage_url


@dataclass(frozen=True)
class Cancellation:
    """How a subscription shall be cancelled; the last day belongs to the kind DATE."""

    kind: CancellationKind = CancellationKind.REGULAR
    ends_on: date | None = None


class Running(Protocol):
    """What the rules must know of a subscription."""

    @property
    def status(self) -> str:
        """Active or inactive."""

    @property
    def starts_on(self) -> date:
        """Its first day."""

    @property
    def ends_on(self) -> date | None:
        """Its last day, none while it goes on."""

    @property
    def renews(self) -> bool:
        """Whether it goes on by terms; else it ends on its last day anyway."""

    @property
    def term_months(self) -> int | None:
        """Its term; it is renewed by it."""

    @property
    def cancellation_period_days(self) -> int | None:
        """How long before the end of a term it must be cancelled."""

    @property
    def cancellation(self) -> str | None:
        """How it was cancelled."""


def renews(offer_type: str) -> bool:
    """Whether what is bought goes on by terms until it is cancelled; a time pass ends by itself."""
    return offer_type != OfferType.TIME_PASS


def first_end(starts_on: date, term_months: int | None, *, renews: bool) -> date | None:
    """The last day of what is bought; none for what goes on until it is cancelled."""
    if renews or term_months is None:
        return None
    return months_later(starts_on, term_months) - timedelta(days=1)


def end_of_cancelled(subscription: Running, wanted: Cancellation, on: date) -> date:
    """The last day after a cancellation on a day: that day, the wanted one, or the end of the first term still free.

    Raises:
        InvalidStatusTransition: it has ended, or is cancelled already (R-SC-39).
        ValidationFailed: a date is missing, not wanted, over already, or after the end that it has anyway.
    """
    if subscription.status != SubscriptionStatus.ACTIVE or ended(subscription, on):
        raise InvalidStatusTransition("The subscription has ended already.")
    if subscription.cancellation is not None:
        raise InvalidStatusTransition("The subscription is cancelled already; undo that first.")
    _check_date(subscription, wanted, on)
    match wanted.kind:
        case CancellationKind.NOW:
            return on
        case CancellationKind.REGULAR:
            return next_regular_end(subscription, on)
        case CancellationKind.DATE:
            return wanted.ends_on or on


def _check_date(subscription: Running, wanted: Cancellation, on: date) -> None:
    ends_on = wanted.ends_on
    if (ends_on is not None) != (wanted.kind is CancellationKind.DATE):
        raise _invalid("Name the last day when you cancel to a date, and only then.")
    if ends_on is not None and ends_on < on:
        raise _invalid("The last day is over already.")
    if ends_on is not None and subscription.ends_on is not None and ends_on > subscription.ends_on:
        raise _invalid("The subscription ends before that anyway.")


def _invalid(message: str) -> ValidationFailed:
    return ValidationFailed([Violation(RefusalCode.VALIDATION, message, ("endsOn",))])


def next_regular_end(subscription: Running, on: date) -> date:
    """The last day of the first term whose cancellation period has not begun yet."""
    if not subscription.renews and subscription.ends_on is not None:
        return subscription.ends_on
    months = subscription.term_months or 1
    notice = timedelta(days=subscription.cancellation_period_days or 0)
    count = 1
    while (end := months_later(subscription.starts_on, months * count) - timedelta(days=1)) - notice < on:
        count += 1
    return end


def undone(subscription: Running, on: date) -> None:
    """Let a cancellation be taken back. Raises InvalidStatusTransition (R-SC-39)."""
    if subscription.cancellation is None:
        raise InvalidStatusTransition("The subscription is not cancelled.")
    if ended(subscription, on):
        raise InvalidStatusTransition("The subscription has ended; nothing can be taken back.")


def ended(subscription: Running, on: date) -> bool:
    """Whether its last day, counted whole, is over or is today by a cancellation at once."""
    if subscription.ends_on is None:
        return False
    if subscription.cancellation == CancellationKind.NOW:
        return subscription.ends_on <= on
    return subscription.ends_on < on


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the month's last day where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
