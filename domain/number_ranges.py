"""Number ranges: how the next number of something is made, and when no number is left."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypedDict

from domain.refusals import Refusal, RefusalCode, ValidationFailed, Violation


class NumberCategory(StrEnum):
    """What is numbered."""

    PARTNER = "PARTNER"
    ORDER = "ORDER"
    INVOICE = "INVOICE"
    SUBSCRIPTION = "SUBSCRIPTION"


class ComponentKind(StrEnum):
    """What a part of a number is made of (R-181)."""

    CONSTANT = "CONSTANT"
    DATE = "DATE"
    COUNTER = "COUNTER"
    PARAMETER = "PARAMETER"


PARAMETERS: Mapping[NumberCategory, frozenset[str]] = {
    NumberCategory.PARTNER: frozenset({"TYPE"}),
    NumberCategory.ORDER: frozenset(),
    NumberCategory.INVOICE: frozenset(),
    NumberCategory.SUBSCRIPTION: frozenset(),
}
"""The parameters that a category fills: TYPE is P for a person and O for an organization."""

LONGEST_CODE = 10
LONGEST_DESCRIPTION = 80
LONGEST_NUMBER = 20
MOST_COMPONENTS = 8
LARGEST = 10**15
NEARLY = (9, 10)

CONSTANT = re.compile(r"[A-Za-z0-9._-]{1,10}", re.ASCII)
COUNTER = re.compile(r"0{1,15}", re.ASCII)
DATES: Mapping[str, str] = {
    "YYYY": "%Y",
    "YY": "%y",
    "YYYYMM": "%Y%m",
    "YYMM": "%y%m",
    "YYYYMMDD": "%Y%m%d",
    "MM": "%m",
}
"""How a date component may look: its format and strftime's."""


class NumberRangeExhausted(Refusal):
    """The counter has no free value left; it never begins anew (R-186, E31)."""

    code = RefusalCode.NUMBER_RANGE_EXHAUSTED


@dataclass(frozen=True)
class Component:
    """One part of a number: a constant's text, a date's format, a counter's zeros, a parameter's name."""

    kind: ComponentKind
    format: str


@dataclass(frozen=True)
class NewNumberRange:
    """A range as somebody enters it; `first` and `last` bound its counter."""

    code: str
    description: str
    category: NumberCategory
    components: tuple[Component, ...]
    first: int = 1
    last: int | None = None


class NumberRangeChanges(TypedDict, total=False):
    """What changes of a range; what is absent stays."""

    description: str
    last: int
    components: tuple[Component, ...]


@dataclass(frozen=True)
class Shape:
    """What stands around the counter of a number, and how many digits the counter has at least."""

    prefix: str
    width: int
    suffix: str

    def number(self, value: int) -> str:
        """The number with this value of the counter."""
        return f"{self.prefix}{value:0{self.width}d}{self.suffix}"


DELIVERED: Sequence[NewNumberRange] = (
    NewNumberRange(
        "PARTNER", "Partner numbers", NumberCategory.PARTNER, (Component(ComponentKind.COUNTER, "000000"),), 100001
    ),
    NewNumberRange(
        "ORDER",
        "Order numbers",
        NumberCategory.ORDER,
        (Component(ComponentKind.CONSTANT, "A-"), Component(ComponentKind.COUNTER, "00000000")),
    ),
    NewNumberRange(
        "INVOICE",
        "Invoice numbers",
        NumberCategory.INVOICE,
        (Component(ComponentKind.CONSTANT, "R-"), Component(ComponentKind.COUNTER, "00000000")),
    ),
    NewNumberRange(
        "SUBSCR",
        "Subscription numbers",
        NumberCategory.SUBSCRIPTION,
        (Component(ComponentKind.CONSTANT, "S-"), Component(ComponentKind.COUNTER, "00000000")),
    ),
)
"""The ranges that every tenant starts with."""


def checked(new: NewNumberRange) -> NewNumberRange:
    """The range as it is kept, its end filled in from the counter's digits.

    Raises:
        ValidationFailed: a text, a component or a bound that cannot be taken (R-181).
    """
    violations = _texts(new.code, new.description) + component_violations(new.category, new.components)
    if violations:
        raise ValidationFailed(violations)
    last = new.last if new.last is not None else 10 ** _width(new.components) - 1
    check_bounds(new.components, new.first, last)
    return NewNumberRange(new.code.strip(), new.description.strip(), new.category, new.components, new.first, last)


def check_bounds(components: Sequence[Component], first: int, last: int, issued: int | None = None) -> None:
    """Refuse bounds that the counter cannot hold, or an end before what was issued (R-187).

    Raises:
        ValidationFailed.
    """
    violations = []
    if not 0 <= first <= last or last >= LARGEST or len(str(last)) > _width(components):
        violations.append(
            Violation(
                RefusalCode.VALIDATION,
                "The counter runs from the first to the last value, and the last fits into the counter's digits.",
                ("last",),
            )
        )
    if issued is not None and last < issued:
        violations.append(Violation(RefusalCode.VALIDATION, f"The number {issued} was given already.", ("last",)))
    if violations:
        raise ValidationFailed(violations)


def check_description(description: str) -> str:
    """The description as it is kept. Raises ValidationFailed."""
    violations = _texts("-", description)
    if violations:
        raise ValidationFailed(violations)
    return description.strip()


def check_components(category: NumberCategory, components: Sequence[Component]) -> None:
    """Refuse parts that make no number. Raises ValidationFailed (R-181)."""
    violations = component_violations(category, components)
    if violations:
        raise ValidationFailed(violations)


def component_violations(category: NumberCategory, components: Sequence[Component]) -> list[Violation]:
    """What is wrong with the parts of a number."""
    found = [
        Violation(RefusalCode.VALIDATION, _why(component, category), ("components", str(place), "format"))
        for place, component in enumerate(components)
        if not _fits(component, category)
    ]
    if len([component for component in components if component.kind == ComponentKind.COUNTER]) != 1:
        found.append(Violation(RefusalCode.VALIDATION, "A number has exactly one counter.", ("components",)))
    longest = sum(len(component.format) for component in components if component.kind != ComponentKind.PARAMETER)
    if len(components) > MOST_COMPONENTS or longest > LONGEST_NUMBER:
        found.append(
            Violation(
                RefusalCode.TOO_LONG,
                f"A number has {MOST_COMPONENTS} parts and {LONGEST_NUMBER} characters at most.",
                ("components",),
            )
        )
    return found


def shape(components: Sequence[Component], on: date, parameters: Mapping[str, str]) -> Shape:
    """What stands around the counter on this day; the parts in their order (R-181)."""
    before: list[str] = []
    after: list[str] = []
    width = 1
    part = before
    for component in components:
        match component.kind:
            case ComponentKind.COUNTER:
                width, part = len(component.format), after
            case ComponentKind.CONSTANT:
                part.append(component.format)
            case ComponentKind.DATE:
                part.append(on.strftime(DATES[component.format]))
            case ComponentKind.PARAMETER:
                part.append(parameters.get(component.format, ""))
    return Shape("".join(before), width, "".join(after))


def nearly_exhausted(value: int, first: int, last: int) -> bool:
    """Whether nine tenths of the counter's values are used (R-186)."""
    part, whole = NEARLY
    return (value - first + 1) * whole >= (last - first + 1) * part


def exhausted(code: str) -> NumberRangeExhausted:
    """The refusal for a range without a free number."""
    return NumberRangeExhausted(
        f"The number range {code} has no number left: extend it, or give a number yourself.", path=("number",)
    )


def _texts(code: str, description: str) -> list[Violation]:
    found = []
    for name, text, longest in (("code", code, LONGEST_CODE), ("description", description, LONGEST_DESCRIPTION)):
        if not 1 <= len(text.strip()) <= longest:
            found.append(Violation(RefusalCode.REQUIRED, f"It has 1 to {longest} characters.", (name,)))
    return found


def _fits(component: Component, category: NumberCategory) -> bool:
    match component.kind:
        case ComponentKind.CONSTANT:
            return CONSTANT.fullmatch(component.format) is not None
        case ComponentKind.DATE:
            return component.format in DATES
        case ComponentKind.COUNTER:
            return COUNTER.fullmatch(component.format) is not None
        case ComponentKind.PARAMETER:
            return component.format in PARAMETERS[category]


def _why(component: Component, category: NumberCategory) -> str:
    match component.kind:
        case ComponentKind.CONSTANT:
            return "A constant has 1 to 10 letters, digits, points, dashes or underscores."
        case ComponentKind.DATE:
            return f"A date looks like one of {', '.join(DATES)}."
        case ComponentKind.COUNTER:
            return "A counter is written as 1 to 15 zeros, one for each digit."
        case ComponentKind.PARAMETER:
            return f"The parameters of {category} are: {', '.join(sorted(PARAMETERS[category])) or 'none'}."


def _width(components: Sequence[Component]) -> int:
    return next((len(part.format) for part in components if part.kind == ComponentKind.COUNTER), 1)
