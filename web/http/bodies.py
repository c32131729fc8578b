"""What a client sent, made well-formed or refused: nothing that passes here can surprise a room below."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import orjson
from starlette.types import Receive

from schema.exchange import NOTHING
from web.http.problems import Problem, bad_request
from web.patience import ClientGone, Patience, Task

MAX_BODY = 256 * 1024
MAX_DEPTH = 64
BODY_SECONDS = 10.0

_KEY = re.compile(rb'"\s*:')
_LONG_NUMBER = re.compile(rb"[0-9]{16}")
_PARAMETERS = ("query", "documentId", "operationName", "variables", "extensions")


class Parameters(NamedTuple):
    """The parameters of a GraphQL request, each of the right type."""

    query: str | None = None
    document_id: str | None = None
    operation_name: str | None = None
    variables: Mapping[str, Any] = NOTHING
    extensions: Mapping[str, Any] = NOTHING


def check_content_type(heads: Mapping[bytes, bytes]) -> None:
    """Let JSON in UTF-8 pass and nothing else.

    A form, plain text or multipart body can be sent by any foreign page without asking (CSRF); JSON cannot.
    """
    given = heads.get(b"content-type", b"")
    if given == b"application/json":
        return
    kind, *parameters = (part.strip().lower() for part in given.decode("latin-1").split(";"))
    charsets = [part.partition("=")[2].strip('" ') for part in parameters if part.startswith("charset")]
    if kind != "application/json" or any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise Problem("UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json in UTF-8.")


def check_encoding(heads: Mapping[bytes, bytes]) -> None:
    """Refuse compressed bodies: a few bytes of them could become many."""
    if heads.get(b"content-encoding", b"").lower() not in (b"", b"identity"):
        raise Problem("UNSUPPORTED_MEDIA_TYPE", "Send the body uncompressed.")


async def read_body(
    heads: Mapping[bytes, bytes],
    receive: Receive,
    patience: Patience,
    task: Task,
    *,
    limit: int = MAX_BODY,
    seconds: float = BODY_SECONDS,
) -> bytes:
    """The whole body, at most `limit` bytes and within `seconds`, with and without a content length.

    Raises Problem BODY_TOO_LARGE or REQUEST_TIMEOUT, ClientGone when the client hangs up.
    """
    length = heads.get(b"content-length", b"")
    if length.isdigit() and len(length) < 20 and int(length) > limit:  # noqa: PLR2004  # digits of 2**64
        raise _too_large(limit)
    try:
        with patience.of(task, seconds):
            return await _whole(receive, limit)
    except TimeoutError:
        raise Problem("REQUEST_TIMEOUT", "The body did not arrive in time.") from None


async def _whole(receive: Receive, limit: int) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        rest = bytearray(body)
        while len(rest) <= limit and message.get("more_body"):
            message = await receive()
            rest += message.get("body", b"")
        body = bytes(rest)
    if message["type"] == "http.disconnect":
        raise ClientGone
    if len(body) > limit:
        raise _too_large(limit)
    return body


def _too_large(limit: int) -> Problem:
    message = f"A request may have {limit // 1024} KiB at most."
    # what is still to come is not read, so the connection cannot be used again
    return Problem("BODY_TOO_LARGE", message, headers=((b"connection", b"close"),))


def from_body(body: bytes) -> Parameters:
    """Read the JSON body of a POST. Raises Problem BAD_REQUEST or BATCHING_NOT_SUPPORTED."""
    document = read_json(body, "The body")
    if isinstance(document, list):
        raise Problem("BATCHING_NOT_SUPPORTED", "Send one operation a request, not a list of them.")
    if not isinstance(document, dict):
        raise bad_request("The body must be a JSON object.")
    return _parameters(document)


def from_query_string(raw: bytes) -> Parameters:
    """Read the URL of a GET; `variables` and `extensions` hold JSON. Raises Problem BAD_REQUEST."""
    if len(raw) > MAX_BODY:
        raise _too_large(MAX_BODY)
    found: dict[str, Any] = {}
    for name, value in _pairs(raw):
        if name not in _PARAMETERS:
            continue
        if name in found:
            raise bad_request(f"The parameter {name} stands there twice.")
        is_json = name in ("variables", "extensions") and value
        found[name] = read_json(value.encode(), f"The parameter {name}") if is_json else value
    return _parameters(found)


def _pairs(raw: bytes) -> Iterator[tuple[str, str]]:
    for piece in raw.split(b"&"):
        name, _, value = piece.partition(b"=")
        try:
            yield _decoded(name), _decoded(value)
        except UnicodeDecodeError:
            raise bad_request("The address is not UTF-8.") from None


def _decoded(piece: bytes) -> str:
    text = unquote_to_bytes(piece.replace(b"+", b" ")).decode()
    if "\0" in text:
        raise bad_request("The address holds the character U+0000.")
    return text


def read_json(text: bytes, what: str) -> Any:
    """Parse JSON strictly: UTF-8, no duplicate keys, no NUL, no lone surrogate, whole numbers to the last digit.

    `what` begins the sentence of a refusal. Raises Problem BAD_REQUEST.
    """
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise bad_request(f"{what} is not valid JSON in UTF-8.") from None
    keys = _checked(document, what)
    # orjson keeps the last of two equal keys and rounds whole numbers beyond 64 bits; where either is possible,
    # the slower parser looks again
    if keys != len(_KEY.findall(text)) or _LONG_NUMBER.search(text):
        return _read_exactly(text, what)
    return document


def _checked(document: Any, what: str) -> int:
    """Look at every value once, without recursion; answer the number of keys."""
    keys = 0
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                if "\0" in value:
                    raise bad_request(f"{what} holds the character U+0000.")
            elif isinstance(value, dict):
                keys += len(value)
                below += value
                below += value.values()
            elif isinstance(value, list):
                below += value
        if not below:
            return keys
        level = below
    raise bad_request(f"{what} is nested deeper than {MAX_DEPTH} levels.")


def _read_exactly(text: bytes, what: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates)
    except ValueError:  # a number of more digits than Python converts
        raise bad_request(f"{what} holds a number that is too long.") from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise bad_request("The same key stands twice in one object.")
    return found


def _parameters(found: Mapping[str, Any]) -> Parameters:
    return Parameters(
        query=_text(found, "query"),
        document_id=_text(found, "documentId"),
        operation_name=_text(found, "operationName"),
        variables=_object(found, "variables"),
        extensions=_object(found, "extensions"),
    )


def _text(found: Mapping[str, Any], name: str) -> str | None:
    value = found.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_request(f"The parameter {name} must be a string.")
    return value


def _object(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = found.get(name)
    if value is None or value == "":  # an empty parameter of an address
        return NOTHING
    if not isinstance(value, dict):
        raise bad_request(f"The parameter {name} must be a JSON object.")
    return value
