"""Refusals as the client sees them: data with a code to act on and a sentence to show."""

from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

import strawberry

from domain import refusals
from domain.refusals import RefusalCode
from reads import by_key, rows, value
from reads.relay import Node

T = TypeVar("T", bound=type)

strawberry.enum(RefusalCode, description="Why something was refused; stable, unlike the message (R-00-11).")

_OF_VALUES = {
    RefusalCode.REQUIRED: "The value is missing.",
    RefusalCode.TOO_LONG: "The text is too long.",
}
"""The codes that only single values of an input have, never a refusal of its own."""


def describe_codes() -> None:
    """Give every code its sentence: that of the refusal in the domain which has it."""
    sentences = {refusal.code: (refusal.__doc__ or "").split("\n")[0] for refusal in _all(refusals.Refusal)}
    definition: Any = RefusalCode.__dict__["__strawberry_definition__"]
    for member in definition.values:
        code = RefusalCode[member.name]
        member.description = _OF_VALUES.get(code) or sentences.get(code)


def _all(of: type[refusals.Refusal]) -> Iterator[type[refusals.Refusal]]:
    """The refusals below a class, the general ones last, so that a code's own refusal names it."""
    for below in of.__subclasses__():
        yield below
        yield from _all(below)


_TYPES: dict[type[refusals.Refusal], type] = {}


def refusal(of: type[refusals.Refusal]) -> Callable[[T], T]:
    """Say which GraphQL type answers a refusal of the domain; its own fields are `value`s of the refusal."""

    def decorate(cls: T) -> T:
        _TYPES[of] = cls
        return cls

    return decorate


def type_of(raised: refusals.Refusal, members: Collection[type]) -> type:
    """The type among those that a mutation can answer: that of the refusal's class, or of the nearest class above."""
    return next(_TYPES[cls] for cls in type(raised).__mro__ if _TYPES.get(cls) in members)


@strawberry.interface(description="Something was understood and declined; nothing was changed (Ablehnung).")
class Refusal:
    """What all refusals have."""

    code: RefusalCode = value("What a program acts on (Kennung).", "code")
    message: str = value("What a person reads; it may change (Meldung).", "message")
    path: list[str] = value("Which part of the input it is about, empty if the whole (Stelle).", "path")


@refusal(refusals.Refusal)
@rows(None)
@strawberry.type(description="A rule said no; the code tells which (Regel verletzt).")
class RuleViolated(Refusal):
    """Any refusal that has nothing more to tell."""


@refusal(refusals.NotFound)
@rows(None)
@strawberry.type(description="There is nothing of this id for you (nicht gefunden).")
class NotFound(Refusal):
    """Unseen and absent are never told apart."""


@refusal(refusals.NotOwner)
@rows(None)
@strawberry.type(description="It is shared with you read-only; only its owner changes it (nicht Eigentümer).")
class NotOwner(Refusal):
    """R-00-02."""


@refusal(refusals.VersionConflict)
@rows(None)
@strawberry.type(description="Somebody else changed it since you read it (Fassungskonflikt).")
class VersionConflict(Refusal):
    """R-00-03."""

    current_version: int = value("The version it has now.", "current_version")
    current: Node | None = by_key("The record as it is now.", "subject")


@rows(None)
@strawberry.type(description="One value that cannot be taken (Verstoß).")
class Violation:
    """One of the violations of a ValidationFailed."""

    code: RefusalCode = value("What a program acts on (Kennung).", "code")
    message: str = value("What a person reads (Meldung).", "message")
    path: list[str] = value("Which part of the input it is about (Stelle).", "path")


@refusal(refusals.ValidationFailed)
@rows(None)
@strawberry.type(description="Values of the input cannot be taken; all of them are listed (ungültige Eingabe).")
class ValidationFailed(Refusal):
    """R-00-04."""

    violations: list[Violation] = value("All values that cannot be taken.", "violations")


ALWAYS: tuple[type, ...] = (NotFound, NotOwner, VersionConflict, ValidationFailed, RuleViolated)
"""The refusals that every mutation can meet."""
