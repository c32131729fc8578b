"""The errors that are not data: nobody known calls, or the caller may not, or a helper of ours is down.

    CodedError          a code for programs, a sentence for people
      Unauthenticated   UNAUTHENTICATED, TOKEN_EXPIRED: sign in (again)
      Forbidden         FORBIDDEN: signed in, but not permitted
      Unavailable       UNAVAILABLE: try again after `retry_after` seconds

Refusals of a mutation are data and live in `domain.refusals`.
"""


class CodedError(Exception):
    """An error that a client may see: `code` for programs, `message` for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def extensions(self) -> dict[str, object]:
        """What stands under `extensions` of the GraphQL error."""
        return {"code": self.code}


class Unauthenticated(CodedError):
    """The caller is not known; code UNAUTHENTICATED or TOKEN_EXPIRED."""


class Forbidden(CodedError):
    """The caller is known and may not do this."""


class Unavailable(CodedError):
    """Something we depend on does not answer; the same request may work after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__("UNAVAILABLE", message)
        self.retry_after = retry_after
