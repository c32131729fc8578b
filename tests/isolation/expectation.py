"""The matrix as it is checked in: a line for each table, context and relation, with what comes of each command."""

import json
from functools import cache
from pathlib import Path

from migrations import run
from persistence.base import Base
from tests.isolation.matrix import Cells

FILE = Path(__file__).with_name("matrix.json")

run.load_models()
TABLES = sorted(Base.metadata.tables)


@cache
def expected() -> Cells:
    """The cells as they should be."""
    lines: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))
    found: Cells = {}
    for line, outcomes in lines.items():
        table, context, relation = line.split(" | ")
        for each in outcomes.split("; "):
            command, _, outcome = each.partition(": ")
            found[table, context, relation, command] = outcome
    return found


@cache
def of(table: str) -> Cells:
    """The cells of one table."""
    return {cell: outcome for cell, outcome in expected().items() if cell[0] == table}


def write(cells: Cells) -> None:
    """Keep these cells."""
    lines: dict[str, list[str]] = {}
    for (table, context, relation, command), outcome in cells.items():
        lines.setdefault(f"{table} | {context} | {relation}", []).append(f"{command}: {outcome}")
    said = {line: "; ".join(outcomes) for line, outcomes in lines.items()}
    FILE.write_text(json.dumps(said, indent=0, sort_keys=True) + "\n", encoding="utf-8")
