"""What Kontor's database roles may do, and the servers and roles that it refuses to work with."""

import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, make_url

from persistence import embedded, roles
from persistence.embedded import EmbeddedServer
from persistence.embedded.account import account_for, programs

DATABASE = "kontor"
CATALOGUE = """
    SELECT 'role', rolname::text, concat_ws(' ', rolsuper, rolbypassrls, rolcanlogin, rolcreatedb,
                                            rolcreaterole, rolreplication)
    FROM pg_roles WHERE rolname LIKE 'kontor%'
    UNION ALL
    SELECT 'setting', rolname::text, array_to_string(setconfig, ' ')
    FROM pg_db_role_setting JOIN pg_roles ON pg_roles.oid = setrole
    UNION ALL
    SELECT 'database', datname::text,
           concat_ws(' ', pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate,
                     (SELECT string_agg(entry::text, ' ' ORDER BY entry::text) FROM unnest(datacl) AS entry))
    FROM pg_database WHERE datname = 'kontor'
    ORDER BY 1, 2, 3
"""


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with tempfile.TemporaryDirectory(prefix="kontor-") as place:
        Path(place).chmod(0o755)
        with embedded.start(Path(place), durable=False) as started:
            yield started
        embedded.destroy(Path(place))


@pytest.fixture
def bare(server: EmbeddedServer) -> Iterator[EmbeddedServer]:
    """The server without any of our roles, as a database administrator hands it over."""
    yield server
    with as_admin(server) as admin:
        admin.execute("DROP DATABASE IF EXISTS kontor WITH (FORCE)")
        for (role,) in admin.execute("SELECT rolname FROM pg_roles WHERE rolname !~ '^(pg_|postgres)'").fetchall():
            admin.execute(f"DROP OWNED BY {role} CASCADE".encode())
            admin.execute(f"DROP ROLE {role}".encode())


@pytest.fixture
def made(bare: EmbeddedServer) -> EmbeddedServer:
    roles.bootstrap(bare.admin_url(), DATABASE)
    return bare


def plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def as_admin(server: EmbeddedServer, database: str = "postgres") -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with psycopg.connect(plain(server.admin_url(database)), autocommit=True) as connection:
        yield connection


@contextmanager
def as_role(
    server: EmbeddedServer, role: str, database: str = DATABASE
) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    url = make_url(plain(server.admin_url(database))).set(username=role)
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        yield connection


@contextmanager
def seen_by_kontor(server: EmbeddedServer, role: str, database: str = DATABASE) -> Iterator[Connection]:
    engine = create_engine(make_url(server.admin_url(database)).set(username=role))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def catalogue(server: EmbeddedServer) -> list[tuple[object, ...]]:
    with as_admin(server) as admin:
        return admin.execute(CATALOGUE.encode()).fetchall()


def test_the_serving_roles_cannot_step_around_row_security(made: EmbeddedServer) -> None:
    with as_admin(made) as admin:
        found = admin.execute(
            "SELECT rolname, rolcanlogin, rolcreatedb,"
            " rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication"
            " FROM pg_roles WHERE rolname LIKE 'kontor%' ORDER BY rolname"
        ).fetchall()
    assert found == [
        ("kontor_app", True, False, False),
        ("kontor_owner", True, True, False),
        ("kontor_portal", True, False, False),
    ]


@pytest.mark.parametrize("role", ["kontor_app", "kontor_portal"])
@pytest.mark.parametrize("statement", ["CREATE TABLE own (id int)", "CREATE TEMP TABLE own (id int)"])
def test_the_serving_roles_cannot_make_tables(made: EmbeddedServer, role: str, statement: str) -> None:
    with as_role(made, role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_the_owner_can_make_tables_and_databases(made: EmbeddedServer) -> None:
    with as_role(made, "kontor_owner") as connection:
        connection.execute("CREATE TABLE own (id int)")
        connection.execute("CREATE DATABASE another")
        connection.execute("DROP DATABASE another")


def test_nobody_else_gets_into_the_database(made: EmbeddedServer) -> None:
    with as_admin(made) as admin:
        admin.execute("CREATE ROLE stranger LOGIN")
    with (
        pytest.raises(psycopg.OperationalError, match="permission denied for database"),
        as_role(made, "stranger"),
    ):
        pass


@pytest.mark.parametrize("role", ["kontor_app", "kontor_portal"])
def test_the_settings_hold_for_a_serving_role_in_every_database(made: EmbeddedServer, role: str) -> None:
    for database in (DATABASE, "postgres"):
        with as_role(made, role, database) as connection:
            found = connection.execute(
                "SELECT current_setting('TimeZone'), current_setting('jit'), current_setting('lock_timeout'),"
                " current_setting('statement_timeout'),"
                " current_setting('idle_in_transaction_session_timeout')"
            ).fetchone()
        assert found == ("UTC", "off", "3s", "5s", "10s")


def test_a_migration_may_take_longer_than_a_request_but_not_wait_for_a_lock_for_ever(
    made: EmbeddedServer,
) -> None:
    with as_role(made, "kontor_owner") as connection:
        found = connection.execute(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
        ).fetchone()
    assert found == ("0", "10s")


def test_a_second_bootstrap_changes_nothing_and_sets_right_what_was_bent(made: EmbeddedServer) -> None:
    before = catalogue(made)
    roles.bootstrap(made.admin_url(), DATABASE)
    assert catalogue(made) == before
    with as_admin(made) as admin:
        admin.execute("ALTER ROLE kontor_app SUPERUSER BYPASSRLS CREATEDB")
        admin.execute("ALTER ROLE kontor_portal SET statement_timeout = 0")
        admin.execute("ALTER DATABASE kontor OWNER TO postgres")
        admin.execute("GRANT TEMPORARY ON DATABASE kontor TO PUBLIC")
    roles.bootstrap(made.admin_url(), DATABASE)
    assert catalogue(made) == before


def test_bootstraps_at_the_same_time_do_not_disturb_each_other(bare: EmbeddedServer) -> None:
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda _: roles.bootstrap(bare.admin_url(), DATABASE), range(4)))
    with as_role(bare, "kontor_app") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("kontor_app",)


def test_an_administrator_without_superuser_can_bootstrap(bare: EmbeddedServer) -> None:
    roles.bootstrap(bare.admin_url(), DATABASE)
    expected = catalogue(bare)
    with as_admin(bare) as admin:
        admin.execute("DROP DATABASE kontor")
        admin.execute("DROP ROLE kontor_owner, kontor_app, kontor_portal")
        admin.execute("CREATE ROLE manager LOGIN CREATEROLE CREATEDB")
    roles.bootstrap(str(make_url(bare.admin_url()).set(username="manager")), DATABASE)
    roles.bootstrap(str(make_url(bare.admin_url()).set(username="manager")), DATABASE)
    assert catalogue(bare) == expected


def test_passwords_reach_the_server_hashed(bare: EmbeddedServer) -> None:
    roles.bootstrap(bare.admin_url(), DATABASE, {"kontor_app": "a secret"})
    with as_admin(bare) as admin:
        found = admin.execute(
            "SELECT rolname, left(rolpassword, 14) FROM pg_authid WHERE rolpassword IS NOT NULL"
        ).fetchall()
    assert found == [("kontor_app", "SCRAM-SHA-256$")]
    assert "a secret" not in bare.log.read_text()


def test_the_script_for_an_administrator_does_what_bootstrap_does(bare: EmbeddedServer) -> None:
    roles.bootstrap(bare.admin_url(), DATABASE)
    expected = catalogue(bare)
    with as_admin(bare) as admin:
        admin.execute("DROP DATABASE kontor")
        admin.execute("DROP ROLE kontor_owner, kontor_app, kontor_portal")
    for _ in range(2):
        run_in_psql(bare, roles.bootstrap_sql(DATABASE))
        assert catalogue(bare) == expected


def run_in_psql(server: EmbeddedServer, script: str) -> None:
    psql = programs(account_for([])) / "psql"
    address = plain(server.admin_url())
    subprocess.run(
        [psql, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", address],
        input=script,
        text=True,
        check=True,
    )


def test_the_serving_roles_are_fit(made: EmbeddedServer) -> None:
    with as_role(made, "kontor_owner") as owner:
        owner.execute("CREATE TABLE own (id int)")
    for role in ("kontor_app", "kontor_portal"):
        with seen_by_kontor(made, role) as connection:
            roles.refuse_unfit(connection)


def test_a_superuser_is_refused(made: EmbeddedServer) -> None:
    with (
        seen_by_kontor(made, "postgres") as connection,
        pytest.raises(roles.UnfitServer, match=r"^The role postgres is a superuser, .*\.$"),
    ):
        roles.refuse_unfit(connection)


def test_a_role_that_bypasses_row_security_is_refused(made: EmbeddedServer) -> None:
    with as_admin(made) as admin:
        admin.execute("ALTER ROLE kontor_app BYPASSRLS")
    with (
        seen_by_kontor(made, "kontor_app") as connection,
        pytest.raises(roles.UnfitServer, match=r"^The role kontor_app has BYPASSRLS, .*\.$"),
    ):
        roles.refuse_unfit(connection)


def test_the_owner_of_the_tables_is_refused(made: EmbeddedServer) -> None:
    with as_role(made, "kontor_owner") as owner:
        owner.execute("CREATE TABLE own (id int)")
    with (
        seen_by_kontor(made, "kontor_owner") as connection,
        pytest.raises(roles.UnfitServer, match=r"kontor_owner owns tables \(such as public\.own\)"),
    ):
        roles.refuse_unfit(connection)


def test_a_role_that_may_become_the_owner_is_refused(made: EmbeddedServer) -> None:
    with as_role(made, "kontor_owner") as owner:
        owner.execute("CREATE SCHEMA jobs")
        owner.execute("CREATE TABLE jobs.own (id int)")
    with as_admin(made) as admin:
        admin.execute("GRANT kontor_owner TO kontor_app WITH INHERIT false")
    with (
        seen_by_kontor(made, "kontor_app") as connection,
        pytest.raises(roles.UnfitServer, match=r"kontor_app owns tables \(such as jobs\.own\)"),
    ):
        roles.refuse_unfit(connection)


@pytest.mark.parametrize(
    ("version", "too_old"),
    [
        (140030, True),
        (150017, True),
        (150018, False),
        (160013, True),
        (160014, False),
        (170009, True),
        (170010, False),
        (180003, True),
        (180004, False),
        (190000, False),
    ],
)
def test_releases_without_the_security_fixes_are_too_old(version: int, too_old: bool) -> None:
    assert roles.is_too_old(version) is too_old


def test_a_server_that_is_too_old_is_refused(made: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "PINS", {17: 10, 18: 400})
    with (
        seen_by_kontor(made, "kontor_app") as connection,
        pytest.raises(roles.UnfitServer, match=r"^PostgreSQL 18\.\d+ is too old: .*17\.10, 18\.400 .*\.$"),
    ):
        roles.refuse_unfit(connection)


def test_a_database_without_unicode_is_refused(made: EmbeddedServer) -> None:
    with as_admin(made) as admin:
        admin.execute("CREATE DATABASE old_text TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with (
        seen_by_kontor(made, "kontor_app", "old_text") as connection,
        pytest.raises(roles.UnfitServer, match=r"^The database stores text as LATIN1: .*\.$"),
    ):
        roles.refuse_unfit(connection)
    with as_admin(made) as admin:
        admin.execute("DROP DATABASE old_text")
