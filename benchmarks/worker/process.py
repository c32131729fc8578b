"""The worker process that answers: found by the connection it holds, looked at by the operating system."""

import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Self
from urllib.parse import urlsplit

import psutil

from benchmarks.contestants.running import ContestantError, Running
from web.health import READY

MB = 1024 * 1024
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Memory:
    """What a process occupies in MB; `pss` shares what it has in common with others."""

    rss: float
    pss: float


class Line:
    """A connection to the contestant that stays with one worker."""

    def __init__(self, running: Running) -> None:
        address = urlsplit(running.url)
        assert address.hostname is not None
        self._running = running
        self._http = HTTPConnection(address.hostname, address.port, timeout=PATIENCE_SECONDS)

    def __enter__(self) -> Self:
        """Connect, as soon as a worker is ready."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                if self._status(READY) == 200:  # noqa: PLR2004
                    return self
            except (OSError, HTTPException):
                self._http.close()
            if time.monotonic() > until:
                raise ContestantError(f"{self._running.name} is not ready after {PATIENCE_SECONDS:g} s.")
            time.sleep(0.01)

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def worker(self) -> psutil.Process:
        """The process at the other end."""
        port = self._http.sock.getsockname()[1]
        for process in psutil.Process(self._running.pid).children(recursive=True):
            if any(one.raddr and one.raddr.port == port for one in process.net_connections("tcp")):
                return process
        raise ContestantError(f"{self._running.name}: no process holds the connection.")

    def ask(self, body: str, tenant: int) -> float:
        """Milliseconds until the whole answer was there. Raises ContestantError unless it is one."""
        headers = {"authorization": f"Bearer {self._running.tokens[tenant]}", "content-type": "application/json"}
        began = time.perf_counter()
        self._http.request("POST", urlsplit(self._running.url).path, body, headers)
        answer = self._http.getresponse()
        told = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 200 or b'"errors"' in told:  # noqa: PLR2004
            raise ContestantError(f"{self._running.name}: {answer.status} {told[:500].decode()}")
        return took

    def _status(self, path: str) -> int:
        self._http.request("GET", path)
        answer = self._http.getresponse()
        answer.read()
        return answer.status


def memory(process: psutil.Process) -> Memory:
    """What a process occupies now."""
    found = process.memory_full_info()
    return Memory(round(found.rss / MB, 1), round(getattr(found, "pss", found.uss) / MB, 1))
