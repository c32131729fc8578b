"""The rules of every offer, whoever sells it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from domain.money import Money, money_of
from domain.offers.draft import Draft, Price, Product, Translation
from domain.offers.kinds import OfferType
from domain.refusals import NotFound, RefusalCode, ValidationFailed, Violation
from domain.texts import LONGEST_TEXT, LONGEST_TITLE, Path, TextModule, TextType, languages_at_odds, missing_or_long

SUBSCRIPTIONS = frozenset({OfferType.SUBSCRIPTION_TIME, OfferType.SUBSCRIPTION_ISSUE, OfferType.SUBSCRIPTION_CREDIT})
PERIODS = ("term_months", "accounting_period_months", "cancellation_period_days")
MANDATORY: Mapping[OfferType, tuple[str, ...]] = {
    **dict.fromkeys(SUBSCRIPTIONS, PERIODS),
    OfferType.TIME_PASS: ("term_months",),
}
"""The periods that a type needs; those it does not need it does not take (R-XC-21)."""

LONGEST_PERIOD = 1200
MOST_PRODUCTS = 50
MOST_QUANTITY = 100_000


def checked(draft: Draft) -> Draft:
    """The offer as it is kept: blanks trimmed, a single language preferred.

    These are the rules of every offer, whoever sells it (R-XC-21, R-XC-22, R-XC-35, R-XC-36).

    Raises:
        ValidationFailed: every value that cannot be taken.
    """
    violations = [
        *missing_or_long(draft.internal_title, LONGEST_TITLE, ("internalTitle",)),
        *missing_or_long(draft.folder, LONGEST_TITLE, ("folder",), required=False),
        *languages_at_odds(draft.translations, ("translations",)),
        *_faults_of_texts(draft.translations),
        *_faults_of_periods(draft),
        *_faults_of_products(draft.products),
    ]
    if isinstance(draft.hint, TextModule):
        violations += unfit_as_hint(draft.hint.type)
    if violations:
        raise ValidationFailed(violations)
    only = len(draft.translations) == 1
    translations = tuple(replace(one, preferred=only or one.preferred) for one in draft.translations)
    return replace(draft, internal_title=draft.internal_title.strip(), translations=translations)


def known_products(before: Collection[UUID], after: Sequence[Product]) -> None:
    """Any product that is named is the offer's; a new offer has none yet.

    Raises:
        NotFound: a product that the offer does not have.
    """
    named = [product.id for product in after if product.id is not None]
    for place, product in enumerate(after):
        if product.id is not None and (product.id not in before or named.count(product.id) > 1):
            raise NotFound("The offer has no such product.", path=("products", str(place), "id"))


def same_products(offer_type: str, before: Collection[UUID], after: Sequence[Product]) -> None:
    """The products of a subscription are fixed once it is saved (R-XC-37); any product named must be the offer's.

    Raises:
        ValidationFailed: products were added to or removed from a subscription.
        NotFound: a product that the offer does not have.
    """
    known_products(before, after)
    named = [product.id for product in after if product.id is not None]
    if offer_type in SUBSCRIPTIONS and (set(named) != set(before) or len(after) != len(named)):
        raise ValidationFailed([invalid("The products of a subscription are fixed once it is saved.", ("products",))])


def unfit_as_hint(type_: str) -> list[Violation]:
    """A hint leads to the other tenant's self service: a link, or a text with one (R-XC-28)."""
    if type_ == TextType.PLAIN_TEXT:
        return [invalid("A self-service hint is a LINK or an HTML_TEXT with a link.", ("selfServiceHint",))]
    return []


def money_of_products(products: Sequence[Product]) -> list[Money]:
    """The prices of checked products."""
    return [
        money_of(product.price.amount, product.price.currency, path=("products", str(place), "price"))
        for place, product in enumerate(products)
    ]


def _faults_of_texts(translations: Sequence[Translation]) -> list[Violation]:
    found: list[Violation] = []
    for place, one in enumerate(translations):
        at: Path = ("translations", str(place))
        found += missing_or_long(one.title, LONGEST_TITLE, (*at, "title"))
        found += missing_or_long(one.legal_text, LONGEST_TEXT, (*at, "legalText"))
        found += missing_or_long(one.title_addition, LONGEST_TITLE, (*at, "titleAddition"), required=False)
        for name, text in (
            ("description", one.description),
            ("summary", one.summary),
            ("withdrawalInstruction", one.withdrawal_instruction),
        ):
            found += missing_or_long(text, LONGEST_TEXT, (*at, name), required=False)
    return found


def _faults_of_periods(draft: Draft) -> list[Violation]:
    found = []
    needed = MANDATORY.get(draft.offer_type, ())
    for name in PERIODS:
        value, path = getattr(draft, name), (_camel(name),)
        if value is None:
            if name in needed:
                found.append(Violation(RefusalCode.REQUIRED, f"{draft.offer_type} needs {path[0]}.", path))
        elif name not in needed:
            found.append(invalid(f"{draft.offer_type} has no {path[0]}.", path))
        elif not (0 if name == "cancellation_period_days" else 1) <= value <= LONGEST_PERIOD:
            found.append(invalid(f"{path[0]} is between 1 and {LONGEST_PERIOD}.", path))
    term, accounting = draft.term_months, draft.accounting_period_months
    if not found and term and accounting and term % accounting:
        found.append(invalid("The term is made of whole accounting periods.", ("accountingPeriodMonths",)))
    return found


def _faults_of_products(products: Sequence[Product]) -> list[Violation]:
    if not 1 <= len(products) <= MOST_PRODUCTS:
        return [invalid(f"An offer has 1 to {MOST_PRODUCTS} products.", ("products",))]
    found: list[Violation] = []
    for place, product in enumerate(products):
        at: Path = ("products", str(place))
        found += _faults_of_price(product.price, (*at, "price"))
        if not 1 <= product.quantity <= MOST_QUANTITY:
            found.append(invalid(f"A quantity is between 1 and {MOST_QUANTITY}.", (*at, "quantity")))
        for name in ("internal_title", "access_right", "ledger"):
            text, path = getattr(product, name), (*at, _camel(name))
            found += missing_or_long(text, LONGEST_TITLE, path, required=False)
    if len({product.price.currency for product in products}) > 1:
        found.append(
            Violation(RefusalCode.CURRENCY_MISMATCH, "All products of an offer have one currency.", ("products",))
        )
    return found


def _faults_of_price(price: Price, path: Path) -> list[Violation]:
    try:
        money = money_of(price.amount, price.currency, path=path)
    except ValidationFailed as refused:
        return list(refused.violations)
    return [invalid("A price is not negative.", (*path, "amount"))] if money.minor < 0 else []


def invalid(message: str, path: Path) -> Violation:
    """A value that cannot be taken, for no more special reason."""
    return Violation(RefusalCode.VALIDATION, message, path)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))
