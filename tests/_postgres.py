"""The PostgreSQL of a test run: one throwaway server for all its processes, a template, and clones of it.

The server is the embedded one, without durability, in the temporary folder; or the one that
KONTOR_DATABASE_URL and KONTOR_OWNER_DATABASE_URL name. All processes of a run (and runs side by side) share
it, and the last that ends stops it, however it ends. Its folder stays and is warm for the next run; `discard`
removes it.
"""

import atexit
import hashlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import make_url

from persistence import embedded, roles
from persistence.embedded import EmbeddedServer, locks
from tenancy.settings import DatabaseUrls, database_urls, load

CLONE = "kontor_test_"
TEMPLATE = "kontor_template_"
KEPT_TEMPLATES = 3
PATIENCE_SECONDS = 600.0
FORGOTTEN_AFTER_SECONDS = 7200

GUARD = """
import sys, time
from pathlib import Path
from persistence import embedded
while not embedded.stop_if_unused(Path(sys.argv[1])):
    time.sleep(1)
"""

_made: set[str] = set()
"""The databases that this process made and has not dropped."""

_uses: list[EmbeddedServer] = []


@dataclass(frozen=True)
class Server:
    """Where the run's databases are made; `admin` is the superuser's address, which only our own has."""

    owner: str
    app: str
    portal: str
    admin: str | None

    def at(self, database: str) -> DatabaseUrls:
        """Answer the three doors of one database."""
        return DatabaseUrls(*(_at(url, database) for url in (self.owner, self.app, self.portal)))


@cache
def server() -> Server:
    """Start or join the run's server; it is left at the end of this process."""
    found = _given() or _own()
    atexit.register(finish)
    with _alone():
        _sweep(found)
    return found


def template(migrate: Callable[[str], None], key: str) -> str:
    """Answer the name of a database that `migrate(owner_url)` has filled, made once for each `key`.

    The key is whatever decides what comes out, such as a hash of the migrations.
    """
    name = f"{TEMPLATE}{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    at = server()
    with _alone():
        if name not in _databases(at, TEMPLATE):
            draft = f"{name}_draft"
            drop(draft)
            _create(at, draft, roles.create_statement(draft))
            _execute(at.at(draft).owner, *roles.SCHEMA_STATEMENTS)
            migrate(at.at(draft).for_migrations())
            _execute(
                at.owner,
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)),
                sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)),
            )
    return name


def clone(name: str) -> DatabaseUrls:
    """Make a database of its own from a template and answer its doors; it is dropped at the end at latest."""
    at = server()
    made = f"{CLONE}{int(time.time())}_{secrets.token_hex(6)}"
    _made.add(made)
    _create(
        at,
        made,
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(made), sql.Identifier(name)),
    )
    return at.at(made)


def empty() -> DatabaseUrls:
    """Make a database without tables and answer its doors; it is dropped at the end at latest."""
    at = server()
    made = f"{CLONE}{int(time.time())}_{secrets.token_hex(6)}"
    _made.add(made)
    _create(at, made, roles.create_statement(made))
    _execute(at.at(made).owner, *roles.SCHEMA_STATEMENTS)
    return at.at(made)


def drop(database: DatabaseUrls | str) -> None:
    """Drop a database, and disconnect whoever is still there."""
    name = database if isinstance(database, str) else str(make_url(database.app).database)
    at = server()
    _disconnect(at, name)
    _execute(at.owner, sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    _made.discard(name)


def finish() -> None:
    """Drop what this process made and leave the server; the last process of the run thereby stops it.

    Also for a process that has used no server, such as the one that only hands out the tests.
    """
    for name in sorted(_made):
        drop(name)
    while _uses:
        _uses.pop().leave()
    server.cache_clear()
    if _given() is None and _folder().exists():
        embedded.stop_if_unused(_folder())


def discard() -> None:
    """Remove the folder of the run's own server; raises `EmbeddedServerError` while a run uses it."""
    embedded.destroy(_folder())


def _given() -> Server | None:
    if not os.environ.get("KONTOR_DATABASE_URL"):
        return None
    urls = database_urls(load(environment="development"))
    return Server(urls.for_migrations(), urls.app, urls.portal, admin=None)


def _own() -> Server:
    folder = _folder()
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to another user.")
    with _alone():
        alone = embedded.stop_if_unused(folder)
        _forget_what_a_crash_of_the_machine_left(folder)
        running = embedded.start(folder, durable=False)
        _uses.append(running)
        if alone:
            _guard(folder)
        roles.bootstrap(running.admin_url(), "kontor")
    return Server(*running.urls("kontor"), admin=running.admin_url())


def _guard(folder: Path) -> None:
    """Let a process of its own stop the server also after a run that was killed; it ends with the server."""
    subprocess.run(
        ["/bin/sh", "-c", '"$@" &', "sh", sys.executable, "-c", GUARD, str(folder)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=True,
    )


def _forget_what_a_crash_of_the_machine_left(folder: Path) -> None:
    """Data that was not written safely is worth nothing after a restart of the machine."""
    note = folder / "boot"
    boot = str(int(psutil.boot_time()) // 60)
    if note.exists() and note.read_text() != boot:
        embedded.destroy(folder)
    note.write_text(boot)


def _folder() -> Path:
    """One folder for each user and clone, so that clones side by side do not share a server."""
    clone_of = hashlib.sha256(os.fsencode(Path(__file__).resolve())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"kontor-tests-{os.geteuid()}-{clone_of}"


@contextmanager
def _alone() -> Iterator[None]:
    folder = _folder()
    folder.mkdir(mode=0o711, exist_ok=True)
    with locks.held(folder / "tests.lock", patience=PATIENCE_SECONDS):
        yield


def _sweep(at: Server) -> None:
    """Drop what killed runs left, and templates of older migrations."""
    for name in _databases(at, CLONE):
        stamp = int(name.removeprefix(CLONE).split("_")[0])
        if time.time() - stamp > FORGOTTEN_AFTER_SECONDS:
            _drop_quietly(at, name)
    for name in _databases(at, TEMPLATE)[:-KEPT_TEMPLATES]:
        _drop_quietly(at, name)


def _drop_quietly(at: Server, name: str) -> None:
    """Drop what nobody else is at; a database that another run still uses stays."""
    with psycopg.connect(roles.conninfo(at.owner), autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:
            return


def _create(at: Server, name: str, statement: sql.Composed) -> None:
    _execute(at.owner, statement, *roles.closing_statements(name))


def _databases(at: Server, prefix: str) -> list[str]:
    """Answer the names of databases with this prefix, oldest first."""
    with psycopg.connect(roles.conninfo(at.owner), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [prefix]
        )
        return [str(name) for (name,) in rows]


def _disconnect(at: Server, name: str) -> None:
    """End the sessions in a database, each role its own: the owner may not end those of the others."""
    by_role = {make_url(url).username: url for url in (at.owner, at.app, at.portal)}
    with psycopg.connect(roles.conninfo(at.owner), autocommit=True) as connection:
        found = connection.execute("SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = %s", [name])
        present = {row[0] for row in found}
    for role, url in by_role.items():
        if role in present:
            _execute(
                url,
                sql.SQL(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = {} AND usename = current_user"
                ).format(sql.Literal(name)),
            )


def _execute(url: str | None, *statements: sql.Composed) -> None:
    with psycopg.connect(roles.conninfo(str(url)), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _at(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)
