"""An answer as bytes: the schema's data goes out as it came, the rest is put around it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.types import Send

from schema.exchange import Answer
from web.http.negotiation import Media
from web.http.problems import STATUS, Header, Problem, envelope

# "Did you mean …?" tells names of the schema to whoever guesses; it is the last sentence of a message
_SUGGESTION = re.compile(r" Did you mean .*\Z", re.DOTALL)


def body_of(answer: Answer, errors: Sequence[Mapping[str, Any]], extensions: Mapping[str, Any]) -> bytes:
    """The response body: errors, data (unless nothing was executed), extensions; `data` is not encoded again."""
    told = b'"errors":' + orjson.dumps(errors) + b"," if errors else b""
    data = b"" if answer.request_error else b'"data":' + (b"null" if answer.data is None else answer.data) + b","
    return b"{" + told + data + b'"extensions":' + orjson.dumps(extensions) + b"}"


def status_of(answer: Answer, media: Media) -> int:
    """The status of an answer.

    A request error is 4xx; but for a document that does not parse, does not validate or lacks a variable, clients
    that only know `application/json` have always got 200, and the specification leaves them that.
    """
    if answer.status is not None:
        return answer.status
    if not answer.request_error:
        return 200
    first = next(iter(codes_of(answer)), "")
    return STATUS.get(first) or document_status(media)


def document_status(media: Media) -> int:
    """The status of an error in the document or its variables."""
    return 400 if media is Media.GRAPHQL else 200


def codes_of(answer: Answer) -> list[str]:
    """The code of each error, in order."""
    return [str(error.get("extensions", {}).get("code", "INTERNAL")) for error in answer.errors]


def without_suggestions(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The errors without the names that graphql-core would suggest."""
    return [{**error, "message": _SUGGESTION.sub("", str(error["message"]))} for error in errors]


async def send_problem(send: Send, problem: Problem, media: Media) -> int:
    """Send a problem in the envelope; answer its status."""
    status = problem.status if problem.status is not None else document_status(media)
    await send_json(send, status, envelope(problem), media, problem.headers)
    return status


async def send_json(
    send: Send, status: int, body: bytes, media: Media = Media.JSON, headers: Sequence[Header] = ()
) -> None:
    """Send one whole response with its length; no cache may keep it."""
    start = [
        (b"content-type", media.content_type),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"vary", b"accept"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})
