"""The databases of a test run: each its own, made once, and nothing left running when the run ends."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from persistence import roles
from tests import _postgres

PATIENCE_SECONDS = 60.0
RUN = """
import signal, sys, time
from tests import _postgres
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell ignores it, in the background
urls = _postgres.empty()
print(_postgres.server().admin, flush=True)
time.sleep(float(sys.argv[1]))
"""


def connect(url: str | None) -> "psycopg.Connection[tuple[object, ...]]":
    assert url is not None
    return psycopg.connect(roles.conninfo(url), autocommit=True)


def with_one_table(owner_url: str) -> None:
    with connect(owner_url) as connection:
        connection.execute("CREATE TABLE thing (name text)")
        connection.execute("GRANT SELECT, INSERT ON thing TO kontor_app")


def names(url: str | None) -> list[str]:
    with connect(url) as connection:
        return [str(name) for (name,) in connection.execute("SELECT name FROM thing")]


def test_each_clone_begins_as_the_template_and_is_nobody_elses() -> None:
    template = _postgres.template(with_one_table, "one table")
    mine, yours = _postgres.clone(template), _postgres.clone(template)
    with connect(mine.app) as connection:
        connection.execute("INSERT INTO thing VALUES ('mine')")
    assert names(mine.app) == ["mine"]
    assert names(yours.app) == []
    _postgres.drop(mine)
    _postgres.drop(yours)


def test_a_template_is_made_once_for_each_key() -> None:
    made: list[str] = []
    key = f"made at {time.time()}"
    for _ in range(2):
        template = _postgres.template(made.append, key)
    assert len(made) == 1
    _postgres.drop(template)


def test_a_migration_that_fails_leaves_no_template() -> None:
    key = f"made at {time.time()}"

    def broken(_: str) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        _postgres.template(broken, key)
    mended = _postgres.clone(_postgres.template(with_one_table, key))
    assert names(mended.owner) == []
    _postgres.drop(mended)


def test_only_the_roles_of_kontor_get_into_a_clone() -> None:
    urls = _postgres.empty()
    with connect(urls.owner) as connection:
        found = connection.execute(
            "SELECT grantee::regrole::text, privilege_type FROM pg_database, aclexplode(datacl)"
            " WHERE datname = current_database() AND grantee <> datdba ORDER BY 1"
        ).fetchall()
    assert found == [("kontor_app", "CONNECT"), ("kontor_portal", "CONNECT")]
    _postgres.drop(urls)


def test_dropping_a_database_disconnects_who_is_still_there() -> None:
    urls = _postgres.empty()
    with connect(urls.portal) as left_open:
        _postgres.drop(urls)
        with pytest.raises(psycopg.OperationalError):
            left_open.execute("SELECT 1")
        left_open.close()


@pytest.fixture
def elsewhere() -> Iterator[dict[str, str]]:
    """The environment of a run with a temporary folder of its own, and so with a server of its own."""
    with tempfile.TemporaryDirectory(prefix="kontor-") as folder:
        Path(folder).chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KONTOR_")}
        environment = {**kept, "TMPDIR": folder, "PYTHONPATH": str(Path(__file__).parents[1])}
        yield environment
        discard = [sys.executable, "-c", "from tests import _postgres; _postgres.discard()"]
        subprocess.run(discard, env=environment, check=True)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_server_stays_when_a_run_is_broken_off(elsewhere: dict[str, str], end: signal.Signals) -> None:
    with a_run(elsewhere, seconds=600) as run:
        assert run.stdout is not None
        address = run.stdout.readline()
        assert servers_in(elsewhere["TMPDIR"])
        assert address.startswith("postgresql+psycopg://postgres@")
        run.send_signal(end)
        run.communicate()
    assert none_left(elsewhere["TMPDIR"])


def test_runs_side_by_side_share_a_server_until_the_last_one_ends(elsewhere: dict[str, str]) -> None:
    with a_run(elsewhere, seconds=600) as long, a_run(elsewhere, seconds=0) as short:
        assert short.communicate()[0] == (long.stdout.readline() if long.stdout else None)
        assert len(servers_in(elsewhere["TMPDIR"])) == 1
        long.send_signal(signal.SIGINT)
        long.communicate()
    assert none_left(elsewhere["TMPDIR"])


def a_run(environment: dict[str, str], seconds: float) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(seconds)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def servers_in(folder: str) -> list[int]:
    """The process ids of servers whose data lies in the folder."""
    return [
        process.pid
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] == "postgres" and any(part.startswith(folder) for part in process.info["cmdline"] or [])
    ]


def none_left(folder: str) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while servers_in(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
