"""The printed schema as a file to fetch, with a tag that saves fetching it again."""

import hashlib
from collections.abc import Callable
from functools import cached_property

from starlette.types import Receive, Scope, Send

from tenancy.caller import Caller
from web.graphql import SignIn
from web.http.heads import heads_of
from web.http.negotiation import Media
from web.http.problems import Problem, problem_of
from web.http.writing import send_problem


class SchemaFile:
    """One schema's text.

    It says what introspection says, so it is told to the same people: where `open_to_all` is not set, to
    signed-in callers of whom `may_read` is true.
    """

    def __init__(
        self,
        text: Callable[[], str],
        sign_in: SignIn,
        *,
        open_to_all: bool,
        may_read: Callable[[Caller], bool],
    ) -> None:
        self._text, self._sign_in = text, sign_in
        self._open_to_all, self._may_read = open_to_all, may_read

    @cached_property
    def _body(self) -> bytes:
        """Printed when it is first asked for."""
        return self._text().encode()

    @cached_property
    def _tag(self) -> bytes:
        return b'"' + hashlib.sha256(self._body).hexdigest()[:32].encode() + b'"'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # the shape of ASGI
        """Answer a GET or HEAD: the text, or 304 when the client has it."""
        try:
            await self._check(scope)
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            await send_problem(send, problem, Media.JSON)
            return
        known = _names(heads_of(scope).get(b"if-none-match", b"").decode("latin-1"), self._tag)
        status, body = (304, b"") if known else (200, self._body)
        await send({"type": "http.response.start", "status": status, "headers": self._headers(known=known)})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _check(self, scope: Scope) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            raise Problem(
                "METHOD_NOT_ALLOWED", "The schema can be fetched by GET.", headers=((b"allow", b"GET, HEAD"),)
            )
        if self._open_to_all:
            return
        caller = (await self._sign_in(scope)).caller
        if not self._may_read(caller):
            raise Problem("FORBIDDEN", "The schema is shown to staff only.")

    def _headers(self, *, known: bool) -> list[tuple[bytes, bytes]]:
        caching = b"public, no-cache" if self._open_to_all else b"private, no-cache"
        headers = [(b"etag", self._tag), (b"cache-control", caching), (b"vary", b"authorization, cookie")]
        if not known:
            headers += [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", str(len(self._body)).encode()),
            ]
        return headers


def _names(if_none_match: str, tag: bytes) -> bool:
    """Whether the header names the tag, strong or weak, alone or among others, or any."""
    named = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return tag.decode() in named or "*" in named
