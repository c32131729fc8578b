"""One connection: uvicorn's protocol with an end to how long and how large the head of a request may be.

Without it a client can hold a connection open by sending nothing, or fill the memory with one header. Besides, an
answer that is whole goes out whole: its head together with its body, by one call of the system instead of two.
"""

import asyncio

from uvicorn._types import ASGI3Application, ASGISendEvent, HTTPResponseStartEvent
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 15.0

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class WholeAnswers(RequestResponseCycle):
    """A request whose head is kept until its body comes, where the head tells how long that will be."""

    _held: HTTPResponseStartEvent | None = None

    async def send(self, message: ASGISendEvent) -> None:
        """Take a message of the application."""
        if self._held is None:
            if message["type"] == "http.response.start" and self._may_hold(message):
                self._held = message
            else:
                await super().send(message)
            return
        held, self._held = self._held, None
        if message["type"] == "http.response.body" and not message.get("more_body") and not self.flow.write_paused:
            self._write(held, message.get("body", b""))
        else:
            await super().send(held)
            await super().send(message)

    def _may_hold(self, start: HTTPResponseStartEvent) -> bool:
        plain = self.keep_alive and not self.response_started and not self.disconnected
        names = {name for name, _ in start.get("headers", ())}
        return plain and self.scope["method"] != "HEAD" and b"content-length" in names and b"connection" not in names

    def _write(self, start: HTTPResponseStartEvent, body: bytes) -> None:
        headers = [*self.default_headers, *start.get("headers", ())]
        fields = b"".join([b"%b: %b\r\n" % one for one in headers])
        if fields.count(b"\n") != len(headers) or b"content-length: %d\r\n" % len(body) not in fields:
            raise RuntimeError("A header has a line break, or tells another length than the body has.")
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.transport.write(b"%b%b\r\n%b" % (STATUS_LINE[start["status"]], fields, body))
        self.message_event.set()
        self.on_response()


class Line(HttpToolsProtocol):
    """A line on which each request's head comes whole within HEAD_SECONDS and HEAD_BYTES."""

    _timer: asyncio.TimerHandle | None = None
    _in_head = False
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came; also what begins no request must not hold the line for ever."""
        if self._idle():
            self._wait()
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Begin to count; a request may begin while the one before it is still answered."""
        self._in_head, self._head = True, 0
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Wait no longer: the request is on its way."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        cycle.__class__ = WholeAnswers  # uvicorn has no other place to name the class of its requests
        super()._start_asgi_task(cycle, app)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the line."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _idle(self) -> bool:
        """Whether no request is being read or answered."""
        cycle: RequestResponseCycle | None = self.cycle  # None until the first request
        return cycle is None or cycle.response_complete

    def _wait(self) -> None:
        """Begin to wait, unless that has begun."""
        if self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self._refuse, _TOO_SLOW)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, answer: bytes) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()
