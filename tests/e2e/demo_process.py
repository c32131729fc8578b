"""A demo as a real process with a data folder of its own, and what must be known of it from outside."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import psutil

from tests import _postgres

ROOT = Path(__file__).parents[2]
PATIENCE = 240.0
KONTOR = Path(sys.executable).with_name("kontor")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def surroundings(**more: str) -> dict[str, str]:
    """The environment of a command: nothing of ours in it, but for what is given."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KONTOR_")}
    return {**plain, **more}


def kontor(*words: object, timeout: float = PATIENCE, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [KONTOR, *map(str, words)],
        cwd=ROOT,
        env=surroundings(**environment),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


class Demo:
    """A demo that was started, and may be ended in any way."""

    def __init__(self, data: Path, *words: object, port: int | None = None, **environment: str) -> None:
        self.data, self.port = data, port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = data.parent / f"{data.name}-{self.port}.log"
        command = [KONTOR, "demo", "--small", "--workers", "1", "--port", self.port, "--data", data, *words]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                cwd=ROOT,
                env=surroundings(**environment),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def ready(self) -> str:
        """The line that says that it answers, or what it said instead."""
        assert self.process.stdout is not None
        said, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        return self.process.stdout.readline().strip() if said else f"nothing for {PATIENCE:.0f} seconds"

    def begun(self) -> None:
        """Wait until it answers."""
        line = self.ready()
        assert line == f"ready {self.address}", f"{line}\n{self.said()}"

    def said(self) -> str:
        """What it said on stderr."""
        return self.log.read_text("utf-8")

    def people(self) -> list[dict[str, str]]:
        """Whom one can sign in as."""
        found: list[dict[str, str]] = json.loads((self.data / "people.json").read_text("utf-8"))
        return found

    def token(self) -> str:
        """A token of the first person."""
        made = kontor("token", "--person", self.people()[0]["email"], "--data", self.data)
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Ask as the first person."""
        answer = httpx2.post(
            f"{self.address}/graphql",
            json={"query": query, "variables": variables},
            headers={"authorization": f"Bearer {self.token()}"},
            timeout=PATIENCE,
        )
        found: dict[str, Any] = answer.json()
        return found

    def family(self) -> list[psutil.Process]:
        """The process and all that it started and that still is its child."""
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process.pid)
            return [parent, *parent.children(recursive=True)]
        return []

    def database(self) -> psutil.Process | None:
        """The first process of its embedded PostgreSQL."""
        with suppress(FileNotFoundError, ValueError, psutil.NoSuchProcess):
            file = self.data / "postgres" / "cluster" / "postmaster.pid"
            return psutil.Process(int(file.read_text().split("\n", 1)[0]))
        return None

    def stop(self, told: signal.Signals = signal.SIGTERM) -> str:
        """Ask it to end and wait for all that hold its stdout; returns what it said there after being ready."""
        if self.process.poll() is None:
            self.process.send_signal(told)
        return self.ended()

    def kill(self) -> None:
        """End it at once, as a crash does: the process alone, which can then do nothing any more."""
        self.process.kill()
        self.ended()

    def ended(self) -> str:
        """Wait until it, and all that it started, is gone; returns what else it said on stdout."""
        rest, _ = self.process.communicate(timeout=PATIENCE)
        return rest


@contextmanager
def demo(data: Path, *words: object, **more: Any) -> Iterator[Demo]:
    """A demo that answers, and that is gone afterwards however the block ends."""
    made = Demo(data, *words, **more)
    try:
        made.begun()
        yield made
    finally:
        made.stop()
        kontor("stop", "--data", data)


def own_server() -> dict[str, str]:
    """The environment of a demo whose database is not the embedded one: an empty one on the test run's server."""
    urls = _postgres.empty()
    return {
        "KONTOR_DATABASE_URL": urls.app,
        "KONTOR_PORTAL_DATABASE_URL": urls.portal,
        "KONTOR_OWNER_DATABASE_URL": urls.for_migrations(),
    }
