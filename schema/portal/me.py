"""The customer who is signed in."""

import strawberry

from persistence import partners as stored
from persistence import sold
from reads import column, many, one, rows
from tenancy.permissions import Permission


@rows(stored.PartnerAddress)
@strawberry.type(description="A postal address (Anschrift).")
class Address:
    """The first one is the main one."""

    street: str | None = column("Street and number (Straße).")
    additional_line: str | None = column("A further line (Adresszusatz).")
    postal_code: str | None = column("Postal code (Postleitzahl).")
    city: str = column("City (Ort).")
    country_code: str = column("Country, two capitals of ISO 3166 (Land).")


@rows(stored.Partner, permission=Permission.PORTAL_SEE)
@strawberry.type(description="You, as this company knows you (Kunde).")
class Me:
    """Row security shows a customer no other partner."""

    id: strawberry.ID = column("Your id.", prefix="par")
    number: str = column("Your customer number (Kundennummer).")
    display_name: str = column("Your name (Name).")
    language: str = column("The language you are written to in (Sprache).")
    addresses: list[Address] = many(
        "Your addresses, the main one first (Anschriften).",
        on={"partner_id": "id"},
        order_by=("position",),
        size=2,
    )


@strawberry.type
class PortalMeQuery:
    """Reading oneself."""

    me: Me | None = one("You (Kunde).", where=sold.myself, permission=Permission.PORTAL_SEE)
