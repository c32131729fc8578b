"""The product as people start it: real processes, a real database, and every way in which they end."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

import httpx2
import psutil
import psycopg
import pytest

from persistence import embedded, roles
from tests.e2e.demo_process import KONTOR, PATIENCE, ROOT, Demo, demo, free_port, kontor, own_server, surroundings

pytestmark = pytest.mark.xdist_group("processes")

ME = "{ me { tenant { name } } }"
ROLES = "{ roles(first: 100) { nodes { code } } }"
CREATE = """mutation ($input: CreateRoleInput!) { createRole(input: $input) {
  __typename ... on CreateRolePayload { role { code } } ... on Refusal { message } } }"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo that runs as long as it is not killed."""
    with demo(tmp_path_factory.mktemp("served") / "data") as made:
        yield made


def eventually(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.1)


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still do something; a child that nobody has buried yet does nothing."""
    found = []
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            if one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
    return found


def kill(*processes: psutil.Process) -> None:
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            one.kill()


def database_of(served: Demo) -> list[psutil.Process]:
    """The processes of its embedded PostgreSQL, the first one first."""
    first = served.database()
    assert first is not None
    return [first, *first.children(recursive=True)]


def codes(served: Demo) -> set[str]:
    return {node["code"] for node in served.ask(ROLES)["data"]["roles"]["nodes"]}


def create_role(served: Demo, code: str) -> None:
    given = {"code": code, "name": code.title(), "grants": [{"permission": "OFFERS_SEE", "scope": "TENANT"}]}
    made = served.ask(CREATE, input=given)["data"]["createRole"]
    assert made["__typename"] == "CreateRolePayload", made


def answers(served: Demo) -> bool:
    with suppress(httpx2.HTTPError):
        return httpx2.get(f"{served.address}/health/ready", timeout=5).status_code == 200
    return False


def test_a_newcomer_has_a_demo_with_one_command_and_a_token_with_another(served: Demo) -> None:
    assert httpx2.get(f"{served.address}/health/ready").json() == {"ready": True, "parts": {"database": True}}
    first = served.people()[0]
    assert served.ask(ME)["data"]["me"]["tenant"]["name"] == first["tenant_name"]
    assert first["email"] in served.said()
    assert httpx2.get(f"{served.address}/schema.graphql").status_code == 200


def test_the_doctor_finds_a_demo_well(served: Demo) -> None:
    said = kontor("doctor", "--data", served.data)
    assert said.returncode == 0, said.stdout
    assert "bad" not in said.stdout
    for what in ("Python", "settings", "database", "server and roles", "tables", "policies and grants", "jobs"):
        assert f"good  {what}:" in said.stdout


def test_a_second_demo_on_the_same_folder_is_refused_in_a_sentence(served: Demo) -> None:
    second = kontor("demo", "--port", free_port(), "--data", served.data)
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == (
        f"kontor: Kontor already runs on {served.data} at {served.address} (process {served.process.pid}): "
        f"use that one, `kontor stop` it, or name another --data.\n"
    )


def test_a_taken_port_is_told_before_anything_is_set_up(served: Demo, tmp_path: Path) -> None:
    second = kontor("demo", "--port", served.port, "--data", tmp_path / "data")
    assert second.returncode == 1
    assert f"port {served.port} (address already in use)" in second.stderr
    assert len(second.stderr.splitlines()) == 1
    assert not (tmp_path / "data" / "postgres").exists()


def test_a_demo_that_runs_is_not_reset(served: Demo) -> None:
    refused = kontor("reset", "--data", served.data)
    assert refused.returncode == 1
    assert "stop it first" in refused.stderr


def test_a_killed_database_comes_back_under_the_running_app_with_all_that_was_acknowledged(served: Demo) -> None:
    create_role(served, "BEFORE_THE_CRASH")
    killed = database_of(served)
    kill(*killed)
    eventually(lambda: served.database() not in (None, killed[0]) and answers(served))
    assert "BEFORE_THE_CRASH" in codes(served)
    create_role(served, "AFTER_THE_CRASH")


def test_two_demos_know_nothing_of_each_other_and_one_ends_with_all_that_it_started(
    served: Demo, tmp_path: Path
) -> None:
    other = Demo(tmp_path / "data")
    other.begun()
    create_role(served, "ONLY_HERE")
    assert "ONLY_HERE" not in codes(other)
    strange = httpx2.post(
        f"{other.address}/graphql", json={"query": ME}, headers={"authorization": f"Bearer {served.token()}"}
    )
    assert strange.status_code == 401

    eventually(lambda: len(other.family()) >= 5)  # the command, its two helpers, a web worker, a job worker
    started = [*other.family(), *database_of(other)]
    assert other.stop() == ""  # after the line that it is ready, stdout has nothing
    assert other.process.returncode == 0
    eventually(lambda: alive(started) == [])  # what they are forked from ends when it sees that all have gone
    assert answers(served)


def test_a_world_whose_loading_was_killed_is_made_anew_and_nothing_of_it_is_doubled(tmp_path: Path) -> None:
    data = tmp_path / "data"
    half = Demo(data)
    eventually(lambda: "%" in half.said())
    half.kill()
    assert not (data / "people.json").exists()
    again = Demo(data)
    again.begun()
    assert "beginning again" in again.said()
    listed = kontor("tenant", "list", "--data", data, "--json")
    assert listed.stdout.count('"domain"') == len({person["tenant_name"] for person in again.people()})

    said = kontor("stop", "--data", data)
    assert (said.returncode, said.stderr) == (0, f"Stopped {again.address}.\n")
    again.ended()
    assert again.process.returncode == 0
    said = kontor("stop", "--data", data)
    assert (said.returncode, said.stderr) == (0, f"Nothing runs on {data}.\n")
    assert kontor("reset", "--data", data).returncode == 0
    assert not (data / "postgres").exists()
    assert not (data / "people.json").exists()


def test_whatever_is_killed_nothing_acknowledged_is_lost_and_the_next_start_needs_no_hand(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = Demo(data)
    first.begun()
    create_role(first, "BEFORE_THE_APP_WAS_KILLED")
    left = first.family()[1:]
    first.kill()

    second = Demo(data)
    second.begun()
    eventually(lambda: alive(left) == [])
    create_role(second, "BEFORE_ALL_WAS_KILLED")
    kill(*second.family(), *database_of(second))
    second.ended()

    with serving(data) as third:
        assert {"BEFORE_THE_APP_WAS_KILLED", "BEFORE_ALL_WAS_KILLED"} <= codes(third)
        third.stop(signal.SIGINT)
        assert third.process.returncode == 0
        assert third.database() is None


class serving(Demo):  # noqa: N801  # used like a function
    """`kontor serve` and `kontor worker` on a demo's data, one beside the other."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = self._started("serve", "--port", self.port, "--workers", 1)
        self.working = self._started("worker")

    def _started(self, *words: object) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [str(word) for word in (KONTOR, *words, "--data", self.data)],
            cwd=ROOT,
            env=surroundings(KONTOR_ENVIRONMENT="demo"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        assert self.ready() == f"ready {self.address}"
        eventually(lambda: "kontor jobs" in connected(self.data))
        self.working.terminate()
        self.working.communicate(timeout=PATIENCE)
        assert self.working.returncode == 0
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        kill(*(psutil.Process(one.pid) for one in (self.working, self.process) if one.poll() is None))


def connected(data: Path) -> set[str]:
    """The names of those who are connected, as the embedded server tells its superuser."""
    with embedded.start(data) as server, psycopg.connect(roles.conninfo(server.admin_url())) as connection:
        return {row[0] for row in connection.execute("select application_name from pg_stat_activity").fetchall()}


def test_a_demo_on_a_server_of_ones_own_is_the_same_and_leaves_foreign_data_alone(tmp_path: Path) -> None:
    given = own_server()
    with demo(tmp_path / "data", **given) as served:
        assert served.ask(ME)["data"]["me"]["tenant"]["name"] == served.people()[0]["tenant_name"]
        assert served.database() is None
    elsewhere = kontor("demo", "--port", free_port(), "--data", tmp_path / "other", **given)
    assert elsewhere.returncode == 1
    assert "people.json with its people is missing" in elsewhere.stderr
    assert kontor("reset", "--data", tmp_path / "data", **given).returncode == 0
    tenant = ("--name", "Echt GmbH", "--domain", "echt.test", "--company", "Echt")
    founded = kontor("tenant", "found", *tenant, **given, KONTOR_ENVIRONMENT="development")
    assert founded.returncode == 0, founded.stderr
    refused = kontor("demo", "--port", free_port(), "--data", tmp_path / "data", **given)
    assert (refused.returncode, refused.stderr) == (
        1,
        "kontor: The database holds tenants that are not a demo's: give the demo a database of its own.\n",
    )
