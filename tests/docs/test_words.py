"""Codes, roles, areas and addresses that the documentation explains are those that the product has."""

import re

import pytest

from domain.refusals import RefusalCode
from tenancy.permissions import DELIVERED, Area
from tests.docs.pages import ROOT, codes_in, fences, rows_under
from web.http.problems import STATUS

DOCS = ROOT / "docs"
ADMINISTRATORS, PORTAL, SPA = (
    DOCS / f"{name}.md" for name in ("administrators", "portal-developers", "spa-developers")
)
ROOMS = ("web", "schema", "reads", "tenancy")


def codes_under(page_name: str, heading: str, column: int = 0) -> set[str]:
    rows = rows_under(DOCS / page_name, heading)
    return {code for row in rows for code in codes_in(row[column]) if re.fullmatch(r"[A-Z_]+", code)}


@pytest.mark.parametrize(
    ("page", "heading"),
    [("administrators.md", "When something is refused"), ("portal-developers.md", "When a refusal comes")],
)
def test_every_explained_refusal_has_such_a_code(page: str, heading: str) -> None:
    explained = codes_under(page, heading)
    assert explained
    assert explained <= set(RefusalCode)


def test_every_explained_error_is_one_that_is_told() -> None:
    told = {
        code
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        if "node_modules" not in file.parts
        for code in re.findall(r'"([A-Z][A-Z_]+)"', file.read_text("utf-8"))
    }
    explained = codes_under("spa-developers.md", "Errors") | codes_under("portal-developers.md", "401 and 429", 1)
    assert len(explained) > 15
    assert explained <= told


def test_every_status_that_a_client_should_act_on_is_explained() -> None:
    explained = codes_under("spa-developers.md", "Errors")
    assert {code for code, status in STATUS.items() if status in {401, 429, 503}} <= explained


def test_every_delivered_role_and_every_area_is_explained() -> None:
    roles = {codes_in(row[0])[0] for row in rows_under(ADMINISTRATORS, "Roles")}
    assert roles == set(DELIVERED)
    text = ADMINISTRATORS.read_text("utf-8")
    for area in Area:
        assert f"| `{area}` |" in text


def test_refusal_types_that_are_explained_exist() -> None:
    schema = (ROOT / "schema" / "staff.graphql").read_text("utf-8")
    explained = [codes_in(row[0])[0] for row in rows_under(SPA, "Refusals")]
    for name in explained:
        assert f"type {name} implements Refusal" in schema
    for row in rows_under(SPA, "Refusals"):
        body = schema.partition(f"type {codes_in(row[0])[0]} implements Refusal")[2].partition("\n}\n")[0]
        for field in codes_in(row[1]):
            assert re.search(rf"^  {field}: ", body, re.MULTILINE), field


def test_no_page_names_a_place_of_somebody() -> None:
    for fence in fences("sh", "ini", "ts", "graphql", "json", ""):
        assert "/home/" not in fence.text, fence
        assert "/root/" not in fence.text, fence
