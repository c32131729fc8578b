"""What is said about an offer when it is made or changed."""

from uuid import UUID

import strawberry

from domain.offers import ArchiveMode, Draft, OfferType, Price, Product, ProductType, TaxType, Translation
from domain.refusals import RefusalCode, ValidationFailed, Violation
from domain.texts import TextModule
from reads import LanguageCode
from schema.base import MutationInput, UpdateInput, key
from schema.money import MoneyInput
from schema.texts import TextModuleInput


@strawberry.input(description="How an offer is called and described in one language.")
class OfferTranslationInput:
    """R-XC-35."""

    language: LanguageCode = strawberry.field(description="The language (Sprache).")
    title: str = strawberry.field(description="The public title, at most 100 characters (öffentlicher Titel).")
    legal_text: str = strawberry.field(description="The legal text, at most 5000 characters (Rechtstext).")
    title_addition: str | None = strawberry.field(default=None, description="What stands beside the title.")
    description: str | None = strawberry.field(default=None, description="The description (Beschreibung).")
    summary: str | None = strawberry.field(default=None, description="The summary (Zusammenfassung).")
    withdrawal_instruction: str | None = strawberry.field(
        default=None, description="How a customer withdraws (Widerrufsbelehrung)."
    )
    preferred: bool = strawberry.field(
        default=False, description="Exactly one is preferred; a single one is so by itself (bevorzugt)."
    )

    def read(self) -> Translation:
        """The translation as the rules take it."""
        return Translation(
            self.language,
            self.title,
            self.legal_text,
            self.title_addition,
            self.description,
            self.summary,
            self.withdrawal_instruction,
            self.preferred,
        )


@strawberry.input(description="One thing in an offer; its position is its place in the list.")
class OfferProductInput:
    """R-XC-29 to R-XC-32, R-XC-36."""

    id: strawberry.ID | None = strawberry.field(
        default=None, description="When an offer is changed: which of its products this is; null is a new one."
    )
    product_type: ProductType = strawberry.field(description="What kind of thing it is (Produktart).")
    tax_type: TaxType = strawberry.field(description="Which tax counts (Steuerart).")
    price: MoneyInput = strawberry.field(
        description="Gross, of the whole quantity; of one accounting period where there are periods (Preis)."
    )
    quantity: int = strawberry.field(default=1, description="How many, 1 to 100000 (Menge).")
    internal_title: str | None = strawberry.field(default=None, description="What staff calls it (interner Titel).")
    option: bool = strawberry.field(default=False, description="Whether the customer may leave it out (optional).")
    target_cost_center_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="A cost center of the target; needed on every product of a cross-client offer (Kostenstelle).",
    )
    cost_center_id: strawberry.ID | None = strawberry.field(
        default=None, description="A cost center of the own tenant (Kostenstelle)."
    )
    access_right: str | None = strawberry.field(default=None, description="What it gives access to (Zugriffsrecht).")
    ledger: str | None = strawberry.field(default=None, description="The ledger account (Sachkonto).")

    def read(self) -> Product:
        """The product as the rules take it."""
        return Product(
            id=optional_key("opr", self.id),
            product_type=self.product_type,
            tax_type=self.tax_type,
            price=Price(self.price.amount, self.price.currency),
            quantity=self.quantity,
            internal_title=self.internal_title,
            option=self.option,
            target_cost_center_id=optional_key("cce", self.target_cost_center_id),
            cost_center_id=optional_key("cce", self.cost_center_id),
            access_right=self.access_right,
            ledger=self.ledger,
        )


@strawberry.input(description="A new offer.")
class CreateOfferInput(MutationInput):
    """R-XC-20 to R-XC-36: the owner is the caller's tenant and no part of the input."""

    offer_type: OfferType = strawberry.field(description="What kind of sale it is; it decides what is mandatory.")
    internal_title: str = strawberry.field(description="What staff calls it, at most 100 characters.")
    translations: list[OfferTranslationInput] = strawberry.field(description="Its texts in each language.")
    products: list[OfferProductInput] = strawberry.field(description="What is in it, 1 to 50 products, in order.")
    target_tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who sells it: for cross-client offers only, and there it is needed (Zielmandant)."
    )
    term_months: int | None = strawberry.field(default=None, description="How long it runs, in months (Laufzeit).")
    accounting_period_months: int | None = strawberry.field(
        default=None, description="How often it is paid, in months; the term is whole periods (Abrechnungszeitraum)."
    )
    cancellation_period_days: int | None = strawberry.field(
        default=None, description="Days of notice (Kündigungsfrist)."
    )
    multiple_purchases: bool = strawberry.field(
        default=False, description="Whether a customer may buy it again (Mehrfachkauf)."
    )
    invoice_address_mandatory: bool = strawberry.field(
        default=False, description="Whether an invoice address is needed (Rechnungsadresse Pflicht)."
    )
    delivery_address_mandatory: bool = strawberry.field(
        default=False, description="Whether a delivery address is needed (Lieferadresse Pflicht)."
    )
    folder: str | None = strawberry.field(default=None, description="Where staff keeps it (Ordner).")
    self_service_hint_id: strawberry.ID | None = strawberry.field(
        default=None, description="The text module that tells where a customer manages it (Hinweis im Self Service)."
    )
    self_service_hint: TextModuleInput | None = strawberry.field(
        default=None, description="The same, written here as a new LINK or HTML_TEXT."
    )

    def read(self) -> Draft:
        """The offer as the rules take it. Raises ValidationFailed."""
        return Draft(
            offer_type=self.offer_type,
            internal_title=self.internal_title,
            translations=tuple(one.read() for one in self.translations),
            products=tuple(one.read() for one in self.products),
            term_months=self.term_months,
            accounting_period_months=self.accounting_period_months,
            cancellation_period_days=self.cancellation_period_days,
            multiple_purchases=self.multiple_purchases,
            invoice_address_mandatory=self.invoice_address_mandatory,
            delivery_address_mandatory=self.delivery_address_mandatory,
            folder=self.folder,
            hint=hint_of(self.self_service_hint_id, self.self_service_hint),
        )

    def target(self) -> UUID | None:
        """The tenant that shall sell it."""
        return optional_key("ten", self.target_tenant_id)


@strawberry.input(description="A new offer that another tenant shall sell: as any offer, and its target.")
class CreateCrossClientOfferInput(CreateOfferInput):
    """R-XC-22: the same input."""


@strawberry.input(description="What changes of an offer; what is absent stays. Its type and target never change.")
class UpdateOfferInput(UpdateInput):
    """R-XC-37, R-XC-42, R-XC-48."""

    offer_id: strawberry.ID = strawberry.field(description="The offer.")
    internal_title: strawberry.Maybe[str] = strawberry.field(default=None, description="What staff calls it.")
    translations: strawberry.Maybe[list[OfferTranslationInput]] = strawberry.field(
        default=None, description="All languages; one that is not named goes."
    )
    products: strawberry.Maybe[list[OfferProductInput]] = strawberry.field(
        default=None, description="All products in order; one that is not named goes. A subscription's are fixed."
    )
    term_months: strawberry.Maybe[int | None] = strawberry.field(default=None, description="Laufzeit.")
    accounting_period_months: strawberry.Maybe[int | None] = strawberry.field(
        default=None, description="Abrechnungszeitraum."
    )
    cancellation_period_days: strawberry.Maybe[int | None] = strawberry.field(
        default=None, description="Kündigungsfrist."
    )
    multiple_purchases: strawberry.Maybe[bool] = strawberry.field(default=None, description="Mehrfachkauf.")
    invoice_address_mandatory: strawberry.Maybe[bool] = strawberry.field(
        default=None, description="Rechnungsadresse Pflicht."
    )
    delivery_address_mandatory: strawberry.Maybe[bool] = strawberry.field(
        default=None, description="Lieferadresse Pflicht."
    )
    folder: strawberry.Maybe[str | None] = strawberry.field(default=None, description="Where staff keeps it (Ordner).")
    self_service_hint_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        default=None, description="Another text module as hint; null takes it away (Hinweis im Self Service)."
    )
    self_service_hint: strawberry.Maybe[TextModuleInput] = strawberry.field(
        default=None, description="The hint, written here as a new LINK or HTML_TEXT."
    )


@strawberry.input(description="Which offer is copied.")
class CopyOfferInput(MutationInput):
    """R-XC-48."""

    offer_id: strawberry.ID = strawberry.field(description="The offer.")
    internal_title: str = strawberry.field(description="What staff calls the copy.")


@strawberry.input(description="Which offer is archived, and how.")
class ArchiveOfferInput(UpdateInput):
    """R-XC-60, R-XC-61."""

    offer_id: strawberry.ID = strawberry.field(description="The offer.")
    mode: ArchiveMode = strawberry.field(description="What it still does (Archivierungsart).")
    text_module_id: strawberry.ID | None = strawberry.field(
        default=None, description="With BLOCKED: what is shown instead (Textbaustein)."
    )
    successor_offer_id: strawberry.ID | None = strawberry.field(
        default=None, description="With SUCCESSOR: an active offer that the same tenant sells (Nachfolger)."
    )


@strawberry.input(description="Which archived offer becomes active again.")
class ReactivateOfferInput(UpdateInput):
    """R-XC-62."""

    offer_id: strawberry.ID = strawberry.field(description="The offer.")


def hint_of(chosen: strawberry.ID | None, written: TextModuleInput | None) -> UUID | TextModule | None:
    """The hint that was chosen or written. Raises ValidationFailed for both at once."""
    if chosen is not None and written is not None:
        message = "Choose a hint or write one, not both."
        raise ValidationFailed([Violation(RefusalCode.VALIDATION, message, ("selfServiceHint",))])
    return written.read() if written is not None else optional_key("txt", chosen)


def offer_key(id: str) -> UUID:
    """The uuid of an offer, also of an external one: whoever tries to change that is told that it is not the owner."""
    return key("xof" if id.startswith("xof_") else "off", id)


def optional_key(prefix: str, id: str | None) -> UUID | None:
    """The uuid in a global id that may be missing."""
    return None if id is None else key(prefix, id)
