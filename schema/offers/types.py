"""Offers as their owner sees them."""

import datetime as dt

import strawberry

from domain.offers import ArchiveMode, OfferState, OfferType, ProductType, TaxType
from persistence import offers as stored
from reads import CurrencyCode, LanguageCode, column, computed, embedded, many, one, rows
from schema.base import Node, enumeration
from schema.connections import TenantConnection
from schema.cost_centers import CostCenter
from schema.money import Money
from schema.texts import TextModule
from tenancy.permissions import Permission

enumeration(
    OfferType,
    "What kind of sale an offer is; it decides the mandatory fields (Angebotsart).",
    SINGLE_PRODUCT="Products sold once (Einzelprodukt).",
    TIME_PASS="Access for a time, sold once (Zeitpass); needs a term.",  # noqa: S106  # a pass for a time
    CREDIT_SINGLE="Credits sold once (Guthaben).",
    SUBSCRIPTION_TIME="A subscription by time (Zeitabonnement); needs term, accounting and cancellation period.",
    SUBSCRIPTION_ISSUE="A subscription by issues (Heftabonnement); needs the same periods.",
    SUBSCRIPTION_CREDIT="A subscription to credits (Guthabenabonnement); needs the same periods.",
    VOUCHER="A voucher (Gutschein); never shared.",
    BONUS="A bonus (Prämie); never shared.",
    MULTIUSER="Access for several users (Mehrplatzlizenz).",
)
enumeration(
    OfferState,
    "In which list an offer stands.",
    ACTIVE="Among the active ones (aktiv).",
    ARCHIVED="Among the archived ones (archiviert).",
)
enumeration(
    ArchiveMode,
    "What an archived offer still does (Archivierungsart).",
    STILL_SOLD="It stands in no list but is sold on (weiter verkauft).",
    BLOCKED="It is sold no more (gesperrt).",
    SUCCESSOR="Another offer takes its place (Nachfolger).",
)
enumeration(
    ProductType,
    "What kind of thing a product is (Produktart).",
    PRINT="Printed matter (Druckerzeugnis).",
    DIGITAL="Digital content (digitaler Inhalt).",
    GOODS="Other goods (Ware).",
    SERVICE="A service (Dienstleistung).",
)
enumeration(
    TaxType,
    "Which tax counts; the rate follows from it and the customer's country (Steuerart).",
    STANDARD="The standard rate (Regelsatz).",
    REDUCED="The reduced rate (ermäßigter Satz).",
    EXEMPT="No tax (steuerfrei).",
)


@rows(stored.OfferTranslation)
@strawberry.type(description="How an offer is called and described in one language.")
class OfferTranslation:
    """R-XC-35."""

    language: LanguageCode = column("The language (Sprache).")
    title: str = column("The public title (öffentlicher Titel).")
    legal_text: str = column("The legal text (Rechtstext).")
    title_addition: str | None = column("What stands beside the title (Titelzusatz).")
    description: str | None = column("The description (Beschreibung).")
    summary: str | None = column("The summary (Zusammenfassung).")
    withdrawal_instruction: str | None = column("How a customer withdraws (Widerrufsbelehrung).")
    preferred: bool = column("Whether it is shown where the reader's language is missing (bevorzugt).")


@rows(None)
@strawberry.type(description="The target's cost center as it was when it was chosen (Kostenstelle).")
class ChosenCostCenter:
    """R-XC-29; reads the product's own row."""

    id: strawberry.ID = column("The target's cost center.", prefix="cce")
    label: str = column("Its code, or its purchase number.")
    short_description: str | None = column("What it is for (Kurzbeschreibung).")


@rows(stored.OfferProduct)
@strawberry.type(description="One thing in an offer (Produkt).")
class OfferProduct:
    """It has no life outside its offer."""

    id: strawberry.ID = column("The id to name when the offer is changed.", prefix="opr")
    position: int = column("Its place, from 1 on without gaps (Position).")
    internal_title: str | None = column("What staff calls it (interner Titel).")
    product_type: ProductType = column("What kind of thing it is (Produktart).")
    tax_type: TaxType = column("Which tax counts (Steuerart).")
    quantity: int = column("How many (Menge).")
    option: bool = column("Whether the customer may leave it out (optional).")
    price: Money = embedded(
        "Gross, of the whole quantity; of one accounting period where there are periods (Preis).",
        minor="price_minor",
        currency="currency",
    )
    target_cost_center: ChosenCostCenter | None = embedded(
        "Where the target books it; on every product of a cross-client offer (Kostenstelle des Zielmandanten).",
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
    cost_center: CostCenter | None = one(
        "The own cost center (Kostenstelle).", where=stored.own_cost_center, permission=Permission.ACCOUNTING_SEE
    )
    access_right: str | None = computed("What it gives access to (Zugriffsrecht).", stored.of_product("access_right"))
    ledger: str | None = computed("The ledger account (Sachkonto).", stored.of_product("ledger"))


@rows(stored.Offer, prefix="off", permission=Permission.OFFERS_SEE)
@strawberry.type(description="What the tenant sells, or lets one other tenant sell (Angebot).")
class Offer(Node):
    """R-XC-20 to R-XC-48."""

    offer_type: OfferType = column("What kind of sale it is (Angebotsart).")
    internal_title: str = column("What staff calls it (interner Titel).")
    cross_client: bool = computed("Whether another tenant sells it (Cross-Client-Angebot).", stored.cross_client)
    target_tenant_id: strawberry.ID | None = column("Who sells it, if another tenant does (Zielmandant).", prefix="ten")
    connection: TenantConnection | None = one(
        "The connection over which it is shared (Verknüpfung).",
        on={"id": "connection_id"},
        cross_tenant={"source_tenant_id": "tenant_id"},
    )
    currency: CurrencyCode = column("The currency of its prices (Währung).")
    term_months: int | None = column("How long it runs, in months (Laufzeit).")
    accounting_period_months: int | None = column("How often it is paid, in months (Abrechnungszeitraum).")
    cancellation_period_days: int | None = column("Days of notice (Kündigungsfrist).")
    multiple_purchases: bool = column("Whether a customer may buy it again (Mehrfachkauf).")
    invoice_address_mandatory: bool = column("Whether an invoice address is needed (Rechnungsadresse Pflicht).")
    delivery_address_mandatory: bool = column("Whether a delivery address is needed (Lieferadresse Pflicht).")
    folder: str | None = computed("Where staff keeps it (Ordner).", stored.of_offer("folder"))
    translations: list[OfferTranslation] = many(
        "Its texts in each language.", on={"offer_id": "id"}, order_by=("language",), size=2
    )
    products: list[OfferProduct] = many(
        "What is in it, by position (Produkte).", on={"offer_id": "id"}, order_by=("position",), size=3
    )
    self_service_hint: TextModule | None = one(
        "Where a customer of the target manages it (Hinweis im Self Service).", where=stored.hint_of
    )
    state: OfferState = column("In which list it stands (Reiter).")
    on_sale: bool = column("Whether it may be bought: active, or archived but still sold (verkäuflich).")
    archive_mode: ArchiveMode | None = computed(
        "What it still does while it is archived (Archivierungsart).", stored.of_offer("archive_mode")
    )
    archive_text: TextModule | None = one(
        "What is shown instead of it while it is blocked (Textbaustein).", where=stored.archive_text_of
    )
    successor: "Offer | None" = one("What takes its place (Nachfolger).", where=stored.successor_of)
    created_at: dt.datetime = column("When it was made (angelegt am).")
    updated_at: dt.datetime = column("When it was changed last (geändert am).")
    version: int = column("Counts the changes (Fassung).")
