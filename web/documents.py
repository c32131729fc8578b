"""Which text a request runs: the one it sends, or the trusted document it names by hash."""

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar
from uuid import UUID

from tenancy.caller import Caller
from web.http.bodies import Parameters
from web.http.problems import Problem, bad_request

Registered: TypeAlias = Callable[[Caller, str], Awaitable[str | None]]
"""Looks up the text that is registered under the hex SHA-256 for the caller's tenant."""

REMEMBERED_TEXTS = 1024
REMEMBERED_LENGTH = 16 * 1024
REMEMBERED_SECONDS = 30.0

_ID = re.compile(r"sha256:([0-9a-f]{64})")
# what the lexer would take and a database or an int() would not: U+0000 written as an escape, endless numbers
_POISON = re.compile(r"\x00|\\u(?:0000|\{0+\})|[0-9]{400}")


@dataclass(frozen=True, slots=True)
class Text:
    """A document's text, safe to parse, and its SHA-256 in hex."""

    text: str
    hash: str


class Documents:
    """Finds the text of a request.

    With `only_trusted` nothing but a registered document is run. A registration is looked up again after
    `remember` seconds, so that a withdrawn document stops working.
    """

    def __init__(
        self,
        registered: Registered,
        *,
        only_trusted: bool = False,
        remember: float = REMEMBERED_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._registered, self._only_trusted = registered, only_trusted
        self._remember, self._clock = remember, clock
        self._sent: OrderedDict[str, Text] = OrderedDict()
        self._trusted: OrderedDict[tuple[UUID, str, str], tuple[float, Text]] = OrderedDict()

    async def find(self, caller: Caller, asked: Parameters) -> Text:
        """The text to run. Raises Problem when there is none or it may not be run."""
        if asked.document_id is not None:
            if asked.query is not None:
                raise bad_request("Send either query or documentId.")
            return await self._of_id(caller, asked.document_id)
        if self._only_trusted:
            raise Problem("TRUSTED_DOCUMENTS_ONLY", "Only registered documents are answered here; send a documentId.")
        if asked.query is None:
            raise bad_request("The parameter query is missing.")
        return self._of_text(asked.query)

    def _of_text(self, query: str) -> Text:
        known = self._sent.get(query)
        if known is not None:
            self._sent.move_to_end(query)
            return known
        text = vetted(query)
        if len(query) <= REMEMBERED_LENGTH:
            _keep(self._sent, query, text)
        return text

    async def _of_id(self, caller: Caller, document_id: str) -> Text:
        match = _ID.fullmatch(document_id)
        if match is None:
            raise bad_request("A documentId is sha256: and 64 hexadecimal digits.")
        key = (caller.tenant_id, caller.role, match[1])
        until, text = self._trusted.get(key, (0.0, None))
        if text is None or until <= self._clock():
            text = await self._look_up(caller, match[1])
            _keep(self._trusted, key, (self._clock() + self._remember, text))
        return text

    async def _look_up(self, caller: Caller, digest: str) -> Text:
        found = await self._registered(caller, digest)
        if found is None or hashlib.sha256(found.encode()).hexdigest() != digest:
            raise Problem("DOCUMENT_NOT_FOUND", "No document is registered under this documentId.")
        return vetted(found)


def vetted(query: str) -> Text:
    """Take a text that no later room can stumble over. Raises Problem BAD_REQUEST."""
    if _POISON.search(query) is not None:
        raise bad_request("The document holds the character U+0000 or a number of hundreds of digits.")
    return Text(query, hashlib.sha256(query.encode()).hexdigest())


async def none_registered(_: Caller, __: str) -> str | None:
    """The look-up of an endpoint that has no trusted documents."""
    return None


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _keep(where: OrderedDict[_Key, _Value], key: _Key, value: _Value) -> None:
    where[key] = value
    while len(where) > REMEMBERED_TEXTS:
        where.popitem(last=False)
