"""What every test may ask for: a migrated database of its worker, and the house that stands on it."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from migrations import run
from tenancy.settings import DatabaseUrls
from tests import _postgres
from tests.people import House

VERSIONS = Path(run.__file__).parent


def _history() -> str:
    """The identity of the whole history of tables: another one makes another template."""
    digest = hashlib.sha256()
    for file in sorted(VERSIONS.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="session")
def database_urls() -> Iterator[DatabaseUrls]:
    """A database of this worker's own, at the newest revision."""
    urls = _postgres.clone(_postgres.template(run.upgrade, _history()))
    yield urls
    _postgres.drop(urls)


@pytest.fixture(scope="session")
async def house(database_urls: DatabaseUrls) -> AsyncIterator[House]:
    """The house over this worker's database; tests found their own tenants in it."""
    house = House(database_urls)
    await house.open()
    yield house
    await house.close()
