"""Whether a customer may be used, and how a block is set."""

from datetime import date

from domain.customers.refusals import CustomerBlocked, CustomerDataMissing, DateNotInFuture, OrderEntryNotAllowed
from domain.customers.values import Block, BlockReason, CustomerStatus, Effective
from domain.organizations import OrganizationInactive
from domain.refusals import (
    FieldNotAvailable,
)


def blocked_by_hand(block: Block, on: date) -> bool:
    """Whether the block that somebody set counts on the day; its last day included (R-026, R-027)."""
    return block.status == CustomerStatus.BLOCKED and (block.until is None or on <= block.until)


def block_reasons(
    block: Block, *, partner_blocked: bool, missing_accounting_data: bool, on: date
) -> tuple[BlockReason, ...]:
    """Why the customer cannot be used on the day; none of the parts changes another (R-188, R-189)."""
    parts = {
        BlockReason.PARTNER_BLOCKED: partner_blocked,
        BlockReason.MANUAL: blocked_by_hand(block, on),
        BlockReason.MISSING_ACCOUNTING_DATA: missing_accounting_data,
    }
    return tuple(reason for reason, holds in parts.items() if holds)


def check_usable(effective: Effective | None, *, on: date, explicit: bool = False, ordering: bool = False) -> Effective:
    """What counts for the customer here, if a document may use it (R-019, R-236, 4.4).

    `explicit` is the tenant's wish that levels take over before they use (R-249); `ordering` tells that the
    customer is the orderer of an order (R-040).

    Raises:
        CustomerDataMissing, OrganizationInactive, CustomerBlocked, OrderEntryNotAllowed.
    """
    if effective is None:
        raise CustomerDataMissing("The customer has no data at this organization or above it.")
    if explicit and effective.mode_here is None:
        raise CustomerDataMissing(
            "The customer's data were not taken over by this organization yet (takeOverCustomerData)."
        )
    if not effective.organization_active:
        raise OrganizationInactive("The organization is not active.")
    reasons = block_reasons(
        effective.block,
        partner_blocked=effective.partner_blocked,
        missing_accounting_data=effective.missing_accounting_data,
        on=on,
    )
    if reasons:
        raise CustomerBlocked(reasons)
    if ordering and not effective.order_entry_allowed:
        raise OrderEntryNotAllowed("No orders are entered for this customer.")
    return effective


def new_block(wanted: CustomerStatus | None, until: date | None, *, default: str, on: date) -> Block:
    """The block that a new customer starts with; the tenant's default is a proposal (R-021, R-024).

    Raises:
        FieldNotAvailable, DateNotInFuture.
    """
    status = wanted or CustomerStatus(default)
    return change_block(Block(CustomerStatus.RELEASED), Block(status, until), on=on)


def change_block(old: Block, new: Block, *, on: date) -> Block:
    """The block after somebody set it: released has no date, blocked without a date is for good (R-024, R-028).

    Raises:
        FieldNotAvailable: a date together with RELEASED (R-024).
        DateNotInFuture: a changed date that is today or past (R-025); an old one may stay.
    """
    if new.status == CustomerStatus.RELEASED:
        if new.until is not None:
            raise FieldNotAvailable("A released customer has no end of a block.", path=("blockedUntil",))
        return Block(CustomerStatus.RELEASED)
    if new.until is not None and new.until != old.until and new.until <= on:
        raise DateNotInFuture("A block ends on a day after today.", path=("blockedUntil",))
    return new
