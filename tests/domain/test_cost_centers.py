"""Cost centers: named by a code, a purchase number, or both."""

import pytest

from domain.cost_centers import CostCenter, checked, label
from domain.refusals import RefusalCode, ValidationFailed


@pytest.mark.rule("R-CC-01")
@pytest.mark.parametrize(
    "nothing", [CostCenter(), CostCenter(code="  ", purchase_number=""), CostCenter(description="x")]
)
def test_a_cost_center_without_code_and_purchase_number_is_refused(nothing: CostCenter) -> None:
    with pytest.raises(ValidationFailed) as refused:
        checked(nothing)
    assert [one.code for one in refused.value.violations] == [RefusalCode.REQUIRED]


@pytest.mark.rule("R-CC-01")
def test_one_of_the_two_is_enough_and_names_it() -> None:
    assert label(checked(CostCenter(code=" 4711 ", purchase_number="P-1"))) == "4711"
    assert label(checked(CostCenter(purchase_number="P-1"))) == "P-1"


def test_every_text_that_is_too_long_is_listed() -> None:
    with pytest.raises(ValidationFailed) as refused:
        checked(CostCenter("1" * 11, "2" * 21, "3" * 21, "4" * 401))
    assert [one.path for one in refused.value.violations] == [
        ("code",),
        ("purchaseNumber",),
        ("shortDescription",),
        ("description",),
    ]
    checked(CostCenter("1" * 10, "2" * 20, "3" * 20, "4" * 400))
