"""Cursors: where a page begins, as text that is bound to its ordering and its tenant.

A cursor is the base64 of a JSON array: a tag, then the key columns of its row as text. The statement writes
it, so it carries no seal over its values: it is a position, nothing else. What comes in is checked (tag,
number, and type of each value) and then only compared with columns of rows the caller may see anyway, so an
edited cursor shows nothing that another position would not. The tag is a keyed digest of tenant and
ordering: a cursor of another tenant, list or ordering is refused.
"""

import base64
import binascii
import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from reads.ids import uuid_in

LONGEST = 4096
TAG_BYTES = 6
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
_MOMENT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'

Check = Callable[[str], bool]


class BadCursor(ValueError):
    """The text is no cursor of this list in this order for this tenant."""


class Cursors:
    """Writes and reads cursors; `secret` is the process group's: the same in every worker."""

    def __init__(self, secret: bytes) -> None:
        self._secret = blake2b(secret, digest_size=32).digest()
        self.tag = lru_cache(maxsize=4096)(self._tag)

    def _tag(self, tenant_id: UUID, ordering: str) -> str:
        digest = blake2b(tenant_id.bytes + ordering.encode(), key=self._secret, digest_size=TAG_BYTES)
        return base64.b64encode(digest.digest()).decode()

    def read(self, cursor: Any, tenant_id: UUID, ordering: str, checks: Sequence[Check]) -> list[str | None]:
        """The key values of a cursor as text.

        Raises:
            BadCursor: it was not made by `sql` for this tenant and ordering.
        """
        try:
            if not isinstance(cursor, str) or len(cursor) > LONGEST:
                raise BadCursor
            tag, *keys = orjson.loads(base64.b64decode(cursor, validate=True))
        except (ValueError, TypeError, binascii.Error) as error:
            raise BadCursor from error
        if tag != self.tag(tenant_id, ordering) or len(keys) != len(checks):
            raise BadCursor
        for text, check in zip(keys, checks, strict=True):
            if text is not None and not (isinstance(text, str) and check(text)):
                raise BadCursor
        return list(keys)


def sql(tag: str, keys: Sequence[str]) -> str:
    """SQL that writes the cursor of a row; `keys` are `key_text`s, `tag` a parameter."""
    array = f"json_build_array({', '.join((tag, *keys))})::text"
    return f"translate(encode(convert_to({array}, 'UTF8'), 'base64'), E'\\n', '')"


def key_text(expression: str, type_: sa.types.TypeEngine[Any]) -> str:
    """SQL of a key column as the text that `check` takes and PostgreSQL reads back exactly."""
    if isinstance(type_, sa.DateTime):
        return f"to_char({expression} at time zone 'UTC', '{_MOMENT}')"
    return f"{expression}::text"


_CHECKS: tuple[tuple[type, Check], ...] = (
    (sa.Uuid, lambda text: uuid_in(text) is not None),
    (sa.Boolean, {"true", "false"}.__contains__),
    (sa.Integer, lambda text: _INTEGER.fullmatch(text) is not None),
    (sa.Numeric, lambda text: _NUMBER.fullmatch(text) is not None),
    (sa.DateTime, lambda text: _parses(dt.datetime.fromisoformat, text)),
    (sa.Date, lambda text: _parses(dt.date.fromisoformat, text)),
)


def check_of(type_: sa.types.TypeEngine[Any]) -> Check:
    """What a key's text must look like, so that PostgreSQL's cast cannot fail."""
    return next((check for kind, check in _CHECKS if isinstance(type_, kind)), _storable)


def _storable(text: str) -> bool:
    return "\0" not in text


def _parses(parse: Callable[[str], Any], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return text.isascii()
