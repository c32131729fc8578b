"""Offers of other tenants as the tenant that sells them sees them: to be read, and never changed (R-XC-47)."""

import strawberry

from domain.offers import OfferType, ProductType, TaxType
from domain.texts import TextType
from persistence import connections
from persistence import offers as stored
from reads import CurrencyCode, LanguageCode, column, computed, embedded, many, one, page, rows
from schema.base import Connection, Node
from schema.connections import SourceTenant
from schema.money import Money
from schema.offers.types import ChosenCostCenter
from tenancy.permissions import Permission

READER = "shared_tenant_id"


@rows(stored.OfferTranslation, tenant=READER)
@strawberry.type(description="How an external offer is called and described in one language.")
class ExternalOfferTranslation:
    """The owner's texts."""

    language: LanguageCode = column("The language (Sprache).")
    title: str = column("The public title (öffentlicher Titel).")
    legal_text: str = column("The legal text (Rechtstext).")
    title_addition: str | None = column("What stands beside the title (Titelzusatz).")
    description: str | None = column("The description (Beschreibung).")
    summary: str | None = column("The summary (Zusammenfassung).")
    withdrawal_instruction: str | None = column("How a customer withdraws (Widerrufsbelehrung).")
    preferred: bool = column("Whether it is shown where the reader's language is missing (bevorzugt).")


@rows(stored.OfferProduct, tenant=READER)
@strawberry.type(description="One thing in an external offer, without what stays with its owner (Produkt).")
class ExternalOfferProduct:
    """R-XC-47: no access right, no ledger, no cost center of the owner."""

    id: strawberry.ID = column("Its id.", prefix="opr")
    position: int = column("Its place, from 1 on without gaps (Position).")
    internal_title: str | None = column("What the owner's staff calls it (interner Titel).")
    product_type: ProductType = column("What kind of thing it is (Produktart).")
    tax_type: TaxType = column("Which tax counts (Steuerart).")
    quantity: int = column("How many (Menge).")
    option: bool = column("Whether the customer may leave it out (optional).")
    price: Money = embedded(
        "Gross, of the whole quantity; of one accounting period where there are periods (Preis).",
        minor="price_minor",
        currency="currency",
    )
    cost_center: ChosenCostCenter | None = embedded(
        "The own cost center under which it is booked (Kostenstelle).",
        null_when="target_cost_center_id",
        id="target_cost_center_id",
        label="target_cost_center_label",
        short_description="target_cost_center_short_description",
    )
    cost_center_inactive: bool = computed(
        "Warning COST_CENTER_INACTIVE: the target deactivated the cost center; it is sold on, and the owner's next "
        "save needs another one (Kostenstelle inaktiv).",
        stored.cost_center_inactive,
    )


@rows(stored.OfferHint, tenant=READER)
@strawberry.type(description="What customers read in the owner's self service, in one language (Hinweis).")
class ExternalOfferHint:
    """R-XC-26, R-XC-28."""

    type: TextType = column("What it is (Art).")
    language: LanguageCode = column("The language (Sprache).")
    text: str = column("The text, or the link.")
    preferred: bool = column("Whether it is shown where the reader's language is missing (bevorzugt).")


@rows(stored.Offer.__table__, prefix="xof", permission=Permission.OFFERS_SEE, tenant=READER, scope=stored.external)
@strawberry.type(description="An offer of another tenant that this one may sell, read-only (externes Angebot).")
class ExternalOffer(Node):
    """R-XC-41, R-XC-43, R-XC-47."""

    source: SourceTenant = one(
        "Who owns it (Quellmandant).",
        on={"id": "connection_id"},
        cross_tenant={"source_tenant_id": "tenant_id"},
        always=True,
    )
    connection_id: strawberry.ID = column(
        "The connection over which it is shared (Verknüpfung).", prefix="con", always=True
    )
    offer_type: OfferType = column("What kind of sale it is (Angebotsart).")
    internal_title: str = column("What the owner's staff calls it (interner Titel).")
    currency: CurrencyCode = column("The currency of its prices (Währung).")
    term_months: int | None = column("How long it runs, in months (Laufzeit).")
    accounting_period_months: int | None = column("How often it is paid, in months (Abrechnungszeitraum).")
    cancellation_period_days: int | None = column("Days of notice (Kündigungsfrist).")
    multiple_purchases: bool = column("Whether a customer may buy it again (Mehrfachkauf).")
    invoice_address_mandatory: bool = column("Whether an invoice address is needed (Rechnungsadresse Pflicht).")
    delivery_address_mandatory: bool = column("Whether a delivery address is needed (Lieferadresse Pflicht).")
    translations: list[ExternalOfferTranslation] = many(
        "Its texts in each language.", on={"offer_id": "id"}, order_by=("language",), size=2
    )
    products: list[ExternalOfferProduct] = many(
        "What is in it, by position (Produkte).", on={"offer_id": "id"}, order_by=("position",), size=3
    )
    hints: list[ExternalOfferHint] = many(
        "What customers read in the owner's self service (Hinweis im Self Service).",
        on={"offer_id": "id"},
        order_by=("language",),
        size=2,
    )
    sellable: bool = column("Whether it may be put into a cart and bought now (verkäuflich).", of="on_sale")


@rows(
    connections.Connection.__table__,
    permission=Permission.OFFERS_SEE,
    tenant="target_tenant_id",
    scope=stored.opened_by_source,
)
@strawberry.type(description="A source tenant with the offers that it lets this one sell (externe Angebote).")
class ExternalOffersOfSource:
    """R-XC-46."""

    source: SourceTenant = one(
        "Who owns them (Quellmandant).", on={"id": "id"}, cross_tenant={"source_tenant_id": "source_tenant_id"}
    )
    offers: Connection[ExternalOffer] = page(
        "Its active offers, by internal title (Angebote).",
        on={"connection_id": "id"},
        cross_tenant={"tenant_id": "source_tenant_id"},
        where=stored.listed,
        default_order=("title_key",),
    )
