"""The pages of the documentation, and what stands in them: fences, links, headings, tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "STYLE.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Fence:
    """A block between three backticks, and where it stands."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{name_of(self.page)}:{self.line}"


def name_of(page: Path) -> str:
    """The page as one speaks of it."""
    return str(page.relative_to(ROOT))


def fences(*languages: str, pages: list[Path] = PAGES) -> list[Fence]:
    """All blocks in one of the languages."""
    return [found for page in pages for found in fences_of(page) if found.language in languages]


def fences_of(page: Path) -> Iterator[Fence]:
    """The blocks of a page, in order."""
    text = page.read_text("utf-8")
    for found in FENCE.finditer(text):
        yield Fence(page, text.count("\n", 0, found.start()) + 1, found["language"], found["text"])


def prose_of(page: Path) -> str:
    """A page without its blocks."""
    return FENCE.sub("", page.read_text("utf-8"))


def links_of(page: Path) -> list[str]:
    """Where a page leads to."""
    return [found["target"] for found in LINK.finditer(prose_of(page))]


def anchors_of(page: Path) -> set[str]:
    """The places of a page that a link may name, as code hosts make them of headings."""
    return {_anchor(found["title"]) for found in HEADING.finditer(prose_of(page))}


def rows_under(page: Path, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    below = page.read_text("utf-8").partition(f"# {heading}\n")[2]
    lines = below[below.index("\n|") :].strip().splitlines()
    table = list(_until_blank(lines))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def codes_in(text: str) -> list[str]:
    """What stands between single backticks."""
    return re.findall(r"`([^`]+)`", text)


def _until_blank(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield line


def _anchor(title: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", title).lower())
    return kept.strip().replace(" ", "-")
