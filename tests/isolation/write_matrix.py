"""Write the matrix anew: `python -m tests.isolation.write_matrix`; then read the diff."""

from tests import _postgres
from tests.isolation.conftest import measured
from tests.isolation.expectation import TABLES, write


def main() -> None:
    """Measure every table and keep what came of it."""
    with measured() as found:
        write({cell: outcome for table in TABLES for cell, outcome in found.matrix.measure(table).items()})
    _postgres.finish()


if __name__ == "__main__":
    main()
