"""A database in which every table has rows of two tenants, and the matrix over it."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from migrations import run
from tenancy.settings import for_libpq
from tests import _migrated, _rows
from tests.isolation.matrix import Matrix, connections


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[Matrix, dict[str, Any]]]:
    """The matrix over a filled database, with its connections by role."""
    run.load_models()
    with _migrated.database() as urls:
        with run.connected(urls.for_migrations()) as owner:
            rows = _rows.fill(owner)
            owner.commit()
        doors = {"owner": urls.for_migrations(), "app": urls.app, "portal": urls.portal}
        with connections({role: for_libpq(url) for role, url in doors.items()}) as opened:
            yield Matrix(opened, json.loads(json.dumps(rows, default=_plain))), opened


def _plain(value: object) -> str:
    return str(value) if isinstance(value, UUID) else repr(value)
