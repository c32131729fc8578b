"""The embedded server under everything that happens to it: real processes, really killed."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from persistence import embedded, roles
from persistence.embedded import EmbeddedServer, EmbeddedServerError, account

REPOSITORY = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0

USER_OF_THE_SERVER = """
import signal, sys, time
from pathlib import Path
from persistence import embedded
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell ignores it, in the background
server = embedded.start(Path(sys.argv[1]), durable=False)
print(server.pid, flush=True)
time.sleep(600)
"""

HANDED_OUT: list[EmbeddedServer] = []
"""The servers of the running test, left at its end also when it fails."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A new place in the temporary folder that everybody may pass; servers below it are removed."""
    place = Path(tempfile.mkdtemp(prefix="kontor-"))
    place.chmod(0o755)
    yield place
    while HANDED_OUT:
        HANDED_OUT.pop().leave()
    for lock in place.rglob("postgres.lock"):
        embedded.destroy(lock.parent)
    subprocess.run(["rm", "-rf", str(place)], check=True)


@pytest.fixture
def processes() -> Iterator[list["subprocess.Popen[str]"]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


def start(data: Path, *, durable: bool = False) -> EmbeddedServer:
    server = embedded.start(data, durable=durable)
    HANDED_OUT.append(server)
    return server


def user_of(data: Path, processes: list["subprocess.Popen[str]"]) -> "subprocess.Popen[str]":
    """Another process that uses the server, as leader of a process group like a shell's."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER_OF_THE_SERVER, str(data)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    processes.append(process)
    return process


def said(process: "subprocess.Popen[str]") -> int:
    """The server's process id that a user of it prints."""
    assert process.stdout is not None
    return int(process.stdout.readline())


def connect(server: EmbeddedServer) -> "psycopg.Connection[tuple[object, ...]]":
    url = make_url(server.admin_url()).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def ask(server: EmbeddedServer, question: str) -> object:
    with connect(server) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def tell(server: EmbeddedServer, statement: str) -> None:
    with connect(server) as connection:
        connection.execute(statement.encode())


def ends(pid: int) -> bool:
    """Whether the process ends within the patience of the tests; a zombie has ended."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while lives(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def lives(pid: int) -> bool:
    return bool(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)


def pid_of(server: EmbeddedServer) -> int:
    assert server.pid is not None
    return server.pid


def home_of(data: Path) -> Path:
    return (data / "postgres").resolve()


def as_ordinary_user(act: Callable[[], str]) -> str:
    """Answer what `act` answers to a user who is not root: ourselves, or nobody when we are root."""
    if os.geteuid() != 0:
        return act()
    ours, theirs = get_context("fork").Pipe(duplex=False)
    child = get_context("fork").Process(target=_become_nobody, args=(act, theirs))
    child.start()
    theirs.close()
    answer = str(ours.recv())
    child.join(PATIENCE_SECONDS)
    ours.close()
    child.close()
    return answer


def _become_nobody(act: Callable[[], str], answer: Connection) -> None:
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
    try:
        answer.send(act())
    except EmbeddedServerError as refusal:
        answer.send(f"refused: {refusal}")


def test_the_first_start_makes_a_durable_server_that_only_its_socket_reaches(folder: Path) -> None:
    with start(folder / "data", durable=True) as server:
        assert str(ask(server, "SHOW server_version")).startswith("18.")
        assert ask(server, "SHOW fsync") == "on"
        assert ask(server, "SHOW full_page_writes") == "on"
        assert ask(server, "SHOW TimeZone") == "UTC"
        assert ask(server, "SHOW listen_addresses") == ""
        assert server.socket.stat().st_mode & 0o077 == 0
        assert (home_of(folder / "data") / "cluster").stat().st_mode & 0o077 == 0


def test_what_was_committed_is_there_after_a_restart(folder: Path) -> None:
    with start(folder) as server:
        tell(server, "CREATE TABLE kept AS SELECT 42 AS number")
    with start(folder) as server:
        assert ask(server, "SELECT number FROM kept") == 42


def test_the_addresses_lead_each_role_into_the_database(folder: Path) -> None:
    with start(folder) as server:
        roles.bootstrap(server.admin_url(), "kontor")
        found = []
        for address in server.urls("kontor"):
            url = make_url(address)
            assert url.drivername == "postgresql+psycopg"
            plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(plain) as connection:
                found.append(connection.execute("SELECT current_user, current_database()").fetchone())
        assert found == [(f"kontor_{role}", "kontor") for role in ("owner", "app", "portal")]


def test_two_data_folders_have_two_servers_at_once(folder: Path) -> None:
    with start(folder / "one") as one, start(folder / "two") as two:
        tell(one, "CREATE DATABASE only_here")
        assert pid_of(one) != pid_of(two)
        assert ask(two, "SELECT count(*) FROM pg_database WHERE datname = 'only_here'") == 0


def test_racing_starters_end_with_one_server_that_all_can_use(
    folder: Path, processes: list["subprocess.Popen[str]"]
) -> None:
    racers = [user_of(folder / "data", processes) for _ in range(3)]
    pids = {said(racer) for racer in racers}
    with start(folder / "data") as server:
        assert pids == {server.pid}
        assert ask(server, "SELECT 1") == 1


def test_the_server_outlives_a_killed_app_and_is_taken_over_by_the_next(
    folder: Path, processes: list["subprocess.Popen[str]"]
) -> None:
    app = user_of(folder, processes)
    pid = said(app)
    os.killpg(app.pid, signal.SIGKILL)
    app.wait(PATIENCE_SECONDS)
    assert lives(pid)
    with start(folder) as server:
        assert server.pid == pid
        assert ask(server, "SELECT 1") == 1
    assert ends(pid)


def test_a_terminal_that_interrupts_the_app_does_not_interrupt_the_server(
    folder: Path, processes: list["subprocess.Popen[str]"]
) -> None:
    app = user_of(folder, processes)
    pid = said(app)
    os.killpg(app.pid, signal.SIGINT)
    app.wait(PATIENCE_SECONDS)
    with start(folder) as server:
        assert server.pid == pid


def test_the_last_user_who_leaves_stops_the_server_and_no_other_does(
    folder: Path, processes: list["subprocess.Popen[str]"]
) -> None:
    first, second = start(folder), start(folder)
    app = user_of(folder, processes)
    pid = said(app)
    first.leave()
    first.leave()
    assert ask(second, "SELECT 1") == 1
    second.leave()
    assert lives(pid)
    app.kill()
    app.wait(PATIENCE_SECONDS)
    embedded.stop_if_unused(folder)
    assert ends(pid)


def test_stop_ends_the_server_for_every_user(folder: Path) -> None:
    one, other = start(folder), start(folder)
    pid = pid_of(one)
    with connect(other):
        one.stop()
    assert ends(pid)
    assert other.pid is None
    other.leave()


def test_a_killed_postgresql_recovers_what_was_committed_at_the_next_start(folder: Path) -> None:
    server = start(folder, durable=True)
    tell(server, "CREATE TABLE kept AS SELECT 42 AS number")
    with closing(connect(server)) as unfinished:
        unfinished.execute("BEGIN")
        unfinished.execute("DELETE FROM kept")
        killed = pid_of(server)
        os.kill(killed, signal.SIGKILL)
        with start(folder, durable=True) as revived:
            assert revived.pid not in {None, killed}
            assert ask(revived, "SELECT number FROM kept") == 42
    server.leave()


def test_a_busy_session_that_outlives_a_killed_postgresql_does_not_block_the_next_start(
    folder: Path,
) -> None:
    server = start(folder)
    with closing(connect(server)) as busy:
        # Counting reads no input, so this session does not notice that its server is gone.
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 100000000000) AS number")
        session = busy.info.backend_pid
        os.kill(pid_of(server), signal.SIGKILL)
        with start(folder) as revived:
            assert ask(revived, "SELECT 1") == 1
            assert ends(session)
    server.leave()


def test_app_and_postgresql_killed_together_need_no_hand(
    folder: Path, processes: list["subprocess.Popen[str]"]
) -> None:
    app = user_of(folder, processes)
    pid = said(app)
    app.kill()
    os.kill(pid, signal.SIGKILL)
    with start(folder) as server:
        assert ask(server, "SELECT 1") == 1


def test_a_process_id_that_now_belongs_to_another_program_is_not_taken_for_the_server(
    folder: Path, processes: list["subprocess.Popen[str]"]
) -> None:
    with start(folder) as server:
        account = psutil.Process(pid_of(server)).uids().real
        note = home_of(folder) / "cluster" / "postmaster.pid"
        written = note.read_text()
    become = {"user": account} if os.geteuid() == 0 else {}
    innocent = subprocess.Popen(["sleep", "600"], text=True, **become)
    processes.append(innocent)
    note.write_text(written.replace(written.split("\n")[0], str(innocent.pid), 1))
    with start(folder) as server:
        assert server.pid != innocent.pid
        assert ask(server, "SELECT 1") == 1
    assert lives(innocent.pid)


def test_a_process_id_that_now_belongs_to_a_neighbours_server_does_no_harm_to_it(folder: Path) -> None:
    with start(folder / "mine") as mine:
        written = (home_of(folder / "mine") / "cluster" / "postmaster.pid").read_text()
        pid = str(pid_of(mine))
    with start(folder / "neighbour") as neighbour:
        stale = written.replace(pid, str(neighbour.pid), 1)
        (home_of(folder / "mine") / "cluster" / "postmaster.pid").write_text(stale)
        embedded.stop_if_unused(folder / "mine")
        with start(folder / "mine") as mine:
            assert mine.pid != neighbour.pid
        assert ask(neighbour, "SELECT 1") == 1


def test_a_removed_socket_is_put_back_by_the_next_start(folder: Path) -> None:
    server = start(folder)
    tell(server, "CREATE TABLE kept AS SELECT 42 AS number")
    for path in server.socket.iterdir():
        path.unlink()
    with start(folder) as found:
        assert ask(found, "SELECT number FROM kept") == 42
    server.leave()


def test_a_start_that_was_killed_while_it_made_the_cluster_is_begun_anew(
    folder: Path, processes: list["subprocess.Popen[str]"]
) -> None:
    app = user_of(folder, processes)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not list(folder.glob("postgres/cluster-draft-*/PG_VERSION")):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    app.kill()
    app.wait(PATIENCE_SECONDS)
    assert not (folder / "postgres" / "cluster").exists()
    with start(folder) as server:
        assert ask(server, "SELECT 1") == 1
    with suppress(ProcessLookupError):
        os.killpg(app.pid, signal.SIGKILL)  # the initdb that it left behind
    start(folder).leave()
    assert not list(folder.glob("postgres/cluster-draft-*"))


@pytest.mark.parametrize("name", ["d" * 60 + "/" + "e" * 60 + "/" + "f" * 60, "a b, \"c\" 'd' $HOME `e` \\f é"])
def test_a_data_folder_may_be_deep_and_oddly_named(folder: Path, name: str) -> None:
    with start(folder / name) as server:
        tell(server, "CREATE TABLE kept AS SELECT 42 AS number")
        assert len(os.fsencode(server.socket / ".s.PGSQL.5432")) < 108
        assert server.socket.stat().st_mode & 0o077 == 0
    with start(folder / name) as server:
        assert ask(server, "SELECT number FROM kept") == 42


def test_a_short_socket_folder_that_a_reboot_took_away_gets_a_new_one(folder: Path) -> None:
    deep = folder / ("d" * 120)
    with start(deep) as server:
        gone = server.socket
    gone.rmdir()
    gone.symlink_to("/etc")  # somebody else took the name
    with start(deep) as server:
        assert server.socket != gone
        assert ask(server, "SELECT 1") == 1
    gone.unlink()


def test_no_folder_that_was_there_before_changes_its_mode(folder: Path) -> None:
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    (closed / ".local").mkdir(mode=0o700)
    before = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, closed, closed / ".local")}
    with start(closed / ".local" / "share" / "kontor") as server:
        tell(server, "CREATE TABLE kept AS SELECT 42 AS number")
    with start(closed / ".local" / "share" / "kontor") as server:
        assert ask(server, "SELECT number FROM kept") == 42
    assert before == {path: stat.S_IMODE(path.stat().st_mode) for path in before}


def test_programs_in_a_closed_folder_are_made_reachable_without_opening_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clone under `/root` has its virtual environment there, where no other account may look."""
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    package = Path(next(iter(find_spec(account.PACKAGE).submodule_search_locations)))  # type: ignore[union-attr, arg-type]
    shutil.copytree(package.with_name(f"{account.PACKAGE}.libs"), closed / f"{account.PACKAGE}.libs")
    shutil.copytree(package / account.INSTALLATION, closed / account.PACKAGE / account.INSTALLATION)
    monkeypatch.setattr(account, "_package", lambda: closed / account.PACKAGE)
    monkeypatch.setattr(account, "SYSTEM_FOLDER", folder / "system")
    for name in ("one", "two"):
        with start(folder / name) as server:
            assert ask(server, "SELECT 1") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_an_ordinary_user_has_a_server_that_runs_as_that_user(folder: Path) -> None:
    own = folder / "own"
    own.mkdir()
    own.chmod(0o777)

    def start_and_ask() -> str:
        with start(own / "data") as server:
            same = psutil.Process(pid_of(server)).uids().real == os.geteuid()
            return f"{ask(server, 'SELECT 1')} {same}"

    assert as_ordinary_user(start_and_ask) == "1 True"


def test_root_runs_the_server_as_the_owner_of_the_data_folder(folder: Path) -> None:
    own = folder / "own"
    own.mkdir()
    if os.geteuid() == 0:
        os.chown(own, pwd.getpwnam("nobody").pw_uid, -1)
    with start(own) as server:
        assert psutil.Process(pid_of(server)).uids().real == own.stat().st_uid


def test_a_data_folder_of_somebody_else_is_refused_with_a_sentence(folder: Path) -> None:
    theirs = folder / "theirs"
    theirs.mkdir()
    theirs.chmod(0o555)
    answer = as_ordinary_user(lambda: refusal_of(theirs))
    assert "Kontor may not use" in answer
    assert str(theirs) in answer


def refusal_of(data: Path) -> str:
    with pytest.raises(EmbeddedServerError) as refused:
        start(data)
    return str(refused.value)


def test_data_of_another_postgresql_is_refused_with_a_sentence(folder: Path) -> None:
    start(folder).leave()
    (home_of(folder) / "cluster" / "PG_VERSION").write_text("17\n")
    assert "is data of PostgreSQL 17, and this Kontor brings 18" in refusal_of(folder)


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    start(folder).leave()
    (home_of(folder) / "cluster" / "global" / "pg_control").unlink()
    assert "PostgreSQL did not start" in refusal_of(folder)


def test_what_a_failed_statement_contained_does_not_reach_the_log(folder: Path) -> None:
    with start(folder) as server:
        tell(server, "CREATE TABLE person (email text PRIMARY KEY)")
        tell(server, "INSERT INTO person VALUES ('anna@example.org')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            tell(server, "INSERT INTO person VALUES ('anna@example.org')")
        assert "unique constraint" in server.log.read_text()
        assert "anna" not in server.log.read_text()


def test_a_server_in_use_is_not_destroyed_and_an_unused_one_leaves_nothing(folder: Path) -> None:
    server = start(folder)
    with pytest.raises(EmbeddedServerError, match="in use"):
        embedded.destroy(folder)
    home = home_of(folder)
    server.leave()
    embedded.destroy(folder)
    assert not home.exists()
    assert not (folder / "postgres").exists()
