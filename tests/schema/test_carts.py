"""Carts as staff works with them: put together of own and external offers, kept, looked at, archived."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain import carts as rules
from domain.texts import TextModule, TextType
from domain.texts import Translation as Text
from persistence import carts as kept
from persistence.carts import CartItem
from resolvers import texts
from tenancy.caller import Caller
from tests.buying import Shop, own_offer, reprice, shop
from tests.people import House
from tests.selling import draft, product, rows
from tests.trade import act, done, forbidden, refused

CART = (
    "cart { id version state sellable internalTitle problems { code position } hint { id } "
    "translations { language title preferred } "
    "items { id position option defaultSelected available problem leadingItemId "
    "offer { id } externalOffer { id source { name } } } }"
)
TEXTS = [{"language": "de", "title": "Paket für Sie", "legalText": "Es gelten die AGB."}]


def own(offer_id: UUID, **more: Any) -> dict[str, Any]:
    return {"offerId": f"off_{offer_id}", **more}


def external(offer_id: UUID, leading: int | None = 1, **more: Any) -> dict[str, Any]:
    return {"externalOfferId": f"xof_{offer_id}", "leadingItem": leading, **more}


def cart_input(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"internalTitle": "Paket Nord", "currency": "EUR", "translations": TEXTS, "items": list(items), **more}


async def read(house: House, caller: Caller, cart_id: UUID) -> dict[str, Any]:
    found = await house.data(caller, f"query ($id: ID!) {{ cart(id: $id) {{ {CART[6:-1]} }} }}", id=f"car_{cart_id}")
    cart: dict[str, Any] = found["cart"]
    return cart


async def manager(beta: Shop) -> Caller:
    return await beta.target.member("PRODUCT_MANAGER", name="Petra Produkt")


@pytest.mark.rule("R-SC-01", "R-SC-02", "R-SC-03")
async def test_a_product_manager_puts_a_cart_together_of_an_own_and_an_external_offer(house: House) -> None:
    beta = await shop(house)
    items = [external(beta.external_offer_id, leading=2), own(beta.own_offer_id)]
    made = await done(house, await manager(beta), "createCart", CART, **cart_input(*items))
    first, second = made["cart"]["items"]
    assert first["externalOffer"] == {"id": f"xof_{beta.external_offer_id}", "source": {"name": "Alpha Verlag"}}
    assert first["leadingItemId"] == second["id"]
    assert second["offer"] == {"id": f"off_{beta.own_offer_id}"}
    assert (made["cart"]["sellable"], made["cart"]["problems"]) == (True, [])
    stored = await rows(beta.target, CartItem, CartItem.external_offer_id.is_not(None))
    assert {row.source_tenant_id for row in stored} == {beta.source.id}


@pytest.mark.rule("R-SC-02")
@pytest.mark.parametrize("leading", [None, 1, 3], ids=["none", "itself", "beyond"])
async def test_an_external_offer_without_an_own_one_that_leads_it_is_refused(house: House, leading: int | None) -> None:
    beta = await shop(house)
    items = [external(beta.external_offer_id, leading), own(beta.own_offer_id)]
    assert await refused(house, await manager(beta), "createCart", **cart_input(*items)) == (
        "LEADING_ITEM_REQUIRED",
        ["items", "0", "leadingItem"],
    )


@pytest.mark.rule("R-SC-02")
async def test_an_external_item_does_not_lead_another(house: House) -> None:
    beta = await shop(house)
    items = [own(beta.own_offer_id), external(beta.external_offer_id), external(beta.external_offer_id, 2)]
    assert (await refused(house, await manager(beta), "createCart", **cart_input(*items)))[0] == "LEADING_ITEM_REQUIRED"


@pytest.mark.rule("R-SC-04")
async def test_only_an_offer_that_is_open_to_this_tenant_can_be_added(house: House) -> None:
    beta, other = await shop(house), await house.found("Gamma")
    caller, wanted = await manager(beta), cart_input(own(beta.own_offer_id), external(beta.external_offer_id))
    foreign = cart_input(own(await own_offer(other)), external(beta.external_offer_id))
    code = ("EXTERNAL_OFFER_NOT_AVAILABLE", ["offerId"])
    assert await refused(house, other.admin, "createCart", **foreign) == code
    assert await refused(house, caller, "createCart", **cart_input(own(beta.own_offer_id), external(uuid4()))) == code
    await beta.partners.access(open_=False)
    assert await refused(house, caller, "createCart", **wanted) == code
    await beta.partners.access(open_=True)
    await beta.partners.block(beta.target)
    assert await refused(house, caller, "createCart", **wanted) == code
    await beta.partners.unblock(beta.target)
    await done(house, caller, "createCart", CART, **wanted)


@pytest.mark.rule("R-SC-05")
async def test_the_source_does_not_sell_its_own_cross_client_offer(house: House) -> None:
    beta = await shop(house)
    own_one = await own_offer(beta.source)
    alpha = beta.source.admin
    code = "CROSS_CLIENT_NOT_SELLABLE_BY_OWNER"
    wanted = cart_input(own(own_one), own(beta.external_offer_id))
    assert (await refused(house, alpha, "createCart", **wanted))[0] == code
    made = (await done(house, alpha, "createCart", CART, **cart_input(own(own_one))))["cart"]
    added = {"cartId": made["id"], "expectedVersion": made["version"], "offerId": f"off_{beta.external_offer_id}"}
    assert (await refused(house, alpha, "addCartItem", **added))[0] == code


@pytest.mark.rule("R-SC-06")
async def test_a_cart_needs_an_item_and_a_mandatory_one(house: House) -> None:
    beta = await shop(house)
    caller = await manager(beta)
    assert await refused(house, caller, "createCart", **cart_input()) == ("VALIDATION", ["items"])
    optional = cart_input(own(beta.own_offer_id, option=True))
    assert await refused(house, caller, "createCart", **optional) == ("VALIDATION", ["items"])


@pytest.mark.rule("R-SC-06", "E-A16")
async def test_items_are_added_and_removed_but_for_those_that_are_needed(house: House) -> None:
    beta = await shop(house)
    caller = await manager(beta)
    cart = await read(house, caller, beta.cart_id)
    own_item, external_item = cart["items"]
    more = {"cartId": cart["id"], "expectedVersion": cart["version"]}
    assert await refused(house, caller, "removeCartItem", itemId=own_item["id"], **more) == ("IN_USE", ["itemId"])
    wanted = {"externalOfferId": f"xof_{beta.external_offer_id}", "option": True, **more}
    assert (await refused(house, caller, "addCartItem", **wanted))[0] == "LEADING_ITEM_REQUIRED"
    by_external = {"leadingItemId": external_item["id"], **wanted}
    assert (await refused(house, caller, "addCartItem", **by_external))[0] == "LEADING_ITEM_REQUIRED"
    added = await done(
        house, caller, "addCartItem", f"item {{ position option }} {CART}", leadingItemId=own_item["id"], **wanted
    )
    assert added["item"] == {"position": 3, "option": True}
    more["expectedVersion"] = added["cart"]["version"]
    left = await done(house, caller, "removeCartItem", CART, itemId=external_item["id"], **more)
    assert [item["position"] for item in left["cart"]["items"]] == [1, 2]
    stale = await act(house, caller, "removeCartItem", CART, itemId=own_item["id"], **more)
    assert stale["code"] == "CONFLICT_VERSION"


@pytest.mark.rule("R-SC-08", "R-SC-10")
async def test_an_optional_item_is_chosen_beforehand_unless_said_otherwise(house: House) -> None:
    beta = await shop(house)
    items = [
        own(beta.own_offer_id),
        external(beta.external_offer_id, option=True),
        own(beta.own_offer_id, option=True, defaultSelected=False),
    ]
    caller = await manager(beta)
    made = await done(house, caller, "createCart", CART, **cart_input(*items))
    assert [item["defaultSelected"] for item in made["cart"]["items"]] == [False, True, False]
    wrong = cart_input(own(beta.own_offer_id, defaultSelected=True))
    assert await refused(house, caller, "createCart", **wrong) == ("VALIDATION", ["items", "0", "defaultSelected"])


@pytest.mark.rule("R-SC-09")
async def test_a_cart_has_one_preferred_language_with_title_and_legal_text(house: House) -> None:
    beta = await shop(house)
    caller = await manager(beta)
    english = {"language": "en", "title": "Bundle", "legalText": "Terms apply."}
    preferred = {**TEXTS[0], "preferred": True}
    for wrong in (
        [],
        [*TEXTS, english],
        [preferred, {**english, "preferred": True}],
        [preferred, preferred],
        [{**TEXTS[0], "title": ""}],
        [{**TEXTS[0], "legalText": " "}],
    ):
        cart = {**cart_input(own(beta.own_offer_id)), "translations": wrong}
        assert (await act(house, caller, "createCart", CART, **cart))["__typename"] == "ValidationFailed"
    cart = await read(house, caller, beta.cart_id)
    changed = await done(
        house, caller, "updateCart", CART,
        cartId=cart["id"], expectedVersion=cart["version"], internalTitle="Paket Süd",
        translations=[preferred, english],
    )  # fmt: skip
    assert changed["cart"]["internalTitle"] == "Paket Süd"
    assert [(each["language"], each["preferred"]) for each in changed["cart"]["translations"]] == [
        ("de", True),
        ("en", False),
    ]


@pytest.mark.rule("R-SC-11", "R-SC-12")
async def test_customers_read_title_and_hint_but_never_the_internal_title(house: House) -> None:
    beta = await shop(house)
    caller = await manager(beta)
    hint = TextModule("Hinweis", TextType.PLAIN_TEXT, (Text("de", "Verwaltung bei Alpha."),))
    hint_id = await house.run(beta.target.admin, texts.create_text_module(hint))
    cart = await read(house, caller, beta.cart_id)
    changed = await done(
        house, caller, "updateCart", CART,
        cartId=cart["id"], expectedVersion=cart["version"], hintId=f"txt_{hint_id}",
    )  # fmt: skip
    assert changed["cart"]["hint"] == {"id": f"txt_{hint_id}"}
    query = "{ cartsForSale { nodes { translations { title } hint { translations { text } } } } }"
    [shown] = (await house.data(beta.buyer, query))["cartsForSale"]["nodes"]
    assert shown["translations"] == [{"title": "Paket Nord für Sie"}]
    assert shown["hint"] == {"translations": [{"text": "Verwaltung bei Alpha."}]}
    body = await house.ask(beta.buyer, "{ cartsForSale { nodes { internalTitle } } }")
    assert "data" not in body
    foreign = await done(
        house, caller, "updateCart", CART,
        cartId=cart["id"], expectedVersion=changed["cart"]["version"], hintId=None,
    )  # fmt: skip
    assert foreign["cart"]["hint"] is None


async def test_a_hint_is_a_text_of_the_own_tenant(house: House) -> None:
    beta = await shop(house)
    hint = TextModule("Hinweis", TextType.PLAIN_TEXT, (Text("de", "Verwaltung bei Alpha."),))
    foreign = await house.run(beta.source.admin, texts.create_text_module(hint))
    wanted = cart_input(own(beta.own_offer_id), hintId=f"txt_{foreign}")
    assert (await refused(house, await manager(beta), "createCart", **wanted))[0] == "NOT_FOUND"


@pytest.mark.rule("R-SC-13", "E-A10")
async def test_a_cart_sells_in_one_currency(house: House) -> None:
    beta = await shop(house)
    francs = await beta.partners.offer(draft(products=[product("9.90", "CHF")]))
    caller = await manager(beta)
    items = [own(beta.own_offer_id), external(francs)]
    assert await refused(house, caller, "createCart", **cart_input(*items)) == ("CURRENCY_MISMATCH", ["items", "1"])
    made = await done(house, caller, "createCart", CART, **cart_input(own(beta.own_offer_id)))
    added = {
        "cartId": made["cart"]["id"],
        "expectedVersion": made["cart"]["version"],
        "externalOfferId": f"xof_{francs}",
        "leadingItemId": made["cart"]["items"][0]["id"],
    }
    assert (await refused(house, caller, "addCartItem", **added))[0] == "CURRENCY_MISMATCH"


@pytest.mark.rule("R-SC-14")
async def test_an_archived_cart_stands_apart_and_is_sold_no_more(house: House) -> None:
    beta = await shop(house)
    caller = await manager(beta)
    cart = await read(house, caller, beta.cart_id)
    archived = await done(house, caller, "archiveCart", CART, cartId=cart["id"], expectedVersion=cart["version"])
    assert (archived["cart"]["state"], archived["cart"]["sellable"]) == ("ARCHIVED", False)
    assert archived["cart"]["problems"] == [{"code": "CART_ARCHIVED", "position": 0}]
    listed = "query ($state: CartState!) { carts(filter: { state: { eq: $state } }) { nodes { id } } }"
    assert (await house.data(caller, listed, state="ARCHIVED"))["carts"]["nodes"] == [{"id": cart["id"]}]
    assert (await house.data(caller, listed, state="ACTIVE"))["carts"]["nodes"] == []
    again = {"cartId": cart["id"], "expectedVersion": archived["cart"]["version"]}
    assert (await refused(house, caller, "archiveCart", **again))[0] == "INVALID_STATUS_TRANSITION"
    sold = {"cartId": cart["id"], "customerId": f"cus_{beta.customer_id}"}
    assert (await refused(house, beta.target.admin, "startCheckout", **sold))[0] == "CART_NOT_SELLABLE"
    assert (await refused(house, beta.buyer, "startCheckout", cartId=cart["id"]))[0] == "NOT_FOUND"


async def cases(beta: Shop) -> list[UUID]:
    """Carts with each problem that a cart can have, once for the mandatory and once for the optional item."""
    house, target = beta.house, beta.target
    caller = target.admin
    gone = await own_offer(target)
    late = await beta.partners.offer(draft("Abendpost"))
    made = []
    for items in (
        [own(beta.own_offer_id), external(beta.external_offer_id)],
        [own(beta.own_offer_id), external(late)],
        [own(beta.own_offer_id), external(late, option=True)],
        [own(gone), external(beta.external_offer_id)],
        [own(gone, option=True), external(beta.external_offer_id), own(beta.own_offer_id)],
        [own(beta.own_offer_id, option=True), external(late, option=True), own(beta.own_offer_id)],
    ):
        cart = (await done(house, caller, "createCart", "cart { id }", **cart_input(*items)))["cart"]
        made.append(UUID(cart["id"].removeprefix("car_")))
    for home, offer_id in ((target, gone), (beta.source, late)):
        found = await house.data(home.admin, "query ($id: ID!) { offer(id: $id) { version } }", id=f"off_{offer_id}")
        archived = {"offerId": f"off_{offer_id}", "mode": "BLOCKED", "expectedVersion": found["offer"]["version"]}
        await done(house, home.admin, "archiveOffer", "offer { id }", **archived)
    return made


@pytest.mark.rule("E-A1")
async def test_what_is_shown_of_a_cart_is_what_the_rules_say(house: House) -> None:
    beta = await shop(house)
    made = await cases(beta)
    for change in (None, beta.partners.block):
        if change is not None:
            await change(beta.target)
        shown = [await read(house, beta.target.admin, cart_id) for cart_id in made]
        async with house.database.transaction(beta.target.admin.context()) as session:
            for cart_id, seen in zip(made, shown, strict=True):
                items = await kept.items_of(session, beta.target.id, cart_id)
                found = rules.problems("ACTIVE", "EUR", items)
                assert seen["sellable"] == rules.sellable(items, found)
                assert [(each["code"], each["position"]) for each in seen["problems"]] == [
                    (each.code, each.position) for each in found
                ]
                by_position = {each.position: each.code for each in found}
                assert [item["problem"] for item in seen["items"]] == [by_position.get(item.position) for item in items]
                assert [item["available"] for item in seen["items"]] == [item.available for item in items]
        sellable = [seen["sellable"] for seen in shown]
        led = change is None
        assert sellable == [led, False, True, False, False, True]


@pytest.mark.rule("E-A1")
async def test_a_cart_stays_when_the_connection_is_blocked_and_sells_again_after(house: House) -> None:
    beta = await shop(house)
    await beta.partners.block(beta.source)
    seen = await read(house, beta.target.admin, beta.cart_id)
    assert (seen["sellable"], seen["problems"]) == (
        False,
        [{"code": "EXTERNAL_OFFER_NOT_AVAILABLE", "position": 2}],
    )
    assert seen["items"][1]["externalOffer"] is None
    await beta.partners.unblock(beta.source)
    assert (await read(house, beta.target.admin, beta.cart_id))["sellable"]


async def test_a_viewer_reads_carts_and_makes_none(house: House) -> None:
    beta = await shop(house)
    viewer = await beta.target.member("SALES_VIEWER")
    assert (await read(house, viewer, beta.cart_id))["sellable"]
    assert await forbidden(house, viewer, "createCart", **cart_input(own(beta.own_offer_id))) == "FORBIDDEN"


async def test_another_tenant_sees_and_changes_no_cart(house: House) -> None:
    beta = await shop(house)
    assert await read(house, beta.source.admin, beta.cart_id) is None
    wanted = {"cartId": f"car_{beta.cart_id}", "expectedVersion": 1}
    assert (await refused(house, beta.source.admin, "archiveCart", **wanted))[0] == "NOT_FOUND"


@pytest.mark.rule("R-SC-03")
async def test_a_cart_keeps_no_copy_of_an_offer(house: House) -> None:
    copied = {"title", "price_minor", "tax_type", "currency"} & {column.name for column in CartItem.__table__.columns}
    assert copied == set()
    beta = await shop(house)
    query = "query ($id: ID!) { cart(id: $id) { items { externalOffer { products { price { amount } } } } } }"
    before = await house.data(beta.target.admin, query, id=f"car_{beta.cart_id}")
    assert before["cart"]["items"][1]["externalOffer"]["products"] == [{"price": {"amount": "9.90"}}]
    await reprice(beta, "11.00")
    after = await house.data(beta.target.admin, query, id=f"car_{beta.cart_id}")
    assert after["cart"]["items"][1]["externalOffer"]["products"] == [{"price": {"amount": "11.00"}}]
