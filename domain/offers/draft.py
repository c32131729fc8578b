"""An offer as somebody wants it, before the rules have looked at it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict
from uuid import UUID

from domain.offers.kinds import OfferType, ProductType, TaxType
from domain.texts import TextModule


@dataclass(frozen=True)
class Translation:
    """How the offer is called and described in one language."""

    language: str
    title: str
    legal_text: str
    title_addition: str | None = None
    description: str | None = None
    summary: str | None = None
    withdrawal_instruction: str | None = None
    preferred: bool = False


@dataclass(frozen=True)
class Price:
    """A price as somebody wrote it."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Product:
    """One thing in the offer; `id` None is a new one. Its position is its place in the list, from 1 on (R-XC-36).

    `price` is gross, of the whole quantity, and of one accounting period where there are periods.
    """

    product_type: ProductType
    tax_type: TaxType
    price: Price
    quantity: int = 1
    internal_title: str | None = None
    option: bool = False
    cost_center_id: UUID | None = None
    target_cost_center_id: UUID | None = None
    access_right: str | None = None
    ledger: str | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class Draft:
    """An offer as somebody wants it. `hint` is a text module of the owner, chosen by id or written here."""

    offer_type: OfferType
    internal_title: str
    translations: tuple[Translation, ...]
    products: tuple[Product, ...]
    term_months: int | None = None
    accounting_period_months: int | None = None
    cancellation_period_days: int | None = None
    multiple_purchases: bool = False
    invoice_address_mandatory: bool = False
    delivery_address_mandatory: bool = False
    folder: str | None = None
    hint: UUID | TextModule | None = None


class OfferChanges(TypedDict, total=False):
    """What changes of an offer; what is absent stays, lists are replaced as a whole."""

    internal_title: str
    translations: tuple[Translation, ...]
    products: tuple[Product, ...]
    term_months: int | None
    accounting_period_months: int | None
    cancellation_period_days: int | None
    multiple_purchases: bool
    invoice_address_mandatory: bool
    delivery_address_mandatory: bool
    folder: str | None
    hint: UUID | TextModule | None
