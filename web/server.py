"""The server process: workers that share one socket, replaced when they die, drained when they are to stop.

    serve      the parent: refuses an unfit database, binds the socket, keeps the workers
    worker     one child: uvicorn with uvloop and httptools around one application

A stop (SIGTERM) goes on answering for `drain_seconds`, not ready for a balancer, then takes no new connection,
finishes what runs and ends. A worker whose parent was killed takes no new connection from then on.
"""

import asyncio
import gc
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from multiprocessing.connection import wait
from types import FrameType
from typing import Any, TypeAlias

import structlog
import uvicorn
from starlette.applications import Starlette
from uvicorn._subprocess import subprocess_started
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from tenancy.settings import Settings
from web import logs, metrics
from web.forking import PROCESSES, starter_lives
from web.health import READY
from web.lines import Line

Factory: TypeAlias = Callable[[], Starlette]
"""Makes the application in a worker. It is sent there, so it is a function of a module, or a partial of one."""

Refuse: TypeAlias = Callable[[], None]
"""Raises an exception whose message is one sentence, when requests must not be served."""

LONGEST_ANSWER = 40
"""Seconds that a stopping worker waits for running requests: longer than the longest permitted one."""

KEEP_ALIVE = 75
COLLECT_AFTER = 10_000
"""New objects after which the youngest are looked through for rings; 700 would be every third answer."""

BIND_PATIENCE = 5.0
PARENT_LOOKED_AT = 0.25
SIGNS_LOOKED_FOR = 0.2


log = structlog.get_logger("web.server")


class CannotServe(Exception):
    """The server does not start; the message is one sentence that says why and what to do."""


def serve(
    settings: Settings, factory: Factory, *, refusals: Sequence[Refuse] = (), ready: Callable[[str], None] | None = None
) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called once with the address, when the first request was answered.

    Raises:
        CannotServe: the address is taken, or a refusal spoke.
    """
    for refuse in refusals:
        try:
            refuse()
        except Exception as error:
            raise CannotServe(f"Kontor does not serve: {error}") from error
    logs.begin(settings)
    with bound(settings.host, settings.port) as line, tempfile.TemporaryDirectory(prefix="kontor-counts-") as counts:
        # before any worker imports the counters, which look for it then
        os.environ[metrics.FOLDER] = counts
        config = _config(settings, factory)
        if ready is not None:
            threading.Thread(target=_tell_ready, args=(settings.host, settings.port, ready), daemon=True).start()
        keeper = Workers(config, [line])
        keeper.run()
    if keeper.failed:
        raise CannotServe("Kontor does not serve: a worker could not start; the log says why.")


def bound(host: str, port: int) -> socket.socket:
    """A listening address. Waits a little for the former server's last workers. Raises CannotServe when taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    until = time.monotonic() + BIND_PATIENCE
    while True:
        line = socket.socket(family, socket.SOCK_STREAM)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((host, port))
        except OSError as error:
            line.close()
            if time.monotonic() > until:
                raise CannotServe(_taken(host, port, error)) from error
            time.sleep(0.1)
        else:
            line.set_inheritable(True)
            return line


def _taken(host: str, port: int, error: OSError) -> str:
    reason = os.strerror(error.errno or 0).lower()
    return f"Kontor cannot listen on {host} port {port} ({reason}); choose another with KONTOR_PORT or --port."


def _config(settings: Settings, factory: Factory) -> uvicorn.Config:
    return uvicorn.Config(
        partial(worker, settings, factory),
        factory=True,
        loop="uvloop",
        http=Line,
        ws="none",
        lifespan="on",
        interface="asgi3",
        workers=settings.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=LONGEST_ANSWER,
        # a worker that does nothing for so long is hung; one that still imports on a loaded machine is not
        timeout_worker_healthcheck=120,
    )


def worker(settings: Settings, factory: Factory) -> Starlette:
    """The application of one worker process, with what lets it stop well."""
    logs.begin(settings)
    try:
        app = factory()
    except Exception:
        log.exception("the application could not be made")
        sys.exit(STARTUP_FAILURE)  # which the parent does not answer with another try
    # what is there by now stays: no collection need look at it again
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    app.router.lifespan_context = partial(_watched, app.router.lifespan_context, settings.drain_seconds)
    return app


@asynccontextmanager
async def _watched(
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[Any]], drain_seconds: float, app: Starlette
) -> AsyncIterator[None]:
    async with lifespan(app):
        drain = Drain(app, drain_seconds)
        drain.listen()
        watch = asyncio.create_task(_end_with_parent(drain))
        try:
            yield
        finally:
            watch.cancel()


class Drain:
    """Stands before the server's own handling of SIGTERM: first not ready, a while later really stopping."""

    def __init__(self, app: Starlette, seconds: float) -> None:
        self._app, self._seconds = app, seconds
        self._loop = asyncio.get_running_loop()
        self._former: Any = None

    def listen(self) -> None:
        """Take SIGTERM over from the server, which set its own handler before the application started."""
        if threading.current_thread() is threading.main_thread():
            self._former = signal.signal(signal.SIGTERM, self._told)

    def stop(self, seconds: float) -> None:
        """Be not ready, and stop in so many seconds; streams end when no new connection can come."""
        self._app.state.health.drain()
        self._loop.call_later(seconds, self._end)

    def _told(self, _: int, __: FrameType | None) -> None:
        # a second signal does not wait
        again = self._app.state.health.draining
        self._loop.call_soon_threadsafe(self.stop, 0 if again else self._seconds)

    def _end(self) -> None:
        self._app.state.streams.stop()
        if callable(self._former):
            self._former(signal.SIGTERM, None)


async def _end_with_parent(drain: Drain) -> None:
    """Stop at once when the parent is gone: nobody would stop or replace this worker any more."""
    while starter_lives():  # noqa: ASYNC110  # a look costs nothing
        await asyncio.sleep(PARENT_LOOKED_AT)
    drain.stop(0)


class Worker(Process):
    """uvicorn's handle of a worker process, which is forked from one that has imported everything."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        given = {"config": config, "target": self.target, "sockets": sockets, "stdin_fileno": None}
        self.process = PROCESSES.Process(target=subprocess_started, kwargs=given)  # type: ignore[assignment]


class Workers(Multiprocess):
    """uvicorn's keeper of workers, which sees at once when one dies while it is asked for a sign of life."""

    def init_processes(self) -> None:
        """Start them all."""
        self.processes = [Worker(self.config, self.sockets) for _ in range(self.processes_num)]
        for process in self.processes:
            process.start()

    @property
    def failed(self) -> bool:
        """Whether it ended because a worker could not start."""
        return any(process.exitcode == STARTUP_FAILURE for process in self.processes)

    def keep_subprocess_alive(self) -> None:
        """Replace what died or hangs; end when a worker says that another try would fail like it."""
        for place, process in enumerate(self.processes):
            if self.should_exit.is_set() or self._lives(process):
                continue
            process.kill()
            process.join()
            if process.pid is not None:
                metrics.forget_process(process.pid)
            if process.exitcode == STARTUP_FAILURE:
                self.should_exit.set()
                return
            log.warning("worker replaced", pid=process.pid, exitcode=process.exitcode)
            self.processes[place] = Worker(self.config, self.sockets)
            self.processes[place].start()

    def _lives(self, process: Process) -> bool:
        """Ask a worker for a sign of life, without missing its death or a signal to us meanwhile."""
        line, death = process.parent_conn, process.process.sentinel
        until = time.monotonic() + self.config.timeout_worker_healthcheck
        try:
            line.send(b"ping")
            while not self.signal_queue:
                heard = wait([line, death], timeout=SIGNS_LOOKED_FOR)
                if death in heard or time.monotonic() > until:
                    return False
                if line in heard:
                    line.recv()
                    return True
        except (OSError, EOFError):
            return False
        return True


def _tell_ready(host: str, port: int, ready: Callable[[str], None]) -> None:
    """Ask until a worker answers that it is ready."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound
    while not _is_ready(reached, port):
        time.sleep(0.05)
    ready(f"http://{f'[{reached}]' if ':' in reached else reached}:{port}")


def _is_ready(host: str, port: int) -> bool:
    line = HTTPConnection(host, port, timeout=5)
    try:
        line.request("GET", READY)
        return line.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        line.close()
