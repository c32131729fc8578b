"""Money as the client sees and writes it: a decimal string and a currency."""

from collections.abc import Sequence
from decimal import Decimal

import strawberry

from domain import money as rules
from persistence import money as stored
from reads import CurrencyCode, column, computed, rows


@rows(None)
@strawberry.type(description="An amount of a currency, with exactly the currency's digits (Geldbetrag).")
class Money:
    """Reads the columns `minor` and `currency`, renamed by `embedded`."""

    amount: Decimal = computed("The amount (Betrag).", stored.amount)
    currency: CurrencyCode = column("The currency (Währung).")


@strawberry.input(description="An amount of a currency; more digits than the currency has are refused.")
class MoneyInput:
    """A decimal and a currency."""

    amount: Decimal = strawberry.field(description="The amount, such as `12.50` (Betrag).")
    currency: CurrencyCode = strawberry.field(description="The currency, such as `EUR` (Währung).")

    def read(self, *path: str) -> rules.Money:
        """The money in whole minor units; `path` is where it stands in the input. Raises ValidationFailed."""
        return rules.money_of(self.amount, self.currency, path=path)


def read(given: MoneyInput | None, path: Sequence[str]) -> rules.Money | None:
    """The money that was given, or None."""
    return None if given is None else given.read(*path)
