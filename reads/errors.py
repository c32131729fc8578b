"""How a read says no: to a whole request, or at one field of its answer."""

from collections.abc import Sequence
from typing import Any

FORBIDDEN = "FORBIDDEN"
BAD_PAGE_SIZE = "BAD_PAGE_SIZE"
BAD_CURSOR = "BAD_CURSOR"
BAD_INPUT = "BAD_USER_INPUT"
SYNTAX = "GRAPHQL_PARSE_FAILED"
INVALID = "GRAPHQL_VALIDATION_FAILED"
NO_OPERATION = "OPERATION_RESOLUTION_FAILURE"
TOO_COSTLY = "COST_LIMIT_EXCEEDED"

Error = dict[str, Any]
"""An entry of a response's `errors`."""


class RequestRefused(Exception):
    """The request cannot be taken at all; the answer has errors and no data (400)."""

    def __init__(self, errors: Sequence[Error]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = list(errors)

    @classmethod
    def because(cls, code: str, message: str, **more: Any) -> "RequestRefused":
        """A refusal with one error."""
        return cls([error(code, message, **more)])


class FieldRefused(Exception):
    """A value given to a field cannot be taken: the field is null, with an error at its path.

    `path` holds response keys from the root, without indexes of lists.
    """

    def __init__(self, code: str, message: str, path: tuple[str, ...]) -> None:
        super().__init__(message)
        self.code, self.message, self.path = code, message, path


def error(code: str, message: str, *, path: Sequence[str | int] | None = None, **more: Any) -> Error:
    """One entry of `errors` with its code."""
    made: Error = {"message": message}
    if path is not None:
        made["path"] = list(path)
    return {**made, **more, "extensions": {"code": code}}
