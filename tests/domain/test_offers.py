"""Offers: what every offer needs, what a shared one needs besides, and how one is archived."""

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from domain.connections import ConnectionStatus, NoActiveConnection
from domain.offers import (
    ArchiveMode,
    Archiving,
    CostCenterInactive,
    CostCenterRequired,
    CostCenterWrongTenant,
    Draft,
    OfferType,
    OfferTypeNotShareable,
    Price,
    Product,
    ProductType,
    TargetTenantRequired,
    TaxType,
    Translation,
    archived,
    checked,
    chosen_of_own,
    chosen_of_target,
    connected,
    of_one_tenant,
    reactivated,
    same_products,
    shareable,
)
from domain.refusals import InvalidStatusTransition, NotFound, RefusalCode, ValidationFailed
from domain.texts import TextModule, TextType
from domain.texts import Translation as Text

DE = Translation("de", "Morgenpost digital", "Es gelten die AGB.", preferred=True)


def product(amount: str = "9.90", currency: str = "EUR", **more: object) -> Product:
    return replace(Product(ProductType.DIGITAL, TaxType.REDUCED, Price(Decimal(amount), currency)), **more)


def draft(**more: object) -> Draft:
    plain = Draft(OfferType.SUBSCRIPTION_TIME, "Morgenpost digital 12M", (DE,), (product(),), 12, 1, 30)
    return replace(plain, **more)


def paths(refused: pytest.ExceptionInfo[ValidationFailed]) -> list[str]:
    return [".".join(one.path) for one in refused.value.violations]


BAD_DRAFTS: dict[str, tuple[Draft, list[str]]] = {
    "no title": (draft(internal_title=" "), ["internalTitle"]),
    "long title": (draft(internal_title="x" * 101), ["internalTitle"]),
    "no language": (draft(translations=()), ["translations"]),
    "no legal text": (draft(translations=(replace(DE, legal_text=""),)), ["translations.0.legalText"]),
    "no public title": (draft(translations=(replace(DE, title=""),)), ["translations.0.title"]),
    "two preferred": (draft(translations=(DE, replace(DE, language="en"))), ["translations"]),
    "one language twice": (
        draft(translations=(DE, replace(DE, preferred=False))),
        ["translations.1.language"],
    ),
    "no product": (draft(products=()), ["products"]),
    "51 products": (draft(products=(product(),) * 51), ["products"]),
    "no quantity": (draft(products=(product(quantity=0),)), ["products.0.quantity"]),
    "too many": (draft(products=(product(quantity=100_001),)), ["products.0.quantity"]),
    "negative price": (draft(products=(product("-1"),)), ["products.0.price.amount"]),
    "half a cent": (draft(products=(product("1.005"),)), ["products.0.price.amount"]),
    "currency mix": (draft(products=(product(), product("9", "CHF"))), ["products"]),
    "no term": (draft(term_months=None), ["termMonths"]),
    "no periods": (
        draft(accounting_period_months=None, cancellation_period_days=None),
        ["accountingPeriodMonths", "cancellationPeriodDays"],
    ),
    "broken periods": (draft(accounting_period_months=5), ["accountingPeriodMonths"]),
    "a term without a subscription": (
        draft(offer_type=OfferType.SINGLE_PRODUCT, accounting_period_months=None, cancellation_period_days=None),
        ["termMonths"],
    ),
    "a plain text as hint": (
        draft(hint=TextModule("Hinweis", TextType.PLAIN_TEXT, (Text("de", "x"),))),
        ["selfServiceHint"],
    ),
}


@pytest.mark.rule("R-XC-35")
@pytest.mark.parametrize("name", BAD_DRAFTS)
def test_an_offer_that_lacks_something_is_refused_where_it_lacks_it(name: str) -> None:
    bad, where = BAD_DRAFTS[name]
    with pytest.raises(ValidationFailed) as refused:
        checked(bad)
    assert paths(refused) == where


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ValidationFailed) as refused:
        checked(draft(internal_title="", term_months=0, products=(product(quantity=0), product("-1"))))
    assert paths(refused) == ["internalTitle", "termMonths", "products.0.quantity", "products.1.price.amount"]


@pytest.mark.rule("R-XC-21")
@pytest.mark.parametrize(
    ("kind", "periods"),
    [
        (OfferType.SUBSCRIPTION_TIME, (12, 1, 0)),
        (OfferType.TIME_PASS, (1, None, None)),
        (OfferType.SINGLE_PRODUCT, (None, None, None)),
        (OfferType.VOUCHER, (None, None, None)),
    ],
)
def test_the_mandatory_fields_are_those_of_the_type(kind: OfferType, periods: tuple[int | None, ...]) -> None:
    term, accounting, cancellation = periods
    checked(
        draft(
            offer_type=kind,
            term_months=term,
            accounting_period_months=accounting,
            cancellation_period_days=cancellation,
        )
    )


def test_a_single_language_is_the_preferred_one() -> None:
    kept = checked(draft(internal_title="  Post ", translations=(replace(DE, preferred=False),)))
    assert kept.internal_title == "Post"
    assert kept.translations[0].preferred


@pytest.mark.rule("R-XC-24", "R-XC-32")
def test_a_standard_offer_names_no_target_and_no_cost_center_of_one() -> None:
    of_one_tenant(draft(), None)
    with pytest.raises(ValidationFailed) as refused:
        of_one_tenant(draft(products=(product(), product(target_cost_center_id=uuid4()))), uuid4())
    assert refused.value.code is RefusalCode.VALIDATION
    assert paths(refused) == ["targetTenantId", "products.1.targetCostCenterId"]


@pytest.mark.rule("R-XC-23")
def test_an_offer_to_share_needs_a_target() -> None:
    with pytest.raises(TargetTenantRequired) as refused:
        shareable(draft(), None)
    assert refused.value.code is RefusalCode.TARGET_TENANT_REQUIRED


@pytest.mark.rule("R-XC-34")
@pytest.mark.parametrize("kind", OfferType)
def test_vouchers_and_bonuses_are_not_shared(kind: OfferType) -> None:
    target, wanted = uuid4(), draft(offer_type=kind, products=(product(target_cost_center_id=uuid4()),))
    if kind in (OfferType.VOUCHER, OfferType.BONUS):
        with pytest.raises(OfferTypeNotShareable):
            shareable(wanted, target)
    else:
        assert shareable(wanted, target) == target


@pytest.mark.rule("R-XC-29")
def test_a_missing_cost_center_names_the_position_of_its_product() -> None:
    wanted = draft(products=(product(target_cost_center_id=uuid4()), product()))
    with pytest.raises(CostCenterRequired, match="Product 2") as refused:
        shareable(wanted, uuid4())
    assert refused.value.path == ("products", "1", "targetCostCenterId")
    assert refused.value.position == 2


@dataclass(frozen=True)
class Pair:
    status: ConnectionStatus


@pytest.mark.rule("R-XC-01", "R-XC-25")
@pytest.mark.parametrize("at", [*ConnectionStatus, None])
def test_only_an_active_connection_carries_a_new_offer(at: ConnectionStatus | None) -> None:
    pair = Pair(at) if at else None
    if at is ConnectionStatus.ACTIVE:
        assert connected(pair) is pair
    else:
        with pytest.raises(NoActiveConnection):
            connected(pair)


@dataclass(frozen=True)
class Center:
    active: bool = True


THEIRS, OURS, CLOSED, PRODUCT = uuid4(), uuid4(), uuid4(), uuid4()
SHOWN = {THEIRS: Center(), CLOSED: Center(active=False)}


def choose(
    chosen: UUID,
    *,
    id: UUID | None = None,
    kept: UUID | None = None,
    status: ConnectionStatus = ConnectionStatus.ACTIVE,
) -> None:
    chosen_of_target(
        [product(target_cost_center_id=chosen, id=id)],
        SHOWN,
        {OURS},
        kept={id: kept} if id else {},
        status=status,
    )


@pytest.mark.rule("R-XC-30")
def test_a_cost_center_of_the_source_is_of_the_wrong_tenant() -> None:
    choose(THEIRS)
    with pytest.raises(CostCenterWrongTenant, match="Product 1") as refused:
        choose(OURS)
    assert refused.value.code is RefusalCode.COST_CENTER_WRONG_TENANT


def test_a_cost_center_that_nobody_shows_does_not_exist() -> None:
    with pytest.raises(NotFound, match="Product 1"):
        choose(uuid4())


@pytest.mark.rule("R-CC-03", "E-A6")
def test_a_deactivated_cost_center_must_be_replaced_at_the_next_save() -> None:
    for existing in (None, PRODUCT):
        with pytest.raises(CostCenterInactive):
            choose(CLOSED, id=existing, kept=CLOSED)


@pytest.mark.rule("E-A4")
def test_while_a_connection_is_blocked_what_a_product_carries_stays_and_nothing_new_is_chosen() -> None:
    choose(CLOSED, id=PRODUCT, kept=CLOSED, status=ConnectionStatus.BLOCKED)
    with pytest.raises(NoActiveConnection):
        choose(THEIRS, id=PRODUCT, kept=CLOSED, status=ConnectionStatus.BLOCKED)
    with pytest.raises(NoActiveConnection):
        choose(THEIRS, status=ConnectionStatus.BLOCKED)


@pytest.mark.rule("R-XC-31", "R-CC-03")
def test_an_own_cost_center_is_not_needed_and_a_deactivated_one_stays_but_is_not_chosen_newly() -> None:
    own = {OURS: Center(active=False), THEIRS: Center()}
    chosen_of_own([product(), product(cost_center_id=THEIRS)], own, {})
    chosen_of_own([product(cost_center_id=OURS, id=PRODUCT)], own, {PRODUCT: OURS})
    with pytest.raises(CostCenterInactive):
        chosen_of_own([product(cost_center_id=OURS)], own, {})
    with pytest.raises(NotFound):
        chosen_of_own([product(cost_center_id=uuid4())], own, {})


@pytest.mark.rule("R-XC-37")
def test_the_products_of_a_subscription_are_fixed_but_may_change_places() -> None:
    one, two = uuid4(), uuid4()
    kept = [product(id=two), product(id=one)]
    same_products(OfferType.SUBSCRIPTION_TIME, [one, two], kept)
    for after in ([product(id=one)], [*kept, product()]):
        with pytest.raises(ValidationFailed, match="fixed"):
            same_products(OfferType.SUBSCRIPTION_TIME, [one, two], after)
        same_products(OfferType.SINGLE_PRODUCT, [one, two], after)


def test_a_product_of_another_offer_or_named_twice_is_not_this_offers() -> None:
    one = uuid4()
    for after in ([product(id=uuid4())], [product(id=one), product(id=one)]):
        with pytest.raises(NotFound):
            same_products(OfferType.SINGLE_PRODUCT, [one], after)


@dataclass(frozen=True)
class Stored:
    id: UUID
    state: str = "ACTIVE"
    target_tenant_id: UUID | None = None


@pytest.mark.rule("R-XC-60")
def test_only_an_offer_archived_as_still_sold_is_sold_on() -> None:
    assert archived(Stored(uuid4()), Archiving(ArchiveMode.STILL_SOLD), None)
    assert not archived(Stored(uuid4()), Archiving(ArchiveMode.BLOCKED, text_module_id=uuid4()), None)


@pytest.mark.rule("R-XC-61")
def test_a_successor_is_another_active_offer_that_the_same_tenant_sells() -> None:
    target = uuid4()
    offer, fit = Stored(uuid4(), target_tenant_id=target), Stored(uuid4(), target_tenant_id=target)
    how = Archiving(ArchiveMode.SUCCESSOR, successor_offer_id=fit.id)
    assert not archived(offer, how, fit)
    for unfit in (None, offer, replace(fit, state="ARCHIVED"), replace(fit, target_tenant_id=None)):
        with pytest.raises(ValidationFailed):
            archived(offer, how, unfit)
    with pytest.raises(ValidationFailed, match="Only the mode SUCCESSOR"):
        archived(offer, Archiving(ArchiveMode.BLOCKED, successor_offer_id=fit.id), fit)


@pytest.mark.rule("R-XC-62")
def test_archiving_twice_or_reactivating_what_is_active_leads_nowhere() -> None:
    reactivated(Stored(uuid4(), "ARCHIVED"))
    with pytest.raises(InvalidStatusTransition):
        archived(Stored(uuid4(), "ARCHIVED"), Archiving(ArchiveMode.BLOCKED), None)
    with pytest.raises(InvalidStatusTransition):
        reactivated(Stored(uuid4()))
