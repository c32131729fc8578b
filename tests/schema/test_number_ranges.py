"""Number ranges as clients work with them: made, used, passed over, and at their end."""

from typing import Any

import pytest

from tests import trade
from tests.people import Home, House, on
from tests.trade import act, done, refused

PARTS = [{"kind": "CONSTANT", "format": "K"}, {"kind": "COUNTER", "format": "00"}]


async def range_of(house: House, home: Home, *, first: int = 1, last: int | None = None, **more: Any) -> Any:
    """A range of the tenant's own that partners take their numbers from."""
    made = await done(
        house, home.admin, "createNumberRange", "numberRange { id version lastNumber last }",
        code="KUNDEN", description="Customers", category="PARTNER", first=first, last=last, standard=True,
        components=more.pop("components", PARTS), **more,
    )  # fmt: skip
    return made["numberRange"]


async def enter(house: House, home: Home, number: str | None = None, **more: Any) -> Any:
    return await act(
        house, home.admin, "createPartner", "partner { number } warnings { code }",
        type="ORGANIZATION", name="A", number=number, **more,
    )  # fmt: skip


async def last_number(house: House, home: Home) -> str | None:
    found = await house.data(home.admin, "{ numberRanges { nodes { code lastNumber } } }")
    numbers: dict[str, str | None] = {node["code"]: node["lastNumber"] for node in found["numberRanges"]["nodes"]}
    return numbers["KUNDEN"]


@pytest.mark.rule("R-181")
async def test_a_range_makes_numbers_of_its_parts_and_remembers_the_last(house: House) -> None:
    home = await house.found()
    await range_of(
        house,
        home,
        components=[
            {"kind": "CONSTANT", "format": "K-"},
            {"kind": "DATE", "format": "YYMM"},
            {"kind": "COUNTER", "format": "0000"},
            {"kind": "PARAMETER", "format": "TYPE"},
        ],
    )
    assert await last_number(house, home) is None
    made = await act(
        house, on(home.admin, "2026-03-10"), "createPartner", "partner { number }", type="PERSON", lastName="B"
    )
    assert made["partner"]["number"] == "K-26030001P"
    assert await last_number(house, home) == "K-26030001P"


@pytest.mark.rule("R-181")
async def test_every_tenant_starts_with_a_range_for_partners_and_for_each_document(house: House) -> None:
    home = await house.found()
    found = await house.data(home.admin, "{ numberRanges { nodes { category components { kind format } } } }")
    categories = {node["category"] for node in found["numberRanges"]["nodes"]}
    assert categories == {"PARTNER", "ORDER", "INVOICE", "SUBSCRIPTION"}


@pytest.mark.rule("R-181")
@pytest.mark.parametrize(
    ("input_", "code", "path"),
    [
        ({"code": "ELEVENCHARS"}, "REQUIRED", ["code"]),
        ({"components": []}, "VALIDATION", ["components"]),
        ({"components": [{"kind": "COUNTER", "format": "9"}]}, "VALIDATION", ["components", "0", "format"]),
        ({"first": 5, "last": 4}, "VALIDATION", ["last"]),
        ({"code": "ORDER"}, "ALREADY_EXISTS", ["code"]),
    ],
)
async def test_a_range_that_makes_no_numbers_is_refused(
    house: House, input_: dict[str, Any], code: str, path: list[str]
) -> None:
    home = await house.found()
    new = {"code": "KUNDEN", "description": "Customers", "category": "PARTNER", "components": PARTS, **input_}
    assert await refused(house, home.admin, "createNumberRange", **new) == (code, path)


@pytest.mark.rule("R-182")
async def test_an_own_number_is_taken_as_it_is_and_does_not_move_the_counter(house: House) -> None:
    home = await house.found()
    await range_of(house, home)
    assert (await enter(house, home))["partner"]["number"] == "K01"
    assert (await enter(house, home, "OWN-1"))["partner"]["number"] == "OWN-1"
    assert (await enter(house, home))["partner"]["number"] == "K02"


@pytest.mark.rule("R-184")
async def test_numbers_that_somebody_took_are_passed_over(house: House) -> None:
    home = await house.found()
    await range_of(house, home)
    for number in ("K01", "k02", "K04"):
        await enter(house, home, number)
    assert (await enter(house, home))["partner"]["number"] == "K03"
    assert (await enter(house, home))["partner"]["number"] == "K05"


@pytest.mark.rule("R-185")
async def test_a_creation_that_fails_may_leave_a_gap_but_never_a_number_twice(house: House) -> None:
    home = await house.found()
    await range_of(house, home)
    assert (await enter(house, home, dryRun=True))["partner"]["number"] == "K01"
    assert (await enter(house, home, addresses=[{"city": ""}]))["code"] == "VALIDATION"
    numbers = [(await enter(house, home))["partner"]["number"] for _ in range(2)]
    assert len(set(numbers)) == 2


@pytest.mark.rule("R-186", "R-187", "E31")
async def test_a_range_warns_from_nine_tenths_on_and_ends_without_beginning_anew(house: House) -> None:
    home = await house.found()
    made = await range_of(house, home, first=1, last=10)
    answers = [await enter(house, home) for _ in range(10)]
    warned = [bool(answer["warnings"]) for answer in answers]
    assert warned == [False] * 8 + [True] * 2
    assert answers[-1]["warnings"] == [{"code": "NUMBER_RANGE_NEARLY_EXHAUSTED"}]
    assert (await enter(house, home))["code"] == "NUMBER_RANGE_EXHAUSTED"
    found = await house.data(home.admin, "{ partners { totalCount } }")
    assert found["partners"]["totalCount"] == 10
    assert (await enter(house, home, "OWN-1"))["partner"]["number"] == "OWN-1"
    extend = {"numberRangeId": made["id"], "expectedVersion": made["version"]}
    assert await refused(house, home.admin, "updateNumberRange", **extend, last=9) == ("VALIDATION", ["last"])
    await done(house, home.admin, "updateNumberRange", "__typename", **extend, last=99)
    assert (await enter(house, home))["partner"]["number"] == "K11"


@pytest.mark.rule("R-146", "E32")
async def test_without_a_range_a_partner_needs_a_number(house: House) -> None:
    home = await house.found()
    settings = await house.data(home.admin, "{ tenantSettings { version } }")
    await done(
        house, home.admin, "updateTenantSettings", "__typename",
        expectedVersion=settings["tenantSettings"]["version"], customerNumberRangeId=None,
    )  # fmt: skip
    assert await refused(house, home.admin, "createPartner", type="ORGANIZATION", name="A") == (
        "NUMBER_REQUIRED",
        ["number"],
    )
    assert (await enter(house, home, "OWN-1"))["partner"]["number"] == "OWN-1"


async def test_only_who_administers_the_whole_tenant_makes_ranges(house: House) -> None:
    home = await house.found()
    clerk = await home.member("SALES_CLERK", at="HQ")
    told = await trade.forbidden(
        house, clerk, "createNumberRange", code="X", description="X", category="PARTNER", components=PARTS
    )
    assert told == "FORBIDDEN"
