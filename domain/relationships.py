"""Relationships: directed links from one partner to another, of fixed types and of the tenant's own."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Protocol
from uuid import UUID

from domain.partners import PartnerRoleMissing
from domain.refusals import (
    FieldImmutable,
    FieldNotAvailable,
    NotFound,
    Refusal,
    RefusalCode,
    ValidationFailed,
    Violation,
)
from domain.validity import check_period, overlap


class FixedType(StrEnum):
    """The types that every tenant has (R-175)."""

    DELIVERY_RECIPIENT = "DELIVERY_RECIPIENT"
    DELIVERY_DOCUMENT_RECIPIENT = "DELIVERY_DOCUMENT_RECIPIENT"
    INVOICE_RECIPIENT = "INVOICE_RECIPIENT"
    INVOICE_DOCUMENT_RECIPIENT = "INVOICE_DOCUMENT_RECIPIENT"
    PAYER = "PAYER"
    CARRIER = "CARRIER"
    SALES_REPRESENTATIVE = "SALES_REPRESENTATIVE"


NAMES: Mapping[FixedType, str] = {
    FixedType.DELIVERY_RECIPIENT: "Delivery recipient",
    FixedType.DELIVERY_DOCUMENT_RECIPIENT: "Delivery document recipient",
    FixedType.INVOICE_RECIPIENT: "Invoice recipient",
    FixedType.INVOICE_DOCUMENT_RECIPIENT: "Invoice document recipient",
    FixedType.PAYER: "Payer",
    FixedType.CARRIER: "Carrier",
    FixedType.SALES_REPRESENTATIVE: "Sales representative",
}
WITHOUT_PERIOD = frozenset({FixedType.CARRIER})

CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}", re.ASCII)
LONGEST_NAME = 80
LAST_SEQUENCE = 999


class DuplicateOverlap(Refusal):
    """The same partner stands twice in periods that share a day (R-034)."""

    code = RefusalCode.DUPLICATE_OVERLAP


class PreferredOverlap(Refusal):
    """Two preferred rows share a day (R-061)."""

    code = RefusalCode.PREFERRED_OVERLAP


class PartnerNotRepresentative(Refusal):
    """The partner does not hold the role SALES_REPRESENTATIVE (R-033)."""

    code = RefusalCode.PARTNER_NOT_REPRESENTATIVE


class InvoiceRecipientNotDebtor(Refusal):
    """Another partner can be invoice recipient only with complete accounting data (R-088)."""

    code = RefusalCode.INVOICE_RECIPIENT_NOT_DEBTOR


class Row(Protocol):
    """One row of a customer's list, as a row of the database or as a value."""

    @property
    def target_partner_id(self) -> UUID:
        """The partner that the row points at."""

    @property
    def preferred(self) -> bool:
        """Whether it is the one that is proposed."""

    @property
    def valid_from(self) -> date | None:
        """The first day."""

    @property
    def valid_to(self) -> date | None:
        """The last day."""


@dataclass(frozen=True)
class Listed:
    """One row of a list that replaces another; `id` names the row that it continues."""

    target_partner_id: UUID
    sequence: int | None = None
    preferred: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class NewRelationship:
    """A link from one partner to another of a type."""

    partner_id: UUID
    target_partner_id: UUID
    type_code: str
    valid_from: date | None = None
    valid_to: date | None = None


def check_list(rows: Sequence[Row], name: str) -> None:
    """Refuse a list that contradicts itself; `name` is where it stands in the input.

    Raises:
        InvalidPeriod, DuplicateOverlap, PreferredOverlap.
    """
    for place, row in enumerate(rows):
        check_period(row, (name, str(place)))
    for (_, one), (place, other) in combinations(enumerate(rows), 2):
        if not overlap(one, other):
            continue
        if one.target_partner_id == other.target_partner_id:
            raise DuplicateOverlap("The same partner stands twice in overlapping periods.", path=(name, str(place)))
        if one.preferred and other.preferred:
            raise PreferredOverlap("Only one row can be preferred on a day.", path=(name, str(place), "preferred"))


def check_kept_beginnings(rows: Sequence[Listed], saved: Mapping[UUID, date | None], name: str) -> None:
    """Refuse to move the beginning of a saved row (R-036).

    Raises:
        FieldImmutable: a row's `validFrom` differs from the saved one.
        ValidationFailed: a row names an id that is not in the list, or that another row names.
    """
    open_ids = set(saved)
    for place, row in enumerate(rows):
        if row.id is None:
            continue
        if row.id not in open_ids:
            raise ValidationFailed(
                [Violation(RefusalCode.NOT_FOUND, "The list has no such row (any more).", (name, str(place), "id"))]
            )
        open_ids.remove(row.id)
        if saved[row.id] != row.valid_from:
            raise FieldImmutable(
                "A saved row keeps its first day; end it and add another one.", path=(name, str(place), "validFrom")
            )


def sequenced(rows: Sequence[Listed], name: str) -> list[int]:
    """The sequence of each row; rows without one get the next free ones in their order (R-035).

    Raises:
        ValidationFailed: a sequence below 1 or above 999.
    """
    taken = {row.sequence for row in rows if row.sequence is not None}
    free = (number for number in range(1, LAST_SEQUENCE + len(rows) + 1) if number not in taken)
    found = [row.sequence if row.sequence is not None else next(free) for row in rows]
    for place, sequence in enumerate(found):
        if not 1 <= sequence <= LAST_SEQUENCE:
            raise ValidationFailed(
                [
                    Violation(
                        RefusalCode.VALIDATION,
                        f"A sequence is a number from 1 to {LAST_SEQUENCE}.",
                        (name, str(place), "sequence"),
                    )
                ]
            )
    return found


def check_present(rows: Sequence[Listed], known: Collection[UUID], name: str) -> None:
    """Refuse a partner that does not exist for the caller (R-228, R-229). Raises NotFound."""
    for place, row in enumerate(rows):
        if row.target_partner_id not in known:
            raise NotFound("There is no such partner.", path=(name, str(place), "partnerId"))


def check_customers(rows: Sequence[Listed], customers: Collection[UUID]) -> None:
    """Refuse a recipient that does not hold the role CUSTOMER (R-060). Raises PartnerRoleMissing."""
    for place, row in enumerate(rows):
        if row.target_partner_id not in customers:
            raise PartnerRoleMissing(
                "This partner does not hold the role CUSTOMER.", path=("recipients", str(place), "partnerId")
            )


def check_representatives(rows: Sequence[Listed], representatives: Collection[UUID]) -> None:
    """Refuse a partner that does not hold the role (R-033). Raises PartnerNotRepresentative."""
    for place, row in enumerate(rows):
        if row.target_partner_id not in representatives:
            raise PartnerNotRepresentative(
                "This partner does not hold the role SALES_REPRESENTATIVE.",
                path=("representatives", str(place), "partnerId"),
            )


def check_invoice_recipients(
    rows: Sequence[Listed], customer_id: UUID, debtors: Collection[UUID], assigned: Collection[UUID]
) -> None:
    """Refuse another partner without complete accounting data; the customer itself and old rows pass (R-088).

    Raises:
        InvoiceRecipientNotDebtor.
    """
    for place, row in enumerate(rows):
        if row.target_partner_id not in {customer_id, *debtors, *assigned}:
            raise InvoiceRecipientNotDebtor(
                "This partner is no debtor: complete its accounting data first.",
                path=("recipients", str(place), "partnerId"),
            )


def check_new(new: NewRelationship, *, time_dependent: bool, customers_own: bool) -> None:
    """Refuse a link that its type does not allow (R-174).

    `customers_own` tells that the type belongs to a customer's lists at a level.

    Raises:
        FieldNotAvailable, InvalidPeriod.
    """
    if customers_own:
        raise FieldNotAvailable(
            f"Relationships of type {new.type_code} are kept in the customer's data at a level; change them there.",
            path=("typeCode",),
        )
    if not time_dependent and (new.valid_from or new.valid_to):
        given = "validFrom" if new.valid_from else "validTo"
        raise FieldNotAvailable(f"The type {new.type_code} is not time-dependent: it has no period.", path=(given,))
    check_period(new)


def check_ending(code: str, *, customers_own: bool) -> None:
    """Refuse to end a row of a customer's list from outside the list. Raises FieldNotAvailable."""
    if customers_own:
        raise FieldNotAvailable(
            f"Relationships of type {code} are kept in the customer's data at a level; change them there.",
            path=("relationshipId",),
        )


def check_type(code: str, name: str) -> tuple[str, str]:
    """Code and name of a tenant's own type as they are kept.

    Raises:
        ValidationFailed: the code is not 1 to 40 capitals, digits and underscores, or the name is empty or long.
    """
    violations = []
    if CODE.fullmatch(code) is None:
        violations.append(
            Violation(
                RefusalCode.VALIDATION,
                "A code has 1 to 40 capitals, digits and underscores and begins with a letter.",
                ("code",),
            )
        )
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        violations.append(Violation(RefusalCode.REQUIRED, f"A name has 1 to {LONGEST_NAME} characters.", ("name",)))
    if violations:
        raise ValidationFailed(violations)
    return code, name.strip()
