"""What a partner is called, and which values its base data take."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from domain.names import sort_key
from domain.partners.values import Address, Called, Communication, CommunicationType, PartnerType
from domain.refusals import RefusalCode, ValidationFailed, Violation

NUMBER = re.compile(r"[A-Za-z0-9._-]{1,20}", re.ASCII)
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?", re.ASCII)
LONGEST_NAME = 120
LONGEST_TEXT = 200

OF_A_PERSON = ("salutation", "title", "first_name", "last_name")
"""The names that only persons have; an organization has `name`."""


NAMES = frozenset({*OF_A_PERSON, "name", "search_term"})
"""All that a partner is called and looked for by."""


def named(type: str, names: Mapping[str, Any]) -> dict[str, str | None]:
    """All names of a partner as they are kept, with the display name, the search term and their keys.

    Raises:
        ValidationFailed: a name is missing, too long, or belongs to the other type.
    """
    kept = {name: _trimmed(names.get(name)) for name in (*OF_A_PERSON, "name", "search_term")}
    foreign, needed = (("name",), "last_name") if type == PartnerType.PERSON else (OF_A_PERSON, "name")
    violations = [
        Violation(RefusalCode.FIELD_NOT_AVAILABLE, f"A partner of type {type} has no {camel(name)}.", (camel(name),))
        for name in foreign
        if kept[name] is not None
    ]
    if kept[needed] is None:
        violations.append(
            Violation(RefusalCode.REQUIRED, f"A partner of type {type} needs a {camel(needed)}.", (camel(needed),))
        )
    violations += _too_long(kept, LONGEST_NAME)
    if violations:
        raise ValidationFailed(violations)
    display = display_name(type, kept)
    term = kept["search_term"] or display
    return {
        **kept,
        "display_name": display,
        "name_key": sort_key(_sorted_by(type, kept)),
        "search_term": term,
        "search_key": sort_key(term),
    }


def renamed(partner: Called, changes: Mapping[str, Any]) -> dict[str, str | None]:
    """All names of a partner after some changed; a search term that followed the name goes on following it.

    Raises:
        ValidationFailed: see `named`.
    """
    followed = partner.search_term == partner.display_name
    old = {name: getattr(partner, name) for name in NAMES}
    return named(partner.type, {**old, "search_term": None if followed else partner.search_term, **changes})


def display_name(type: str, names: Mapping[str, str | None]) -> str:
    """The name as people write it: title, first and last name of a person, the name of an organization."""
    if type == PartnerType.PERSON:
        return " ".join(filter(None, (names.get("title"), names.get("first_name"), names.get("last_name"))))
    return names.get("name") or ""


def number_key(number: str) -> str:
    """What makes two numbers the same: case does not count (R-171)."""
    return number.casefold()


def check_number(number: str) -> str:
    """The number as it is kept.

    Raises:
        ValidationFailed: other signs than letters, digits, `-`, `.`, `_`, or more than 20.
    """
    trimmed = number.strip()
    if NUMBER.fullmatch(trimmed) is None:
        raise ValidationFailed(
            [
                Violation(
                    RefusalCode.VALIDATION,
                    "A number has 1 to 20 letters, digits, points, dashes or underscores.",
                    ("number",),
                )
            ]
        )
    return trimmed


def check_language(language: str) -> str:
    """The language as it is kept. Raises ValidationFailed for anything but a code such as `de` or `de-CH`."""
    if LANGUAGE.fullmatch(language) is None:
        raise ValidationFailed(
            [Violation(RefusalCode.VALIDATION, "A language is a code such as de or de-CH.", ("language",))]
        )
    return language


def check_addresses(addresses: Sequence[Address]) -> tuple[Address, ...]:
    """The addresses as they are kept, the first one first.

    Raises:
        ValidationFailed: a city is missing, a country is no code of two capitals, or a text is too long.
    """
    kept, violations = [], []
    for place, address in enumerate(addresses):
        path = ("addresses", str(place))
        trimmed = Address(**{name: _trimmed(value) for name, value in vars(address).items()})  # type: ignore[arg-type]
        if not trimmed.city:
            violations.append(Violation(RefusalCode.REQUIRED, "An address needs a city.", (*path, "city")))
        if COUNTRY.fullmatch(trimmed.country_code or "") is None:
            violations.append(
                Violation(RefusalCode.VALIDATION, "A country is two capitals, such as DE.", (*path, "countryCode"))
            )
        violations += _too_long(vars(trimmed), LONGEST_TEXT, path)
        kept.append(trimmed)
    if violations:
        raise ValidationFailed(violations)
    return tuple(kept)


def check_communication(connections: Sequence[Communication]) -> tuple[Communication, ...]:
    """The connections as they are kept.

    Raises:
        ValidationFailed: an empty or too long value, an e-mail that is none, or two preferred of one type.
    """
    kept, violations = [], []
    preferred: set[CommunicationType] = set()
    for place, given in enumerate(connections):
        path = ("communication", str(place))
        value = given.value.strip()
        if not value or len(value) > LONGEST_TEXT:
            violations.append(
                Violation(RefusalCode.REQUIRED, f"It has 1 to {LONGEST_TEXT} characters.", (*path, "value"))
            )
        elif given.type == CommunicationType.EMAIL and EMAIL.fullmatch(value) is None:
            violations.append(Violation(RefusalCode.VALIDATION, "This is no e-mail address.", (*path, "value")))
        if given.preferred and given.type in preferred:
            violations.append(
                Violation(RefusalCode.VALIDATION, f"Only one {given.type} can be preferred.", (*path, "preferred"))
            )
        if given.preferred:
            preferred.add(given.type)
        kept.append(Communication(given.type, value, given.preferred, _trimmed(given.label)))
    if violations:
        raise ValidationFailed(violations)
    return tuple(kept)


def camel(name: str) -> str:
    """The name of a value as the API writes it."""
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def _sorted_by(type: str, names: Mapping[str, str | None]) -> str:
    if type == PartnerType.PERSON:
        return " ".join(filter(None, (names.get("last_name"), names.get("first_name"))))
    return names.get("name") or ""


def _too_long(values: Mapping[str, str | None], longest: int, path: tuple[str, ...] = ()) -> list[Violation]:
    return [
        Violation(RefusalCode.TOO_LONG, f"It has {longest} characters at most.", (*path, camel(name)))
        for name, value in values.items()
        if value is not None and len(value) > longest
    ]


def _trimmed(text: str | None) -> str | None:
    return (text or "").strip() or None
