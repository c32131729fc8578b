"""A whole answer goes out by one write, and never with a head that lies."""

from types import SimpleNamespace
from typing import Any

import pytest

from web.lines import WholeAnswers


class Wire(WholeAnswers):
    """A request without a server."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.ended = 0
        self.default_headers = [(b"date", b"today")]
        self.scope: Any = {"method": "POST"}
        self.transport: Any = SimpleNamespace(write=self.written.append)
        self.flow: Any = SimpleNamespace(write_paused=False)
        self.message_event: Any = SimpleNamespace(set=lambda: None)
        self.response_started = self.response_complete = self.disconnected = False
        self.keep_alive = True

    def on_response(self) -> None:
        self.ended += 1


def start(*more: tuple[bytes, bytes], length: bytes = b"2") -> Any:
    return {"type": "http.response.start", "status": 200, "headers": [(b"content-length", length), *more]}


BODY: Any = {"type": "http.response.body", "body": b"{}"}


async def test_head_and_body_are_one_write() -> None:
    wire = Wire()
    await wire.send(start())
    assert wire.written == []
    await wire.send(BODY)
    assert wire.written == [b"HTTP/1.1 200 OK\r\ndate: today\r\ncontent-length: 2\r\n\r\n{}"]
    assert (wire.response_complete, wire.ended) == (True, 1)


@pytest.mark.parametrize("head", [start((b"x-note", b"a\r\nset-cookie: b")), start((b"x\n", b"a")), start(length=b"3")])
async def test_a_header_with_a_line_break_or_another_length_is_not_sent(head: Any) -> None:
    wire = Wire()
    await wire.send(head)
    with pytest.raises(RuntimeError):
        await wire.send(BODY)
    assert wire.written == []
