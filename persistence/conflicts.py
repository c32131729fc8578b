"""Which refusal a violated key means: the last word of the database, in a person's words."""

from collections.abc import Callable

from psycopg.errors import ForeignKeyViolation, UniqueViolation
from sqlalchemy.exc import IntegrityError

from domain.refusals import Refusal

_MEANINGS: dict[str, Callable[[], Refusal]] = {}


def means(constraint: str, refusal: Callable[[], Refusal]) -> None:
    """Say what a violated unique or foreign key means; the area that owns the table says it once."""
    _MEANINGS[constraint] = refusal


def refusal_of(error: IntegrityError) -> Refusal | None:
    """The refusal for a violated key; None when it has no meaning for a person, which is a defect."""
    cause = error.orig
    if not isinstance(cause, UniqueViolation | ForeignKeyViolation) or cause.diag.constraint_name is None:
        return None
    meaning = _MEANINGS.get(cause.diag.constraint_name)
    return meaning() if meaning is not None else None
