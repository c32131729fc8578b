"""Partners: persons and organizations that a tenant deals with, kept once, in as many roles as they play."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypedDict
from uuid import UUID

from domain.names import sort_key
from domain.refusals import InUse, NotEditable, Refusal, RefusalCode, ValidationFailed, Violation


class PartnerType(StrEnum):
    """The two kinds of partner; a partner never changes its kind (R-170)."""

    PERSON = "PERSON"
    ORGANIZATION = "ORGANIZATION"


class PartnerRoleKind(StrEnum):
    """In which capacity a partner takes part; several at once (R-167)."""

    CONTACT = "CONTACT"
    CUSTOMER = "CUSTOMER"
    SUPPLIER = "SUPPLIER"
    COMPETITOR = "COMPETITOR"
    CARRIER = "CARRIER"
    SALES_REPRESENTATIVE = "SALES_REPRESENTATIVE"
    MARKETING = "MARKETING"
    CONTACT_PERSON = "CONTACT_PERSON"
    EMPLOYEE = "EMPLOYEE"


class Affiliation(StrEnum):
    """Whether a partner belongs to the own group."""

    INTERNAL = "INTERNAL"
    EXTERNAL = "EXTERNAL"


class CommunicationType(StrEnum):
    """A way to reach a partner."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    MOBILE = "MOBILE"
    FAX = "FAX"
    WEB = "WEB"


class RoleStatus(StrEnum):
    """Whether a partner may be used in a role."""

    RELEASED = "RELEASED"
    BLOCKED = "BLOCKED"


FOR_PERSONS_ONLY = frozenset({PartnerRoleKind.EMPLOYEE, PartnerRoleKind.CONTACT_PERSON})
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


class NumberRequired(Refusal):
    """There is no number range, so the partner needs a number of its own (R-146)."""

    code = RefusalCode.NUMBER_REQUIRED


class NumberTaken(Refusal):
    """Another partner has or had this number; nothing is told of the other (R-171, E14)."""

    code = RefusalCode.NUMBER_TAKEN


class PartnerRoleMissing(Refusal):
    """The partner does not hold the role that this needs."""

    code = RefusalCode.PARTNER_ROLE_MISSING


class RoleAlreadyAssigned(Refusal):
    """The partner holds the role already."""

    code = RefusalCode.ROLE_ALREADY_ASSIGNED


class RoleNotAllowedForType(Refusal):
    """An organization cannot be an employee or a contact person (R-169)."""

    code = RefusalCode.ROLE_NOT_ALLOWED_FOR_TYPE


class RoleInUse(Refusal):
    """An open document uses the partner in this role (R-172)."""

    code = RefusalCode.ROLE_IN_USE


class Names(TypedDict, total=False):
    """What a partner is called and looked for by; what is absent stays."""

    salutation: str | None
    title: str | None
    first_name: str | None
    last_name: str | None
    name: str | None
    search_term: str | None


class PartnerChanges(Names, total=False):
    """What changes of a partner's base data; what is absent stays."""

    number: str
    language: str
    affiliation: Affiliation
    blocked: bool
    responsible_organization_id: UUID


@dataclass(frozen=True)
class Address:
    """A postal address; `country_code` has two capitals (ISO 3166)."""

    city: str
    country_code: str = "DE"
    street: str | None = None
    additional_line: str | None = None
    post_office_box: str | None = None
    postal_code: str | None = None
    region: str | None = None
    label: str | None = None


@dataclass(frozen=True)
class Communication:
    """A number or address by which a partner is reached; at most one of a type is preferred."""

    type: CommunicationType
    value: str
    preferred: bool = False
    label: str | None = None


@dataclass(frozen=True)
class NewPartner:
    """A partner as somebody enters it; `number` None asks for the next one of the range."""

    type: PartnerType
    names: Names
    number: str | None = None
    language: str = "de"
    affiliation: Affiliation = Affiliation.EXTERNAL
    responsible_organization_id: UUID | None = None
    roles: tuple[PartnerRoleKind, ...] = ()
    addresses: tuple[Address, ...] = ()
    communication: tuple[Communication, ...] = field(default=())


class Called(Protocol):
    """A partner with its names, as a row or as a value."""

    @property
    def type(self) -> str:
        """The type."""

    @property
    def display_name(self) -> str:
        """The name as people write it."""

    @property
    def search_term(self) -> str:
        """What it is looked for by."""


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


def check_role(type: str, role: PartnerRoleKind, path: Sequence[str] = ("role",)) -> None:
    """Refuse a role that the type cannot take (R-169).

    Raises:
        RoleNotAllowedForType: an organization as employee or contact person.
    """
    if type == PartnerType.ORGANIZATION and role in FOR_PERSONS_ONLY:
        raise RoleNotAllowedForType(f"An organization cannot take the role {role}.", path=path)


def roles_after(type: str, held: Collection[str], added: PartnerRoleKind) -> frozenset[str]:
    """The roles that a partner holds after it was given one more; CONTACT alone gives way (R-167, R-168).

    Raises:
        RoleNotAllowedForType: the type cannot take it (R-169).
        RoleAlreadyAssigned: the partner holds it already.
    """
    check_role(type, added)
    if added in held:
        raise RoleAlreadyAssigned(f"The partner holds the role {added} already.", path=("role",))
    if set(held) == {PartnerRoleKind.CONTACT}:
        return frozenset({added})
    return frozenset({*held, added})


def check_removal(role: PartnerRoleKind, held: Collection[str], uses: Sequence[str]) -> None:
    """Refuse to take a role away that the partner does not hold, or that open documents use (R-172).

    `uses` says what uses it, each as a plural noun (`open orders`).

    Raises:
        PartnerRoleMissing, RoleInUse.
    """
    if role not in held:
        raise PartnerRoleMissing(f"The partner does not hold the role {role}.", path=("role",))
    if uses:
        raise RoleInUse(f"The partner is used as {role} by {', '.join(uses)}; finish those first.", path=("role",))


def check_archiving(uses: Sequence[str]) -> None:
    """Refuse to archive a partner that open documents use (R-172). Raises InUse."""
    if uses:
        raise InUse(f"The partner is used by {', '.join(uses)}; finish those first.", path=("partnerId",))


def check_editable(covers: Callable[[UUID], bool], responsible: Iterable[UUID]) -> None:
    """Let pass who may edit at the responsible organization or at one above it (R-243).

    `responsible` are the responsible organization and its ancestors.

    Raises:
        NotEditable: none of them is covered (R-229).
    """
    if not any(covers(organization_id) for organization_id in responsible):
        raise NotEditable(
            "You see this partner, but you may not edit its base data: "
            "your rights reach neither its responsible organization nor one above it."
        )


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
