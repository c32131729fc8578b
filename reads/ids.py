"""Global ids: a type's prefix, an underscore, a uuid; opaque to clients, taken apart only here."""

import re
from collections.abc import Callable
from typing import Any

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

NONE = "00000000-0000-0000-0000-000000000000"
"""What a text that is no id stands for: an id that no row has, so that it behaves like any wrong one."""


def uuids(value: Any) -> Any:
    """The uuid inside a global id (or each of a list), whatever its prefix; else the id of nothing."""
    if isinstance(value, list | tuple):
        return [uuids(v) for v in value]
    return None if value is None else uuid_in(str(value).rpartition("_")[2]) or NONE


def uuid_in(text: str) -> str | None:
    """A uuid's one form, or None."""
    return text if _UUID.fullmatch(text) else None


def uuid_of(prefix: str | None) -> Callable[[Any], Any]:
    """The uuid of ids with this prefix (or of each in a list); the id of nothing for any other text."""
    if prefix is None:
        return uuids
    start = prefix + "_"

    def read(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [read(v) for v in value]
        text = str(value)
        return (uuid_in(text[len(start) :]) if text.startswith(start) else None) or NONE

    return read


def split(value: Any) -> tuple[str | None, str | None]:
    """Prefix and uuid of an id, or two nulls when it is none."""
    prefix, _, rest = str(value).rpartition("_")
    found = uuid_in(rest)
    return (prefix, found) if found is not None else (None, None)
