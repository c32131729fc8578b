"""Warnings: something was done, and the caller should know of it; a warning changes nothing."""

from dataclasses import dataclass
from enum import StrEnum


class WarningCode(StrEnum):
    """What a program can recognise a warning by (R-231)."""

    NUMBER_RANGE_NEARLY_EXHAUSTED = "NUMBER_RANGE_NEARLY_EXHAUSTED"


@dataclass(frozen=True)
class Warned:
    """One warning of a payload."""

    code: WarningCode
    message: str


RANGE_NEARLY_EXHAUSTED = Warned(
    WarningCode.NUMBER_RANGE_NEARLY_EXHAUSTED,
    "Nine tenths of the number range are used; extend it before no number is left.",
)
