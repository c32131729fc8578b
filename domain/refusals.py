"""How a rule says no: each refusal has a code that a client can act on and a sentence that a person can read.

    Refusal
    ├── NotFound                 nothing of that id exists for this caller (R-00-01)
    ├── NotOwner                 visible through sharing, but another tenant's (R-00-02)
    ├── NotEditable              readable, but not editable by this caller (R-229)
    ├── VersionConflict          somebody else changed it first (R-00-03)
    ├── ValidationFailed         one or more values cannot be taken
    ├── InvalidStatusTransition  the step does not lead on from the present status
    ├── AlreadyExists, InUse     the key is taken; the record is still needed
    ├── IdempotencyKey…          the key was reused, or is missing where money moves
    └── the rule's own           declared beside the rule

Nothing is changed when a refusal is raised (R-00-04). Codes are stable, messages may change (R-00-11).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class RefusalCode(StrEnum):
    """Every way in which Kontor says no; one value per meaning, stable for clients (R-00-11, R-231)."""

    NOT_FOUND = "NOT_FOUND"
    NOT_OWNER = "NOT_OWNER"
    NOT_EDITABLE = "NOT_EDITABLE"
    CONFLICT_VERSION = "CONFLICT_VERSION"
    VALIDATION = "VALIDATION"
    REQUIRED = "REQUIRED"
    TOO_LONG = "TOO_LONG"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    IDEMPOTENCY_KEY_REQUIRED = "IDEMPOTENCY_KEY_REQUIRED"
    INVALID_STATUS_TRANSITION = "INVALID_STATUS_TRANSITION"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    IN_USE = "IN_USE"
    CONFIRMATION_REQUIRED = "CONFIRMATION_REQUIRED"
    MODULE_NOT_ACTIVE = "MODULE_NOT_ACTIVE"
    # users and roles
    OWN_ACCOUNT = "OWN_ACCOUNT"
    ROLE_REQUIRED = "ROLE_REQUIRED"
    ROLE_TOO_LARGE = "ROLE_TOO_LARGE"
    # organizations
    ORGANIZATION_NOT_IN_STRUCTURE = "ORGANIZATION_NOT_IN_STRUCTURE"
    ORGANIZATION_INACTIVE = "ORGANIZATION_INACTIVE"
    ORGANIZATION_CYCLE = "ORGANIZATION_CYCLE"
    ORGANIZATION_IN_USE = "ORGANIZATION_IN_USE"
    ORGANIZATION_TREE = "ORGANIZATION_TREE"
    # partners and customers
    PARTNER_ROLE_MISSING = "PARTNER_ROLE_MISSING"
    ROLE_ALREADY_ASSIGNED = "ROLE_ALREADY_ASSIGNED"
    ROLE_NOT_ALLOWED_FOR_TYPE = "ROLE_NOT_ALLOWED_FOR_TYPE"
    ROLE_IN_USE = "ROLE_IN_USE"
    NUMBER_REQUIRED = "NUMBER_REQUIRED"
    NUMBER_TAKEN = "NUMBER_TAKEN"
    NUMBER_RANGE_EXHAUSTED = "NUMBER_RANGE_EXHAUSTED"
    CUSTOMER_BLOCKED = "CUSTOMER_BLOCKED"
    CUSTOMER_DATA_MISSING = "CUSTOMER_DATA_MISSING"
    CUSTOMER_DATA_INHERITED = "CUSTOMER_DATA_INHERITED"
    NO_SOURCE_DATA = "NO_SOURCE_DATA"
    OWN_DATA_NOT_ALLOWED = "OWN_DATA_NOT_ALLOWED"
    FIELD_NOT_AVAILABLE = "FIELD_NOT_AVAILABLE"
    FIELD_IMMUTABLE = "FIELD_IMMUTABLE"
    DATE_NOT_IN_FUTURE = "DATE_NOT_IN_FUTURE"
    INVALID_PERIOD = "INVALID_PERIOD"
    DUPLICATE_OVERLAP = "DUPLICATE_OVERLAP"
    PREFERRED_OVERLAP = "PREFERRED_OVERLAP"
    PARTNER_NOT_REPRESENTATIVE = "PARTNER_NOT_REPRESENTATIVE"
    INVOICE_RECIPIENT_NOT_DEBTOR = "INVOICE_RECIPIENT_NOT_DEBTOR"
    ORDER_ENTRY_NOT_ALLOWED = "ORDER_ENTRY_NOT_ALLOWED"
    # connections and offers
    NO_ACTIVE_CONNECTION = "NO_ACTIVE_CONNECTION"
    TARGET_TENANT_REQUIRED = "TARGET_TENANT_REQUIRED"
    COST_CENTER_REQUIRED = "COST_CENTER_REQUIRED"
    COST_CENTER_WRONG_TENANT = "COST_CENTER_WRONG_TENANT"
    COST_CENTER_INACTIVE = "COST_CENTER_INACTIVE"
    OFFER_TYPE_NOT_SHAREABLE = "OFFER_TYPE_NOT_SHAREABLE"
    OFFER_NOT_ON_SALE = "OFFER_NOT_ON_SALE"
    # carts and checkout
    EXTERNAL_OFFER_NOT_AVAILABLE = "EXTERNAL_OFFER_NOT_AVAILABLE"
    CROSS_CLIENT_NOT_SELLABLE_BY_OWNER = "CROSS_CLIENT_NOT_SELLABLE_BY_OWNER"
    LEADING_ITEM_REQUIRED = "LEADING_ITEM_REQUIRED"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    CART_NOT_SELLABLE = "CART_NOT_SELLABLE"
    TAX_UNKNOWN = "TAX_UNKNOWN"
    CHECKOUT_EXPIRED = "CHECKOUT_EXPIRED"
    CHECKOUT_ALREADY_PAID = "CHECKOUT_ALREADY_PAID"
    PAYMENT_REFUSED = "PAYMENT_REFUSED"
    MANAGED_BY_OTHER_TENANT = "MANAGED_BY_OTHER_TENANT"


class Refusal(Exception):
    """A rule or a look-up said no; expected, answered as data, never logged as a fault."""

    code: ClassVar[RefusalCode] = RefusalCode.VALIDATION

    def __init__(self, message: str, *, path: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = tuple(path)


class NotFound(Refusal):
    """Nothing of that id exists for this caller; unseen and absent are never told apart (R-00-01, R-229)."""

    code = RefusalCode.NOT_FOUND


class NotOwner(Refusal):
    """The record is visible through sharing, but only its owner may change it (R-00-02, R-XC-44)."""

    code = RefusalCode.NOT_OWNER


class NotEditable(Refusal):
    """The record is readable, but this caller may not edit it at this level (R-229)."""

    code = RefusalCode.NOT_EDITABLE


class VersionConflict(Refusal):
    """The record was changed since the caller read it (R-00-03)."""

    code = RefusalCode.CONFLICT_VERSION

    def __init__(self, message: str, *, subject: object, current_version: int) -> None:
        super().__init__(message, path=("expectedVersion",))
        self.subject = subject
        self.current_version = current_version


@dataclass(frozen=True)
class Violation:
    """One value that cannot be taken: where it stands in the input, why, and what to do."""

    code: RefusalCode
    message: str
    path: tuple[str, ...]


class ValidationFailed(Refusal):
    """One or more values cannot be taken; every one of them is listed (R-00-04)."""

    code = RefusalCode.VALIDATION

    def __init__(self, violations: Sequence[Violation]) -> None:
        first = violations[0]
        more = f" ({len(violations) - 1} more)" if len(violations) > 1 else ""
        super().__init__(f"{first.message}{more}", path=first.path)
        self.violations = tuple(violations)


class InvalidStatusTransition(Refusal):
    """The step does not lead on from the present status (R-XC-10, R-PO-10)."""

    code = RefusalCode.INVALID_STATUS_TRANSITION


class AlreadyExists(Refusal):
    """Another record has this key already."""

    code = RefusalCode.ALREADY_EXISTS


class InUse(Refusal):
    """Something still refers to the record (R-00-07)."""

    code = RefusalCode.IN_USE


class FieldNotAvailable(Refusal):
    """The value has no meaning here and cannot be given."""

    code = RefusalCode.FIELD_NOT_AVAILABLE


class FieldImmutable(Refusal):
    """The value cannot change once it was saved."""

    code = RefusalCode.FIELD_IMMUTABLE


class IdempotencyKeyReused(Refusal):
    """The key was used before for another input; a key belongs to one intent (R-00-12)."""

    code = RefusalCode.IDEMPOTENCY_KEY_REUSED


class IdempotencyKeyRequired(Refusal):
    """Where money moves or an order is made, a repeat must be recognisable (R-00-12)."""

    code = RefusalCode.IDEMPOTENCY_KEY_REQUIRED
