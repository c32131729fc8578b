"""What the tests against the real thing share: one installation for all of them, in one process of the run."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest

from tenancy.settings import DatabaseUrls
from tests.e2e import people
from tests.e2e.installation import Installation, served
from tests.e2e.people import PATIENCE_SECONDS, Group


@pytest.fixture(scope="session")
def installation(database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A server with two web workers and a job worker, over a database of the suite's server."""
    with served(Installation(folder_in(tmp_path_factory), database_urls)) as installation:
        yield installation


@pytest.fixture(scope="session")
async def http(installation: Installation) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that reaches the server."""
    async with httpx2.AsyncClient(base_url=installation.url, timeout=PATIENCE_SECONDS) as client:
        yield client


@pytest.fixture(scope="session")
async def group(installation: Installation, http: httpx2.AsyncClient) -> Group:
    """Three tenants of that installation."""
    return await people.founded(installation, http)


def folder_in(factory: pytest.TempPathFactory) -> Path:
    """A data folder for one installation."""
    return factory.mktemp("kontor")
