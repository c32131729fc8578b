"""What may stand in a cart, and whether the cart can be sold (A-2, R-SC-01 to R-SC-14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.refusals import Refusal, RefusalCode, ValidationFailed, Violation
from domain.sales import CartState
from domain.texts import languages_at_odds, missing_or_long

MOST_ITEMS = 50
LONGEST_TITLE = 100
LONGEST_TEXT = 5000


class LeadingItemRequired(Refusal):
    """An external offer is sold with an own one that leads it (R-SC-02)."""

    code = RefusalCode.LEADING_ITEM_REQUIRED


class CurrencyMismatch(Refusal):
    """All items of a cart have one currency (R-SC-13)."""

    code = RefusalCode.CURRENCY_MISMATCH


class CartNotSellable(Refusal):
    """The cart cannot be sold as it is (E-A1, R-SC-14)."""

    code = RefusalCode.CART_NOT_SELLABLE


class ItemLeads(Refusal):
    """An external item points to this one, so it stays (E-A16)."""

    code = RefusalCode.IN_USE


class CartProblem(StrEnum):
    """Why an item, or the cart, cannot be sold."""

    EXTERNAL_OFFER_NOT_AVAILABLE = "EXTERNAL_OFFER_NOT_AVAILABLE"
    OFFER_NOT_ON_SALE = "OFFER_NOT_ON_SALE"
    LEADING_ITEM_NOT_AVAILABLE = "LEADING_ITEM_NOT_AVAILABLE"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    CART_ARCHIVED = "CART_ARCHIVED"
    NO_MANDATORY_ITEM = "NO_MANDATORY_ITEM"


@dataclass(frozen=True)
class Translation:
    """How a cart is called and described in one language."""

    language: str
    title: str
    legal_text: str
    description: str | None = None
    preferred: bool = False


@dataclass(frozen=True)
class NewItem:
    """One offer for a cart: an own one or an external one.

    `leading` is the position (from 1) of the own item that leads an external one. `default_selected` None
    means: as `option` (R-SC-08).
    """

    offer_id: UUID | None = None
    external_offer_id: UUID | None = None
    option: bool = False
    default_selected: bool | None = None
    leading: int | None = None

    @property
    def external(self) -> bool:
        """Whether another tenant's offer is meant."""
        return self.external_offer_id is not None

    @property
    def selected(self) -> bool:
        """Whether an optional item is chosen beforehand (R-SC-08)."""
        return self.option if self.default_selected is None else self.default_selected


@dataclass(frozen=True)
class NewCart:
    """A cart as it is created."""

    internal_title: str
    currency: str
    translations: tuple[Translation, ...]
    items: tuple[NewItem, ...]
    hint_text_module_id: UUID | None = None


class Item(Protocol):
    """What the rules must know of an item that stands in a cart."""

    @property
    def position(self) -> int:
        """Its place, from 1."""

    @property
    def external(self) -> bool:
        """Whether it is another tenant's offer."""

    @property
    def option(self) -> bool:
        """Whether the customer may leave it out."""

    @property
    def leading_position(self) -> int | None:
        """The place of the item that leads it."""

    @property
    def available(self) -> bool:
        """Whether the offer can be bought at this moment."""

    @property
    def currency(self) -> str | None:
        """The currency of the offer, null when it cannot be read."""


@dataclass(frozen=True)
class Problem:
    """Why something cannot be sold; `position` is the item's, None for the whole cart."""

    code: CartProblem
    position: int | None


def check(cart: NewCart) -> None:
    """Let a cart pass whose texts and items are complete.

    Raises:
        ValidationFailed: texts or items are missing or too long (R-SC-06, R-SC-07, R-SC-09).
        LeadingItemRequired: an external item has no own item that leads it (R-SC-02).
    """
    faults = [
        *missing_or_long(cart.internal_title, LONGEST_TITLE, ("internalTitle",)),
        *languages_at_odds(cart.translations, ("translations",)),
        *_faults_of_texts(cart.translations),
        *_faults_of_items(cart.items),
    ]
    if faults:
        raise ValidationFailed(faults)
    for place, item in enumerate(cart.items, start=1):
        check_led(cart.items, item, place)


def check_led(items: Sequence[NewItem], item: NewItem, place: int) -> None:
    """Let pass an own item, and an external one that an own item of the cart leads. Raises LeadingItemRequired."""
    path = ("items", str(place - 1), "leadingItem")
    if not item.external:
        return
    if item.leading is None:
        raise LeadingItemRequired(
            f"Item {place} is another tenant's offer; name the own item that leads it.", path=path
        )
    if not 1 <= item.leading <= len(items) or items[item.leading - 1].external:
        raise LeadingItemRequired(f"Item {place} must be led by an own item of this cart.", path=path)


def led_by(leading: UUID | None, items: Mapping[UUID, bool]) -> None:
    """Let pass an own item of the cart as the leading one; `items` tells of each whether it is external.

    Raises:
        LeadingItemRequired: none is named, it is not in the cart, or it is external itself (R-SC-02).
    """
    if leading is None or items.get(leading, True):
        raise LeadingItemRequired(
            "Another tenant's offer needs an own item of this cart that leads it.", path=("leadingItemId",)
        )


def check_addition(item: NewItem, items: int) -> None:
    """Let one more item into a cart that has so many. Raises ValidationFailed (R-SC-07, R-SC-08)."""
    faults = _faults_of_item(item, ())
    if items >= MOST_ITEMS:
        faults.append(_invalid(f"A cart has {MOST_ITEMS} items at most.", ("cartId",)))
    if faults:
        raise ValidationFailed(faults)


def check_title(internal_title: str) -> None:
    """Let a title for staff pass. Raises ValidationFailed."""
    faults = missing_or_long(internal_title, LONGEST_TITLE, ("internalTitle",))
    if faults:
        raise ValidationFailed(faults)


def check_translations(translations: Sequence[Translation]) -> None:
    """Let the texts of a cart pass. Raises ValidationFailed (R-SC-09)."""
    faults = [*languages_at_odds(translations, ("translations",)), *_faults_of_texts(translations)]
    if faults:
        raise ValidationFailed(faults)


def same_currency(cart_currency: str, currency: str, place: int) -> None:
    """Let pass an offer in the cart's currency. Raises CurrencyMismatch (R-SC-13)."""
    if currency != cart_currency:
        raise CurrencyMismatch(
            f"Item {place} costs {currency}, the cart sells in {cart_currency}; all items need one currency.",
            path=("items", str(place - 1)),
        )


def removable(position: int, items: Sequence[Item]) -> None:
    """Let an item go that leads nothing and leaves a cart that can be.

    Raises:
        ItemLeads: an external item points to it (E-A16).
        ValidationFailed: no mandatory item would be left (R-SC-06).
    """
    if any(item.leading_position == position for item in items):
        raise ItemLeads("An external item is led by this one; remove that first.", path=("itemId",))
    if not any(not item.option for item in items if item.position != position):
        raise ValidationFailed([_invalid("A cart keeps at least one mandatory item.", ("itemId",))])


def problems(state: str, currency: str, items: Sequence[Item]) -> list[Problem]:
    """Everything that keeps the cart, or an item of it, from being sold at this moment."""
    found = [Problem(CartProblem.CART_ARCHIVED, None)] if state == CartState.ARCHIVED else []
    available = {item.position: item.available for item in items}
    for item in items:
        if not item.available:
            code = CartProblem.EXTERNAL_OFFER_NOT_AVAILABLE if item.external else CartProblem.OFFER_NOT_ON_SALE
            found.append(Problem(code, item.position))
        elif item.currency != currency:
            found.append(Problem(CartProblem.CURRENCY_MISMATCH, item.position))
        elif item.leading_position is not None and not available.get(item.leading_position, False):
            found.append(Problem(CartProblem.LEADING_ITEM_NOT_AVAILABLE, item.position))
    if not any(not item.option for item in items):
        found.append(Problem(CartProblem.NO_MANDATORY_ITEM, None))
    return found


def sellable(items: Sequence[Item], found: Sequence[Problem]) -> bool:
    """Whether the cart can be sold: nothing is wrong with the whole or with a mandatory item (E-A1)."""
    mandatory = {item.position for item in items if not item.option}
    return not any(problem.position is None or problem.position in mandatory for problem in found)


def _faults_of_texts(translations: Sequence[Translation]) -> list[Violation]:
    found: list[Violation] = []
    for place, each in enumerate(translations):
        path = ("translations", str(place))
        found += missing_or_long(each.title, LONGEST_TITLE, (*path, "title"))
        found += missing_or_long(each.legal_text, LONGEST_TEXT, (*path, "legalText"))
        found += missing_or_long(each.description, LONGEST_TEXT, (*path, "description"), required=False)
    return found


def _faults_of_items(items: Sequence[NewItem]) -> list[Violation]:
    found: list[Violation] = []
    if not 1 <= len(items) <= MOST_ITEMS:
        found.append(_invalid(f"A cart has 1 to {MOST_ITEMS} items.", ("items",)))
    elif all(item.option for item in items):
        found.append(_invalid("At least one item must be mandatory.", ("items",)))
    for place, item in enumerate(items):
        found += _faults_of_item(item, ("items", str(place)))
    return found


def _faults_of_item(item: NewItem, path: tuple[str, ...]) -> list[Violation]:
    found: list[Violation] = []
    if (item.offer_id is None) == (item.external_offer_id is None):
        message = "An item is an own offer or an external one, exactly one of the two."
        found.append(_invalid(message, (*path, "offerId")))
    if item.default_selected and not item.option:
        found.append(_invalid("Only an optional item can be chosen beforehand.", (*path, "defaultSelected")))
    return found


def _invalid(message: str, path: tuple[str, ...]) -> Violation:
    return Violation(RefusalCode.VALIDATION, message, path)
