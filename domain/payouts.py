"""The payout list between tenants: what is booked for external items, and how it is settled (R-PO-01 to R-PO-19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from domain.refusals import InvalidStatusTransition
from domain.sales import SettlementStatus


class SoldItem(Protocol):
    """What the rules must know of an item that was sold."""

    @property
    def id(self) -> UUID:
        """The item."""

    @property
    def position(self) -> int:
        """Its place in the order, from 1."""

    @property
    def title(self) -> str:
        """What was sold."""

    @property
    def quantity(self) -> int:
        """How many pieces."""

    @property
    def source_tenant_id(self) -> UUID | None:
        """The tenant whose offer it is; none for an own one."""

    @property
    def connection_id(self) -> UUID | None:
        """The connection over which it was sold; none for an own one."""

    @property
    def price_minor(self) -> int:
        """Its gross price."""

    @property
    def tax_minor(self) -> int:
        """The tax in it."""

    @property
    def tax_rate(self) -> Decimal:
        """The rate of that tax."""

    @property
    def cost_center_label(self) -> str | None:
        """The target's cost center as it was called when the item was sold."""

    @property
    def purchase_number(self) -> str | None:
        """The purchase number of that cost center."""


@dataclass(frozen=True)
class Share:
    """What one source tenant is due of a transaction: its items that cost something, never the target's own (R-PO-03).

    Amounts are in minor units.
    """

    source_tenant_id: UUID
    connection_id: UUID
    items: tuple[SoldItem, ...]

    @property
    def amount_minor(self) -> int:
        """What the customer paid for the items."""
        return sum(item.price_minor for item in self.items)

    @property
    def tax_minor(self) -> int:
        """The tax in it."""
        return sum(item.tax_minor for item in self.items)

    @property
    def tax_rate(self) -> Decimal | None:
        """The one rate of all items; None where they differ, and each item tells its own."""
        rates = {item.tax_rate for item in self.items}
        return rates.pop() if len(rates) == 1 else None

    @property
    def cost_centers(self) -> str:
        """The cost centers of the items, each named once."""
        return _each_once(item.cost_center_label for item in self.items)

    @property
    def purchase_numbers(self) -> str | None:
        """The purchase numbers of the items, each named once; None where there is none."""
        return _each_once(item.purchase_number for item in self.items) or None


def shares(items: Sequence[SoldItem]) -> list[Share]:
    """One share for each source with something to pay, by source (R-PO-01, R-PO-02, R-PO-19)."""
    found: dict[tuple[UUID, UUID], list[SoldItem]] = {}
    for item in items:
        if item.source_tenant_id is not None and item.connection_id is not None and item.price_minor > 0:
            found.setdefault((item.source_tenant_id, item.connection_id), []).append(item)
    return [Share(*pair, tuple(found[pair])) for pair in sorted(found)]


def settles(status: str, wanted: SettlementStatus) -> bool:
    """Whether the entry changes: settling a settled one changes nothing (R-PO-11).

    Raises:
        InvalidStatusTransition: back to OPEN (R-PO-10).
    """
    if wanted is SettlementStatus.OPEN and status == SettlementStatus.SETTLED:
        raise InvalidStatusTransition("A settled entry is never opened again.", path=("settlementStatus",))
    return status != wanted


def _each_once(labels: Iterable[str | None]) -> str:
    return ", ".join(dict.fromkeys(label for label in labels if label))
