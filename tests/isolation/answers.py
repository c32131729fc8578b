"""Answers, and what of other tenants is in them."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.isolation.asks import Ask
from tests.isolation.marks import DARK_B, DARK_C, OPEN_B, OPEN_C, UUID_, Canaries

MOMENT = re.compile(r"20\d\d-\d\d-\d\dT[0-9:.]+Z")
PARTS = frozenset({"Money", "PageInfo"})
SECRET = re.compile(r"kontor_[0-9a-f]{32}_[\w-]{43}")
CURSORS = frozenset({"cursor", "startCursor", "endCursor"})
DARK_TEXTS = tuple(mark.text for mark in (DARK_B, DARK_C))
OPEN_TEXTS = tuple(mark.text for mark in (OPEN_B, OPEN_C))
DARK_DIGITS = re.compile(rf"(?<![\d.])({DARK_B.digits}|{DARK_C.digits})\d{{3,}}")
OPEN_DIGITS = re.compile(rf"(?<![\d.])({OPEN_B.digits}|{OPEN_C.digits})\d{{3,}}")


@dataclass(frozen=True)
class Given:
    """What a client got: data and errors, as they were written."""

    data: bytes
    errors: bytes

    def body(self) -> bytes:
        """Both together."""
        return self.data + b"\n" + self.errors


@dataclass
class Found:
    """Leaks, and in which fields open values were seen."""

    leaks: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def look(ask: Ask, given: Given, canaries: Canaries, found: Found) -> None:
    """Look through an answer for values of others; what was asked with is no news."""
    sent = ask.sent()
    for where, value in leaves(orjson.loads(given.data or b"null"), "Query", "data"):
        kind = _kind(value, canaries, sent)
        if kind == "dark":
            found.leaks.append(f"{ask.label}: {where} shows {value}")
        elif kind == "open":
            found.seen.add(where)
    for name, value in _texts(orjson.loads(given.errors or b"[]")):
        if _kind(value, canaries, sent) is not None:
            found.leaks.append(f"{ask.label}: error {name} says {value}")


def _kind(value: str, canaries: Canaries, sent: str) -> str | None:
    ids = {id_ for id_ in UUID_.findall(value) if id_ not in sent}
    rest = UUID_.sub("", value)
    low = rest.lower()
    if ids & canaries.dark or any(text in low and text not in sent for text in DARK_TEXTS) or DARK_DIGITS.search(rest):
        return "dark"
    if ids & canaries.open or any(text in low for text in OPEN_TEXTS) or OPEN_DIGITS.search(rest):
        return "open"
    return None


def leaves(value: Any, type_: str, name: str, within: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf as text, by its type and field; what has no row of its own stands within another field."""
    if isinstance(value, dict):
        inside = value.get("__typename", type_)
        within = f"{type_}.{name}." if inside in PARTS else ""
        for key, inner in value.items():
            if key != "__typename":
                yield from leaves(inner, inside, key, within)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, type_, name)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        text = str(value)
        yield f"{within or type_ + '.'}{name}", _position(text) if name in CURSORS else text


def _position(cursor: str) -> str:
    """What a cursor says, without its seal."""
    try:
        return " ".join(map(str, orjson.loads(base64.b64decode(cursor))[1:]))
    except (ValueError, binascii.Error):
        return cursor


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, name)
    elif isinstance(value, str):
        yield name, value


def steady(given: Given, known: frozenset[str]) -> bytes:
    """An answer without what differs from one moment to the next: new ids and secrets, and the time of day."""
    text = given.body().decode()
    text = UUID_.sub(lambda found: found[0] if found[0] in known else "a new id", text)
    return SECRET.sub("a secret", MOMENT.sub("a moment", text)).encode()
