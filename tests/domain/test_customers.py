"""What counts for a customer where, and why it cannot be used."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from uuid import uuid4

import pytest

from domain import customers
from domain.customers import (
    AccountingGap,
    Block,
    BlockReason,
    ConfirmationRequired,
    CustomerBlocked,
    CustomerDataInherited,
    CustomerDataMissing,
    CustomerStatus,
    DateNotInFuture,
    Effective,
    Mode,
    NoSourceData,
    OrderEntryNotAllowed,
    OwnDataNotAllowed,
    OwnDataPresent,
    Source,
)
from domain.money import Money
from domain.organizations import OrganizationInactive
from domain.refusals import FieldNotAvailable, NotEditable, ValidationFailed

HQ, NORTH, HAMBURG, KIEL, SOUTH = (uuid4() for _ in range(5))
TO_ROOT = {
    HQ: [HQ],
    NORTH: [NORTH, HQ],
    HAMBURG: [HAMBURG, NORTH, HQ],
    KIEL: [KIEL, NORTH, HQ],
    SOUTH: [SOUTH, HQ],
}
OWN, INHERITED = Mode.OWN, Mode.INHERITED
RELEASED, BLOCKED = CustomerStatus.RELEASED, CustomerStatus.BLOCKED
TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)

FREE = Effective(
    source_organization_id=HQ,
    hops=0,
    mode_here=OWN,
    block=Block(RELEASED),
    partner_blocked=False,
    missing_accounting_data=False,
    order_entry_allowed=True,
)


@pytest.mark.rule("R-233")
def test_each_organization_takes_the_nearest_own_data_above_it() -> None:
    levels = {HQ: OWN, NORTH: OWN, KIEL: INHERITED}
    found = {place: customers.nearest_own(levels, path) for place, path in TO_ROOT.items()}
    assert found == {
        HQ: Source(HQ, 0),
        NORTH: Source(NORTH, 0),
        HAMBURG: Source(NORTH, 1),
        KIEL: Source(NORTH, 1),
        SOUTH: Source(HQ, 1),
    }


@pytest.mark.rule("R-234")
def test_what_inherited_from_a_level_that_gave_its_data_up_takes_them_from_above_it() -> None:
    levels = {HQ: OWN, NORTH: INHERITED}
    assert customers.nearest_own(levels, TO_ROOT[HAMBURG]) == Source(HQ, 2)


@pytest.mark.rule("R-236")
def test_without_own_data_on_the_way_up_nothing_counts_and_nothing_can_be_used() -> None:
    assert customers.nearest_own({SOUTH: OWN}, TO_ROOT[HAMBURG]) is None
    with pytest.raises(CustomerDataMissing):
        customers.check_usable(None, on=TODAY)


@pytest.mark.rule("R-188")
@pytest.mark.parametrize(
    ("partner", "by_hand", "accounting"), list(product([False, True], [False, True], [False, True]))
)
def test_every_true_part_of_a_block_is_listed(partner: bool, by_hand: bool, accounting: bool) -> None:
    reasons = customers.block_reasons(
        Block(BLOCKED if by_hand else RELEASED),
        partner_blocked=partner,
        missing_accounting_data=accounting,
        on=TODAY,
    )
    expected = [
        (BlockReason.PARTNER_BLOCKED, partner),
        (BlockReason.MANUAL, by_hand),
        (BlockReason.MISSING_ACCOUNTING_DATA, accounting),
    ]
    assert reasons == tuple(reason for reason, holds in expected if holds)


@pytest.mark.rule("R-026", "R-027")
def test_a_block_counts_on_its_last_day_and_not_the_day_after_though_the_status_stays() -> None:
    block = Block(BLOCKED, TODAY)
    assert customers.blocked_by_hand(block, TODAY)
    assert not customers.blocked_by_hand(block, TODAY + DAY)
    assert block.status == BLOCKED


@pytest.mark.rule("R-019")
def test_a_blocked_customer_cannot_be_used_and_a_released_one_can() -> None:
    assert customers.check_usable(FREE, on=TODAY) is FREE
    with pytest.raises(CustomerBlocked) as refused:
        customers.check_usable(replace(FREE, block=Block(BLOCKED), partner_blocked=True), on=TODAY)
    assert refused.value.reasons == (BlockReason.PARTNER_BLOCKED, BlockReason.MANUAL)


def test_an_inactive_organization_uses_nobody() -> None:
    with pytest.raises(OrganizationInactive):
        customers.check_usable(replace(FREE, organization_active=False), on=TODAY)


def test_a_customer_without_order_entry_may_be_used_but_does_not_order() -> None:
    silent = replace(FREE, order_entry_allowed=False)
    customers.check_usable(silent, on=TODAY)
    with pytest.raises(OrderEntryNotAllowed):
        customers.check_usable(silent, on=TODAY, ordering=True)


@pytest.mark.rule("R-249")
def test_where_the_tenant_is_strict_a_level_uses_only_what_it_took_over() -> None:
    silent = replace(FREE, hops=1, mode_here=None)
    customers.check_usable(silent, on=TODAY)
    with pytest.raises(CustomerDataMissing):
        customers.check_usable(silent, on=TODAY, explicit=True)
    customers.check_usable(replace(silent, mode_here=INHERITED), on=TODAY, explicit=True)


@pytest.mark.rule("R-021")
def test_the_tenants_default_status_is_a_proposal() -> None:
    assert customers.new_block(None, None, default="BLOCKED", on=TODAY) == Block(BLOCKED)
    assert customers.new_block(RELEASED, None, default="BLOCKED", on=TODAY) == Block(RELEASED)


@pytest.mark.rule("R-024")
def test_a_released_customer_takes_no_date_and_a_block_without_one_is_for_good() -> None:
    with pytest.raises(FieldNotAvailable) as refused:
        customers.change_block(Block(BLOCKED), Block(RELEASED, TODAY + DAY), on=TODAY)
    assert refused.value.path == ("blockedUntil",)
    assert customers.change_block(Block(RELEASED), Block(BLOCKED), on=TODAY).until is None


@pytest.mark.rule("R-025")
@pytest.mark.parametrize("until", [TODAY, TODAY - DAY])
def test_a_new_date_is_in_the_future_and_an_old_one_may_stay(until: date) -> None:
    with pytest.raises(DateNotInFuture):
        customers.change_block(Block(BLOCKED), Block(BLOCKED, until), on=TODAY)
    assert customers.change_block(Block(BLOCKED, until), Block(BLOCKED, until), on=TODAY).until == until


@pytest.mark.rule("R-028")
def test_releasing_forgets_the_date() -> None:
    assert customers.change_block(Block(BLOCKED, TODAY + DAY), Block(RELEASED), on=TODAY) == Block(RELEASED)


@pytest.mark.rule("R-244")
@pytest.mark.parametrize("mode", [None, INHERITED])
def test_a_level_that_only_inherits_is_not_edited_and_told_what_to_do(mode: Mode | None) -> None:
    with pytest.raises(CustomerDataInherited) as refused:
        customers.check_editable(mode, Source(NORTH, 1), active=True, covered=True)
    assert refused.value.source_organization_id == NORTH
    assert refused.value.next_action == "takeOverCustomerDataEditing"


def test_editing_needs_a_right_that_reaches_the_level_and_an_active_level() -> None:
    customers.check_editable(OWN, Source(HQ, 0), active=True, covered=True)
    with pytest.raises(NotEditable):
        customers.check_editable(OWN, Source(HQ, 0), active=True, covered=False)
    with pytest.raises(OrganizationInactive):
        customers.check_editable(OWN, Source(HQ, 0), active=False, covered=True)


@pytest.mark.rule("R-246", "R-247")
def test_taking_over_discards_own_data_only_when_confirmed() -> None:
    assert customers.taken_over(None, Source(HQ, 1), confirmed=False)
    assert not customers.taken_over(INHERITED, Source(HQ, 1), confirmed=False)
    with pytest.raises(ConfirmationRequired):
        customers.taken_over(OWN, Source(HQ, 1), confirmed=False)
    assert customers.taken_over(OWN, Source(HQ, 1), confirmed=True)


@pytest.mark.rule("R-248")
def test_where_nothing_above_has_data_there_is_nothing_to_take_over() -> None:
    with pytest.raises(NoSourceData):
        customers.taken_over(OWN, None, confirmed=True)
    with pytest.raises(NoSourceData):
        customers.editing_source(None)


@pytest.mark.rule("R-247")
def test_those_below_that_took_their_data_from_the_level_are_affected() -> None:
    levels = {HQ: OWN, NORTH: OWN, KIEL: OWN}
    below = {HAMBURG: TO_ROOT[HAMBURG], KIEL: TO_ROOT[KIEL]}
    assert customers.affected(NORTH, below, levels) == [HAMBURG]


def test_own_data_stand_only_where_the_organization_may_have_them() -> None:
    customers.check_own_allowed("OWN_ALLOWED")
    with pytest.raises(OwnDataNotAllowed):
        customers.check_own_allowed("PARENT_ONLY")


@pytest.mark.rule("R-255")
def test_data_are_created_only_where_nothing_counts() -> None:
    customers.check_creation(None, None)
    with pytest.raises(OwnDataPresent):
        customers.check_creation(OWN, Source(HAMBURG, 0))
    with pytest.raises(CustomerDataInherited):
        customers.check_creation(None, Source(NORTH, 1))


@dataclass(frozen=True)
class Books:
    debtor: bool = True
    debtor_account: str | None = "10001"
    payment_term: str | None = "30 days net"
    tax_classification: str | None = "DOMESTIC"
    currency: str | None = "EUR"


@pytest.mark.rule("R-191")
def test_every_missing_part_of_the_accounting_data_is_named() -> None:
    assert customers.gaps(Books()) == ()
    assert customers.gaps(None) == tuple(AccountingGap)
    assert customers.gaps(Books(debtor=False, currency=None)) == (AccountingGap.DEBTOR, AccountingGap.CURRENCY)


def test_a_minimum_is_not_negative_and_a_text_not_endless() -> None:
    with pytest.raises(ValidationFailed):
        customers.check_minimum(Money(-1, "EUR"))
    with pytest.raises(ValidationFailed) as refused:
        customers.check_texts({"external_number": "x" * 41}, lambda name: name)
    assert refused.value.path == ("external_number",)
    assert customers.check_texts({"external_number": " "}, str) == {"external_number": None}
