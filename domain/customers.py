"""Customers: what counts for them at which organization, whether they may be used, and who may change it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypedDict
from uuid import UUID

from domain.money import Money
from domain.organizations import OrganizationInactive
from domain.refusals import (
    FieldNotAvailable,
    NotEditable,
    Refusal,
    RefusalCode,
    ValidationFailed,
    Violation,
)


class CustomerStatus(StrEnum):
    """Whether a customer may be used, as somebody set it."""

    RELEASED = "RELEASED"
    BLOCKED = "BLOCKED"


class BlockReason(StrEnum):
    """Why a customer cannot be used; several at once (R-188)."""

    PARTNER_BLOCKED = "PARTNER_BLOCKED"
    MANUAL = "MANUAL"
    MISSING_ACCOUNTING_DATA = "MISSING_ACCOUNTING_DATA"


class AbcClass(StrEnum):
    """How important a customer is (R-031)."""

    A = "A"
    B = "B"
    C = "C"


class MinimumValueCheck(StrEnum):
    """Whether orders below the minimum value are refused (R-042)."""

    BY_CUSTOMIZING = "BY_CUSTOMIZING"
    NO_CHECK = "NO_CHECK"
    CHECK = "CHECK"


class Mode(StrEnum):
    """Whether a level has data of its own or was taken over (R-144, R-143)."""

    OWN = "OWN"
    INHERITED = "INHERITED"


class AccountingGap(StrEnum):
    """What is missing for complete accounting data (R-191)."""

    DEBTOR = "DEBTOR"
    DEBTOR_ACCOUNT = "DEBTOR_ACCOUNT"
    PAYMENT_TERM = "PAYMENT_TERM"
    TAX_CLASSIFICATION = "TAX_CLASSIFICATION"
    CURRENCY = "CURRENCY"


class CustomerBlocked(Refusal):
    """The customer cannot be used; every reason is listed (R-019, R-188)."""

    code = RefusalCode.CUSTOMER_BLOCKED

    def __init__(self, reasons: Sequence[BlockReason], *, path: Sequence[str] = ()) -> None:
        super().__init__(f"The customer is blocked: {', '.join(reasons)}.", path=path)
        self.reasons = tuple(reasons)


class CustomerDataMissing(Refusal):
    """No level on the way to the root has data of this customer, or it was not taken over yet (R-236, R-249)."""

    code = RefusalCode.CUSTOMER_DATA_MISSING


class CustomerDataInherited(Refusal):
    """The level only inherits; its data are changed at the source, or taken over for editing first (R-244).

    `source` is the source's record, for whoever wants to show it.
    """

    code = RefusalCode.CUSTOMER_DATA_INHERITED

    def __init__(self, source_organization_id: UUID | None) -> None:
        super().__init__(
            "The customer's data are inherited here: take over their editing first (takeOverCustomerDataEditing), "
            "or change them at their source.",
            path=("organizationId",),
        )
        self.source_organization_id = source_organization_id
        self.source: object | None = None
        self.next_action = "takeOverCustomerDataEditing"


class NoSourceData(Refusal):
    """No higher level has data that could be taken over (R-248, E13)."""

    code = RefusalCode.NO_SOURCE_DATA


class OwnDataNotAllowed(Refusal):
    """The organization may not have customer data of its own (4.7)."""

    code = RefusalCode.OWN_DATA_NOT_ALLOWED


class OwnDataPresent(Refusal):
    """The level has data of this customer already (R-255)."""

    code = RefusalCode.ALREADY_EXISTS


class ConfirmationRequired(Refusal):
    """Own data would be discarded; the caller must say so (R-247)."""

    code = RefusalCode.CONFIRMATION_REQUIRED


class DateNotInFuture(Refusal):
    """A new end of a block must be a day after today (R-025)."""

    code = RefusalCode.DATE_NOT_IN_FUTURE


class OrderEntryNotAllowed(Refusal):
    """No orders are entered for this customer (R-040)."""

    code = RefusalCode.ORDER_ENTRY_NOT_ALLOWED


class CustomerChanges(TypedDict, total=False):
    """What changes of a customer's data at a level; what is absent stays."""

    abc_class: AbcClass
    order_entry_allowed: bool
    order_confirmation_required: bool
    minimum_order_value_check: MinimumValueCheck
    minimum_order_value: Money | None
    external_number: str | None


class AccountingChanges(TypedDict, total=False):
    """What changes of a partner's accounting data; what is absent stays."""

    debtor: bool
    debtor_account: str | None
    payment_term: str | None
    tax_classification: str | None
    currency: str | None


@dataclass(frozen=True)
class Block:
    """The status that somebody set, and the last day of the block; None is open."""

    status: CustomerStatus
    until: date | None = None


class Accounting(Protocol):
    """Accounting data of a partner, as a row or as a value."""

    @property
    def debtor(self) -> bool:
        """Whether receivables may be booked on the partner."""

    @property
    def debtor_account(self) -> str | None:
        """The account."""

    @property
    def payment_term(self) -> str | None:
        """The payment term."""

    @property
    def tax_classification(self) -> str | None:
        """The tax classification."""

    @property
    def currency(self) -> str | None:
        """The currency."""


@dataclass(frozen=True)
class Effective:
    """What counts for a customer at an organization on a day.

    `mode_here` is what the organization itself has, None for nothing; `source_organization_id` the level
    whose data count, `hops` how far above it stands.
    """

    source_organization_id: UUID
    hops: int
    mode_here: Mode | None
    block: Block
    partner_blocked: bool
    missing_accounting_data: bool
    order_entry_allowed: bool
    organization_active: bool = True


@dataclass(frozen=True)
class Source:
    """The level whose data count, and how many steps above the asked one it stands."""

    organization_id: UUID
    hops: int


LONGEST = {"external_number": 40, "debtor_account": 20, "payment_term": 40, "tax_classification": 40}


def nearest_own(levels: Mapping[UUID, str], path: Sequence[UUID]) -> Source | None:
    """The nearest level with own data on the way up; `path` begins with the asked organization (R-233).

    Levels without a row and inherited ones are passed; the record is taken as a whole (4.3).
    """
    for hops, organization_id in enumerate(path):
        if levels.get(organization_id) == Mode.OWN:
            return Source(organization_id, hops)
    return None


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


def check_editable(mode: str | None, source: Source | None, *, active: bool, covered: bool) -> None:
    """Let pass who may edit the data of a level (4.4, R-244, R-245).

    Raises:
        NotEditable: the caller's right does not reach the level (R-229).
        OrganizationInactive: the level is closed (E05).
        CustomerDataInherited: the level has no data of its own.
    """
    check_reach(active=active, covered=covered)
    if mode != Mode.OWN:
        raise CustomerDataInherited(source.organization_id if source else None)


def check_reach(*, active: bool, covered: bool) -> None:
    """Let pass who may change what stands at a level at all. Raises NotEditable, OrganizationInactive."""
    if not covered:
        raise NotEditable("Your rights do not reach this organization.", path=("organizationId",))
    if not active:
        raise OrganizationInactive("The organization is not active.", path=("organizationId",))


def check_own_allowed(maintenance: str) -> None:
    """Refuse own data where the parent maintains them (4.7). Raises OwnDataNotAllowed."""
    if maintenance != "OWN_ALLOWED":
        raise OwnDataNotAllowed(
            "This organization has no customer data of its own; they are kept above it.", path=("organizationId",)
        )


def check_creation(mode: str | None, source: Source | None) -> None:
    """Refuse to create data where the level or one above it has some (R-255).

    Raises:
        OwnDataPresent: the level has data of its own.
        CustomerDataInherited: it inherits; take over the editing instead.
    """
    if mode == Mode.OWN:
        raise OwnDataPresent("The organization has data of this customer already.", path=("organizationId",))
    if source is not None:
        raise CustomerDataInherited(source.organization_id)


def taken_over(mode: str | None, above: Source | None, *, confirmed: bool) -> bool:
    """Whether taking over changes the level (4.6).

    Raises:
        NoSourceData: nothing above has own data; at the root never (R-248).
        ConfirmationRequired: own data would be discarded and nobody confirmed it (R-247).
    """
    if above is None:
        raise NoSourceData("No organization above this one has data of this customer.", path=("organizationId",))
    if mode == Mode.OWN and not confirmed:
        raise ConfirmationRequired(
            "The organization's own data would be set aside; confirm with confirmDiscard.", path=("confirmDiscard",)
        )
    return mode != Mode.INHERITED


def editing_source(source: Source | None) -> Source:
    """Where the own data of a level are copied from (4.7). Raises NoSourceData."""
    if source is None:
        raise NoSourceData(
            "Neither this organization nor one above it has data of this customer; create them instead.",
            path=("organizationId",),
        )
    return source


def affected(organization: UUID, below: Mapping[UUID, Sequence[UUID]], levels: Mapping[UUID, str]) -> list[UUID]:
    """The organizations below that took their data from this one (R-247).

    `below` maps each of them to its path to the root.
    """
    found = []
    for descendant, path in below.items():
        source = nearest_own(levels, path)
        if source is not None and source.organization_id == organization:
            found.append(descendant)
    return found


def gaps(accounting: Accounting | None) -> tuple[AccountingGap, ...]:
    """What is missing before receivables can be booked on the partner (R-191)."""
    present = {
        AccountingGap.DEBTOR: accounting is not None and accounting.debtor,
        AccountingGap.DEBTOR_ACCOUNT: accounting is not None and accounting.debtor_account is not None,
        AccountingGap.PAYMENT_TERM: accounting is not None and accounting.payment_term is not None,
        AccountingGap.TAX_CLASSIFICATION: accounting is not None and accounting.tax_classification is not None,
        AccountingGap.CURRENCY: accounting is not None and accounting.currency is not None,
    }
    return tuple(gap for gap, holds in present.items() if not holds)


def check_texts(values: Mapping[str, object], camel: Callable[[str], str]) -> dict[str, object]:
    """The values with their texts trimmed, empty is none. Raises ValidationFailed for one that is too long."""
    kept = {
        name: (value.strip() or None) if name in LONGEST and isinstance(value, str) else value
        for name, value in values.items()
    }
    violations = [
        Violation(RefusalCode.TOO_LONG, f"It has {LONGEST[name]} characters at most.", (camel(name),))
        for name, value in kept.items()
        if name in LONGEST and isinstance(value, str) and len(value) > LONGEST[name]
    ]
    if violations:
        raise ValidationFailed(violations)
    return kept


def check_minimum(value: Money | None) -> Money | None:
    """The minimum order value as it is kept. Raises ValidationFailed when it is negative (R-044)."""
    if value is not None and value.minor < 0:
        raise ValidationFailed(
            [Violation(RefusalCode.VALIDATION, "A minimum is not negative.", ("minimumOrderValue", "amount"))]
        )
    return value
