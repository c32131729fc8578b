"""A migrated database for tests that look at it from outside: a clone of one template."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from migrations import run
from tenancy.settings import DatabaseUrls
from tests import _postgres


def template() -> str:
    """The name of a database at the head of the history."""
    return _postgres.template(run.upgrade, run.fingerprint())


@contextmanager
def database() -> Iterator[DatabaseUrls]:
    """The doors of a migrated database of one's own."""
    made = _postgres.clone(template())
    try:
        yield made
    finally:
        _postgres.drop(made)


@contextmanager
def as_owner(database: DatabaseUrls) -> Iterator[Connection]:
    """A connection of the owner whose changes are undone."""
    with run.connected(database.for_migrations()) as connection:
        yield connection
        connection.rollback()
