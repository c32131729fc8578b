"""The permission matrix of the database is the checked-in one, cell by cell; whoever changes it changes that file.

`python -m tests.isolation.write_matrix` writes it anew.
"""

import pytest

from tests.isolation.conftest import Measured
from tests.isolation.expectation import TABLES, expected, of
from tests.isolation.matrix import Cell

pytestmark = pytest.mark.xdist_group("matrix")

NOTHING = frozenset({"nothing", "walled", "refused"})
FOUNDED = frozenset({"contracting_company", "tenant", "tenant_settings", "tenant_rights"})


@pytest.mark.rule("R-228", "R-00-01")
@pytest.mark.parametrize("table", TABLES)
def test_the_database_lets_each_caller_do_what_the_matrix_says(table: str, filled: Measured) -> None:
    assert filled.matrix.measure(table) == of(table)


def test_the_matrix_is_of_the_tables_that_there_are() -> None:
    assert sorted({table for table, *_ in expected()}) == TABLES


@pytest.mark.rule("R-228", "R-00-01")
@pytest.mark.parametrize("table", TABLES)
def test_no_cell_of_the_matrix_lets_a_stranger_reach_a_foreign_row(table: str) -> None:
    """The file itself obeys the law, whoever edits it."""
    reached = {cell: outcome for cell, outcome in of(table).items() if outcome not in NOTHING and not _is_open(cell)}
    assert [cell for cell in reached if cell[2] == "foreign"] == []
    assert [cell for cell, outcome in reached.items() if cell[2] == "*" and outcome == "every row"] == []
    assert [cell for cell in reached if cell[1].startswith("nobody")] == []
    assert [cell for cell in reached if cell[3] in {"peek", "tamper", "settle in another's name", "open again"}] == []


def _is_open(cell: Cell) -> bool:
    """What must be open: founding tenants, signing in by one's own subject, the company that tenants share."""
    table, context, _, command = cell
    founding = context == "owner of the tables" and table in FOUNDED and command in {"select", "insert", "see"}
    signing_in = (table, context) == ("membership", "signing in") and command in {"select", "see"}
    company = table == "contracting_company" and context in {"staff", "customer", "another customer"}
    return founding or signing_in or (company and command in {"select", "see", "update", "change"})


@pytest.mark.rule("R-PO-06")
def test_only_the_reader_reads_what_is_shared_and_never_writes_it_but_to_settle() -> None:
    written = {
        cell
        for cell, outcome in expected().items()
        if outcome not in NOTHING and cell[2] == "read" and cell[3] != "select"
    }
    assert {(table, context.startswith("staff"), command) for table, context, _, command in written} == {
        ("payout_entry", True, "update")
    }


def test_rows_are_given_away_by_nobody_who_keeps_them() -> None:
    """`staff of another tenant` may give its rows to itself, which changes nothing."""
    given = {cell for cell, outcome in expected().items() if cell[3] == "move" and outcome not in NOTHING}
    assert {context for _, context, _, _ in given} <= {"staff of another tenant"}


def test_what_is_kept_for_ever_is_changed_by_nobody() -> None:
    for table in (
        "audit_entry",
        "audit_values",
        "joint_event",
        "invoice_item",
        "payout_entry_item",
        "payment_transaction",
    ):
        changed = [
            cell
            for cell, outcome in of(table).items()
            if cell[3] in {"update", "change", "delete", "remove"} and outcome not in NOTHING
        ]
        assert changed == []
