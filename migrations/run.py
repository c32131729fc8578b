"""Walk the history: upgrade, downgrade, where a database stands, where it differs, and the SQL as a script."""

import hashlib
import importlib
import pkgutil
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import psycopg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, make_url, text

import persistence
from migrations import autogenerate, comparison
from persistence.base import Base

HERE = Path(__file__).parent
VERSIONS = HERE / "versions"
LOCK = 0x6B6F_6E74_6F72
"""The advisory lock that makes a second migrator wait for the first."""

WAIT = "10s"
"""How long a statement waits for a table that somebody uses, before it gives up instead of blocking all."""

__all__ = ["at_head", "check", "current", "downgrade", "fingerprint", "heads", "history", "sql", "upgrade"]


def upgrade(owner_url: str, revision: str = "head", versions: Path = VERSIONS) -> None:
    """Bring the database up to a revision; a second migrator at the same time waits and finds it done."""
    with locked(owner_url) as connection:
        command.upgrade(_config(connection, versions=versions), revision)


def downgrade(owner_url: str, revision: str, versions: Path = VERSIONS) -> None:
    """Bring the database down to a revision, or to `base`: tables that came later go with their rows."""
    with locked(owner_url) as connection:
        command.downgrade(_config(connection, versions=versions), revision)


def current(url: str) -> str | None:
    """The revision the database stands at, None for an empty one; the application's role may ask."""
    with psycopg.connect(_plain(url)) as connection:
        table = connection.execute("select to_regclass('public.alembic_version')").fetchone()
        if table is None or table[0] is None:
            return None
        row = connection.execute("select version_num from public.alembic_version").fetchone()
    return None if row is None else str(row[0])


def heads() -> list[str]:
    """The newest revisions; there is one as long as the history is a line."""
    return list(ScriptDirectory.from_config(_config()).get_heads())


def history() -> list[str]:
    """All revisions, the oldest first."""
    script = ScriptDirectory.from_config(_config())
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def at_head(url: str) -> bool:
    """Whether the database stands at the newest revision; the application's role may ask."""
    return heads() == [current(url)]


def fingerprint() -> str:
    """A hash of the history: two equal ones make equal databases, so that tests can share a template."""
    files = sorted(VERSIONS.glob("*.py")) + sorted((HERE / "operations").glob("*.py"))
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()


def check(owner_url: str) -> list[str]:
    """Where the database differs from the models, a sentence each; empty when nothing does."""
    load_models()
    if len(heads()) != 1:
        return [f"The history is no line: it has the heads {', '.join(sorted(heads()))}."]
    stands = current(owner_url)
    if [stands] != heads():
        return [f"The database stands at {stands}, the history at {heads()[0]}."]
    with connected(owner_url) as connection:
        return differences(connection)


def differences(connection: Connection) -> list[str]:
    """The sentences of `check` over an open connection of the owner; it is left as it was."""
    found = [each.sentence for each in comparison.compare(connection).differences]
    if found:
        return found
    context = MigrationContext.configure(connection, opts={"autogenerate_plugins": autogenerate.PLUGINS})
    return [f"Alembic would draft {change}." for change in compare_metadata(context, Base.metadata)]


def sql(out: TextIO, revisions: str = "head", *, cluster: bool = False) -> None:
    """Write the history as a script, from nothing or over a range such as `0001:head`; for Citus if asked."""
    config = _config(out=out)
    config.cmd_opts = Namespace(x=["citus=on"] if cluster else [])
    command.upgrade(config, revisions, sql=True)


def load_models() -> None:
    """Import every module of persistence, so that all tables, guards and functions are declared."""
    for module in pkgutil.walk_packages(persistence.__path__, "persistence."):
        importlib.import_module(module.name)


@contextmanager
def locked(owner_url: str) -> Iterator[Connection]:
    """A connection of the owner that holds the migrators' lock; not through PgBouncer's transaction mode."""
    with connected(owner_url) as connection:
        connection.execute(text("set lock_timeout to 0"))
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": LOCK})
        connection.execute(text(f"set lock_timeout to '{WAIT}'"))
        connection.commit()
        yield connection


def walk(context: EnvironmentContext, connection: Connection) -> None:
    """Run what Alembic was asked for over the connection, each migration in a transaction of its own."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        autogenerate_plugins=autogenerate.PLUGINS,
    )
    with context.begin_transaction():
        context.run_migrations()


def write(context: EnvironmentContext) -> None:
    """Write what Alembic was asked for as SQL."""
    context.configure(
        dialect_name="postgresql",
        dialect_opts={"paramstyle": "named"},  # a percent sign stays one
        literal_binds=True,
        transaction_per_migration=True,
        target_metadata=Base.metadata,
    )
    with context.begin_transaction():
        context.run_migrations()


@contextmanager
def connected(owner_url: str) -> Iterator[Connection]:
    url = make_url(owner_url).set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=NullPool, connect_args={"application_name": "kontor migrate"})
    with engine.connect() as connection:
        connection.execute(text("set search_path to public"))
        connection.commit()
        yield connection


def _config(connection: Connection | None = None, out: TextIO | None = None, versions: Path = VERSIONS) -> Config:
    config = Config(output_buffer=out, attributes={"connection": connection})
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    return config


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
