"""Answers as a stream of events."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from tests.web.toy_endpoint import ADLER, BUSSARD, Toy
from web import sse
from web.budget import Allowance
from web.http.problems import Problem
from web.sse import Streams


class Line:
    """A client that has sent its request and now listens, until it hangs up."""

    def __init__(self, query: str = "", who: str = "anna") -> None:
        self.body = orjson.dumps({"query": query})
        self.asked, self.gone = False, asyncio.Event()
        self.messages: list[dict[str, Any]] = []
        self.heard = asyncio.Event()
        headers = [
            (b"authorization", f"Bearer {who}".encode()),
            (b"content-type", b"application/json"),
            (b"accept", b"text/event-stream"),
        ]
        self.scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/graphql", "headers": headers}

    async def receive(self) -> dict[str, Any]:
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.messages.append(message)
        if message.get("body"):
            self.heard.set()

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def text(self) -> str:
        return b"".join(one.get("body", b"") for one in self.messages).decode()

    @property
    def events(self) -> list[tuple[str, Any]]:
        blocks = [block for block in self.text.split("\n\n") if block and block != ":"]
        found = (block.removeprefix("event: ").partition("\ndata:") for block in blocks)
        return [(kind, orjson.loads(data) if data else None) for kind, _, data in found]

    @property
    def numbers(self) -> list[int]:
        return [data["data"]["count"] for kind, data in self.events if kind == "next"]


async def listen(toy: Toy, line: Line) -> None:
    await asyncio.wait_for(toy.app(line.scope, line.receive, line.send), 10)


async def test_each_event_is_told_and_then_the_end(toy: Toy) -> None:
    line = Line("subscription { count(to: 3) }")
    await listen(toy, line)
    assert line.status == 200
    assert (b"content-type", b"text/event-stream; charset=utf-8") in line.messages[0]["headers"]
    assert line.numbers == [1, 2, 3]
    assert line.events[-1] == ("complete", None)
    assert line.events[0][1]["extensions"]["cost"]["requested"] == 1
    assert line.messages[-1].get("more_body", False) is False


async def test_a_query_is_one_event(toy: Toy) -> None:
    line = Line("{ hello }")
    await listen(toy, line)
    assert [kind for kind, _ in line.events] == ["next", "complete"]
    assert line.events[0][1]["data"] == {"hello": "Hello world"}


async def test_a_wrong_document_is_told_in_the_stream(toy: Toy) -> None:
    line = Line("subscription { nothing }")
    await listen(toy, line)
    assert line.status == 200
    assert line.events[0][1]["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_nobody_known_gets_no_stream(toy: Toy) -> None:
    line = Line("subscription { count(to: 3) }", who="nobody")
    await listen(toy, line)
    assert line.status == 401
    assert orjson.loads(line.text)["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_cost_that_is_refused_begins_no_stream() -> None:
    line = Line("subscription { count(to: 3) } # cost 60")
    toy = Toy(allowance=Allowance(size=100, refill=0.001))
    await listen(toy, Line("{ hello } # cost 60"))
    await listen(toy, line)
    assert line.status == 429


async def test_the_stream_ends_when_the_client_leaves(toy: Toy) -> None:
    line = Line("subscription { count(to: 1000, pause: 0.01) }")
    listening = asyncio.create_task(listen(toy, line))
    await line.heard.wait()
    line.gone.set()
    await listening
    assert toy.endpoint.closed_streams == 1
    assert "complete" not in line.text


async def test_rights_that_are_gone_are_the_last_event(toy: Toy) -> None:
    line = Line("subscription { count(to: 3) } # revoked")
    await listen(toy, line)
    kinds = [kind for kind, _ in line.events]
    assert kinds == ["next", "next", "complete"]
    assert line.events[1][1]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_quiet_stream_shows_that_it_lives(toy: Toy) -> None:
    line = Line("subscription { count(to: 1, pause: 0.3) }")
    await listen(toy, line)
    assert line.text.startswith(":\n\n:\n\n")
    assert line.numbers == [1]


async def test_streams_end_without_complete_when_the_worker_stops_so_that_clients_come_again(toy: Toy) -> None:
    line = Line("subscription { count(to: 1000, pause: 0.01) }")
    listening = asyncio.create_task(listen(toy, line))
    await line.heard.wait()
    toy.streams.stop()
    await listening
    assert "complete" not in line.text
    assert toy.endpoint.closed_streams == 1
    late = Line("subscription { count(to: 3) }")
    await listen(toy, late)
    assert late.status == 503


async def test_a_stream_lasts_no_longer_than_the_proof_of_who_asks() -> None:
    line, closed = Line(), []

    async def bodies() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield b"{}"
                await asyncio.sleep(0.01)
        finally:
            closed.append(True)

    line.asked = True
    until = datetime.now(UTC) + timedelta(seconds=0.1)
    await asyncio.wait_for(sse.send_stream(bodies(), line.receive, line.send, Streams(1), until), 5)
    assert line.events[0] == ("next", {})
    assert "complete" not in line.text
    assert closed == [True]


async def test_a_tenant_has_so_many_streams_and_another_its_own() -> None:
    streams = Streams(2)
    with streams.opened(ADLER), streams.opened(ADLER), streams.opened(BUSSARD):
        with pytest.raises(Problem) as refused, streams.opened(ADLER):
            pass
        assert (refused.value.code, refused.value.status) == ("TOO_MANY_AT_ONCE", 429)
    with streams.opened(ADLER):
        pass


def test_a_line_break_in_an_answer_does_not_break_the_event() -> None:
    assert sse.next_event(b'{\n"a": 1}') == b'event: next\ndata: { "a": 1}\n\n'
