"""Offers between real tenants: made, changed and archived by their owner, read by their target, unseen by others."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.connections import EventKind, NoActiveConnection
from domain.cost_centers import CostCenter as NewCostCenter
from domain.offers import (
    ArchiveMode,
    Archiving,
    CostCenterInactive,
    CostCenterRequired,
    CostCenterWrongTenant,
    CrossClientNotSellableByOwner,
    Draft,
    ExternalOfferNotAvailable,
    OfferNotOnSale,
    OfferType,
    OfferTypeNotShareable,
    TargetTenantRequired,
    Translation,
)
from domain.refusals import InvalidStatusTransition, NotFound, NotOwner, Refusal, ValidationFailed, VersionConflict
from domain.texts import TextModule as NewText
from domain.texts import TextType
from domain.texts import Translation as Text
from persistence import offers as kept
from persistence.cost_centers import CostCenter
from persistence.offers import (
    ForSale,
    Offer,
    OfferHint,
    OfferInternal,
    OfferProduct,
    OfferProductInternal,
    OfferTranslation,
)
from persistence.texts import TextModule
from resolvers import connections, cost_centers, offers, texts
from tests.domain.test_offers import BAD_DRAFTS
from tests.people import Home, House
from tests.selling import Partners, connected, draft, invited, product, rows, told, with_cost_center

HINT = NewText(
    "Hinweis Beta",
    TextType.HTML_TEXT,
    (Text("de", 'Verwalten Sie das <a href="https://beta.test/konto">hier</a>.<script>x()</script>'),),
)


async def partners_of(house: House, *, access: bool = True) -> Partners:
    return await connected(await house.found("Alpha Verlag"), await house.found("Beta Medien"), access=access)


async def offer_of(home: Home, offer_id: UUID) -> Offer:
    [offer] = await rows(home, Offer, Offer.id == offer_id)
    assert isinstance(offer, Offer)
    return offer


async def for_sale(home: Home, offer_id: UUID, *, external: bool) -> ForSale:
    async with home.house.database.transaction(home.admin.context()) as session:
        return await kept.sellable(session, home.id, offer_id, external=external)


async def refusal(home: Home, call: Any) -> Refusal:
    """The refusal that the call ends in; nothing was changed."""
    with pytest.raises(Refusal) as refused:
        await home.house.run(home.admin, call)
    return refused.value


@pytest.mark.rule("R-XC-20", "R-XC-33", "R-XC-41")
async def test_a_cross_client_offer_is_the_sources_and_the_target_reads_the_same_row(house: House) -> None:
    partners = await partners_of(house)
    offer_id = await partners.offer()
    own, shared = await offer_of(partners.source, offer_id), await offer_of(partners.target, offer_id)
    assert own.tenant_id == shared.tenant_id == partners.source.id
    assert own.target_tenant_id == partners.target.id
    assert own.state == "ACTIVE"
    [product_row] = await rows(partners.target, OfferProduct)
    assert product_row.target_cost_center_id == partners.cost_center_id
    assert product_row.target_cost_center_short_description == "Fremdtitel"
    assert await rows(partners.target, OfferInternal) == []
    assert await rows(partners.target, OfferProductInternal) == []
    assert (await told(partners.target))[-1] == EventKind.OFFER_CREATED


@pytest.mark.rule("R-XC-41", "R-XC-42")
async def test_a_change_by_the_source_is_what_the_target_reads_next(house: House) -> None:
    partners = await partners_of(house)
    offer_id = await partners.offer()
    [before] = await rows(partners.source, OfferProduct)
    changed = replace(product("12.50"), id=before.id, target_cost_center_id=partners.cost_center_id)
    english = Translation("en", "Morning post", "Terms apply.")
    german = Translation("de", "Morgenpost neu", "Es gelten die AGB.", preferred=True)
    version = (await offer_of(partners.source, offer_id)).version
    await house.run(
        partners.source.admin,
        offers.update_offer(offer_id, {"products": (changed,), "translations": (german, english)}, version),
    )
    assert (await offer_of(partners.target, offer_id)).version == version + 1
    assert [row.price_minor for row in await rows(partners.target, OfferProduct)] == [1250]
    said = await rows(partners.target, OfferTranslation)
    assert {(row.language, row.title) for row in said} == {("de", "Morgenpost neu"), ("en", "Morning post")}


@pytest.mark.rule("R-XC-01")
async def test_without_an_active_connection_there_is_no_cross_client_offer(house: House) -> None:
    alpha, beta = await house.found("Alpha Verlag"), await house.found("Beta Medien")
    wanted = with_cost_center(draft(), uuid4())
    create = offers.create_cross_client_offer
    assert isinstance(await refusal(alpha, create(wanted, beta.id)), NoActiveConnection)
    connection_id = await invited(alpha, beta)
    assert isinstance(await refusal(alpha, create(wanted, beta.id)), NoActiveConnection)
    await house.run(beta.admin, connections.decline_connection(connection_id, 1))
    assert isinstance(await refusal(alpha, create(wanted, beta.id)), NoActiveConnection)
    partners = await connected(alpha, beta)
    await partners.offer()
    for blocker in (alpha, beta):
        await partners.block(blocker)
        wanted = with_cost_center(draft(), partners.cost_center_id)
        assert isinstance(await refusal(alpha, create(wanted, beta.id)), NoActiveConnection)
        await partners.unblock(blocker)
    assert len(await rows(alpha, Offer)) == 1


@pytest.mark.rule("R-XC-25")
async def test_the_target_must_be_linked_as_target_of_the_acting_tenant(house: House) -> None:
    partners = await partners_of(house)
    wanted = with_cost_center(draft(), partners.cost_center_id)
    gamma = await house.found("Gamma Buch", company_id=partners.source.company_id)
    back = offers.create_cross_client_offer(wanted, partners.source.id)
    for home, call in (
        (partners.source, offers.create_cross_client_offer(wanted, gamma.id)),
        (partners.target, back),
        (partners.source, offers.create_cross_client_offer(wanted, partners.source.id)),
        (partners.source, offers.create_cross_client_offer(wanted, uuid4())),
    ):
        assert isinstance(await refusal(home, call), NoActiveConnection)


@pytest.mark.rule("R-XC-21", "R-XC-22")
async def test_the_same_bad_input_gets_the_same_refusal_with_and_without_a_target(house: House) -> None:
    partners = await partners_of(house)
    for bad, where in BAD_DRAFTS.values():
        standard = await refusal(partners.source, offers.create_offer(bad))
        shared = await refusal(partners.source, offers.create_cross_client_offer(bad, partners.target.id))
        assert isinstance(standard, ValidationFailed)
        assert isinstance(shared, ValidationFailed)
        assert standard.violations == shared.violations
        assert [".".join(one.path) for one in standard.violations] == where
    assert await rows(partners.source, Offer) == []


@pytest.mark.rule("R-XC-22", "R-XC-23")
async def test_the_target_and_its_cost_centers_are_all_that_a_cross_client_offer_needs_besides(house: House) -> None:
    partners = await partners_of(house)
    plain = draft()
    await house.run(partners.source.admin, offers.create_offer(plain))
    with_center = with_cost_center(plain, partners.cost_center_id)
    create = offers.create_cross_client_offer
    assert isinstance(await refusal(partners.source, create(with_center, None)), TargetTenantRequired)
    await house.run(partners.source.admin, create(with_center, partners.target.id))


@pytest.mark.rule("R-XC-24", "R-XC-32")
async def test_a_standard_offer_takes_no_target(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    assert isinstance(await refusal(alpha, offers.create_offer(draft(), uuid4())), ValidationFailed)
    wanted = with_cost_center(draft(), uuid4())
    assert isinstance(await refusal(alpha, offers.create_offer(wanted)), ValidationFailed)


@pytest.mark.rule("R-XC-34")
async def test_vouchers_and_bonuses_are_sold_by_their_owner_only(house: House) -> None:
    partners = await partners_of(house)
    for kind in (OfferType.VOUCHER, OfferType.BONUS):
        wanted = with_cost_center(Draft(kind, "Gutschein", draft().translations, (product(),)), partners.cost_center_id)
        call = offers.create_cross_client_offer(wanted, partners.target.id)
        assert isinstance(await refusal(partners.source, call), OfferTypeNotShareable)


@pytest.mark.rule("R-XC-29", "R-XC-30", "R-00-04")
async def test_each_product_carries_an_active_cost_center_of_the_target_or_nothing_is_saved(house: House) -> None:
    partners = await partners_of(house)
    own = await house.run(partners.source.admin, cost_centers.create_cost_center(NewCostCenter(code="1")))
    good = product(target_cost_center_id=partners.cost_center_id)
    for bad, meaning in (
        (product(), CostCenterRequired),
        (product(target_cost_center_id=own), CostCenterWrongTenant),
        (product(target_cost_center_id=uuid4()), NotFound),
    ):
        call = offers.create_cross_client_offer(draft(products=(good, bad)), partners.target.id)
        refused = await refusal(partners.source, call)
        assert isinstance(refused, meaning)
        assert refused.message.startswith("Product 2:")
        assert refused.path == ("products", "1", "targetCostCenterId")
    for model in (Offer, OfferInternal, OfferProduct, OfferTranslation):
        assert await rows(partners.source, model) == []


@pytest.mark.rule("R-CC-03", "E-A6")
async def test_a_deactivated_cost_center_stays_until_the_next_save_demands_another(house: House) -> None:
    partners = await partners_of(house)
    offer_id = await partners.offer()
    [center] = await rows(partners.target, CostCenter)
    await house.run(
        partners.target.admin, cost_centers.update_cost_center(center.id, {"active": False}, center.version)
    )
    assert (await for_sale(partners.target, offer_id, external=True)).offer.id == offer_id
    version = (await offer_of(partners.source, offer_id)).version
    call = offers.update_offer(offer_id, {"internal_title": "Neu"}, version)
    assert isinstance(await refusal(partners.source, call), CostCenterInactive)
    assert isinstance(
        await refusal(
            partners.source,
            offers.create_cross_client_offer(with_cost_center(draft(), center.id), partners.target.id),
        ),
        CostCenterInactive,
    )


@pytest.mark.rule("R-XC-26", "R-XC-27", "R-XC-28")
async def test_the_hint_is_optional_written_inline_or_chosen_among_the_sources_own(house: House) -> None:
    partners = await partners_of(house)
    source = partners.source
    await partners.offer()
    assert await rows(partners.target, OfferHint) == []
    inline = await partners.offer(draft(hint=HINT))
    [module] = await rows(source, TextModule)
    chosen = await partners.offer(draft(hint=module.id))
    hints = await rows(partners.target, OfferHint)
    assert {row.offer_id for row in hints} == {inline, chosen}
    assert {row.text for row in hints} == {
        'Verwalten Sie das <a href="https://beta.test/konto" rel="noopener noreferrer">hier</a>.'
    }
    theirs = await house.run(partners.target.admin, texts.create_text_module(HINT))
    plain = NewText("Nur Text", TextType.PLAIN_TEXT, (Text("de", "Rufen Sie an."),))
    unfit = await house.run(source.admin, texts.create_text_module(plain))
    relative = replace(HINT, translations=(Text("de", '<a href="/konto">hier</a>'),))
    for bad, meaning in ((theirs, NotFound), (unfit, ValidationFailed), (relative, ValidationFailed)):
        wanted = with_cost_center(draft(hint=bad), partners.cost_center_id)
        call = offers.create_cross_client_offer(wanted, partners.target.id)
        assert isinstance(await refusal(source, call), meaning)
    assert len(await rows(source, TextModule)) == 2


@pytest.mark.rule("R-XC-41")
async def test_a_changed_text_module_is_changed_on_every_offer_that_shows_it(house: House) -> None:
    partners = await partners_of(house)
    await partners.offer(draft(hint=HINT))
    [module] = await rows(partners.source, TextModule)
    wanted = (Text("de", "<p>Neu</p>", preferred=True), Text("en", "<p>New</p>"))
    await house.run(
        partners.source.admin, texts.update_text_module(module.id, {"translations": wanted}, module.version)
    )
    hints = await rows(partners.target, OfferHint)
    assert {(row.language, row.text, row.preferred) for row in hints} == {
        ("de", "<p>Neu</p>", True),
        ("en", "<p>New</p>", False),
    }


@pytest.mark.rule("R-XC-31")
async def test_a_standard_offer_needs_no_cost_center_and_takes_only_an_own_one(house: House) -> None:
    partners = await partners_of(house)
    await house.run(partners.source.admin, offers.create_offer(draft()))
    foreign = draft(products=(product(cost_center_id=partners.cost_center_id),))
    assert isinstance(await refusal(partners.source, offers.create_offer(foreign)), NotFound)
    own = draft(products=(product(cost_center_id=partners.cost_center_id),))
    await house.run(partners.target.admin, offers.create_offer(own))


@pytest.mark.rule("R-XC-36", "R-XC-37")
async def test_products_keep_their_identity_while_they_change_places_come_and_go(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    single = draft(
        offer_type=OfferType.SINGLE_PRODUCT,
        term_months=None,
        accounting_period_months=None,
        cancellation_period_days=None,
        products=[product(str(price)) for price in (1, 2, 3)],
    )
    offer_id = await house.run(alpha.admin, offers.create_offer(single))

    async def standing() -> list[OfferProduct]:
        return sorted(await rows(alpha, OfferProduct), key=lambda row: row.position)

    one, two, three = await standing()
    assert [row.position for row in (one, two, three)] == [1, 2, 3]
    wanted = (product("3", id=three.id), product("4"), product("1", id=one.id))
    await house.run(alpha.admin, offers.update_offer(offer_id, {"products": wanted}, 2))
    after = await standing()
    assert [(row.position, row.price_minor) for row in after] == [(1, 300), (2, 400), (3, 100)]
    assert [after[0].id, after[2].id] == [three.id, one.id]
    subscription_id = await house.run(alpha.admin, offers.create_offer(draft()))
    call = offers.update_offer(subscription_id, {"products": (product(), product())}, 2)
    assert isinstance(await refusal(alpha, call), ValidationFailed)


@pytest.mark.rule("R-XC-40", "R-XC-44", "R-00-02")
async def test_the_target_can_change_nothing_of_a_shared_offer(house: House) -> None:
    partners = await partners_of(house)
    offer_id = await partners.offer()
    before = vars(await offer_of(partners.source, offer_id))
    for call in attempts_on(offer_id):
        assert isinstance(await refusal(partners.target, call), NotOwner)
    after = vars(await offer_of(partners.source, offer_id))
    assert {**before, "_sa_instance_state": None} == {**after, "_sa_instance_state": None}


@pytest.mark.rule("R-XC-40", "R-XC-45", "R-00-01")
async def test_for_a_third_tenant_the_offer_does_not_exist(house: House) -> None:
    partners = await partners_of(house)
    offer_id = await partners.offer()
    gamma = await house.found("Gamma Buch", company_id=partners.source.company_id)
    for call in (*attempts_on(offer_id), offers.copy_offer(offer_id, "Kopie")):
        assert isinstance(await refusal(gamma, call), NotFound)
    for model in (Offer, OfferTranslation, OfferProduct, OfferHint):
        assert await rows(gamma, model) == []


def attempts_on(offer_id: UUID) -> list[Any]:
    return [
        offers.update_offer(offer_id, {"internal_title": "Geklaut"}, 2),
        offers.archive_offer(offer_id, Archiving(ArchiveMode.BLOCKED), 2),
        offers.reactivate_offer(offer_id, 2),
    ]


@pytest.mark.rule("R-00-03", "E-A8")
async def test_the_second_of_two_editors_is_refused_and_changes_nothing(house: House) -> None:
    partners = await partners_of(house)
    offer_id = await partners.offer()
    version = (await offer_of(partners.source, offer_id)).version
    await house.run(partners.source.admin, offers.update_offer(offer_id, {"internal_title": "Erste"}, version))
    refused = await refusal(partners.source, offers.update_offer(offer_id, {"internal_title": "Zweite"}, version))
    assert isinstance(refused, VersionConflict)
    assert refused.current_version == version + 1
    assert (await offer_of(partners.source, offer_id)).internal_title == "Erste"


@pytest.mark.rule("E-A4")
async def test_while_the_target_blocks_the_source_edits_its_offer_but_makes_no_new_one(house: House) -> None:
    partners = await partners_of(house)
    offer_id = await partners.offer()
    await partners.block(partners.target)
    version = (await offer_of(partners.source, offer_id)).version
    await house.run(partners.source.admin, offers.update_offer(offer_id, {"internal_title": "Neu"}, version))
    assert (await offer_of(partners.source, offer_id)).internal_title == "Neu"
    assert isinstance(await refusal(partners.source, offers.copy_offer(offer_id, "Kopie")), NoActiveConnection)


@pytest.mark.rule("R-XC-48")
async def test_a_copy_is_a_new_offer_for_the_same_target(house: House) -> None:
    partners = await partners_of(house)
    offer_id = await partners.offer(draft(hint=HINT))
    copy_id = await house.run(partners.source.admin, offers.copy_offer(offer_id, "Kopie"))
    first, copy = await offer_of(partners.target, offer_id), await offer_of(partners.target, copy_id)
    assert copy.internal_title == "Kopie"
    assert (copy.target_tenant_id, copy.term_months) == (first.target_tenant_id, first.term_months)
    assert len(await rows(partners.target, OfferProduct, OfferProduct.offer_id == copy_id)) == 1
    assert len(await rows(partners.target, OfferHint, OfferHint.offer_id == copy_id)) == 1


@pytest.mark.rule("R-XC-60", "R-XC-61", "R-XC-62")
async def test_an_archived_offer_is_sold_on_or_not_and_can_come_back(house: House) -> None:
    partners = await partners_of(house)
    source, target = partners.source, partners.target
    offer_id, successor_id = await partners.offer(), await partners.offer(draft("Nachfolger"))
    own_id = await house.run(source.admin, offers.create_offer(draft("Eigenes")))

    async def archive(how: Archiving) -> None:
        version = (await offer_of(source, offer_id)).version
        await house.run(source.admin, offers.archive_offer(offer_id, how, version))

    async def reactivate() -> None:
        version = (await offer_of(source, offer_id)).version
        await house.run(source.admin, offers.reactivate_offer(offer_id, version))

    await archive(Archiving(ArchiveMode.STILL_SOLD))
    assert (await for_sale(target, offer_id, external=True)).problem is None
    with pytest.raises(InvalidStatusTransition):
        await archive(Archiving(ArchiveMode.BLOCKED))
    await reactivate()
    await archive(Archiving(ArchiveMode.BLOCKED))
    with pytest.raises(ExternalOfferNotAvailable):
        await for_sale(target, offer_id, external=True)
    await reactivate()
    with pytest.raises(ValidationFailed, match="same tenant"):
        await archive(Archiving(ArchiveMode.SUCCESSOR, successor_offer_id=own_id))
    await archive(Archiving(ArchiveMode.SUCCESSOR, successor_offer_id=successor_id))
    [internal] = await rows(source, OfferInternal, OfferInternal.id == offer_id)
    assert (internal.archive_mode, internal.successor_offer_id) == ("SUCCESSOR", successor_id)
    assert (await told(target))[-1] == EventKind.OFFER_ARCHIVED


async def test_what_may_be_sold_by_whom(house: House) -> None:
    partners = await partners_of(house)
    source, target = partners.source, partners.target
    shared = await partners.offer(draft(products=(product("9.90"), product("5.00", option=True))))
    own = await house.run(source.admin, offers.create_offer(draft("Eigenes")))
    found = await for_sale(target, shared, external=True)
    assert (found.source_tenant_id, found.connection_id) == (source.id, partners.connection_id)
    async with house.database.transaction(target.admin.context()) as session:
        found = (await kept.for_sale(session, target.id, [shared, own]))[shared]
    assert [(row.price_minor, row.option) for row in found.products] == [(990, False), (500, True)]
    assert [row.title for row in found.translations] == ["Morgenpost digital"]
    assert not (await for_sale(source, own, external=False)).external
    with pytest.raises(CrossClientNotSellableByOwner):
        await for_sale(source, shared, external=False)
    for offer_id in (own, uuid4()):
        with pytest.raises(ExternalOfferNotAvailable):
            await for_sale(target, offer_id, external=True)
        with pytest.raises(NotFound):
            await for_sale(target, offer_id, external=False)
    for blocker in (source, target):
        await partners.block(blocker)
        with pytest.raises(ExternalOfferNotAvailable):
            await for_sale(target, shared, external=True)
        await partners.unblock(blocker)
        assert (await for_sale(target, shared, external=True)).problem is None
    await house.run(source.admin, offers.archive_offer(own, Archiving(ArchiveMode.BLOCKED), 2))
    with pytest.raises(OfferNotOnSale):
        await for_sale(source, own, external=False)


async def test_a_new_offer_names_no_product_of_another_one(house: House) -> None:
    home = await house.found()
    for id_ in (uuid4(), UUID(int=0)):
        wanted = draft("Tagblatt", products=[product("20.00", id=id_)])
        with pytest.raises(NotFound, match="no such product"):
            await house.run(home.admin, offers.create_offer(wanted))
