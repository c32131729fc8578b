"""What a client says to change a partner."""

import strawberry

from schema.base import MutationInput, UpdateInput
from schema.partners.words import Affiliation, CommunicationType, PartnerRoleKind, PartnerType


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
