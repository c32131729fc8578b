"""What a customer's data and accounting data are made of, and which values they take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypedDict
from uuid import UUID

from domain.money import Money
from domain.refusals import (
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
