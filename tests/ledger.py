"""The ledger of business rules: which are stated in docs/rules/, which a passing test proves, which are planned.

A rule stands in a file of docs/rules/ as `- **R-XC-01** …`; one of a later issue says `(planned: theme)` behind
its id. A test says which rules it proves with `@pytest.mark.rule("R-XC-01")`. The last test run leaves what
passed in `.pytest_cache/rules.json` (see tests/conftest.py).
"""

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

RULES = Path("docs/rules")
RESULTS = Path(".pytest_cache/rules.json")
LINE = re.compile(r"^- \*\*(?P<id>[A-Z][A-Z0-9-]*\d+)\*\*(?P<planned> \(planned: [^)]+\))?", re.MULTILINE)


@dataclass
class Area:
    """One file of rules."""

    name: str
    stated: set[str] = field(default_factory=set)
    planned: set[str] = field(default_factory=set)

    def due(self) -> set[str]:
        """The rules that must be covered."""
        return self.stated - self.planned


def areas() -> list[Area]:
    """The rules as docs/rules/ states them."""
    found = []
    for file in sorted(RULES.glob("*.md")):
        area = Area(file.stem)
        for match in LINE.finditer(file.read_text(encoding="utf-8")):
            area.stated.add(match["id"])
            if match["planned"]:
                area.planned.add(match["id"])
        found.append(area)
    return found


def results() -> dict[str, dict[str, bool]]:
    """Per rule the tests that are marked with it, and whether each passed in the last run."""
    if not RESULTS.exists():
        sys.exit("There is no test run to look at; run `make test` first.")
    loaded: dict[str, dict[str, bool]] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return loaded


def faults(found: list[Area], proven: dict[str, dict[str, bool]]) -> list[str]:
    """What is wrong with the ledger, a sentence each."""
    stated = {rule for area in found for rule in area.stated}
    said = [
        f"{rule} is named by {', '.join(sorted(tests))}, but no file of docs/rules/ states it."
        for rule, tests in sorted(proven.items())
        if rule not in stated
    ]
    for area in found:
        for rule in sorted(area.due()):
            tests = proven.get(rule, {})
            if not tests:
                said.append(f"{rule} ({area.name}) is neither covered by a test nor planned.")
            elif not all(tests.values()):
                failed = ", ".join(sorted(name for name, passed in tests.items() if not passed))
                said.append(f"{rule} ({area.name}) is not covered: {failed} did not pass.")
        said += [
            f"{rule} ({area.name}) is called planned, but {min(proven[rule])} covers it."
            for rule in sorted(area.planned & set(proven))
        ]
    return said


def table(found: list[Area], proven: dict[str, dict[str, bool]]) -> str:
    """How many rules of each file are covered, planned and stated."""
    lines = [f"{'file':<16}{'covered':>9}{'planned':>9}{'all':>6}"]
    for area in found:
        covered = sum(1 for rule in area.due() if proven.get(rule) and all(proven[rule].values()))
        lines.append(f"{area.name:<16}{covered:>9}{len(area.planned):>9}{len(area.stated):>6}")
    return "\n".join(lines)


def main() -> None:
    """Print the table and the faults; fail when there is a fault."""
    found, proven = areas(), results()
    print(table(found, proven))  # noqa: T201 - its purpose
    said = faults(found, proven)
    for sentence in said:
        print(sentence)  # noqa: T201 - its purpose
    sys.exit(1 if said else 0)


if __name__ == "__main__":
    main()
