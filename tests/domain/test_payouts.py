"""What the sources are due of a payment, and when an entry is settled."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from domain import payouts
from domain.refusals import InvalidStatusTransition
from domain.sales import SettlementStatus

ALPHA, GAMMA = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Item:
    price_minor: int
    source_tenant_id: UUID | None = ALPHA
    tax_minor: int = 0
    tax_rate: Decimal = Decimal("7.00")
    cost_center_label: str | None = "4711"
    purchase_number: str | None = None
    id: UUID = field(default_factory=uuid4)
    position: int = 1
    title: str = "Morgenpost"
    quantity: int = 1

    @property
    def connection_id(self) -> UUID | None:
        return None if self.source_tenant_id is None else UUID(int=100 + self.source_tenant_id.int)


@pytest.mark.rule("R-PO-01", "R-PO-03")
def test_each_source_is_due_the_sum_of_its_own_items() -> None:
    items = [Item(990, tax_minor=65), Item(5000, None), Item(100, GAMMA), Item(10, tax_minor=1)]
    found = payouts.shares(items)
    assert [(share.source_tenant_id, share.amount_minor, share.tax_minor) for share in found] == [
        (ALPHA, 1000, 66),
        (GAMMA, 100, 0),
    ]
    assert [share.connection_id.int for share in found] == [101, 102]


@pytest.mark.rule("R-PO-02")
def test_own_items_make_nobody_due_anything() -> None:
    assert payouts.shares([Item(2000, None)]) == []


@pytest.mark.rule("R-PO-19")
def test_a_free_item_makes_nobody_due_anything() -> None:
    assert payouts.shares([Item(0), Item(2000, None)]) == []
    [share] = payouts.shares([Item(0), Item(5)])
    assert len(share.items) == 1


def test_an_entry_names_each_cost_center_once_and_the_rate_if_there_is_one() -> None:
    [same] = payouts.shares([Item(1), Item(2)])
    assert (same.cost_centers, same.purchase_numbers, same.tax_rate) == ("4711", None, Decimal("7.00"))
    [mixed] = payouts.shares(
        [Item(1), Item(2, tax_rate=Decimal("19.00"), cost_center_label="4712", purchase_number="B7")]
    )
    assert (mixed.cost_centers, mixed.purchase_numbers, mixed.tax_rate) == ("4711, 4712", "B7", None)


@pytest.mark.rule("R-PO-10", "R-PO-11")
def test_an_entry_is_settled_once_and_never_opened_again() -> None:
    open_, settled = SettlementStatus.OPEN, SettlementStatus.SETTLED
    assert payouts.settles(open_, settled)
    assert not payouts.settles(settled, settled)
    assert not payouts.settles(open_, open_)
    with pytest.raises(InvalidStatusTransition):
        payouts.settles(settled, open_)
