"""What a person reads when a command cannot do what it should: one sentence that says why and what to do."""

import psycopg
from sqlalchemy.exc import DBAPIError

from domain.refusals import Refusal
from persistence.embedded import EmbeddedServerError
from persistence.roles import UnfitServer
from tenancy.errors import CodedError
from tenancy.settings import InvalidSettings

FORESEEN = ("CommandFailed", "CannotServe", "IssuerRefused")
"""Errors whose message is such a sentence, by name: to know them, nothing heavy must be imported."""


def sentence_of(error: BaseException | None) -> str | None:
    """The sentence for the person, or None when nobody foresaw the error."""
    if isinstance(error, (InvalidSettings, EmbeddedServerError, UnfitServer)) or type(error).__name__ in FORESEEN:
        return str(error)
    if isinstance(error, (Refusal, CodedError)):
        return str(error.message)
    if isinstance(error, DBAPIError):
        return sentence_of(error.orig)
    if isinstance(error, psycopg.OperationalError):
        return f"The database does not let us in: {_last_line(error)} (KONTOR_DATABASE_URL, or --data for our own)."
    return _of_file(error) if isinstance(error, OSError) and error.filename is not None else None


def _of_file(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"Kontor may not use {error.filename}: start it as the owner, or name another folder with --data."
    return f"{error.filename}: {(error.strerror or 'cannot be used').lower()}."


def _last_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[-1].strip()
