"""The headers of a request by name, read once for all who ask."""

from collections.abc import Mapping, Sequence

from starlette.types import Scope

_HEADS = "kontor.heads"


def heads_of(scope: Scope) -> Mapping[bytes, bytes]:
    """The headers of a request; one that stands there several times is joined with commas, as HTTP has it."""
    found: Mapping[bytes, bytes] | None = scope.get(_HEADS)
    if found is None:
        found = scope[_HEADS] = joined(scope["headers"])
    return found


def joined(headers: Sequence[tuple[bytes, bytes]]) -> Mapping[bytes, bytes]:
    """The headers by name."""
    found = dict(headers)
    if len(found) == len(headers):
        return found
    several: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        several.setdefault(name, []).append(value)
    return {name: b", ".join(values) for name, values in several.items()}
