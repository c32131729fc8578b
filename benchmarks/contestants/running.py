"""A contestant while it runs: its process, where it answers, and the tokens with which it is asked."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx2

from benchmarks import tokens
from benchmarks.data.building import Data
from tenancy.settings import PREFIX

READY_SECONDS = 60.0
STOP_SECONDS = 30.0


class ContestantError(Exception):
    """A contestant does not answer, or not as it should; the message says what it said."""


@dataclass(frozen=True)
class Running:
    """A contestant that answers, with a token for each measured tenant, in their order; `pid` is its first process."""

    name: str
    url: str
    tokens: Sequence[str]
    pid: int

    def ask(self, http: httpx2.Client, document: str, variables: Mapping[str, object], tenant: int) -> bytes:
        """The body of an answer. Raises ContestantError for one that is not 200."""
        headers = {"authorization": f"Bearer {self.tokens[tenant]}"}
        answer = http.post(self.url, json={"query": document, "variables": variables}, headers=headers)
        if answer.status_code != HTTPStatus.OK:
            raise ContestantError(f"{self.name}: {answer.status_code} {answer.text[:500]}")
        return answer.content


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port


@contextmanager
def started(
    name: str, words: Sequence[str | Path], environment: Mapping[str, str], data: Data, port: int, tenants: int
) -> Iterator[Running]:
    """Start a contestant's processes and wait until it answers; they end with the block."""
    keys = data.folder / "kontor"
    origin = f"http://127.0.0.1:{port}"
    minted = tokens.mint(keys, origin, data.tenants[:tenants])
    named = {tokens.KEY_FILE: str(tokens.publish_key(keys)), **environment}
    rest = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
    log = data.folder / f"{name}.log"
    with log.open("ab") as out:
        process = subprocess.Popen(words, env=rest | named, stdout=out, stderr=out, start_new_session=True)  # noqa: S603
    running = Running(name, f"{origin}/graphql", minted, process.pid)
    try:
        _await(running, process, log)
        yield running
    finally:
        _end(process)


def _await(running: Running, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    with httpx2.Client(timeout=5) as http:
        while True:
            try:
                running.ask(http, "{ __typename }", {}, 0)
            except (httpx2.HTTPError, ContestantError) as error:
                if process.poll() is not None or time.monotonic() > until:
                    raise ContestantError(f"{running.name} does not answer ({error}); see {log}.") from error
                time.sleep(0.1)
            else:
                return


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # a session of its own
            process.wait()


def python() -> Path:
    """The interpreter of this environment."""
    return Path(sys.executable)
