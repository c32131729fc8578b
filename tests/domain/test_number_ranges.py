"""How numbers are made, and when none is left."""

from datetime import date

import pytest

from domain import number_ranges
from domain.number_ranges import Component, ComponentKind, NewNumberRange, NumberCategory
from domain.refusals import ValidationFailed

CONSTANT, DATE, COUNTER, PARAMETER = ComponentKind
YEARLY = (Component(CONSTANT, "K-"), Component(DATE, "YYYY"), Component(COUNTER, "0000"), Component(PARAMETER, "TYPE"))
DAY = date(2026, 3, 10)


def new_range(*components: Component, first: int = 1, last: int | None = None) -> NewNumberRange:
    return NewNumberRange("KUNDEN", "Customers", NumberCategory.PARTNER, components, first, last)


@pytest.mark.rule("R-181")
def test_a_number_is_made_of_its_parts_in_their_order() -> None:
    assert number_ranges.shape(YEARLY, DAY, {"TYPE": "P"}).number(42) == "K-20260042P"


@pytest.mark.rule("R-181")
def test_a_counter_that_outgrew_its_zeros_keeps_all_its_digits() -> None:
    assert number_ranges.shape([Component(COUNTER, "00")], DAY, {}).number(1234) == "1234"


@pytest.mark.rule("R-181")
@pytest.mark.parametrize(
    "components",
    [
        (),
        (Component(CONSTANT, "K"),),
        (Component(COUNTER, "00"), Component(COUNTER, "00")),
        (Component(COUNTER, "12"),),
        (Component(COUNTER, "00"), Component(CONSTANT, "Ä")),
        (Component(COUNTER, "00"), Component(DATE, "QQ")),
        (Component(COUNTER, "00"), Component(PARAMETER, "SHOE_SIZE")),
        (Component(COUNTER, "0" * 15), Component(CONSTANT, "ABCDEF")),
    ],
)
def test_parts_that_make_no_number_are_refused(components: tuple[Component, ...]) -> None:
    with pytest.raises(ValidationFailed):
        number_ranges.checked(new_range(*components))


@pytest.mark.rule("R-181")
def test_a_range_has_a_code_of_ten_characters_and_a_description() -> None:
    parts = (Component(COUNTER, "0000"),)
    with pytest.raises(ValidationFailed) as refused:
        number_ranges.checked(NewNumberRange("ELEVENCHARS", " ", NumberCategory.PARTNER, parts))
    assert [violation.path for violation in refused.value.violations] == [("code",), ("description",)]


def test_the_end_of_a_range_is_what_its_digits_hold_unless_it_is_said() -> None:
    assert number_ranges.checked(new_range(Component(COUNTER, "0000"))).last == 9999
    assert number_ranges.checked(new_range(Component(COUNTER, "0000"), last=500)).last == 500


@pytest.mark.parametrize(("first", "last"), [(5, 4), (-1, 4), (1, 10_000)])
def test_bounds_that_the_counter_cannot_hold_are_refused(first: int, last: int) -> None:
    with pytest.raises(ValidationFailed):
        number_ranges.checked(new_range(Component(COUNTER, "0000"), first=first, last=last))


@pytest.mark.rule("R-187")
def test_a_range_does_not_end_before_the_last_number_it_gave() -> None:
    parts = [Component(COUNTER, "0000")]
    number_ranges.check_bounds(parts, 1, 100, issued=100)
    with pytest.raises(ValidationFailed):
        number_ranges.check_bounds(parts, 1, 99, issued=100)


@pytest.mark.rule("R-186")
def test_from_nine_tenths_on_a_range_is_nearly_exhausted() -> None:
    assert not number_ranges.nearly_exhausted(89, 1, 100)
    assert number_ranges.nearly_exhausted(90, 1, 100)
    assert number_ranges.nearly_exhausted(1, 1, 1)


def test_the_delivered_ranges_can_be_taken() -> None:
    assert {number_ranges.checked(new).category for new in number_ranges.DELIVERED} == set(NumberCategory)
