"""The throw-away PostgreSQL of the benchmarks: Kontor's embedded one, migrated, kept warm between runs."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from migrations import run
from persistence import embedded, roles
from tenancy.settings import DatabaseUrls, for_libpq

DATABASE = "kontor"


@dataclass(frozen=True)
class Server:
    """The running server. `admin` is the superuser's address: it fills tables past row security, and reads ids."""

    urls: DatabaseUrls
    admin: str

    @contextmanager
    def as_admin(self) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
        """A connection that sees all tenants; no contestant has one."""
        with psycopg.connect(for_libpq(self.admin)) as connection:
            yield connection


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """The server of this data folder, without durability, as long as the block; its tables are the newest."""
    with embedded.start(folder, durable=False) as server:
        roles.bootstrap(server.admin_url(), DATABASE)
        found = Server(DatabaseUrls(*server.urls(DATABASE)), server.admin_url(DATABASE))
        run.upgrade(found.urls.for_migrations())
        yield found


@contextmanager
def passing(folder: Path) -> Iterator[tuple[Server, Path]]:
    """A server whose data go with the block, and its folder."""
    home = folder.absolute()
    _drop(home)
    try:
        with running(home) as server:
            yield server, home
    finally:
        _drop(home)


def _drop(home: Path) -> None:
    if home.exists():
        embedded.destroy(home)
        shutil.rmtree(home)
