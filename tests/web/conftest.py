"""What the HTTP tests share."""

import io
import logging
from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
import structlog

from tests.web.toy_endpoint import Toy
from web import logs


@pytest.fixture
def toy() -> Toy:
    return Toy()


@pytest.fixture
async def client(toy: Toy) -> AsyncIterator[httpx2.AsyncClient]:
    async with toy.client() as client:
        yield client


@pytest.fixture(autouse=True)
def log() -> Iterator[io.StringIO]:
    """What the process logs during a test."""
    written = io.StringIO()
    logs.configure(stream=written)
    yield written
    logging.basicConfig(force=True)
    structlog.reset_defaults()
