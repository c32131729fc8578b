"""Cost centers: where the other tenant's accounting finds what was sold for it (Kostenstelle)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypedDict

from domain.refusals import Refusal, RefusalCode, ValidationFailed, Violation

LONGEST = {"code": 10, "purchase_number": 20, "short_description": 20, "description": 400}


class CostCenterTaken(Refusal):
    """The tenant has this cost center already (R-CC-02)."""

    code = RefusalCode.ALREADY_EXISTS


@dataclass(frozen=True)
class CostCenter:
    """What accounting writes of a cost center; empty texts count as none."""

    code: str | None = None
    purchase_number: str | None = None
    short_description: str | None = None
    description: str | None = None


class CostCenterChanges(TypedDict, total=False):
    """What changes of a cost center; what is absent stays."""

    code: str | None
    purchase_number: str | None
    short_description: str | None
    description: str | None
    active: bool


class Named(Protocol):
    """A cost center as a row or as a value."""

    @property
    def code(self) -> str | None:
        """What accounting calls it."""

    @property
    def purchase_number(self) -> str | None:
        """Its purchase number."""


def checked(center: CostCenter) -> CostCenter:
    """The cost center as it is kept: blanks trimmed, empty is none.

    Raises:
        ValidationFailed: neither a code nor a purchase number (R-CC-01), or a text that is too long.
    """
    kept = CostCenter(*(_trimmed(getattr(center, name)) for name in LONGEST))
    violations = [
        Violation(RefusalCode.TOO_LONG, f"{_camel(name)} has {longest} characters at most.", (_camel(name),))
        for name, longest in LONGEST.items()
        if len(getattr(kept, name) or "") > longest
    ]
    if kept.code is None and kept.purchase_number is None:
        violations.append(
            Violation(RefusalCode.REQUIRED, "A cost center has a code, a purchase number, or both.", ("code",))
        )
    if violations:
        raise ValidationFailed(violations)
    return kept


def label(center: Named) -> str:
    """What names the cost center: its code, or its purchase number where it has no code."""
    return center.code or center.purchase_number or ""


def taken(path: Sequence[str] = ("code",)) -> CostCenterTaken:
    """The refusal for a code or purchase number that another cost center of the tenant has."""
    return CostCenterTaken("There is a cost center with this code or purchase number already.", path=path)


def _trimmed(text: str | None) -> str | None:
    return (text or "").strip() or None


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))
