"""Serving: the web workers, the job worker beside them, and a database that comes back when it was killed."""

import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from multiprocessing.context import ForkServerProcess
from types import TracebackType
from typing import Self

from cli import output
from cli.installation import Installation
from cli.processes import application, job_worker
from migrations import run
from persistence import embedded
from persistence.embedded import EmbeddedServerError
from tenancy.settings import Settings
from web import server
from web.fitness import refusals
from web.forking import PROCESSES, import_first

LOOK_EVERY_SECONDS = 0.5
WORKER_GRACE_SECONDS = 45.0


def serve(at: Installation, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is called with the address when it answers. Raises CannotServe."""
    import_first(["cli.common"])
    with Keeper(at) as keeper:

        def told(url: str) -> None:
            keeper.begin_jobs()
            ready(url)

        server.serve(
            at.settings,
            partial(application, at.settings, at.urls),
            refusals=refusals(at.urls, run.at_head),
            ready=told,
        )


def refuse_taken(settings: Settings) -> None:
    """Raise CannotServe when somebody else listens on the address; said before any long work."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        if probe.connect_ex((settings.host, settings.port)) != 0:
            return
    server.bound(settings.host, settings.port).close()


class Keeper:
    """Keeps a job worker, and the embedded database, alive as long as the block."""

    def __init__(self, at: Installation) -> None:
        self._at = at
        self._over, self._jobs = threading.Event(), threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._worker: ForkServerProcess | None = None
        self._holds = ExitStack()

    def __enter__(self) -> Self:
        self._watching.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._watching.join()
        if self._worker is not None:
            self._worker.terminate()
            self._worker.join(WORKER_GRACE_SECONDS)
            self._worker.kill()
        self._holds.close()

    def begin_jobs(self) -> None:
        """Start the job worker, now that the web workers need the processor no more."""
        self._jobs.set()

    def _watch(self) -> None:
        while not self._over.is_set():
            self._keep_database()
            if self._jobs.is_set():
                self._keep_worker()
            self._over.wait(LOOK_EVERY_SECONDS)

    def _keep_worker(self) -> None:
        if self._worker is not None and self._worker.is_alive():
            return
        self._worker = PROCESSES.Process(target=job_worker, args=(self._at.settings, self._at.urls), name="kontor jobs")
        self._worker.start()

    def _keep_database(self) -> None:
        if self._at.server is None or self._at.server.pid is not None:
            return
        try:
            # another hold, beside the first: the last one that is left stops the server
            self._holds.enter_context(embedded.start(self._at.settings.data_dir))
        except EmbeddedServerError as error:
            output.say(f"The embedded PostgreSQL ended and does not start again: {error}")
