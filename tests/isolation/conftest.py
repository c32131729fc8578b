"""A database in which every table has rows of two tenants, and the matrix over it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from migrations import run
from tenancy.settings import for_libpq
from tests import _migrated
from tests.isolation import samples
from tests.isolation import twins as twins_
from tests.isolation.matrix import Matrix, connections
from tests.isolation.twins import Twins


@dataclass(frozen=True)
class Measured:
    """The matrix, and the connection that may break what it measures."""

    matrix: Matrix
    owner: "psycopg.Connection[Any]"


@contextmanager
def measured() -> Iterator[Measured]:
    """The matrix over a database of one's own."""
    run.load_models()
    with _migrated.database() as urls:
        with run.connected(urls.for_migrations()) as owner:
            rows = samples.make(owner)
            owner.commit()
        doors = {"owner": urls.for_migrations(), "app": urls.app, "portal": urls.portal}
        with connections({role: for_libpq(url) for role, url in doors.items()}) as opened:
            yield Measured(Matrix(opened, rows), opened["owner"])


@pytest.fixture(scope="module")
def filled() -> Iterator[Measured]:
    """The matrix over a filled database, for the tests of one file."""
    with measured() as found:
        yield found


@pytest.fixture(scope="session")
async def twins() -> AsyncIterator[Twins]:
    """The twins, for all tests that ask them something."""
    async with twins_.made() as found:
        yield found
