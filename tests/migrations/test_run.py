"""Walking the history: up, down, side by side, as a script, and with rows that must survive it."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from migrations import run
from persistence import catalogue
from tenancy.settings import DatabaseUrls
from tests import _postgres, _rows

ROOT = Path(run.__file__).parent.parent


@pytest.fixture
def empty() -> Iterator[DatabaseUrls]:
    made = _postgres.empty()
    yield made
    _postgres.drop(made)


def test_the_history_is_one_line() -> None:
    line = run.history()
    assert run.heads() == [line[-1]]
    assert line == sorted(line)
    assert len(set(line)) == len(line)


def test_an_empty_database_stands_nowhere_and_a_migrated_one_at_head(empty: DatabaseUrls) -> None:
    owner = empty.for_migrations()
    assert run.current(owner) is None
    assert not run.at_head(owner)
    run.upgrade(owner)
    assert run.current(owner) == run.heads()[0]


def test_the_application_may_ask_whether_the_schema_is_at_head(database: DatabaseUrls) -> None:
    assert run.at_head(database.app)


def test_a_schema_that_is_behind_is_not_at_head(empty: DatabaseUrls) -> None:
    run.upgrade(empty.for_migrations(), run.history()[0])
    run.downgrade(empty.for_migrations(), "base")
    assert not run.at_head(empty.for_migrations())


def test_upgrading_twice_changes_nothing(empty: DatabaseUrls) -> None:
    run.upgrade(empty.for_migrations())
    run.upgrade(empty.for_migrations())
    assert run.at_head(empty.app)


def test_what_goes_up_comes_down_without_a_trace(empty: DatabaseUrls) -> None:
    owner = empty.for_migrations()
    run.upgrade(owner)
    run.downgrade(owner, "base")
    with run.connected(owner) as connection:
        left = connection.exec_driver_sql(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S', 'v')"
            " union all select proname from pg_proc where pronamespace = 'public'::regnamespace"
        ).scalars()
        assert list(left) == ["alembic_version"]
    run.upgrade(owner)
    assert run.at_head(owner)


def test_of_two_migrators_at_once_one_waits_for_the_other(empty: DatabaseUrls) -> None:
    migrate = "import sys; from migrations import run; run.upgrade(sys.argv[1])"

    def start(_: int) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", migrate, empty.for_migrations()]
        return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(start, range(2)))
    assert [(each.returncode, each.stderr) for each in ended] == [(0, ""), (0, "")]
    assert run.at_head(empty.app)


class Statements(io.StringIO):
    """Alembic's output, one statement for each time it writes."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def write(self, piece: str) -> int:
        if any(line and not line.startswith("--") for line in piece.strip().splitlines()):
            self.written.append(piece)
        return len(piece)


def test_the_script_runs_statement_by_statement_and_makes_the_same_database(
    empty: DatabaseUrls, database: DatabaseUrls
) -> None:
    script = Statements()
    run.sql(script)
    plain = make_url(empty.for_migrations()).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in script.written:
            connection.execute(statement.strip().removesuffix(";").encode(), prepare=True)  # refuses two at once
    with run.connected(empty.for_migrations()) as written, run.connected(database.for_migrations()) as walked:
        assert catalogue.tables(written) == catalogue.tables(walked)
        assert catalogue.functions(written) == catalogue.functions(walked)
    assert run.at_head(empty.app)


FORBIDDEN = {
    "a restrictive policy": r"AS RESTRICTIVE",
    "a trigger or a rule": r"CREATE (OR REPLACE )?(CONSTRAINT )?(TRIGGER|RULE)",
    "an enumeration type": r"CREATE TYPE",
    "a sequence": r"CREATE SEQUENCE|SERIAL|AS IDENTITY",
    "a materialized view": r"MATERIALIZED",
    "a key that is set to null": r"SET NULL",
    "rows copied under row security": r"COPY|INSERT INTO \w+ .*SELECT|MERGE",
}


@pytest.mark.parametrize("thing", FORBIDDEN)
def test_the_script_has_nothing_that_a_cluster_does_not_take(thing: str) -> None:
    script = Statements()
    run.sql(script)
    assert [statement for statement in _of_tenants(script.written) if re.search(FORBIDDEN[thing], statement)] == []


def _of_tenants(written: list[str]) -> list[str]:
    """The statements outside of the job queue's schema, which stays on one node and is exempt."""
    begins = next(number for number, statement in enumerate(written) if "CREATE SCHEMA jobs" in statement)
    ends = next(number for number, statement in enumerate(written) if "search_path TO public" in statement)
    return [*written[:begins], *written[ends:]]


@pytest.mark.parametrize("revision", run.history())
def test_a_revision_that_touches_a_standing_table_states_its_lock(revision: str) -> None:
    script = Statements()
    run.sql(script, f"{_before(revision)}:{revision}")
    everything = "\n".join(script.written)
    created = set(re.findall(r"CREATE TABLE (\w+)", everything)) | {"alembic_version"}
    touched = set(re.findall(r"(?:ALTER TABLE|INDEX \w+ ON|DROP TABLE) (\w+)", everything))
    (file,) = run.VERSIONS.glob(f"{revision}_*.py")
    stated = re.search(r"^Lock: .*$", file.read_text(), re.MULTILINE)
    assert touched <= created or (stated and all(table in stated[0] for table in touched - created))


def _before(revision: str) -> str:
    line = ["base", *run.history()]
    return line[line.index(revision) - 1]


def test_the_script_places_tables_only_for_a_cluster() -> None:
    plain, cluster = io.StringIO(), io.StringIO()
    run.sql(plain)
    run.sql(cluster, cluster=True)
    assert "create_distributed_table" not in plain.getvalue()
    assert "SELECT create_distributed_table('role', 'tenant_id')" in cluster.getvalue()
    assert "SELECT create_reference_table('tenant')" in cluster.getvalue()


def alembic(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alembic", *words],
        cwd=ROOT,
        env={**os.environ, "KONTOR_OWNER_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_alembics_own_command_writes_the_script_and_checks(empty: DatabaseUrls) -> None:
    owner = empty.for_migrations()
    assert "CREATE POLICY own ON role" in alembic(owner, "upgrade", "head", "--sql").stdout
    assert alembic(owner, "upgrade", "head").returncode == 0
    with run.connected(owner) as connection:
        connection.exec_driver_sql("ALTER TABLE role NO FORCE ROW LEVEL SECURITY")
        connection.commit()
    checked = alembic(owner, "check")
    assert checked.returncode != 0
    assert "('guard', 'role')" in checked.stderr + checked.stdout


@pytest.mark.parametrize("head", run.history()[:-1] or run.heads())
def test_an_upgrade_from_an_older_head_keeps_its_rows(head: str, empty: DatabaseUrls) -> None:
    owner = empty.for_migrations()
    run.upgrade(owner, head)
    with run.connected(owner) as connection:
        _rows.fill(connection)
        before = _rows.contents(connection)
        connection.commit()
    run.upgrade(owner)
    with run.connected(owner) as connection:
        after = _rows.contents(connection)
    assert before
    assert all(before.values())
    for table, rows in before.items():
        kept = [{name: row.get(name) for name in rows[0]} for row in after[table]]
        assert kept == rows, table
