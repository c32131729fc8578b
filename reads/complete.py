"""The rare second look at an answer: markers of refused fields and of Python fields are taken out of it."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from reads.errors import Error, error

Function = Callable[..., Any]


def complete(data: bytes, functions: Sequence[Function], path: Sequence[str | int] = ()) -> tuple[bytes, list[Error]]:
    """The answer with every marker replaced, and the errors at their exact paths."""
    errors: list[Error] = []
    done = _walk(orjson.loads(data), functions, errors, list(path))
    return orjson.dumps(done), errors


def _walk(value: Any, functions: Sequence[Function], errors: list[Error], path: list[str | int]) -> Any:
    if isinstance(value, dict):
        if "" in value:
            return _replaced(value[""], functions, errors, path)
        return {key: _walk(inner, functions, errors, [*path, key]) for key, inner in value.items()}
    if isinstance(value, list):
        return [_walk(inner, functions, errors, [*path, index]) for index, inner in enumerate(value)]
    return value


def _replaced(content: list[Any], functions: Sequence[Function], errors: list[Error], path: list[str | int]) -> Any:
    first, second, *values = content
    if first == "":
        return functions[second](*values)
    errors.append(error(first, second, path=path))
    return None
