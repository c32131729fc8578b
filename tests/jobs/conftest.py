"""A house over a database of its own: its queue holds nobody else's jobs."""

from collections.abc import AsyncIterator, Iterator

import pytest

from jobs.hands import Hands
from tenancy.settings import DatabaseUrls, Settings, load
from tests import _migrated
from tests.people import House


@pytest.fixture(scope="module")
def alone() -> Iterator[DatabaseUrls]:
    with _migrated.database() as urls:
        yield urls


@pytest.fixture(scope="module")
async def own(alone: DatabaseUrls) -> AsyncIterator[House]:
    house = House(alone)
    await house.open()
    yield house
    await house.close()


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load(environment="demo")


@pytest.fixture(scope="module")
async def hands(settings: Settings, alone: DatabaseUrls) -> AsyncIterator[Hands]:
    made = Hands(settings, alone)
    yield made
    await made.close()
