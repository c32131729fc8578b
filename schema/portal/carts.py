"""What a customer can buy: carts that can be sold now, never how staff calls them (R-SC-11)."""

from decimal import Decimal

import strawberry

from domain.offers import OfferType, ProductType
from domain.texts import TextType
from persistence import carts as stored
from persistence import offers, texts
from reads import CurrencyCode, LanguageCode, Percent, column, computed, embedded, many, one, page, rows
from schema.base import Connection, Node
from schema.money import Money
from schema.offers import types  # noqa: F401 - names the enumerations
from tenancy.permissions import Permission

OWN_OR_SHARED = ("tenant_id", "shared_tenant_id")


@rows(offers.OfferTranslation, tenant=OWN_OR_SHARED)
@strawberry.type(description="How an offer is called and described in one language.")
class OfferTranslation:
    """R-SC-11."""

    language: LanguageCode = column("The language (Sprache).")
    title: str = column("The title (Titel).")
    title_addition: str | None = column("What stands beside the title (Titelzusatz).")
    legal_text: str = column("The legal text (Rechtstext).")
    description: str | None = column("The description (Beschreibung).")
    summary: str | None = column("The summary (Zusammenfassung).")
    withdrawal_instruction: str | None = column("How to withdraw (Widerrufsbelehrung).")
    preferred: bool = column("Whether it is shown where the reader's language is missing (bevorzugt).")


@rows(offers.OfferProduct, tenant=OWN_OR_SHARED)
@strawberry.type(description="One thing in an offer (Produkt).")
class OfferProduct:
    """Optional products are not sold here."""

    position: int = column("Its place, from 1 on.")
    product_type: ProductType = column("What kind of thing it is (Produktart).")
    quantity: int = column("How many (Menge).")
    price: Money = embedded(
        "Gross, of the whole quantity; of one accounting period where there are periods (Preis).",
        minor="price_minor",
        currency="currency",
    )
    tax_rate: Percent | None = computed(
        "The rate of the tax in it, in percent; null while you have no address (Steuersatz).", stored.tax_rate
    )
    tax_amount: Decimal | None = computed(
        "The tax in it, in the price's currency; null while you have no address (Steuerbetrag).", stored.tax
    )


@rows(offers.Offer.__table__, tenant=OWN_OR_SHARED)
@strawberry.type(description="What is bought, of this company or of a partner of it (Angebot).")
class Offer:
    """R-SC-03."""

    offer_type: OfferType = column("What kind of sale it is (Angebotsart).")
    term_months: int | None = column("How long it runs, in months (Laufzeit).")
    accounting_period_months: int | None = column("How often it is paid, in months (Abrechnungszeitraum).")
    cancellation_period_days: int | None = column("Days of notice (Kündigungsfrist).")
    translations: list[OfferTranslation] = many(
        "Its texts in each language.",
        on={"offer_id": "id"},
        cross_tenant={"tenant_id": "tenant_id"},
        order_by=("language",),
        size=2,
    )
    products: list[OfferProduct] = many(
        "What is in it, by position (Produkte).",
        on={"offer_id": "id"},
        cross_tenant={"tenant_id": "tenant_id"},
        where=stored.bought,
        order_by=("position",),
        size=2,
    )


@rows(stored.CartTranslation)
@strawberry.type(description="How a cart is called and described in one language.")
class CartTranslation:
    """R-SC-09."""

    language: LanguageCode = column("The language (Sprache).")
    title: str = column("The title (Titel).")
    legal_text: str = column("The legal text (Rechtstext).")
    description: str | None = column("The description (Beschreibung).")
    preferred: bool = column("Whether it is shown where the reader's language is missing (bevorzugt).")


@rows(texts.TextModuleTranslation)
@strawberry.type(description="A text in one language.")
class HintTranslation:
    """R-SC-12."""

    language: LanguageCode = column("The language (Sprache).")
    text: str = column("The text, or the link.")
    preferred: bool = column("Whether it is shown where the reader's language is missing (bevorzugt).")


@rows(texts.TextModule)
@strawberry.type(description="What stands under the description of a cart (Hinweis).")
class Hint:
    """R-SC-12."""

    type: TextType = column("What kind of text it is (Art).")
    translations: list[HintTranslation] = many(
        "The text in each language.", on={"text_module_id": "id"}, order_by=("language",), size=2
    )


@rows(stored.CartItem)
@strawberry.type(description="One offer in a cart (Position).")
class CartItem:
    """R-SC-10, E-A1."""

    id: strawberry.ID = column("The id to choose an optional item by.", prefix="cit")
    position: int = column("Its place, from 1.")
    option: bool = column("Whether you may leave it out (optional).")
    default_selected: bool = column("Whether an optional one is proposed (vorausgewählt).")
    leading_item_id: strawberry.ID | None = column("The item that it is sold with, if there is one.", prefix="cit")
    offer: Offer | None = one("What is bought (Angebot).", where=stored.offered, cross_tenant={})


@rows(stored.FOR_CUSTOMERS, prefix="car", permission=Permission.PORTAL_SEE, scope=stored.for_sale)
@strawberry.type(description="What can be bought in one go (Warenkorb).")
class Cart(Node):
    """R-SC-14."""

    currency: CurrencyCode = column("The currency of all prices in it (Währung).")
    translations: list[CartTranslation] = many(
        "Its texts in each language.", on={"cart_id": "id"}, order_by=("language",), size=2
    )
    hint: Hint | None = one("What stands under its description (Hinweis).", on={"id": "hint_text_module_id"})
    items: list[CartItem] = many(
        "What can be bought of it now, by position.",
        on={"cart_id": "id"},
        where=stored.wanted,
        order_by=("position",),
        size=4,
    )


@strawberry.type
class PortalCartQuery:
    """Reading what is for sale."""

    carts_for_sale: Connection[Cart] | None = page(
        "What can be bought now (Warenkörbe).", permission=Permission.PORTAL_SEE
    )
