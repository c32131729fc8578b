"""The payout list between tenants: what is booked for external items, and how it is settled (R-PO-01 to R-PO-19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar
from uuid import UUID

from domain.refusals import InvalidStatusTransition
from domain.sales import SettlementStatus, TransactionType


class SoldItem(Protocol):
    """What the rules must know of an item that was sold."""

    @property
    def source_tenant_id(self) -> UUID | None:
        """The tenant whose offer it is; none for an own one."""

    @property
    def price_minor(self) -> int:
        """Its gross price."""

    @property
    def tax_minor(self) -> int:
        """The tax in it."""

    @property
    def tax_rate(self) -> Decimal:
        """The rate of that tax."""


I = TypeVar("I", bound=SoldItem)  # noqa: E741 - an item


@dataclass(frozen=True)
class Share:
    """What one source tenant is due of a transaction: the sum of its items, never of the target's own (R-PO-03)."""

    source_tenant_id: UUID
    amount_minor: int
    tax_minor: int


def shares(items: Sequence[SoldItem]) -> list[Share]:
    """One share for each source with something to pay; own and free items make none (R-PO-01, R-PO-02, R-PO-19)."""
    sources = dict.fromkeys(item.source_tenant_id for item in items if item.source_tenant_id is not None)
    found = [
        Share(
            source,
            sum(item.price_minor for item in items if item.source_tenant_id == source),
            sum(item.tax_minor for item in items if item.source_tenant_id == source),
        )
        for source in sources
    ]
    return [share for share in found if share.amount_minor > 0]


def signed(kind: str, amount_minor: int) -> int:
    """The amount as the source sees it: payments add, refunds and losses take away."""
    return amount_minor if kind == TransactionType.PAYMENT else -amount_minor


def settles(status: str, wanted: SettlementStatus) -> bool:
    """Whether the entry changes: settling a settled one changes nothing (R-PO-11).

    Raises:
        InvalidStatusTransition: back to OPEN (R-PO-10).
    """
    if wanted is SettlementStatus.OPEN and status == SettlementStatus.SETTLED:
        raise InvalidStatusTransition("A settled entry is never opened again.", path=("settlementStatus",))
    return status != wanted
