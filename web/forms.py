"""Small forms and JSON bodies, read with a limit and without a library's generosity."""

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

MAX_BODY = 16 * 1024
MAX_FIELDS = 40
MAX_QUERY = 8 * 1024


async def read_form(request: Request) -> dict[str, str]:
    """Read an urlencoded form; 413 when it is too long, 400 for anything else and for a field given twice."""
    _require(request, "application/x-www-form-urlencoded")
    return _fields(await _body(request))


def read_query(request: Request) -> dict[str, str]:
    """Read the query string under the same rules as a form."""
    query: bytes = request.scope["query_string"]
    if len(query) > MAX_QUERY:
        raise HTTPException(414, "The address is too long.")
    return _fields(query)


async def read_object(request: Request) -> dict[str, Any]:
    """Read a JSON object; 413 when it is too long, 415 for another type, 400 for anything else."""
    _require(request, "application/json")
    try:
        found = json.loads(await _body(request))
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "The body is not JSON.") from error
    if not isinstance(found, dict):
        raise HTTPException(400, "The body is not a JSON object.")
    return found


def _require(request: Request, media_type: str) -> None:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != media_type:
        raise HTTPException(415, f"The body must be {media_type}.")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, "The body is too long.")
    return bytes(body)


def _fields(encoded: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise HTTPException(400, "The form cannot be read.") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise HTTPException(400, "A field is given twice.")
    return fields
