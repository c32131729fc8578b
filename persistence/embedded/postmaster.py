"""The server's processes: launch them, know whether one of them still lives, end them.

A process id proves nothing: it outlives a kill -9 in `postmaster.pid` and is given to other programs. What
proves life is the lock on `running`, which the server inherits at launch and which the kernel drops with the
last of its processes. A process id is used only to signal, and only after its folder proved it ours.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
from psycopg import pq
from psycopg.conninfo import make_conninfo

from persistence.embedded import locks
from persistence.embedded.account import EmbeddedServerError, programs
from persistence.embedded.place import PORT, SOCKET, SUPERUSER, Place

PAUSE_SECONDS = 0.02
RECOVERY_SECONDS = 300.0
SHUTDOWN_SECONDS = 60.0
ORPHAN_SECONDS = 5.0


def lives(place: Place) -> bool:
    """Whether any process of the server lives, be it only one that outlived its postmaster."""
    return locks.is_held(place.running)


def answers(place: Place) -> bool:
    """Whether the server takes connections."""
    conninfo = make_conninfo(host=str(place.socket), port=PORT, user=SUPERUSER, dbname=SUPERUSER)
    return pq.PGconn.ping(conninfo.encode()) == pq.Ping.OK


def postmaster_of(place: Place) -> "psutil.Process | None":
    """Answer the server's first process, when it lives and is ours."""
    try:
        pid = int((place.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return next((process for process in _ours([pid], place)), None)


def launch(place: Place) -> None:
    """Start the server and wait until it answers, through crash recovery if there is one.

    Raises `EmbeddedServerError` with the server's last words when it does not come up.
    """
    inherited = locks.take_alone(place.running)
    if inherited is None:
        raise EmbeddedServerError(f"Another PostgreSQL is starting in {place.home}.")
    try:
        # The process ids in them are of the past: nothing lives here, or the lock would not be ours.
        for note in (place.cluster / "postmaster.pid", *place.socket.iterdir()):
            note.unlink(missing_ok=True)
        _detach(place, inherited)
    finally:
        os.close(inherited)
    await_answer(place)


def await_answer(place: Place) -> None:
    """Wait until the living server answers; raises `EmbeddedServerError` when it dies instead."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while not answers(place):
        if not lives(place):
            raise EmbeddedServerError(f"PostgreSQL did not start: {_last_words(place)} (all of it: {place.log})")
        if time.monotonic() > deadline:
            raise EmbeddedServerError(
                f"PostgreSQL has not answered for {RECOVERY_SECONDS:.0f} seconds: see {place.log}."
            )
        time.sleep(PAUSE_SECONDS)


def is_lost(place: Place) -> bool:
    """Whether processes live that no client can reach: no postmaster, or its socket has been removed."""
    if postmaster_of(place) is None:
        return True
    ready = "ready" in (place.cluster / "postmaster.pid").read_text()
    return ready and not (place.socket / SOCKET).exists()


def shut_down(place: Place) -> None:
    """Disconnect the clients, keep what is committed, and return when every process has ended."""
    postmaster = postmaster_of(place)
    if postmaster is not None:
        postmaster.send_signal(signal.SIGINT)
        if _ends(place, SHUTDOWN_SECONDS):
            return
        postmaster.send_signal(signal.SIGQUIT)
    _end_orphans(place)


def _end_orphans(place: Place) -> None:
    """Let processes without a postmaster end by themselves, which they do, and kill those that do not."""
    if _ends(place, ORPHAN_SECONDS):
        return
    for process in _ours(psutil.pids(), place):
        process.kill()
    if not _ends(place, ORPHAN_SECONDS):
        raise EmbeddedServerError(f"A process of the PostgreSQL in {place.home} does not end: see {place.log}.")


def _ends(place: Place, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while lives(place):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_SECONDS)
    return True


def _detach(place: Place, inherited: int) -> None:
    """Start the postmaster as nobody's child, in a session of its own that no Ctrl-C reaches."""
    command = [
        str(programs(place.account) / "postgres"),
        "-D",
        str(place.cluster),
        "-c",
        f"config_file={place.config}",
    ]
    place.log.touch(mode=0o600)
    with place.log.open("ab") as log:
        subprocess.run(  # noqa: S603 - the shell gets a fixed text, the command comes as its arguments
            ["/bin/sh", "-c", '"$@" &', "sh", *command],
            **place.account.identity(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[inherited],
            start_new_session=True,
            check=True,
        )


def _ours(pids: list[int], place: Place) -> list[psutil.Process]:
    """Those of the processes that work in our data folder: PostgreSQL's processes stand in theirs."""
    found = []
    for pid in pids:
        try:
            process = psutil.Process(pid)
            if _is_postgres_of(process, place) and Path(process.cwd()) == place.cluster:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def _is_postgres_of(process: psutil.Process, place: Place) -> bool:
    return bool(process.name() == "postgres" and process.uids().real == place.account.uid)


def _last_words(place: Place) -> str:
    lines = place.log.read_text(errors="replace").splitlines()
    fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return (fatal or lines or ["it said nothing"])[-1]
