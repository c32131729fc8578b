"""Partners as the client sees them: who they are, which roles they play, where and how they are reached."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from domain.names import sort_key
from domain.partners import (
    Address,
    Affiliation,
    Communication,
    CommunicationType,
    NewPartner,
    PartnerRoleKind,
    PartnerType,
    RoleStatus,
    number_key,
)
from domain.warnings import WarningCode
from persistence import customers as customer_rows
from persistence import partners as stored
from persistence import visibility
from reads import (
    EnumFilter,
    IdFilter,
    TextFilter,
    by_key,
    column,
    computed,
    filter_column,
    filter_input,
    filter_related,
    many,
    one,
    order_by,
    ordering,
    page,
    row_by,
    rows,
    value,
)
from resolvers import partners
from schema.base import Connection, MutationInput, Node, UpdateInput, enumeration, given, key, mutation
from schema.organizations import Organization
from tenancy.operation import Call
from tenancy.permissions import Permission

enumeration(
    PartnerType,
    "The two kinds of partner (Partnertyp).",
    PERSON="A person (Person).",
    ORGANIZATION="A company, branch or department (Organisation).",
)
enumeration(
    PartnerRoleKind,
    "In which capacity a partner takes part (Partnerrolle).",
    CONTACT="A contact, not more yet (Kontakt).",
    CUSTOMER="Buys (Kunde).",
    SUPPLIER="Sells to us (Lieferant).",
    COMPETITOR="Competes (Wettbewerber).",
    CARRIER="Transports (Spediteur).",
    SALES_REPRESENTATIVE="Sells for us (Vertreter).",
    MARKETING="Belongs to marketing (Marketing).",
    CONTACT_PERSON="Speaks for an organization; persons only (Ansprechpartner).",
    EMPLOYEE="Works for us; persons only (Mitarbeiter).",
)
enumeration(
    Affiliation,
    "Whether a partner belongs to the own group (Zugehörigkeit).",
    INTERNAL="To the own group (intern).",
    EXTERNAL="Not to the own group (extern).",
)
enumeration(
    CommunicationType,
    "A way to reach a partner (Kommunikationsart).",
    EMAIL="E-mail (E-Mail).",
    PHONE="Telephone (Telefon).",
    MOBILE="Mobile telephone (Mobiltelefon).",
    FAX="Fax (Fax).",
    WEB="Web address (Internetadresse).",
)
enumeration(
    RoleStatus,
    "Whether a partner may be used in a role (Rollenstatus).",
    RELEASED="It may (freigegeben).",
    BLOCKED="It may not (gesperrt).",
)
enumeration(
    WarningCode,
    "What a payload warns of (Warnung).",
    NUMBER_RANGE_NEARLY_EXHAUSTED="Nine tenths of the number range are used (Nummernkreis fast erschöpft).",
)

ORDER_WITHIN = ("position",)
Customer = Annotated["Customer", strawberry.lazy("schema.customers")]  # type: ignore[misc]
Accounting = Annotated["PartnerAccounting", strawberry.lazy("schema.customers")]  # type: ignore[name-defined]  # noqa: F821
Relationship = Annotated["PartnerRelationship", strawberry.lazy("schema.relationships")]  # type: ignore[name-defined]  # noqa: F821


@rows(None)
@strawberry.type(description="Something that the caller should know; it changes nothing (Warnung).")
class Warned:
    """R-231."""

    code: WarningCode = value("What a program acts on (Kennung).", "code")
    message: str = value("What a person reads (Meldung).", "message")


@rows(stored.PartnerRole)
@strawberry.type(description="A role that a partner plays or played (Rollenzuordnung).")
class PartnerRole:
    """R-167."""

    role: PartnerRoleKind = column("The role (Rolle).")
    status: RoleStatus = column("Whether the partner may be used in it (Status).")
    ended_at: datetime | None = column("Since when the partner plays it no longer, null: it does (beendet).")
    locked: bool = computed(
        "Whether the lock stands at the role: for a customer while any block is effective at the acting "
        "organization (gesperrt).",
        customer_rows.role_locked,
    )


@rows(stored.PartnerAddress)
@strawberry.type(description="A postal address (Anschrift).")
class PartnerAddress:
    """The first one is the main one."""

    position: int = column("Its place, from 0 (Reihenfolge).")
    label: str | None = column("What it is for (Bezeichnung).")
    street: str | None = column("Street and number (Straße).")
    additional_line: str | None = column("A further line (Adresszusatz).")
    post_office_box: str | None = column("Post office box (Postfach).")
    postal_code: str | None = column("Postal code (Postleitzahl).")
    city: str = column("City (Ort).")
    region: str | None = column("Region (Region).")
    country_code: str = column("Country, two capitals of ISO 3166 (Land).")


@rows(stored.PartnerCommunication)
@strawberry.type(description="A way to reach a partner (Kommunikationsverbindung).")
class PartnerCommunication:
    """At most one of a type is preferred."""

    position: int = column("Its place, from 0 (Reihenfolge).")
    type: CommunicationType = column("Which way (Art).")
    value: str = column("The number or address (Wert).")
    preferred: bool = column("Whether it is taken first among its type (bevorzugt).")
    label: str | None = column("What it is for (Bezeichnung).")


@rows(stored.Partner, prefix="par", permission=Permission.PARTNERS_SEE, scope=visibility.partners)
@strawberry.type(description="A person or an organization that the tenant deals with, kept once (Partner).")
class Partner(Node):
    """R-001, R-011."""

    number: str = column("The number, the same in every role and document (Partnernummer).")
    type: PartnerType = column("Person or organization; never changes (Partnertyp).")
    display_name: str = column("The name as people write it (Name).")
    salutation: str | None = column("Salutation of a person (Anrede).")
    title: str | None = column("Title of a person (Titel).")
    first_name: str | None = column("First name of a person (Vorname).")
    last_name: str | None = column("Last name of a person (Nachname).")
    name: str | None = column("Name of an organization (Firmenname).")
    search_term: str = column("What it is looked for by (Suchbegriff).")
    language: str = column("The language it is written to in, such as `de` (Sprache).")
    affiliation: Affiliation = column("Own group or not (Zugehörigkeit).")
    blocked: bool = column("Whether the partner is blocked in all its roles (gesperrt).")
    responsible_organization: Organization | None = one(
        "Who is in charge of the base data (verantwortliche Organisation).",
        on={"id": "responsible_organization_id"},
    )
    version: int = column("Counts the changes (Fassung).")
    created_at: datetime = column("When it was entered (angelegt).")
    updated_at: datetime = column("When it was changed last (geändert).")
    roles: list[PartnerRole] = many(
        "The roles it plays or played (Rollen).", on={"partner_id": "id"}, order_by=("role",), size=3
    )
    addresses: list[PartnerAddress] = many(
        "Its addresses, the main one first (Anschriften).", on={"partner_id": "id"}, order_by=ORDER_WITHIN, size=2
    )
    communication: list[PartnerCommunication] = many(
        "How it is reached (Kommunikation).", on={"partner_id": "id"}, order_by=ORDER_WITHIN, size=3
    )
    customer: Customer | None = one("What counts for it as a customer, null if it is none (Kunde).", on={"id": "id"})
    accounting: Accounting | None = one(
        "Its accounting data, null if there are none (Rechnungswesendaten).", on={"partner_id": "id"}
    )
    relationships: list[Relationship] = many(
        "Its relationships to others (ausgehende Beziehungen).",
        on={"partner_id": "id"},
        order_by=("type_code", "id"),
        size=5,
    )
    incoming_relationships: list[Relationship] = many(
        "The relationships of others to it, computed from theirs (eingehende Beziehungen).",
        on={"target_partner_id": "id"},
        order_by=("type_code", "id"),
        size=5,
    )


@filter_input(description="Which roles.")
class PartnerRoleFilter:
    """Conditions on a role."""

    role: EnumFilter[PartnerRoleKind] | None = filter_column("The role.")


@filter_input(description="Which partners (Partnerfilter).")
class PartnerFilter:
    """Conditions on partners."""

    id: IdFilter | None = filter_column("By id.")
    number: TextFilter | None = filter_column("The number; case does not count.", "number_key", normal=number_key)
    name: TextFilter | None = filter_column(
        "The name as it is sorted, a person's last name first; case and accents do not count.",
        "name_key",
        normal=sort_key,
    )
    search_term: TextFilter | None = filter_column(
        "The search term; case and accents do not count.", "search_key", normal=sort_key
    )
    type: EnumFilter[PartnerType] | None = filter_column("Person or organization.")
    responsible_organization_id: IdFilter | None = filter_column("The responsible organization.", prefix="org")
    role: EnumFilter[PartnerRoleKind] | None = filter_related(
        "A role that it plays.", lambda: PartnerRole, where=stored.playing, of="role"
    )
    city: TextFilter | None = filter_related(
        "A city of one of its addresses.",
        lambda: PartnerAddress,
        on={"partner_id": "id"},
        of="city_key",
        normal=sort_key,
    )
    postal_code: TextFilter | None = filter_related(
        "A postal code of one of its addresses.", lambda: PartnerAddress, on={"partner_id": "id"}, of="postal_code"
    )
    communication: TextFilter | None = filter_related(
        "A number or address by which it is reached; case does not count.",
        lambda: PartnerCommunication,
        on={"partner_id": "id"},
        of="value_key",
        normal=sort_key,
    )


PartnerOrder = ordering(
    "PartnerOrder",
    "How partners are ordered.",
    NAME=order_by("name_key", "By name, as in a German list."),
    NUMBER=order_by("number_key", "By number."),
    SEARCH_TERM=order_by("search_key", "By search term."),
)


@strawberry.input(one_of=True, description="One key of a partner (Schlüssel).")
class PartnerKey:
    """By id or by number."""

    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="The id.")
    number: strawberry.Maybe[str] = strawberry.field(description="The number, written exactly.")


@strawberry.type
class PartnerQuery:
    """Reading partners."""

    partner: Partner | None = row_by("One partner (Partner).", permission=Permission.PARTNERS_SEE)
    partner_by: Partner | None = row_by(
        "One partner by one of its keys (Partner nach Schlüssel).",
        one_of=PartnerKey,
        permission=Permission.PARTNERS_SEE,
    )
    partners: Connection[Partner] | None = page(
        "The partners that the caller sees at the acting organization (Partner).",
        filter=PartnerFilter,
        order=PartnerOrder,
        default_order=("name_key",),
        permission=Permission.PARTNERS_SEE,
    )


@strawberry.input(description="A postal address.")
class AddressInput:
    """An address as somebody enters it."""

    city: str = strawberry.field(description="City (Ort).")
    country_code: str = strawberry.field(default="DE", description="Country, two capitals of ISO 3166 (Land).")
    street: str | None = strawberry.field(default=None, description="Street and number (Straße).")
    additional_line: str | None = strawberry.field(default=None, description="A further line (Adresszusatz).")
    post_office_box: str | None = strawberry.field(default=None, description="Post office box (Postfach).")
    postal_code: str | None = strawberry.field(default=None, description="Postal code (Postleitzahl).")
    region: str | None = strawberry.field(default=None, description="Region (Region).")
    label: str | None = strawberry.field(default=None, description="What it is for (Bezeichnung).")


@strawberry.input(description="A way to reach a partner.")
class CommunicationInput:
    """A connection as somebody enters it."""

    type: CommunicationType = strawberry.field(description="Which way (Art).")
    value: str = strawberry.field(description="The number or address (Wert).")
    preferred: bool = strawberry.field(default=False, description="Whether it is taken first among its type.")
    label: str | None = strawberry.field(default=None, description="What it is for (Bezeichnung).")


@strawberry.input(description="A new partner.")
class CreatePartnerInput(MutationInput):
    """R-171, R-182."""

    type: PartnerType = strawberry.field(description="Person or organization (Partnertyp).")
    number: str | None = strawberry.field(
        default=None, description="An own number; null: the next of the number range (Partnernummer)."
    )
    salutation: str | None = strawberry.field(default=None, description="Salutation of a person (Anrede).")
    title: str | None = strawberry.field(default=None, description="Title of a person (Titel).")
    first_name: str | None = strawberry.field(default=None, description="First name of a person (Vorname).")
    last_name: str | None = strawberry.field(default=None, description="Last name; a person needs it (Nachname).")
    name: str | None = strawberry.field(default=None, description="Name; an organization needs it (Firmenname).")
    search_term: str | None = strawberry.field(
        default=None, description="What it is looked for by; null: the name (Suchbegriff)."
    )
    language: str = strawberry.field(default="de", description="The language it is written to in (Sprache).")
    affiliation: Affiliation = strawberry.field(
        default=Affiliation.EXTERNAL, description="Own group or not (Zugehörigkeit)."
    )
    responsible_organization_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who is in charge; null: the acting organization (verantwortliche Organisation)."
    )
    roles: list[PartnerRoleKind] = strawberry.field(
        default_factory=list,
        description="The roles it begins with; a customer gets own data at the acting organization (Rollen).",
    )
    addresses: list[AddressInput] = strawberry.field(
        default_factory=list, description="Its addresses, the main one first (Anschriften)."
    )
    communication: list[CommunicationInput] = strawberry.field(
        default_factory=list, description="How it is reached (Kommunikation)."
    )


@strawberry.input(description="What changes of a partner's base data; what is absent stays.")
class UpdatePartnerInput(UpdateInput):
    """R-170, R-243: the type is not among it."""

    partner_id: strawberry.ID = strawberry.field(description="The partner.")
    number: strawberry.Maybe[str] = strawberry.field(description="The number (Partnernummer).")
    salutation: strawberry.Maybe[str | None] = strawberry.field(description="Salutation (Anrede).")
    title: strawberry.Maybe[str | None] = strawberry.field(description="Title (Titel).")
    first_name: strawberry.Maybe[str | None] = strawberry.field(description="First name (Vorname).")
    last_name: strawberry.Maybe[str | None] = strawberry.field(description="Last name (Nachname).")
    name: strawberry.Maybe[str | None] = strawberry.field(description="Name of an organization (Firmenname).")
    search_term: strawberry.Maybe[str | None] = strawberry.field(
        description="What it is looked for by; null: the name (Suchbegriff)."
    )
    language: strawberry.Maybe[str] = strawberry.field(description="Language (Sprache).")
    affiliation: strawberry.Maybe[Affiliation] = strawberry.field(description="Own group or not (Zugehörigkeit).")
    blocked: strawberry.Maybe[bool] = strawberry.field(description="Block it in all its roles (gesperrt).")
    responsible_organization_id: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="Who is in charge of the base data (verantwortliche Organisation)."
    )


@strawberry.input(description="All addresses of a partner from now on.")
class SetPartnerAddressesInput(UpdateInput):
    """The whole list."""

    partner_id: strawberry.ID = strawberry.field(description="The partner.")
    addresses: list[AddressInput] = strawberry.field(description="The addresses, the main one first.")


@strawberry.input(description="All ways to reach a partner from now on.")
class SetPartnerCommunicationInput(UpdateInput):
    """The whole list."""

    partner_id: strawberry.ID = strawberry.field(description="The partner.")
    communication: list[CommunicationInput] = strawberry.field(description="How it is reached.")


@strawberry.input(description="One more role for a partner.")
class AssignPartnerRoleInput(UpdateInput):
    """R-167, R-168, R-169."""

    partner_id: strawberry.ID = strawberry.field(description="The partner.")
    role: PartnerRoleKind = strawberry.field(description="The role.")


@strawberry.input(description="A role that a partner plays no longer.")
class RemovePartnerRoleInput(UpdateInput):
    """R-172."""

    partner_id: strawberry.ID = strawberry.field(description="The partner.")
    role: PartnerRoleKind = strawberry.field(description="The role.")


@strawberry.input(description="Which partner is set aside.")
class ArchivePartnerInput(UpdateInput):
    """R-171."""

    partner_id: strawberry.ID = strawberry.field(description="The partner.")


@rows(None)
@strawberry.type(description="The new partner.")
class CreatePartnerPayload:
    """What was entered."""

    partner: Partner = by_key("The partner.")
    warnings: list[Warned] = value("What the caller should know (Warnungen).", "warnings")


@rows(None)
@strawberry.type(description="The changed partner.")
class UpdatePartnerPayload:
    """What was changed."""

    partner: Partner = by_key("The partner.")


@rows(None)
@strawberry.type(description="The partner with its addresses.")
class SetPartnerAddressesPayload:
    """What was changed."""

    partner: Partner = by_key("The partner.")


@rows(None)
@strawberry.type(description="The partner with the ways to reach it.")
class SetPartnerCommunicationPayload:
    """What was changed."""

    partner: Partner = by_key("The partner.")


@rows(None)
@strawberry.type(description="The partner with its roles.")
class AssignPartnerRolePayload:
    """What was changed."""

    partner: Partner = by_key("The partner.")


@rows(None)
@strawberry.type(description="The partner with its roles.")
class RemovePartnerRolePayload:
    """What was changed."""

    partner: Partner = by_key("The partner.")


@rows(None)
@strawberry.type(description="The partner as it was set aside; it is found no more.")
class ArchivePartnerPayload:
    """What was set aside."""

    partner: Partner = by_key("The partner.")


@strawberry.type
class PartnerMutation:
    """Changing partners."""

    @mutation(partners.create_partner, payload=CreatePartnerPayload)
    def create_partner(self, input: CreatePartnerInput) -> Call[Any]:
        """Enter a partner (Partner anlegen)."""
        new = NewPartner(
            type=input.type,
            names={
                "salutation": input.salutation,
                "title": input.title,
                "first_name": input.first_name,
                "last_name": input.last_name,
                "name": input.name,
                "search_term": input.search_term,
            },
            number=input.number,
            language=input.language,
            affiliation=input.affiliation,
            responsible_organization_id=(
                None if input.responsible_organization_id is None else key("org", input.responsible_organization_id)
            ),
            roles=tuple(input.roles),
            addresses=_addresses(input.addresses),
            communication=_communication(input.communication),
        )
        return partners.create_partner(new)

    @mutation(partners.update_partner, payload=UpdatePartnerPayload)
    def update_partner(self, input: UpdatePartnerInput) -> Call[Any]:
        """Change a partner's base data (Partner ändern)."""
        changes = given(
            input,
            "number",
            "salutation",
            "title",
            "first_name",
            "last_name",
            "name",
            "search_term",
            "language",
            "affiliation",
            "blocked",
            "responsible_organization_id",
        )
        if "responsible_organization_id" in changes:
            changes["responsible_organization_id"] = key("org", changes["responsible_organization_id"])
        return partners.update_partner(
            key("par", input.partner_id),
            changes,  # type: ignore[arg-type]
            input.expected_version,
        )

    @mutation(partners.set_addresses, payload=SetPartnerAddressesPayload)
    def set_partner_addresses(self, input: SetPartnerAddressesInput) -> Call[Any]:
        """Replace a partner's addresses (Anschriften pflegen)."""
        return partners.set_addresses(key("par", input.partner_id), _addresses(input.addresses), input.expected_version)

    @mutation(partners.set_communication, payload=SetPartnerCommunicationPayload)
    def set_partner_communication(self, input: SetPartnerCommunicationInput) -> Call[Any]:
        """Replace the ways to reach a partner (Kommunikation pflegen)."""
        return partners.set_communication(
            key("par", input.partner_id), _communication(input.communication), input.expected_version
        )

    @mutation(partners.assign_role, payload=AssignPartnerRolePayload)
    def assign_partner_role(self, input: AssignPartnerRoleInput) -> Call[Any]:
        """Let a partner play one more role (Partnerrolle zuordnen)."""
        return partners.assign_role(key("par", input.partner_id), input.role, input.expected_version)

    @mutation(partners.remove_role, payload=RemovePartnerRolePayload)
    def remove_partner_role(self, input: RemovePartnerRoleInput) -> Call[Any]:
        """Take a role away that nothing open uses (Partnerrolle entfernen)."""
        return partners.remove_role(key("par", input.partner_id), input.role, input.expected_version)

    @mutation(partners.archive_partner, payload=ArchivePartnerPayload)
    def archive_partner(self, input: ArchivePartnerInput) -> Call[Any]:
        """Set a partner aside that nothing open uses; its number stays taken (Partner archivieren)."""
        return partners.archive_partner(key("par", input.partner_id), input.expected_version)


def _addresses(inputs: list[AddressInput]) -> tuple[Address, ...]:
    return tuple(
        Address(
            city=each.city,
            country_code=each.country_code,
            street=each.street,
            additional_line=each.additional_line,
            post_office_box=each.post_office_box,
            postal_code=each.postal_code,
            region=each.region,
            label=each.label,
        )
        for each in inputs
    )


def _communication(inputs: list[CommunicationInput]) -> tuple[Communication, ...]:
    return tuple(Communication(each.type, each.value, each.preferred, each.label) for each in inputs)
