"""What the tests of the history share: one migrated database, looked at and never changed for good."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from migrations import run
from tenancy.settings import DatabaseUrls
from tests import _migrated


@pytest.fixture(scope="module")
def database() -> Iterator[DatabaseUrls]:
    run.load_models()
    with _migrated.database() as made:
        yield made


@pytest.fixture
def owner(database: DatabaseUrls) -> Iterator[Connection]:
    with _migrated.as_owner(database) as connection:
        yield connection
