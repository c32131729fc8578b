"""Buying over GraphQL, in the portal and at the counter: what is frozen, what is paid, and what refuses it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.carts import NewItem
from domain.customers import Block, CustomerStatus
from domain.offers import OfferType, TaxType
from persistence.audit import AuditEntry
from persistence.checkouts import Checkout
from persistence.invoices import Invoice
from persistence.orders import Order, OrderItem
from persistence.payments import PaymentTransaction
from persistence.payouts import PayoutEntry
from persistence.subscriptions import Subscription
from resolvers import customers
from tenancy.caller import Caller
from tests import trade
from tests.buying import Shop, at_home_in, cart, own_offer, reprice, shop
from tests.people import House, on
from tests.selling import draft, product, rows
from tests.trade import act, customer, done, refused

MONEY = "{ amount currency }"
CHECKOUT = (
    f"checkout {{ id status country total {MONEY} frozenUntil items {{ position title quantity price {MONEY} }} }}"
)
PAID = (
    f"checkout {{ status }} order {{ id number status total {MONEY} paymentMethod items {{ title }} }} "
    f"invoice {{ id number status total {MONEY} tax {MONEY} items {{ title price {MONEY} }} }} "
    "subscriptions { id number title }"
)


def key() -> str:
    return f"test-{uuid4()}"


async def start(beta: Shop, caller: Caller | None = None, **more: Any) -> str:
    """The id of a checkout that the customer, or a clerk for the customer, starts."""
    by = caller or beta.buyer
    wanted = {"cartId": f"car_{beta.cart_id}", **more}
    if by.role == "app":
        wanted.setdefault("customerId", f"cus_{beta.customer_id}")
    found = await done(beta.house, by, "startCheckout", CHECKOUT, **wanted)
    return str(found["checkout"]["id"])


def paying(checkout_id: str, **more: Any) -> dict[str, Any]:
    return {"checkoutId": checkout_id, "paymentMethod": "CREDIT_CARD", "idempotencyKey": key(), **more}


async def test_a_checkout_of_another_organization_is_not_paid_though_the_customer_is_seen(house: House) -> None:
    beta = await shop(house)
    hamburg = await beta.target.member("SALES_CLERK", at="HAMBURG", name="Hanna")
    munich = await beta.target.member("SALES_CLERK", at="MUNICH", name="Moritz")
    checkout = await start(beta, hamburg)
    assert await refused(house, munich, "payCheckout", **paying(checkout)) == ("NOT_FOUND", ["checkoutId"])
    assert await nothing_sold(beta)
    assert (await done(house, hamburg, "payCheckout", PAID, **paying(checkout)))["checkout"] == {"status": "PAID"}


async def nothing_sold(beta: Shop) -> bool:
    """Whether nothing became of any checkout."""
    tables = (Order, OrderItem, Invoice, PaymentTransaction, Subscription, PayoutEntry)
    return not any([await rows(beta.target, table) for table in tables])


@pytest.mark.rule("R-SC-30", "R-SC-31", "R-PO-03", "R-019")
async def test_a_portal_customer_checks_a_mixed_cart_out(house: House) -> None:
    beta = await shop(house)
    started = await done(house, beta.buyer, "startCheckout", CHECKOUT, cartId=f"car_{beta.cart_id}")
    assert started["checkout"]["total"] == {"amount": "29.90", "currency": "EUR"}
    assert [item["title"] for item in started["checkout"]["items"]] == ["Tagblatt", "Morgenpost digital"]
    paid = await done(house, beta.buyer, "payCheckout", PAID, **paying(started["checkout"]["id"]))
    assert paid["checkout"] == {"status": "PAID"}
    assert (paid["order"]["total"]["amount"], paid["order"]["paymentMethod"]) == ("29.90", "CREDIT_CARD")
    assert (paid["invoice"]["status"], paid["invoice"]["tax"]["amount"]) == ("PAID", "1.96")
    assert [one["title"] for one in paid["subscriptions"]] == ["Tagblatt", "Morgenpost digital"]
    mine = await house.data(
        beta.buyer, "{ orders { nodes { number } } invoices { nodes { number } } subscriptions { nodes { number } } }"
    )
    assert mine["orders"]["nodes"] == [{"number": paid["order"]["number"]}]
    assert mine["invoices"]["nodes"] == [{"number": paid["invoice"]["number"]}]
    assert len(mine["subscriptions"]["nodes"]) == 2


@pytest.mark.rule("R-SC-30")
async def test_order_invoice_and_payment_belong_to_the_seller_alone(house: House) -> None:
    beta = await shop(house)
    await beta.pay()
    for table in (Checkout, Order, OrderItem, Invoice, PaymentTransaction):
        assert {row.tenant_id for row in await rows(beta.target, table)} == {beta.target.id}
        assert await rows(beta.source, table) == []
    seen = await house.data(beta.source.admin, "{ orders { nodes { id } } invoices { nodes { id } } }")
    assert seen == {"orders": {"nodes": []}, "invoices": {"nodes": []}}


@pytest.mark.rule("R-SC-30", "R-019")
async def test_a_clerk_sells_to_a_customer_of_the_own_place(house: House) -> None:
    beta = await shop(house)
    hamburg = await customer(beta.target, "Buchladen Hafen", at="HAMBURG")
    await at_home_in(beta.target, hamburg)
    clerk = await beta.target.member("SALES_CLERK", at="HAMBURG", name="Hanna Hansen")
    sister = await beta.target.member("SALES_CLERK", at="MUNICH", name="Max Meier")
    checkout = await start(beta, clerk, customerId=f"cus_{hamburg}")
    assert (await refused(house, sister, "payCheckout", **paying(checkout)))[0] == "NOT_FOUND"
    wanted = {"cartId": f"car_{beta.cart_id}", "customerId": f"cus_{hamburg}"}
    assert await refused(house, sister, "startCheckout", **wanted) == ("NOT_FOUND", ["customerId"])
    paid = await done(house, clerk, "payCheckout", PAID, **paying(checkout))
    order = "query ($id: ID!) { order(id: $id) { number organization { code } customer { id } } }"
    seen = (await house.data(clerk, order, id=paid["order"]["id"]))["order"]
    assert (seen["organization"]["code"], seen["customer"]["id"]) == ("HAMBURG", f"cus_{hamburg}")
    assert (await house.data(sister, order, id=paid["order"]["id"]))["order"] is None
    listed = "{ orders { nodes { number } } invoices { nodes { number } } subscriptions { nodes { number } } }"
    assert await house.data(sister, listed) == {
        "orders": {"nodes": []}, "invoices": {"nodes": []}, "subscriptions": {"nodes": []},
    }  # fmt: skip
    north = await beta.target.member("SALES_MANAGER", at="NORTH")
    assert len((await house.data(north, listed))["orders"]["nodes"]) == 1


@pytest.mark.rule("R-SC-30")
async def test_a_portal_customer_knows_no_other_customers_checkouts(house: House) -> None:
    beta = await shop(house)
    neighbour = await beta.target.customer_of_portal(await customer(beta.target, "Kiosk Nord"))
    checkout = await start(beta)
    assert (await refused(house, neighbour, "payCheckout", **paying(checkout)))[0] == "NOT_FOUND"
    query = "query ($id: ID!) { checkout(id: $id) { id } node(id: $id) { id } checkouts { nodes { id } } }"
    seen = await house.data(neighbour, query, id=checkout)
    assert seen == {"checkout": None, "node": None, "checkouts": {"nodes": []}}
    assert (await house.data(beta.buyer, query, id=checkout))["checkout"] == {"id": checkout}


@pytest.mark.rule("R-019", "R-026")
async def test_a_blocked_customer_buys_nothing(house: House) -> None:
    beta = await shop(house)
    checkout = await start(beta)
    await block(beta, Block(CustomerStatus.BLOCKED))
    clerk = await beta.target.member("SALES_CLERK")
    wanted = {"cartId": f"car_{beta.cart_id}"}
    by_clerk = {**wanted, "customerId": f"cus_{beta.customer_id}"}
    assert (await refused(house, beta.buyer, "startCheckout", **wanted))[0] == "CUSTOMER_BLOCKED"
    assert (await refused(house, clerk, "startCheckout", **by_clerk))[0] == "CUSTOMER_BLOCKED"
    assert (await act(house, clerk, "startCheckout", CHECKOUT, **by_clerk))["__typename"] == "CustomerBlocked"
    assert (await refused(house, beta.buyer, "payCheckout", **paying(checkout)))[0] == "CUSTOMER_BLOCKED"
    assert await nothing_sold(beta)
    await block(beta, Block(CustomerStatus.RELEASED))
    await done(house, beta.buyer, "payCheckout", PAID, **paying(checkout))


@pytest.mark.rule("R-026")
async def test_a_customer_who_is_blocked_up_to_a_day_buys_again_on_the_next(house: House) -> None:
    beta = await shop(house)
    last = beta.buyer.today + timedelta(days=1)
    await block(beta, Block(CustomerStatus.BLOCKED, last))
    wanted = {"cartId": f"car_{beta.cart_id}"}
    blocked, free = on(beta.buyer, last.isoformat()), on(beta.buyer, (last + timedelta(days=1)).isoformat())
    assert (await refused(house, blocked, "startCheckout", **wanted))[0] == "CUSTOMER_BLOCKED"
    await start(beta, free)


async def block(beta: Shop, wanted: Block) -> None:
    """Set the customer's status at the only organization that has data of it."""
    data = await trade.level(beta.target, beta.customer_id, "HQ")
    await beta.house.run(
        beta.target.admin,
        customers.set_customer_status(beta.customer_id, beta.target.organizations["HQ"], wanted, data.version),
    )


@pytest.mark.rule("R-00-12")
async def test_a_payment_needs_a_key_and_its_repeat_gets_the_first_answer(house: House) -> None:
    beta = await shop(house)
    checkout = await start(beta)
    without = {"checkoutId": checkout, "paymentMethod": "CREDIT_CARD"}
    assert await refused(house, beta.buyer, "payCheckout", **without) == (
        "IDEMPOTENCY_KEY_REQUIRED",
        ["idempotencyKey"],
    )
    assert await nothing_sold(beta)
    once = paying(checkout)
    first = await done(house, beta.buyer, "payCheckout", PAID, **once)
    assert await done(house, beta.buyer, "payCheckout", PAID, **once) == first
    assert len(await rows(beta.target, Order)) == len(await rows(beta.target, PayoutEntry)) == 1
    other = {**once, "paymentMethod": "BILLING"}
    assert (await refused(house, beta.buyer, "payCheckout", **other))[0] == "IDEMPOTENCY_KEY_REUSED"
    assert (await refused(house, beta.buyer, "payCheckout", **paying(checkout)))[0] == "CHECKOUT_ALREADY_PAID"


@pytest.mark.rule("R-00-12")
async def test_a_dry_run_shows_the_order_and_keeps_nothing(house: House) -> None:
    beta = await shop(house)
    checkout = await start(beta)
    tried = await done(house, beta.buyer, "payCheckout", PAID, **paying(checkout, dryRun=True))
    assert tried["order"]["total"]["amount"] == "29.90"
    assert await nothing_sold(beta)
    await done(house, beta.buyer, "payCheckout", PAID, **paying(checkout))


@pytest.mark.rule("R-PO-01", "R-00-12")
async def test_two_payments_of_one_checkout_at_once_make_one_order(house: House) -> None:
    beta = await shop(house)
    checkout = await start(beta)
    both = await asyncio.gather(*(act(house, beta.buyer, "payCheckout", PAID, **paying(checkout)) for _ in range(4)))
    assert sorted(each.get("code", "") for each in both) == ["", *["CHECKOUT_ALREADY_PAID"] * 3]
    for table in (Order, Invoice, PaymentTransaction, PayoutEntry):
        assert len(await rows(beta.target, table)) == 1


@pytest.mark.rule("R-PO-01")
async def test_customers_who_pay_at_once_get_numbers_of_their_own(house: House) -> None:
    beta = await shop(house)
    checkouts = [await start(beta) for _ in range(5)]
    paid = await asyncio.gather(
        *(done(house, beta.buyer, "payCheckout", PAID, **paying(checkout)) for checkout in checkouts)
    )
    assert len({each["order"]["number"] for each in paid}) == 5
    assert sorted(entry.number for entry in await rows(beta.target, PayoutEntry)) == [1, 2, 3, 4, 5]


@pytest.mark.rule("E-A9", "R-SC-03")
async def test_prices_count_as_they_were_when_the_checkout_began(house: House) -> None:
    beta = await shop(house)
    checkout = await start(beta)
    await reprice(beta, "99.00")
    paid = await done(house, beta.buyer, "payCheckout", PAID, **paying(checkout))
    assert paid["order"]["total"]["amount"] == "29.90"
    later = await done(house, beta.buyer, "startCheckout", CHECKOUT, cartId=f"car_{beta.cart_id}")
    assert later["checkout"]["total"]["amount"] == "119.00"


async def test_frozen_prices_count_for_half_an_hour(house: House) -> None:
    beta = await shop(house)
    checkout = await start(beta)
    now = beta.buyer.now
    late = replace(beta.buyer, clock=lambda: now + timedelta(minutes=31))
    assert (await refused(house, late, "payCheckout", **paying(checkout)))[0] == "CHECKOUT_EXPIRED"
    assert await nothing_sold(beta)


@pytest.mark.rule("R-SC-04", "E-A1")
@pytest.mark.parametrize("how", ["block by source", "block by target", "close access"])
async def test_no_checkout_begins_while_the_external_offer_is_not_available(house: House, how: str) -> None:
    beta = await shop(house)
    await shut(beta, how)
    wanted = {"cartId": f"car_{beta.cart_id}"}
    assert (await refused(house, beta.buyer, "startCheckout", **wanted))[0] == "EXTERNAL_OFFER_NOT_AVAILABLE"
    assert (await house.data(beta.buyer, "{ cartsForSale { nodes { id } } }"))["cartsForSale"]["nodes"] == []


@pytest.mark.rule("E-A2")
@pytest.mark.parametrize("how", ["block by source", "block by target", "close access"])
async def test_whether_a_payment_may_start_is_decided_when_it_starts(house: House, how: str) -> None:
    beta = await shop(house)
    checkout = await start(beta)
    await shut(beta, how)
    assert (await refused(house, beta.buyer, "payCheckout", **paying(checkout)))[0] == "EXTERNAL_OFFER_NOT_AVAILABLE"
    assert await nothing_sold(beta)


async def shut(beta: Shop, how: str) -> None:
    """Close the way to the external offer."""
    if how == "close access":
        await beta.partners.access(open_=False)
    else:
        await beta.partners.block(beta.source if how == "block by source" else beta.target)


@pytest.mark.rule("E-A1", "R-SC-10")
async def test_an_optional_item_is_bought_when_chosen_and_drops_out_when_not_available(house: House) -> None:
    beta = await shop(house)
    optional = NewItem(external_offer_id=beta.external_offer_id, option=True, leading=1)
    beta.cart_id = await cart(beta.target, NewItem(beta.own_offer_id), optional)
    query = "{ cartsForSale { nodes { id items { id option offer { translations { title } } } } } }"
    shown = (await house.data(beta.buyer, query))["cartsForSale"]["nodes"]
    [items] = [each["items"] for each in shown if each["id"] == f"car_{beta.cart_id}"]
    assert items[1]["option"]
    wanted = {"cartId": f"car_{beta.cart_id}"}
    without = await done(house, beta.buyer, "startCheckout", CHECKOUT, **wanted)
    assert without["checkout"]["total"]["amount"] == "20.00"
    chosen = {"optionalItemIds": [items[1]["id"]], **wanted}
    both = await done(house, beta.buyer, "startCheckout", CHECKOUT, **chosen)
    assert both["checkout"]["total"]["amount"] == "29.90"
    await beta.partners.block(beta.source)
    assert (await refused(house, beta.buyer, "startCheckout", **chosen))[0] == "EXTERNAL_OFFER_NOT_AVAILABLE"
    await done(house, beta.buyer, "startCheckout", CHECKOUT, **wanted)
    shown = (await house.data(beta.buyer, query))["cartsForSale"]["nodes"]
    assert [len(each["items"]) for each in shown if each["id"] == f"car_{beta.cart_id}"] == [1]
    mandatory = {"optionalItemIds": [items[0]["id"]], **wanted}
    assert await refused(house, beta.buyer, "startCheckout", **mandatory) == ("VALIDATION", ["optionalItemIds", "0"])


@pytest.mark.rule("E-A11")
@pytest.mark.parametrize(("country", "tax"), [("DE", "7.00"), ("AT", "10.00"), ("CH", "2.60")])
async def test_the_tax_is_the_sellers_by_the_customers_country(house: House, country: str, tax: str) -> None:
    beta = await shop(house)
    await at_home_in(beta.target, beta.customer_id, country)
    query = "{ cartsForSale { nodes { items { offer { products { taxRate taxAmount } } } } } }"
    shown = (await house.data(beta.buyer, query))["cartsForSale"]["nodes"][0]["items"]
    found = await done(
        house, beta.buyer, "startCheckout",
        "checkout { country items { taxRate tax { amount } } }", cartId=f"car_{beta.cart_id}",
    )  # fmt: skip
    assert found["checkout"]["country"] == country
    assert {item["taxRate"] for item in found["checkout"]["items"]} == {tax}
    proposed = [item["offer"]["products"][0] for item in shown]
    frozen = [{"taxRate": item["taxRate"], "taxAmount": item["tax"]["amount"]} for item in found["checkout"]["items"]]
    assert proposed == frozen


async def test_without_an_address_the_country_is_asked_for(house: House) -> None:
    beta = await shop(house)
    other = await customer(beta.target, "Kiosk Nord")
    buyer = await beta.target.customer_of_portal(other)
    wanted = {"cartId": f"car_{beta.cart_id}"}
    assert await refused(house, buyer, "startCheckout", **wanted) == ("REQUIRED", ["country"])
    assert (await refused(house, buyer, "startCheckout", country="FR", **wanted))[0] == "TAX_UNKNOWN"
    found = await done(house, buyer, "startCheckout", CHECKOUT, country="AT", **wanted)
    assert found["checkout"]["country"] == "AT"


@pytest.mark.rule("R-PO-19", "R-PO-02")
async def test_what_costs_nothing_is_paid_with_nothing_and_owed_to_nobody(house: House) -> None:
    beta = await shop(house)
    free = [product("0.00", tax_type=TaxType.REDUCED)]
    own = await own_offer(beta.target, draft("Probeheft", products=free))
    external = await beta.partners.offer(draft("Probe digital", products=free))
    beta.cart_id = await cart(beta.target, NewItem(own), NewItem(external_offer_id=external, leading=1))
    paid = await done(house, beta.buyer, "payCheckout", PAID, **paying(await start(beta)))
    assert (paid["order"]["paymentMethod"], paid["invoice"]["status"]) == ("ZERO", "PAID")
    assert await rows(beta.target, PaymentTransaction) == []
    assert await rows(beta.target, PayoutEntry) == []
    assert len(paid["subscriptions"]) == 2


@pytest.mark.rule("R-SC-31")
async def test_what_is_sold_once_begins_no_subscription(house: House) -> None:
    beta = await shop(house)
    once = draft("Bildband", offer_type=OfferType.SINGLE_PRODUCT, term_months=None)
    once = replace(once, accounting_period_months=None, cancellation_period_days=None)
    beta.cart_id = await cart(beta.target, NewItem(await own_offer(beta.target, once)))
    paid = await done(house, beta.buyer, "payCheckout", PAID, **paying(await start(beta)))
    assert paid["subscriptions"] == []
    assert len(paid["order"]["items"]) == 1


@pytest.mark.rule("R-SC-33")
async def test_cost_center_and_purchase_number_stay_as_they_were_sold(house: House) -> None:
    beta = await shop(house)
    clerk = beta.target.admin
    order = (await done(house, clerk, "payCheckout", "order { id }", **paying(await start(beta, clerk))))["order"]
    query = (
        "query ($id: ID!) { order(id: $id) { items { costCenter purchaseNumber } "
        "invoices { items { costCenter purchaseNumber } } } "
        "payoutEntries { nodes { costCenter items { costCenter } } } }"
    )
    before = await house.data(clerk, query, id=order["id"])
    label = before["order"]["items"][1]["costCenter"]
    assert label
    assert before["order"]["items"][0]["costCenter"] is None
    assert before["order"]["invoices"][0]["items"] == before["order"]["items"]
    assert before["payoutEntries"]["nodes"] == [{"costCenter": label, "items": [{"costCenter": label}]}]
    await done(
        house, clerk, "updateCostCenter", "costCenter { code }",
        costCenterId=f"cce_{beta.partners.cost_center_id}", expectedVersion=await version(beta), code="NEU",
    )  # fmt: skip
    await reprice(beta, "99.00")
    assert await house.data(clerk, query, id=order["id"]) == before


async def version(beta: Shop) -> int:
    """The version of the target's cost center."""
    query = "query ($id: ID!) { costCenter(id: $id) { version } }"
    found = await beta.house.data(beta.target.admin, query, id=f"cce_{beta.partners.cost_center_id}")
    return int(found["costCenter"]["version"])


async def test_who_bought_what_stands_in_the_audit(house: House) -> None:
    beta = await shop(house)
    await beta.pay()
    entries = [
        entry for entry in await rows(beta.target, AuditEntry) if entry.operation == "checkouts.pay_own_checkout"
    ]
    assert {entry.actor_kind for entry in entries} == {"PORTAL"}
    assert {"sales_order", "invoice", "payout_entry", "subscription"} <= {entry.subject_type for entry in entries}


@pytest.mark.parametrize("field", ["startCheckout", "payCheckout"])
async def test_another_tenants_ids_are_nothing(house: House, field: str) -> None:
    beta, gamma = await shop(house), await shop(house)
    checkout = await start(beta)
    wanted = {"cartId": f"car_{beta.cart_id}"} if field == "startCheckout" else paying(checkout)
    assert (await refused(house, gamma.buyer, field, **wanted))[0] == "NOT_FOUND"
    if field == "startCheckout":
        wanted["customerId"] = f"cus_{gamma.customer_id}"
    assert (await refused(house, gamma.target.admin, field, **wanted))[0] == "NOT_FOUND"
