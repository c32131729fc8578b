"""The permission matrix of the database is the checked-in one, cell by cell; whoever changes it changes that file.

python -m tests.isolation.write_matrix    writes it anew
"""

import json
from pathlib import Path
from typing import Any

import pytest

from migrations import run
from persistence.base import Base
from tests.isolation.matrix import Matrix

EXPECTED = Path(__file__).with_name("matrix.json")

run.load_models()
TABLES = sorted(Base.metadata.tables)


def expected() -> dict[str, str]:
    """The cells as they should be."""
    loaded: dict[str, str] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return loaded


def of(table: str, cells: dict[str, str]) -> dict[str, str]:
    """The cells of one table."""
    return {cell: outcome for cell, outcome in cells.items() if cell.startswith(f"{table} | ")}


@pytest.mark.rule("R-228", "R-00-01")
@pytest.mark.parametrize("table", TABLES)
def test_the_database_lets_each_caller_do_what_the_matrix_says(table: str, filled: tuple[Matrix, Any]) -> None:
    matrix, _ = filled
    assert matrix.measure(table) == of(table, expected())


@pytest.mark.parametrize("table", TABLES)
def test_no_cell_of_the_matrix_lets_a_stranger_reach_a_foreign_row(table: str) -> None:
    """The file itself obeys the law, whoever edits it: `signing in` may read its own memberships, nothing else."""
    open_cells = [
        cell
        for cell, outcome in of(table, expected()).items()
        if outcome == "yes" and "| foreign |" in cell and not _is_open(cell)
    ]
    assert open_cells == []


def _is_open(cell: str) -> bool:
    table, context, _, command = cell.split(" | ")
    founding = context == "owner of the tables" and table in {
        "contracting_company", "tenant", "tenant_settings", "tenant_rights",
    }  # fmt: skip
    signing_in = (table, context, command) == ("membership", "signing in", "select")
    company = (table, command) in {("contracting_company", "select"), ("contracting_company", "update")}
    return founding or signing_in or company


def test_only_the_reader_reads_what_is_shared_and_never_writes_it_but_to_settle() -> None:
    written = {
        cell
        for cell, outcome in expected().items()
        if outcome == "yes" and "| read |" in cell and not cell.endswith("| select")
    }
    assert {cell.split(" | ")[0] for cell in written} <= {"payout_entry"}
    assert all(cell.endswith("| update") for cell in written)
