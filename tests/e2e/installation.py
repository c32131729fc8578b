"""An installation as its operator runs it: a data folder, the command line, and `kontor serve` with its processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tenancy.settings import PREFIX, DatabaseUrls
from web.demo import write_down
from web.issuer import DemoPerson, EmbeddedIssuer

KONTOR = Path(sys.executable).with_name("kontor")
COMMAND_SECONDS = 240.0
READY_SECONDS = 180.0
STOP_SECONDS = 90.0
WORKERS = 2


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port


@dataclass
class Installation:
    """A demo installation on a port of its own: over the database that `urls` names, else with its own PostgreSQL."""

    folder: Path
    urls: DatabaseUrls | None = None
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    people: list[DemoPerson] = field(default_factory=list)
    _server: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told: nothing of Kontor's but what this installation sets."""
        named = {
            "ENVIRONMENT": "demo",
            "DATA_DIR": str(self.folder),
            "PORT": str(self.port),
            "WORKERS": str(WORKERS),
            "DRAIN_SECONDS": "0",
            **self.settings,
        }
        if self.urls is not None:
            named |= {
                "DATABASE_URL": self.urls.app,
                "PORTAL_DATABASE_URL": self.urls.portal,
                "OWNER_DATABASE_URL": self.urls.for_migrations(),
            }
        rest = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return rest | {f"{PREFIX}{name}": value for name, value in named.items()}

    def command(self, *words: str) -> str:
        """Run `kontor …` and answer what it printed; a command that fails says why."""
        done = subprocess.run(
            [KONTOR, *words], env=self.environment, capture_output=True, text=True, check=False, timeout=COMMAND_SECONDS
        )
        assert done.returncode == 0, f"kontor {' '.join(words)}: {done.stderr}"
        return done.stdout.strip()

    def start(self) -> None:
        """Serve, and return when it said that it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        said = self.folder / "stdout"
        with said.open("wb") as out, (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [KONTOR, "serve"], env=self.environment, stdout=out, stderr=log, start_new_session=True
            )
        until = time.monotonic() + READY_SECONDS
        while f"ready {self.url}" not in said.read_text():
            assert self._server.poll() is None, f"the server ended: {self.log}"
            assert time.monotonic() < until, f"the server is not ready: {self.log}"
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it as an operator does, and let it finish what it does."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGTERM)
            self._server.wait(STOP_SECONDS)

    def kill(self) -> None:
        """End every process of the server at once, without a word; its own PostgreSQL goes on."""
        doomed = [self.process, *self.children]
        for one in doomed:
            one.kill()
        psutil.wait_procs(doomed, timeout=STOP_SECONDS)
        assert self._server is not None
        self._server.wait()

    @property
    def process(self) -> psutil.Process:
        """The first process of the server, which keeps the others."""
        assert self._server is not None
        return psutil.Process(self._server.pid)

    @property
    def children(self) -> list[psutil.Process]:
        """The processes below it that are Python's: web workers, the job worker, and what they are forked from."""
        return [one for one in self.process.children(recursive=True) if "python" in one.name()]

    @property
    def web_workers(self) -> list[psutil.Process]:
        """The web workers: the processes that listen, but for the first."""
        return [one for one in self.children if any(each.laddr.port == self.port for each in listening(one))]

    @property
    def log(self) -> str:
        """The last of what it logged."""
        return (self.folder / "log").read_text()[-4000:]

    def admit(self, *people: DemoPerson) -> None:
        """Let people sign in: the embedded issuer knows them from now on."""
        self.people += people
        write_down(self.folder, self.people)

    @property
    def issuer(self) -> EmbeddedIssuer:
        """The identity provider of the installation, outside of its processes: the key is in the data folder."""
        return EmbeddedIssuer(environment="demo", public_url=self.url, data_dir=self.folder, people=Nobody())

    def beside(self, folder: Path, urls: DatabaseUrls, **settings: str) -> "Installation":
        """Another server over the same data, reached at `urls`, with the same people and settings of its own."""
        other = Installation(folder, urls, self.settings | settings)
        other.admit(*self.people)
        return other


class Nobody:
    """Whoever mints tokens names the person."""

    async def all(self) -> list[DemoPerson]:
        return []

    async def by_email(self, email: str) -> None:
        """Nobody."""


@contextmanager
def served(installation: Installation) -> Iterator[Installation]:
    """The installation serves as long as the block."""
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


def listening(process: psutil.Process) -> list[psutil._ntuples.sconn]:
    """The addresses that a process listens on."""
    try:
        return [one for one in process.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
    except psutil.NoSuchProcess:
        return []
