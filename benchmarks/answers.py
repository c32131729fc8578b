"""Whether all contestants say the same: answers levelled, then compared for equality before anything is timed."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx2
import orjson

from benchmarks.asking import Asked
from benchmarks.contestants.running import Running

COMPARED = 24
"""Requests of each query that are compared."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
GLOBAL_ID = re.compile(r"[a-z]{3}_(?=[0-9a-f]{8}-)")
NUMBERS = frozenset({"position", "quantity", "termMonths", "version"})


class DifferentAnswersError(Exception):
    """A contestant says something else; the message shows both."""


def of(running: Running, document: str, asked: Sequence[Asked]) -> list[Any]:
    """The levelled answers to an even choice of the requests."""
    step = max(1, len(asked) // COMPARED)
    with httpx2.Client(timeout=30) as http:
        found = [running.ask(http, document, one.variables, one.tenant) for one in asked[::step]]
    bodies = [orjson.loads(body) for body in found]
    for body in bodies:
        if "errors" in body or "data" not in body:
            raise DifferentAnswersError(f"{running.name}: {orjson.dumps(body).decode()[:600]}")
    return [level(body["data"]) for body in bodies]


def compare(query: str, first: tuple[str, list[Any]], other: tuple[str, list[Any]]) -> None:
    """Raise DifferentAnswersError unless both say the same."""
    for number, (one, two) in enumerate(zip(first[1], other[1], strict=True)):
        if one != two:
            where, left, right = difference(one, two)
            raise DifferentAnswersError(
                f"{query}, request {number}, at {where or 'the root'}: {first[0]} says {left}, {other[0]} says {right}"
            )


def level(value: Any, name: str = "") -> Any:
    """The same thing said in one way: ids without prefix, moments in UTC, counts as numbers, lists without nodes."""
    match value:
        case dict():
            return _object(value)
        case list():
            return [level(each) for each in value]
        case str():
            return _text(value, name)
    return value


def difference(one: Any, two: Any, where: str = "") -> tuple[str, str, str]:
    """The first place at which two values differ, and what stands there."""
    if isinstance(one, dict) and isinstance(two, dict) and one.keys() == two.keys():
        for key in one:
            if one[key] != two[key]:
                return difference(one[key], two[key], f"{where}.{key}")
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for place, (left, right) in enumerate(zip(one, two, strict=True)):
            if left != right:
                return difference(left, right, f"{where}[{place}]")
    return where, _short(one), _short(two)


def _object(value: dict[str, Any]) -> Any:
    if "priceMinor" in value:
        value = _priced(value)
    if set(value) == {"nodes"}:
        return level(value["nodes"])
    return {key: level(each, key) for key, each in value.items()}


def _text(value: str, name: str) -> Any:
    if name == "endCursor":
        return "a cursor"
    if name in NUMBERS:
        return int(value)
    if MOMENT.match(value):
        return datetime.fromisoformat(value).astimezone(UTC).isoformat()
    return GLOBAL_ID.sub("", value)


def _priced(product: dict[str, Any]) -> dict[str, Any]:
    rest = {key: each for key, each in product.items() if key not in {"priceMinor", "currency"}}
    amount = f"{int(product['priceMinor']) / 100:.2f}"
    return {**rest, "price": {"amount": amount, "currency": product["currency"]}}


def _short(value: Any) -> str:
    return orjson.dumps(value).decode()[:300]
