"""The server process: it starts or says why not, loses no request, and leaves nothing behind."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import httpx2
import psutil
import pytest

from web import lines
from web.lines import Line

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


class Server:
    """A server process with its workers, on this machine."""

    def __init__(self, port: int, *flags: str, **given: object) -> None:
        chosen = {"environment": "demo", "port": port, "workers": 2, "drain_seconds": 0.5, **given}
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.web.toy_server", json.dumps(chosen), *flags],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def workers(self) -> list[psutil.Process]:
        """The processes that are forked from the one which has imported everything."""
        return [child for one in psutil.Process(self.process.pid).children() for child in one.children()]

    def get(self, path: str, **more: str) -> httpx2.Response:
        return httpx2.get(self.address + path, headers=more, timeout=PATIENCE)

    def ask(self, query: str) -> httpx2.Response:
        headers = {"authorization": "Bearer anna"}
        return httpx2.post(f"{self.address}/graphql", json={"query": query}, headers=headers, timeout=PATIENCE)

    def end(self) -> str:
        """Stop if it still runs; what it logged."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=PATIENCE)[1]


@contextmanager
def running(port: int, *flags: str, **given: object) -> Iterator[Server]:
    server = Server(port, *flags, **given)
    family = []
    try:
        assert server.ready() == f"ready {server.address}"
        family = server.workers()
        yield server
    finally:
        with suppress(psutil.NoSuchProcess):
            family += server.workers()
        server.end()
        for child in family:
            with suppress(psutil.NoSuchProcess):
                child.kill()


def lives(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def eventually(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_server_answers_counts_over_all_workers_and_stops_without_losing_a_request() -> None:
    with running(free_port()) as server:
        answer = server.ask("{ hello }")
        assert answer.json()["data"] == {"hello": "Hello world"}
        assert "server" not in answer.headers
        eventually(lambda: len({server.get("/pid").text for _ in range(5)}) == 2)
        for _ in range(10):
            server.ask("{ hello }")
        counted = {
            line for line in server.get("/metrics").text.splitlines() if line.startswith("kontor_requests_total{")
        }
        assert 'kontor_requests_total{endpoint="staff",method="POST",status="200"} 11.0' in counted

        slow: list[httpx2.Response] = []
        asking = Thread(target=lambda: slow.append(server.ask("{ slow(seconds: 1.5) }")))
        asking.start()
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: server.get("/health/ready").status_code == 503)
        asking.join()
        logged = server.end()
    assert slow[0].json()["data"] == {"slow": "done"}
    told = [json.loads(line) for line in logged.splitlines()]
    assert {"Shutting down", "Waiting for application shutdown."} <= {line["event"] for line in told}
    assert not any(line["level"] in ("error", "critical") for line in told)


def test_a_worker_that_was_killed_is_replaced() -> None:
    with running(free_port(), workers=1) as server:
        before = server.get("/pid").text
        os.kill(int(before), signal.SIGKILL)

        def another() -> bool:
            with suppress(httpx2.HTTPError):
                return server.get("/pid").text != before
            return False

        eventually(another)


def test_when_the_process_they_are_forked_from_was_killed_other_workers_come() -> None:
    with running(free_port(), workers=1) as server:
        before = server.get("/pid").text
        forked_from = psutil.Process(int(before)).parent()
        assert forked_from is not None
        assert forked_from.pid != server.process.pid
        forked_from.kill()

        def another() -> bool:
            with suppress(httpx2.HTTPError):
                return server.get("/pid").text != before
            return False

        eventually(another)
        eventually(lambda: not lives(int(before)))


def test_after_the_parent_was_killed_the_workers_go_and_the_address_is_free_for_the_next() -> None:
    port = free_port()
    with running(port, workers=1) as first:
        workers = first.workers()
        first.process.kill()
        with running(port, workers=1) as second:
            assert second.ask("{ hello }").status_code == 200
        eventually(lambda: not any(worker.is_running() for worker in workers))


def test_an_address_that_is_taken_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from web import server  # noqa: PLC0415

    monkeypatch.setattr(server, "BIND_PATIENCE", 0.0)
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        port = line.getsockname()[1]
        with pytest.raises(
            server.CannotServe, match=rf"cannot listen on 127\.0\.0\.1 port {port} \(address already in use\)"
        ):
            server.bound("127.0.0.1", port)


def test_an_unfit_database_is_refused_before_anything_listens() -> None:
    server = Server(free_port(), "--unfit")
    logged = server.end() if server.process.wait(PATIENCE) is None else server.process.communicate()[1]
    assert server.process.returncode == 1
    assert logged == "Kontor does not serve: the role is a superuser.\n"


def test_a_worker_that_cannot_start_ends_the_server_with_a_sentence() -> None:
    server = Server(free_port(), data_dir="/broken", workers=1)
    try:
        logged = server.process.communicate(timeout=PATIENCE)[1]
    finally:
        server.process.kill()
    assert server.process.returncode == 1
    assert "a worker could not start" in logged


@contextmanager
def spoken_to(monkeypatch: pytest.MonkeyPatch, *, head_seconds: float = 15) -> Iterator[tuple[str, int]]:
    """A server of one thread with our line protocol."""
    import uvicorn  # noqa: PLC0415

    from tests.web.toy_endpoint import Toy  # noqa: PLC0415

    monkeypatch.setattr(lines, "HEAD_SECONDS", head_seconds)
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        config = uvicorn.Config(Toy().app, loop="uvloop", http=Line, ws="none", log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, args=([line],))
        thread.start()
        eventually(lambda: server.started)
        yield "127.0.0.1", line.getsockname()[1]
        server.should_exit = True
        thread.join()


async def said(place: tuple[str, int], *pieces: bytes) -> bytes:
    """What the server says to these pieces until it closes the line."""
    reader, writer = await asyncio.open_connection(*place)
    with suppress(ConnectionError):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
    heard = b""
    with suppress(ConnectionError):
        heard = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    return heard


GET = b"GET /graphql?query={hello} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer anna\r\n"


async def test_a_head_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with spoken_to(monkeypatch) as place:
        assert (await said(place, GET, *[b"x: " + b"y" * 8000 + b"\r\n"] * 20))[:12] in (b"HTTP/1.1 431", b"")
        assert (await said(place, b"GET /" + b"a" * 8000, *[b"a" * 8000] * 20))[:12] in (b"HTTP/1.1 431", b"")
        assert (await said(place, GET, b"connection: close\r\n\r\n")).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("piece", [b"", b"\r\n", b"GET /gra", GET])
async def test_a_head_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, piece: bytes) -> None:
    with spoken_to(monkeypatch, head_seconds=0.1) as place:
        assert (await said(place, piece)).startswith(b"HTTP/1.1 408")


async def test_a_line_is_used_again_and_its_next_head_is_waited_for_as_short(monkeypatch: pytest.MonkeyPatch) -> None:
    with spoken_to(monkeypatch, head_seconds=0.3) as place:
        heard = await said(place, GET + b"\r\n", GET + b"\r\n", b"GET /")
    assert heard.count(b"HTTP/1.1 200") == 2
    assert heard.count(b"HTTP/1.1 408") == 1
