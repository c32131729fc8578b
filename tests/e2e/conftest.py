"""What the tests against the real thing share: one installation for all of them, in one process of the run."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest

from tenancy.settings import DatabaseUrls
from tests import _migrated
from tests.browser.conftest import browser, watch
from tests.browser.install import MISSING as NO_BROWSER
from tests.browser.install import chromium
from tests.e2e import people
from tests.e2e.install import MISSING as NO_POOLER
from tests.e2e.install import pgbouncer
from tests.e2e.installation import Installation, served
from tests.e2e.people import PATIENCE_SECONDS, Group

__all__ = ["browser", "watch"]

NEEDED = {"browser": (chromium, NO_BROWSER), "pgbouncer": (pgbouncer, NO_POOLER)}
"""What a test may need of the machine: how it is found, and what is said where it is missing."""

LEFT_OUT = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "pgbouncer: needs PgBouncer")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, aloud, what the machine lacks a program for."""
    for mark, (find, said) in NEEDED.items():
        left_out = [item for item in items if item.get_closest_marker(mark)]
        if left_out and find() is None:
            items[:] = [item for item in items if item not in left_out]
            config.hook.pytest_deselected(items=left_out)
            config.stash.setdefault(LEFT_OUT, []).append(said)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for said in config.stash.get(LEFT_OUT, []):
        terminalreporter.write_line(said, yellow=True)


@pytest.fixture(scope="session")
def base() -> Iterator[DatabaseUrls]:
    """A database of their own: this job worker takes nobody else's jobs while it lives."""
    with _migrated.database() as urls:
        yield urls


@pytest.fixture(scope="session")
def installation(base: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A server with two web workers and a job worker, over a database of the suite's server."""
    with served(Installation(folder_in(tmp_path_factory), base)) as installation:
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
