"""How long a subscription runs, how it ends, and who may manage it (R-SC-31 to R-SC-39)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Protocol

from domain.offers import OfferType
from domain.refusals import InvalidStatusTransition, Refusal, RefusalCode
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


def end_of_cancelled(subscription: Running, kind: CancellationKind, on: date) -> date:
    """The last day after a cancellation on a day: now, or the end of the term that its period still reaches.

    Raises:
        InvalidStatusTransition: it has ended, or is cancelled already (R-SC-39).
    """
    if subscription.status != SubscriptionStatus.ACTIVE or ended(subscription, on):
        raise InvalidStatusTransition("The subscription has ended already.")
    if subscription.cancellation is not None:
        raise InvalidStatusTransition("The subscription is cancelled already; undo that first.")
    if kind is CancellationKind.NOW:
        return on
    return next_regular_end(subscription, on)


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
