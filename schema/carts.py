"""Carts as staff sees them: what is put together, and whether it can be sold at this moment."""

from datetime import datetime
from typing import Any

import strawberry

from domain.carts import CartProblem as CartProblemCode
from domain.carts import NewCart, NewItem, Translation
from domain.names import sort_key
from domain.sales import CartState
from persistence import carts as stored
from reads import (
    CurrencyCode,
    EnumFilter,
    LanguageCode,
    TextFilter,
    by_key,
    column,
    computed,
    filter_column,
    filter_input,
    many,
    one,
    order_by,
    ordering,
    page,
    row_by,
    rows,
)
from resolvers import carts
from resolvers.carts import CartChanges
from schema import sales  # noqa: F401 - names the enumerations
from schema.base import Connection, MutationInput, Node, UpdateInput, given, key, mutation
from schema.offers.external import ExternalOffer
from schema.offers.types import Offer
from schema.texts import TextModule
from tenancy.operation import Call
from tenancy.permissions import Permission


@rows(stored.CartTranslation)
@strawberry.type(description="How a cart is called and described in one language.")
class CartTranslation:
    """R-SC-09."""

    language: LanguageCode = column("The language (Sprache).")
    title: str = column("The title that customers read (Titel).")
    legal_text: str = column("The legal text (Rechtstext).")
    description: str | None = column("The description (Beschreibung).")
    preferred: bool = column("Whether it is shown where the reader's language is missing (bevorzugt).")


@rows(stored.CartItem, prefix="cit", permission=Permission.CARTS_SEE)
@strawberry.type(description="One offer in a cart: an own one, or another tenant's that an own one leads (Position).")
class CartItem(Node):
    """R-SC-02, R-SC-10."""

    position: int = column("Its place, from 1 (Position).")
    option: bool = column("Whether the customer may leave it out (optional wählbar).")
    default_selected: bool = column("Whether an optional one is chosen beforehand (vorausgewählt).")
    offer: Offer | None = one("The own offer, if it is one (Angebot).", on={"id": "offer_id"})
    external_offer_id: strawberry.ID | None = column("The other tenant's offer, if it is one.", prefix="xof")
    external_offer: ExternalOffer | None = one(
        "The same, null while it is not open to this tenant (externes Angebot).",
        on={"id": "external_offer_id"},
        cross_tenant={"tenant_id": "source_tenant_id"},
    )
    source_tenant_id: strawberry.ID | None = column("Who owns the external offer (Quellmandant).", prefix="ten")
    leading_item_id: strawberry.ID | None = column(
        "The own item that leads an external one (führendes Angebot).", prefix="cit"
    )
    available: bool = computed("Whether the offer can be bought now (verfügbar).", stored.available)
    problem: CartProblemCode | None = computed("Why the item cannot be sold now, null: it can.", stored.problem)


@rows(stored.PROBLEMS, permission=Permission.CARTS_SEE)
@strawberry.type(description="Something that keeps an item or the whole cart from being sold now (Hindernis).")
class CartProblem:
    """E-A1."""

    code: CartProblemCode = column("What it is.")
    position: int = column("The item's position; 0 for the whole cart.")


@rows(stored.Cart, prefix="car", permission=Permission.CARTS_SEE)
@strawberry.type(description="What a tenant puts together to sell; a customer buys it in a checkout (Warenkorb).")
class Cart(Node):
    """R-SC-01 to R-SC-14."""

    internal_title: str = column("What staff calls it; customers never read it (interner Titel).")
    currency: CurrencyCode = column("The one currency of all its items (Währung).")
    state: CartState = column("In which list it stands (Reiter).")
    translations: list[CartTranslation] = many(
        "Its texts in each language.", on={"cart_id": "id"}, order_by=("language",), size=2
    )
    hint: TextModule | None = one("What stands under its description (Hinweis).", on={"id": "hint_text_module_id"})
    items: list[CartItem] = many("Its items by position.", on={"cart_id": "id"}, order_by=("position",), size=5)
    sellable: bool = computed(
        "Whether it can be sold now: nothing is wrong with the whole or with a mandatory item (verkäuflich).",
        stored.sellable,
    )
    problems: list[CartProblem] = many(
        "Everything that is wrong now, also with optional items (Hindernisse).",
        on={"cart_id": "id"},
        order_by=("position",),
        size=1,
    )
    version: int = column("Counts the changes (Fassung).")
    created_at: datetime = column("When it was made (angelegt am).")
    updated_at: datetime = column("When it was changed last (geändert am).")


@filter_input(description="Which carts.")
class CartFilter:
    """Conditions on carts."""

    state: EnumFilter[CartState] | None = filter_column("In which list it stands.")
    internal_title: TextFilter | None = filter_column("What staff calls it.", "title_key", normal=sort_key)


CartOrder = ordering("CartOrder", "How carts are ordered.", INTERNAL_TITLE=order_by("title_key", "By internal title."))


@strawberry.type
class CartQuery:
    """Reading carts."""

    cart: Cart | None = row_by("One cart (Warenkorb).", permission=Permission.CARTS_SEE)
    carts: Connection[Cart] | None = page(
        "The tenant's carts (Warenkörbe).",
        filter=CartFilter,
        order=CartOrder,
        default_order=("title_key",),
        permission=Permission.CARTS_SEE,
    )


@strawberry.input(description="A cart's texts in one language.")
class CartTranslationInput:
    """R-SC-09."""

    language: LanguageCode = strawberry.field(description="The language (Sprache).")
    title: str = strawberry.field(description="The title that customers read, at most 100 characters.")
    legal_text: str = strawberry.field(description="The legal text, at most 5000 characters.")
    description: str | None = strawberry.field(default=None, description="The description, at most 5000 characters.")
    preferred: bool = strawberry.field(
        default=False, description="Whether it is shown where the reader's language is missing; a single one is."
    )

    def read(self) -> Translation:
        """The texts as the rules see them."""
        return Translation(self.language, self.title, self.legal_text, self.description, self.preferred)


@strawberry.input(description="One offer of a new cart: an own one or an external one.")
class CartItemInput:
    """R-SC-02, R-SC-08."""

    offer_id: strawberry.ID | None = strawberry.field(default=None, description="An own offer.")
    external_offer_id: strawberry.ID | None = strawberry.field(default=None, description="Another tenant's offer.")
    option: bool = strawberry.field(default=False, description="Whether the customer may leave it out.")
    default_selected: bool | None = strawberry.field(
        default=None, description="Whether an optional one is chosen beforehand; when nothing is said, it is."
    )
    leading_item: int | None = strawberry.field(
        default=None, description="For an external offer: the position (from 1) of the own item that leads it."
    )

    def read(self) -> NewItem:
        """The item as the rules see it."""
        return new_item(
            self.offer_id, self.external_offer_id, self.leading_item, option=self.option, chosen=self.default_selected
        )


@strawberry.input(description="A new cart.")
class CreateCartInput(MutationInput):
    """R-SC-01."""

    internal_title: str = strawberry.field(description="What staff calls it, at most 100 characters.")
    currency: CurrencyCode = strawberry.field(description="The one currency of all its items.")
    translations: list[CartTranslationInput] = strawberry.field(description="Its texts, exactly one preferred.")
    items: list[CartItemInput] = strawberry.field(description="Its items in order, 1 to 50.")
    hint_id: strawberry.ID | None = strawberry.field(
        default=None, description="A text module that stands under its description (Hinweis)."
    )


@strawberry.input(description="One more offer for a cart.")
class AddCartItemInput(UpdateInput):
    """R-SC-02 to R-SC-05."""

    cart_id: strawberry.ID = strawberry.field(description="The cart.")
    offer_id: strawberry.ID | None = strawberry.field(default=None, description="An own offer.")
    external_offer_id: strawberry.ID | None = strawberry.field(default=None, description="Another tenant's offer.")
    option: bool = strawberry.field(default=False, description="Whether the customer may leave it out.")
    default_selected: bool | None = strawberry.field(
        default=None, description="Whether an optional one is chosen beforehand; when nothing is said, it is."
    )
    leading_item_id: strawberry.ID | None = strawberry.field(
        default=None, description="For an external offer: the own item that leads it."
    )


@strawberry.input(description="Which item goes.")
class RemoveCartItemInput(UpdateInput):
    """E-A16."""

    cart_id: strawberry.ID = strawberry.field(description="The cart.")
    item_id: strawberry.ID = strawberry.field(description="The item.")


@strawberry.input(description="What changes of a cart; what is absent stays.")
class UpdateCartInput(UpdateInput):
    """R-SC-09."""

    cart_id: strawberry.ID = strawberry.field(description="The cart.")
    internal_title: strawberry.Maybe[str] = strawberry.field(default=None, description="What staff calls it.")
    translations: strawberry.Maybe[list[CartTranslationInput]] = strawberry.field(
        default=None, description="All languages; one that is not named goes."
    )
    hint_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        default=None, description="Another text module under its description; null takes it away (Hinweis)."
    )


@strawberry.input(description="Which cart is archived.")
class ArchiveCartInput(UpdateInput):
    """R-SC-14."""

    cart_id: strawberry.ID = strawberry.field(description="The cart.")


@rows(None)
@strawberry.type(description="The new cart.")
class CreateCartPayload:
    """What was created."""

    cart: Cart = by_key("The cart.")


@rows(None)
@strawberry.type(description="The cart with its new item.")
class AddCartItemPayload:
    """What was added."""

    cart: Cart = by_key("The cart.", "cart_id")
    item: CartItem = by_key("The new item.", "item_id")


@rows(None)
@strawberry.type(description="The cart without the item.")
class RemoveCartItemPayload:
    """What is left."""

    cart: Cart = by_key("The cart.")


@rows(None)
@strawberry.type(description="The changed cart.")
class UpdateCartPayload:
    """What was changed."""

    cart: Cart = by_key("The cart.")


@rows(None)
@strawberry.type(description="The archived cart.")
class ArchiveCartPayload:
    """What was archived."""

    cart: Cart = by_key("The cart.")


@strawberry.type
class CartMutation:
    """Changing carts."""

    @mutation(carts.create_cart, payload=CreateCartPayload)
    def create_cart(self, input: CreateCartInput) -> Call[Any]:
        """Put a cart together of own offers and of those shared with this tenant (Warenkorb anlegen)."""
        translations = tuple(each.read() for each in input.translations)
        items = tuple(each.read() for each in input.items)
        hint = None if input.hint_id is None else key("txt", input.hint_id)
        return carts.create_cart(NewCart(input.internal_title, input.currency, translations, items, hint))

    @mutation(carts.add_item, payload=AddCartItemPayload)
    def add_cart_item(self, input: AddCartItemInput) -> Call[Any]:
        """Put one more offer, own or shared by another tenant, at the end of a cart (Angebot aufnehmen)."""
        item = new_item(
            input.offer_id, input.external_offer_id, None, option=input.option, chosen=input.default_selected
        )
        leading = None if input.leading_item_id is None else key("cit", input.leading_item_id)
        return carts.add_item(key("car", input.cart_id), item, leading, input.expected_version)

    @mutation(carts.remove_item, payload=RemoveCartItemPayload)
    def remove_cart_item(self, input: RemoveCartItemInput) -> Call[Any]:
        """Take an item out of a cart; one that leads an external item stays (Angebot entfernen)."""
        return carts.remove_item(key("car", input.cart_id), key("cit", input.item_id), input.expected_version)

    @mutation(carts.update_cart, payload=UpdateCartPayload)
    def update_cart(self, input: UpdateCartInput) -> Call[Any]:
        """Change how a cart is called and described (Warenkorb ändern)."""
        changes = CartChanges(**given(input, "internal_title"))  # type: ignore[typeddict-item]  # what was sent
        if input.translations is not None:
            changes["translations"] = [each.read() for each in input.translations.value]
        if input.hint_id is not None:
            changes["hint_text_module_id"] = None if input.hint_id.value is None else key("txt", input.hint_id.value)
        return carts.update_cart(key("car", input.cart_id), changes, input.expected_version)

    @mutation(carts.archive_cart, payload=ArchiveCartPayload)
    def archive_cart(self, input: ArchiveCartInput) -> Call[Any]:
        """Let a cart be used for no new checkout (Warenkorb archivieren)."""
        return carts.archive_cart(key("car", input.cart_id), input.expected_version)


def new_item(
    offer_id: str | None, external_offer_id: str | None, leading: int | None, *, option: bool, chosen: bool | None
) -> NewItem:
    """An item as the rules see it."""
    own = None if offer_id is None else key("off", offer_id)
    external = None if external_offer_id is None else key("xof", external_offer_id)
    return NewItem(own, external, option, chosen, leading)
