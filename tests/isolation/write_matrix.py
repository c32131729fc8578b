"""Write the matrix anew from a freshly migrated database: `python -m tests.isolation.write_matrix`; then read the diff."""

import json

from migrations import run
from tenancy.settings import for_libpq
from tests import _migrated, _postgres, _rows
from tests.isolation.conftest import _plain
from tests.isolation.matrix import Matrix, connections
from tests.isolation.test_matrix import EXPECTED, TABLES


def main() -> None:
    """Measure every table and keep what came of it."""
    run.load_models()
    with _migrated.database() as urls:
        with run.connected(urls.for_migrations()) as owner:
            rows = _rows.fill(owner)
            owner.commit()
        doors = {"owner": urls.for_migrations(), "app": urls.app, "portal": urls.portal}
        with connections({role: for_libpq(url) for role, url in doors.items()}) as opened:
            matrix = Matrix(opened, json.loads(json.dumps(rows, default=_plain)))
            cells = {cell: outcome for table in TABLES for cell, outcome in matrix.measure(table).items()}
    EXPECTED.write_text(json.dumps(cells, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    _postgres.finish()


if __name__ == "__main__":
    main()
