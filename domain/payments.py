"""How money is captured: what a payment provider must do, and the one that is built in."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.money import Money
from domain.sales import PaymentMethod


@dataclass(frozen=True)
class Captured:
    """What a provider answered: its name and its reference of the movement."""

    provider: str
    reference: str


class Provider(Protocol):
    """Captures a customer's money."""

    def capture(self, amount: Money, checkout_id: UUID) -> Captured:
        """Take the amount for a checkout; the same checkout is never charged twice.

        Raises:
            PaymentRefused: the customer's bank says no.
        """


class InstantProvider:
    """The built-in provider of the demo and of tests: it captures at once, without any bank."""

    name = "instant"

    def capture(self, amount: Money, checkout_id: UUID) -> Captured:
        """Take the amount; the reference is derived from the checkout, so that a repeat is the same movement."""
        return Captured(self.name, f"instant-{checkout_id}-{amount.minor}{amount.currency}")


PROVIDER: Provider = InstantProvider()
"""Who captures what is paid at once."""

BY_HAND = "by-hand"
"""The provider of a payment that came past all providers and was marked by an accountant."""


def captures_at_once(method: PaymentMethod) -> bool:
    """Whether the money is there when the order is made; a billed order is paid later (R-PO-15)."""
    return method is PaymentMethod.CREDIT_CARD
