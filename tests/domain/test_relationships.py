"""Lists of a customer and links between partners."""

from datetime import date
from uuid import uuid4

import pytest

from domain import relationships
from domain.refusals import FieldImmutable, FieldNotAvailable, ValidationFailed
from domain.relationships import (
    DuplicateOverlap,
    FixedType,
    InvoiceRecipientNotDebtor,
    Listed,
    NewRelationship,
    PartnerNotRepresentative,
    PreferredOverlap,
)
from domain.validity import InvalidPeriod

RITA, RALF, KARLA = (uuid4() for _ in range(3))
D, NEXT = date(2026, 6, 30), date(2026, 7, 1)


@pytest.mark.rule("R-034")
def test_the_same_representative_cannot_stand_twice_on_a_day() -> None:
    with pytest.raises(DuplicateOverlap):
        relationships.check_list([Listed(RITA, valid_to=D), Listed(RITA, valid_from=D)], "representatives")
    relationships.check_list([Listed(RITA, valid_to=D), Listed(RITA, valid_from=NEXT)], "representatives")
    relationships.check_list([Listed(RITA), Listed(RALF)], "representatives")


def test_only_one_row_is_preferred_on_a_day() -> None:
    with pytest.raises(PreferredOverlap):
        relationships.check_list([Listed(RITA, preferred=True), Listed(RALF, preferred=True)], "recipients")
    relationships.check_list(
        [Listed(RITA, preferred=True, valid_to=D), Listed(RALF, preferred=True, valid_from=NEXT)], "recipients"
    )


def test_a_row_that_ends_before_it_begins_is_refused_at_its_place() -> None:
    with pytest.raises(InvalidPeriod) as refused:
        relationships.check_list([Listed(RITA), Listed(RALF, valid_from=NEXT, valid_to=D)], "representatives")
    assert refused.value.path == ("representatives", "1", "validFrom")


@pytest.mark.rule("R-036")
def test_a_saved_row_keeps_its_first_day_and_may_get_another_last_one() -> None:
    row = uuid4()
    relationships.check_kept_beginnings([Listed(RITA, valid_from=D, valid_to=NEXT, id=row)], {row: D}, "rows")
    with pytest.raises(FieldImmutable):
        relationships.check_kept_beginnings([Listed(RITA, valid_from=NEXT, id=row)], {row: D}, "rows")


def test_a_row_is_named_once_and_belongs_to_the_list() -> None:
    row = uuid4()
    twice = [Listed(RITA, id=row), Listed(RALF, id=row)]
    with pytest.raises(ValidationFailed) as refused:
        relationships.check_kept_beginnings(twice, {row: None}, "rows")
    assert refused.value.path == ("rows", "1", "id")


@pytest.mark.rule("R-035")
def test_rows_without_a_sequence_get_the_next_free_ones() -> None:
    rows = [Listed(RITA), Listed(RALF, sequence=1), Listed(KARLA)]
    assert relationships.sequenced(rows, "representatives") == [2, 1, 3]


@pytest.mark.parametrize("sequence", [0, 1000])
def test_a_sequence_runs_from_1_to_999(sequence: int) -> None:
    with pytest.raises(ValidationFailed):
        relationships.sequenced([Listed(RITA, sequence=sequence)], "representatives")


@pytest.mark.rule("R-033")
def test_only_a_sales_representative_represents() -> None:
    with pytest.raises(PartnerNotRepresentative) as refused:
        relationships.check_representatives([Listed(RITA), Listed(RALF)], {RITA})
    assert refused.value.path == ("representatives", "1", "partnerId")


def test_the_customer_itself_and_debtors_and_old_rows_may_be_invoice_recipients() -> None:
    rows = [Listed(KARLA), Listed(RITA), Listed(RALF)]
    relationships.check_invoice_recipients(rows, KARLA, {RITA}, {RALF})
    with pytest.raises(InvoiceRecipientNotDebtor):
        relationships.check_invoice_recipients(rows, KARLA, {RITA}, set())


@pytest.mark.rule("R-174")
def test_a_type_without_time_has_no_period() -> None:
    link = NewRelationship(KARLA, RITA, "NEIGHBOUR", valid_to=D)
    relationships.check_new(link, time_dependent=True, customers_own=False)
    with pytest.raises(FieldNotAvailable) as refused:
        relationships.check_new(link, time_dependent=False, customers_own=False)
    assert refused.value.path == ("validTo",)


@pytest.mark.rule("R-175")
def test_these_types_are_fixed() -> None:
    assert {str(kind) for kind in FixedType} == {
        "DELIVERY_RECIPIENT",
        "DELIVERY_DOCUMENT_RECIPIENT",
        "INVOICE_RECIPIENT",
        "INVOICE_DOCUMENT_RECIPIENT",
        "PAYER",
        "CARRIER",
        "SALES_REPRESENTATIVE",
    }


def test_the_lists_of_a_customer_are_not_changed_as_single_links() -> None:
    with pytest.raises(FieldNotAvailable):
        relationships.check_new(NewRelationship(KARLA, RITA, "PAYER"), time_dependent=True, customers_own=True)
    with pytest.raises(FieldNotAvailable):
        relationships.check_ending("PAYER", customers_own=True)


@pytest.mark.parametrize("code", ["", "lower", "1A", "A-B", "A" * 41])
def test_a_type_has_a_code_of_capitals(code: str) -> None:
    with pytest.raises(ValidationFailed):
        relationships.check_type(code, "Neighbour")
