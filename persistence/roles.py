"""The three database roles, what they may and may not be, and the servers that Kontor works on.

`kontor_owner` owns database and tables and migrates; `kontor_app` and `kontor_portal` serve requests, own
nothing and cannot step around row security. One list of statements makes them, for our own hand (`bootstrap`)
and for the hand of a database administrator (`bootstrap_sql`).
"""

from collections.abc import Mapping

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, make_url, text

OWNER = "kontor_owner"
APP = "kontor_app"
PORTAL = "kontor_portal"
SERVING = (APP, PORTAL)

STATEMENT_TIMEOUT_MS = 5000
LOCK_TIMEOUT_MS = 3000
IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000
OWNER_LOCK_TIMEOUT_MS = 10_000

PINS = {15: 18, 16: 14, 17: 10, 18: 4}
"""The oldest usable minor release of each major one: those with the security fixes of 2026."""

SCHEMA_STATEMENTS = [sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC").format()]
"""What a new database needs once, as its owner; databases made from it as a template have it."""

_HARMLESS = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION"
_ATTRIBUTES = {
    OWNER: f"{_HARMLESS} CREATEDB",
    APP: f"{_HARMLESS} NOCREATEDB",
    PORTAL: f"{_HARMLESS} NOCREATEDB",
}
_EVERY_SESSION = {"TimeZone": "UTC", "jit": "off"}
_BOOTSTRAP_LOCK = 0x4B6F6E746F72  # any number, the same in every process


class UnfitServer(Exception):
    """Kontor refuses to work on this connection; the message is one sentence that says why."""


def bootstrap(
    admin_url: str,
    database: str,
    passwords: Mapping[str, str] | None = None,
    *,
    statement_timeout_ms: int = STATEMENT_TIMEOUT_MS,
) -> None:
    """Make roles and database, or set right what differs; what is right already stays untouched.

    `admin_url` connects as a superuser, or as a role with CREATEROLE and CREATEDB. `passwords` are by role
    name and travel hashed; roles without one keep what they have.
    """
    with _connect(admin_url) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_BOOTSTRAP_LOCK])
        for role, attributes in _ATTRIBUTES.items():
            _ensure_role(connection, role, attributes)
        for statement in _role_settings(statement_timeout_ms):
            connection.execute(statement)
        for role, password in (passwords or {}).items():
            _set_password(connection, role, password)
        _ensure_database(connection, database)
        for statement in closing_statements(database):
            connection.execute(statement)
    with _connect(admin_url, database) as connection:
        # a lock counts within one database
        connection.execute("SELECT pg_advisory_lock(%s)", [_BOOTSTRAP_LOCK])
        for statement in SCHEMA_STATEMENTS:
            connection.execute(statement)


def bootstrap_sql(database: str, *, statement_timeout_ms: int = STATEMENT_TIMEOUT_MS) -> str:
    """Answer what `bootstrap` does as a psql script for a database administrator; passwords are theirs."""
    roles = [
        _psql_unless(f"CREATE ROLE {role} {attributes}", f"FROM pg_roles WHERE rolname = {_literal(role)}")
        for role, attributes in _ATTRIBUTES.items()
    ]
    base = _psql_unless(
        create_statement(database).as_string(), f"FROM pg_database WHERE datname = {_literal(database)}"
    )
    parts = [
        "-- For psql, as a superuser or as a role with CREATEROLE and CREATEDB.",
        *roles,
        *(f"{statement.as_string()};" for statement in _role_settings(statement_timeout_ms)),
        f"GRANT {OWNER} TO CURRENT_USER;",
        base,
        *(f"{statement.as_string()};" for statement in closing_statements(database)),
        f"\\connect {sql.Identifier(database).as_string()}",
        *(f"{statement.as_string()};" for statement in SCHEMA_STATEMENTS),
        "-- Then give each role its password:",
        *(f"--   \\password {role}" for role in _ATTRIBUTES),
    ]
    return "\n".join(parts) + "\n"


def create_statement(database: str) -> sql.Composed:
    """Answer the statement that makes an empty database of the owner.

    Text sorts and folds by bytes on every server alike: names have key columns of our own for that.
    """
    return sql.SQL(
        "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"
    ).format(sql.Identifier(database), sql.Identifier(OWNER))


def closing_statements(database: str) -> list[sql.Composed]:
    """Answer the statements that let only Kontor's roles into a database.

    A database made from a template needs them again: PostgreSQL does not copy a database's own grants.
    """
    name = sql.Identifier(database)
    return [
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, _identifiers(SERVING)),
    ]


def is_too_old(server_version: int) -> bool:
    """Whether a server of this `server_version_num` is older than what Kontor is tested on and safe with."""
    major, minor = divmod(server_version, 10_000)
    return major < min(PINS) or minor < PINS.get(major, 0)


def refuse_old(connection: Connection) -> None:
    """Raise `UnfitServer` when the server lacks the security fixes that Kontor stands on, or UTF-8."""
    number = int(connection.scalar(text("SELECT current_setting('server_version_num')")) or 0)
    if is_too_old(number):
        oldest = ", ".join(f"{major}.{minor}" for major, minor in PINS.items())
        raise UnfitServer(
            f"PostgreSQL {number // 10_000}.{number % 10_000} is too old: "
            f"Kontor needs {oldest} or a later one of their line."
        )
    encoding = connection.scalar(text("SELECT current_setting('server_encoding')"))
    if encoding != "UTF8":
        raise UnfitServer(f"The database stores text as {encoding}: Kontor needs UTF8.")


def refuse_unfit(connection: Connection) -> None:
    """Raise `UnfitServer` when requests must not be served over this connection.

    That is on a server that `refuse_old` refuses, and as a role that could step around row security: a
    superuser, one with BYPASSRLS, one that owns tables or may become their owner.
    """
    refuse_old(connection)
    role = connection.execute(_WHO).one()
    if role.rolsuper:
        raise UnfitServer(f"The role {role.rolname} is a superuser, for whom row security does not hold.")
    if role.rolbypassrls:
        raise UnfitServer(f"The role {role.rolname} has BYPASSRLS, so row security does not hold for it.")
    if role.owned is not None:
        raise UnfitServer(f"The role {role.rolname} owns tables (such as {role.owned}): requests are served by {APP}.")


def conninfo(url: str, database: str | None = None) -> str:
    """Answer what psycopg connects by for SQLAlchemy's address, with another database if one is named."""
    parsed = make_url(url)
    parts = {**parsed.query, **parsed.translate_connect_args(username="user", database="dbname")}
    return make_conninfo(**parts if database is None else {**parts, "dbname": database})


_WHO = text(
    """
    SELECT rolname, rolsuper, rolbypassrls, (
        SELECT format('%I.%I', nspname, relname)
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname <> 'information_schema'
          AND nspname !~ '^pg_' AND pg_has_role(current_user, relowner, 'MEMBER')
        ORDER BY nspname <> 'public', nspname, relname
        LIMIT 1
    ) AS owned
    FROM pg_roles WHERE rolname = current_user
    """
)


def _connect(admin_url: str, database: str | None = None) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(conninfo(admin_url, database), autocommit=True)


def _ensure_role(connection: "psycopg.Connection[tuple[object, ...]]", role: str, attributes: str) -> None:
    found = connection.execute(
        "SELECT concat_ws(' ',"
        " CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,"
        " CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END,"
        " CASE WHEN rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END,"
        " CASE WHEN rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,"
        " CASE WHEN rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END,"
        " CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END)"
        " FROM pg_roles WHERE rolname = %s",
        [role],
    ).fetchone()
    verb = "CREATE" if found is None else "ALTER"
    if found is None or found[0] != attributes:
        connection.execute(sql.SQL("{} ROLE {} {}").format(sql.SQL(verb), sql.Identifier(role), sql.SQL(attributes)))


def _role_settings(statement_timeout_ms: int) -> list[sql.Composed]:
    """Settings that belong to the roles: they hold in every database, and also behind a pooler."""
    serving = {
        **_EVERY_SESSION,
        "statement_timeout": statement_timeout_ms,
        "lock_timeout": min(LOCK_TIMEOUT_MS, statement_timeout_ms),
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_TIMEOUT_MS,
    }
    by_role = {
        OWNER: {**_EVERY_SESSION, "lock_timeout": OWNER_LOCK_TIMEOUT_MS},
        APP: serving,
        PORTAL: serving,
    }
    return [
        sql.SQL("ALTER ROLE {} SET {} = {}").format(sql.Identifier(role), sql.Identifier(name), sql.Literal(str(value)))
        for role, settings in by_role.items()
        for name, value in settings.items()
    ]


def _set_password(connection: "psycopg.Connection[tuple[object, ...]]", role: str, password: str) -> None:
    """Send the password hashed, so that it stands in no log of the server."""
    hashed = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(hashed.decode())))


def _ensure_database(connection: "psycopg.Connection[tuple[object, ...]]", database: str) -> None:
    admin = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if not admin or not admin[0]:
        # Only a member of the owner may give a database to it.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
    owner = connection.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [database]
    ).fetchone()
    if owner is None:
        connection.execute(create_statement(database))
    elif owner[0] != OWNER:
        connection.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(database), sql.Identifier(OWNER))
        )


def _identifiers(names: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def _literal(value: str) -> str:
    return sql.Literal(value).as_string()


def _psql_unless(statement: str, present: str) -> str:
    r"""Write a statement for psql that runs only when nothing is present: `\gexec` runs what is answered."""
    return f"SELECT {_literal(statement)} WHERE NOT EXISTS (SELECT {present}) \\gexec"
