"""What goes wrong before or instead of an answer: a code, a sentence, a status, always in the same envelope."""

from collections.abc import Mapping
from math import ceil
from typing import Any

import orjson

from persistence.faults import Fault, fault_of, fault_of_state
from reads.connection import DatabaseUnavailable, StatementFailed
from reads.pool import PoolExhausted
from tenancy.errors import CodedError, Forbidden, Unauthenticated, Unavailable

Header = tuple[bytes, bytes]

# The status of a problem by its code. A code that is not here belongs to the document (it does not parse, does not
# validate, costs too much): its status depends on the media type, see `web.http.writing`.
STATUS: Mapping[str, int] = {
    "BAD_REQUEST": 400,
    "BATCHING_NOT_SUPPORTED": 400,
    "DOCUMENT_NOT_FOUND": 400,
    "TRUSTED_DOCUMENTS_ONLY": 400,
    "UNAUTHENTICATED": 401,
    "TOKEN_EXPIRED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "METHOD_NOT_ALLOWED": 405,
    "NOT_ACCEPTABLE": 406,
    "REQUEST_TIMEOUT": 408,
    "BODY_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "BUDGET_SPENT": 429,
    "TOO_MANY_AT_ONCE": 429,
    "INTERNAL": 500,
    "DATABASE_UNAVAILABLE": 503,
    "POOL_EXHAUSTED": 503,
    "UNAVAILABLE": 503,
}

HTTP_CODES: Mapping[int, str] = {
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    408: "REQUEST_TIMEOUT",
    413: "BODY_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class Problem(Exception):
    """A request that gets no answer of a schema.

    `status` is None where the media type decides; `retry_after` counts seconds; `headers` are sent along.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        headers: tuple[Header, ...] = (),
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message = code, message
        self.status = status if status is not None else STATUS.get(code)
        self.headers = (*headers, *retry_after_header(retry_after))
        self.extensions = {"code": code, **(extensions or {})}

    @property
    def error(self) -> dict[str, Any]:
        """The problem as a GraphQL error."""
        return {"message": self.message, "extensions": self.extensions}


def envelope(problem: Problem) -> bytes:
    """The JSON body that every problem is told in, on every address that speaks JSON."""
    return orjson.dumps({"errors": [problem.error]})


def bad_request(message: str) -> Problem:
    """A request that is not well-formed, whatever the schema."""
    return Problem("BAD_REQUEST", message)


def internal(request_id: str) -> Problem:
    """Something broke on our side: nothing of it is told but the id under which it stands in the log."""
    return Problem(
        "INTERNAL",
        f"Something went wrong on our side. Tell the operator this id: {request_id}",
        extensions={"id": request_id},
    )


def problem_of(error: Exception) -> Problem | None:
    """The problem that an exception stands for; None for a defect, which is told as `internal`."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, CodedError):
        return of_coded(error)
    fault = fault_behind(error)
    return None if fault is None else of_fault(fault)


def fault_behind(error: BaseException) -> Fault | None:
    """The database's fault behind an error of the compiled reads or of an operation."""
    if isinstance(error, PoolExhausted):
        return Fault.POOL_EXHAUSTED
    if isinstance(error, DatabaseUnavailable):
        return Fault.DATABASE_UNAVAILABLE
    if isinstance(error, StatementFailed):
        return fault_of_state(error.state)
    return fault_of(error)


def of_coded(error: CodedError) -> Problem:
    """Who is calling is unknown, may not, or cannot be told now."""
    retry_after = float(error.retry_after) if isinstance(error, Unavailable) else None
    headers = (challenge(error.code),) if isinstance(error, Unauthenticated) else ()
    status = 403 if isinstance(error, Forbidden) else None
    if status is None and error.code not in STATUS:
        status = 401 if isinstance(error, Unauthenticated) else 503
    return Problem(
        error.code,
        error.message,
        status=status,
        retry_after=retry_after,
        headers=headers,
        extensions={key: value for key, value in error.extensions.items() if key != "code"},
    )


def of_fault(fault: Fault) -> Problem:
    """The database cannot serve this, or not now."""
    match fault:
        case Fault.BAD_VALUE:
            return Problem("BAD_USER_INPUT", "A value that was sent cannot be taken.")
        case Fault.TIMEOUT:
            return Problem("UNAVAILABLE", "The database took too long; try again.", retry_after=5)
        case Fault.POOL_EXHAUSTED:
            message = "Too much is asked of the database just now; try again."
            return Problem("POOL_EXHAUSTED", message, retry_after=1)
        case Fault.DATABASE_UNAVAILABLE:
            return Problem("DATABASE_UNAVAILABLE", "The database does not answer just now; try again.", retry_after=5)


def challenge(code: str) -> Header:
    """The header of a 401 that says how to sign in (RFC 6750)."""
    reason = b', error="invalid_token"' if code == "TOKEN_EXPIRED" else b""
    return b"www-authenticate", b'Bearer realm="kontor"' + reason


def retry_after_header(seconds: float | None) -> tuple[Header, ...]:
    """When to come back, if that is known: in whole seconds, and not at once, which would only be refused again."""
    return () if seconds is None else ((b"retry-after", str(max(1, ceil(seconds))).encode()),)
