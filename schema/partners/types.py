"""What a client sees of a partner: who it is, what it plays, where and how it is reached."""

from datetime import datetime
from typing import Annotated

import strawberry

from persistence import customers as customer_rows
from persistence import partners as stored
from persistence import visibility
from reads import column, computed, many, one, rows, value
from schema.base import Node
from schema.organizations import Organization
from schema.partners.words import Affiliation, CommunicationType, PartnerRoleKind, PartnerType, RoleStatus, WarningCode
from tenancy.permissions import Permission

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
