"""What a partner is made of."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypedDict
from uuid import UUID


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
