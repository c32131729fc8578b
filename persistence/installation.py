"""What the command line asks of a database as a whole: its note, its tenants, its server, its jobs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from persistence.roles import conninfo

CONNECT_SECONDS = 10


@dataclass(frozen=True)
class FoundedTenant:
    """A tenant and its contracting company, as the owner of the tables sees them."""

    id: UUID
    name: str
    domain: str
    currency: str
    company_id: UUID
    company: str


@dataclass(frozen=True)
class ServerFacts:
    """The server behind an address; `pooled` when a pooler stands between."""

    version: str
    role: str
    database: str
    pooled: bool


def note(url: str) -> str | None:
    """What an operator's command wrote on the database, for the next command to read."""
    with _connected(url) as connection:
        [(found,)] = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
        ).fetchall()
    return None if found is None else str(found)


def write_note(owner_url: str, text: str) -> None:
    """Write the note; only the owner of the database may."""
    with _connected(owner_url) as connection:
        database = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("comment on database {} is {}").format(database, sql.Literal(text)))


def tenants(owner_url: str) -> Sequence[FoundedTenant]:
    """Every tenant of the installation, by name; the serving roles see their own only."""
    with _connected(owner_url) as connection:
        rows = connection.execute(
            "select t.id, t.name, t.domain, t.default_currency, c.id, c.name"
            " from tenant t join contracting_company c on c.id = t.company_id order by c.name, t.name, t.id"
        ).fetchall()
    return [FoundedTenant(*row) for row in rows]


def companies(owner_url: str) -> dict[str, UUID]:
    """The contracting companies by name."""
    with _connected(owner_url) as connection:
        return dict(connection.execute("select name, id from contracting_company order by name").fetchall())


def failed_jobs(url: str) -> int:
    """How many jobs failed in all their tries."""
    with _connected(url) as connection:
        [(found,)] = connection.execute(
            "select count(*) from jobs.procrastinate_jobs where status = 'failed'"
        ).fetchall()
    return int(found)


def facts(url: str) -> ServerFacts:
    """Which server answers, as whom, and whether a pooler stands between."""
    with _connected(url) as connection:
        [(version, role, process)] = connection.execute(
            "select current_setting('server_version'), current_user, pg_backend_pid()"
        ).fetchall()
        database, pooled = connection.info.dbname, process != connection.pgconn.backend_pid
    return ServerFacts(str(version), str(role), database, pooled=pooled)


def statements_stay_prepared(url: str) -> bool:
    """Whether two clients in turn can use prepared statements: a pooler that forgets them mixes theirs up."""
    with _connected(url) as first, _connected(url) as second:
        try:
            for client in (first, second) * 3:
                client.execute("select 'first'" if client is first else "select 'second'", prepare=True)
        except (psycopg.errors.DuplicatePreparedStatement, psycopg.errors.InvalidSqlStatementName):
            return False
    return True


@contextmanager
def _connected(url: str) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(
        conninfo(url), autocommit=True, connect_timeout=CONNECT_SECONDS, application_name="kontor command"
    ) as connection:
        yield connection
