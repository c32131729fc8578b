"""Every link leads somewhere, and every decision and guide is found from its index."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import GUIDES, PAGES, ROOT, anchors_of, links_of, name_of

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def broken(page: Path, target: str) -> str | None:
    """What is wrong with a link, if anything; other people's pages are not looked at."""
    if target.startswith(("https://", "http://")):
        return None
    path, _, anchor = target.partition("#")
    there = (page.parent / path).resolve() if path else page
    if not there.exists():
        return f"{target} is not there"
    if anchor and anchor not in anchors_of(there):
        return f"{target} has no such heading"
    return None


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [wrong for target in links_of(page) if (wrong := broken(page, target))] == []


def test_a_link_that_leads_nowhere_would_be_found() -> None:
    page = ROOT / "docs" / "README.md"
    assert broken(page, "nowhere.md") == "nowhere.md is not there"
    assert broken(page, "operators.md#how-to-fly") == "operators.md#how-to-fly has no such heading"


def test_every_guide_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    assert {page.name for page in GUIDES} - {"README.md"} <= set(links_of(index))


def test_every_decision_is_in_the_index_under_its_own_number() -> None:
    index = ROOT / "docs" / "decisions" / "README.md"
    assert links_of(index) == [page.name for page in DECISIONS]
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert len(set(numbers)) == len(numbers)
    for page, number in zip(DECISIONS, numbers, strict=True):
        title = page.read_text("utf-8").splitlines()[0]
        assert re.match(rf"# {number}\. \S", title), page.name
        assert f"| [{number}]({page.name}) | {title.partition('. ')[2]} |" in index.read_text("utf-8")
