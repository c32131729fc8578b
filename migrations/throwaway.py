"""An empty database for drafting, on a server of its own under the checkout's `.kontor/drafts`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from persistence import embedded, roles

HOME = Path(__file__).parent.parent / ".kontor" / "drafts"


@contextmanager
def database() -> Iterator[str]:
    """The owner's address of an empty database that is dropped afterwards; drafters share the server."""
    name = f"draft_{os.getpid()}"
    with embedded.start(HOME, durable=False) as server:
        roles.bootstrap(server.admin_url(), name)
        try:
            yield server.urls(name)[0]
        finally:
            _drop(server.admin_url(), name)


def _drop(admin_url: str, name: str) -> None:
    address = make_url(admin_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
