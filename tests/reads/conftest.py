"""A toy database of three tenants, and engines over it."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from reads.catalogue import Catalogue
from reads.engine import ReadEngine
from reads.pipeline import Pipeline
from tenancy.settings import DatabaseUrls
from tests import _postgres
from tests.reads import toy, toy_data

SECRET = b"a secret of the tests"


def plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@dataclass
class Toy:
    """The toy's database and what stands in it."""

    urls: DatabaseUrls
    world: toy_data.World
    engines: list[Any] = field(default_factory=list)

    @property
    def conninfo(self) -> str:
        return plain(self.urls.app)

    def owner(self) -> psycopg.Connection[Any]:
        return psycopg.connect(plain(self.urls.owner), autocommit=True)


@pytest.fixture(scope="session")
def toy_base() -> Iterator[Toy]:
    urls = _postgres.empty()
    world = toy_data.world()
    with psycopg.connect(plain(urls.owner), autocommit=True) as connection:
        toy_data.create(connection, world)
    yield Toy(urls, world)
    _postgres.drop(urls)


MakeEngine = Callable[..., ReadEngine]


@pytest.fixture
async def make_engine(toy_base: Toy) -> AsyncIterator[MakeEngine]:
    pipelines: list[Pipeline] = []

    def make(*, size: int = 4, prepared: bool = True, **more: Any) -> ReadEngine:
        pipeline = Pipeline(toy_base.conninfo, size, more.pop("wait_seconds", 5.0), prepared=prepared)
        pipelines.append(pipeline)
        return ReadEngine(
            Catalogue(more.pop("schema", toy.schema)),
            {"app": pipeline},
            secret=SECRET,
            may_introspect=more.pop("may_introspect", lambda _: True),
            **more,
        )

    yield make
    for pipeline in pipelines:
        await pipeline.close()


@pytest.fixture
def engine(make_engine: MakeEngine) -> ReadEngine:
    return make_engine()
