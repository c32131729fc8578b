"""The payout list over GraphQL: who sees an entry, what it says, and how it is settled."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.carts import NewItem
from domain.cost_centers import CostCenter
from domain.offers import TaxType
from domain.sales import PaymentMethod
from persistence.audit import AuditEntry
from persistence.invoices import Invoice
from persistence.payouts import PayoutEntry
from resolvers import cost_centers, users
from tenancy.caller import Caller
from tenancy.permissions import Permission, Scope
from tests.buying import Shop, cart, own_offer, shop
from tests.people import House
from tests.selling import connected, draft, product, rows, told
from tests.trade import act, customer, done, forbidden, refused

FIELDS = (
    "id number type iAm sourceTenantId targetTenantId sourceName targetName amount { amount currency } "
    "signedAmount { amount } taxRate tax { amount } costCenter purchaseNumber originType orderNumber "
    "subscriptionNumber invoiceNumber paymentMethod settlementStatus settledAt settledByTenantId settledBy "
    "relatedEntryId createdAt changedAt items { title amount { amount } taxRate tax { amount } costCenter }"
)
SETTLED = "payoutEntry { id settlementStatus settledAt settledByTenantId settledBy } changed"


async def entries(house: House, caller: Caller, **filter: Any) -> list[dict[str, Any]]:
    """The entries that the caller sees, the latest first."""
    query = f"query ($filter: PayoutEntryFilter) {{ payoutEntries(filter: $filter) {{ nodes {{ {FIELDS} }} }} }}"
    found = await house.data(caller, query, filter=filter or None)
    nodes: list[dict[str, Any]] = found["payoutEntries"]["nodes"]
    return nodes


@pytest.mark.rule("R-PO-01", "R-PO-02", "R-PO-03", "R-PO-06", "R-PO-07", "R-PO-08")
async def test_both_tenants_see_the_entry_of_a_mixed_cart_and_nobody_else_does(house: House) -> None:
    beta, third = await shop(house, one_company=True), await house.found("Gamma")
    sister = await house.found("Delta", company_id=beta.source.company_id)
    await connected(sister, beta.target)
    await beta.pay()
    [seen] = await entries(house, beta.target.admin)
    [as_source] = await entries(house, beta.source.admin)
    assert {**seen, "iAm": "SOURCE"} == as_source
    assert (seen["iAm"], seen["number"], seen["type"], seen["originType"]) == ("TARGET", 1, "PAYMENT", "ORDER")
    assert (seen["amount"]["amount"], seen["signedAmount"]["amount"], seen["tax"]["amount"]) == ("9.90", "9.90", "0.65")
    assert (seen["sourceName"], seen["targetName"]) == ("Alpha Verlag", "Beta Medien")
    assert (seen["settlementStatus"], seen["paymentMethod"], seen["taxRate"]) == ("OPEN", "CREDIT_CARD", "7.00")
    assert all(seen[name] for name in ("costCenter", "orderNumber", "invoiceNumber", "createdAt", "changedAt"))
    for stranger in (third.admin, sister.admin):
        assert await entries(house, stranger) == []
        query = "query ($id: ID!) { payoutEntry(id: $id) { id } node(id: $id) { id } }"
        assert await house.data(stranger, query, id=seen["id"]) == {"payoutEntry": None, "node": None}
        assert (await refused(house, stranger, "settlePayoutEntry", payoutEntryId=seen["id"]))[0] == "NOT_FOUND"


@pytest.mark.rule("R-PO-02")
async def test_selling_an_own_offer_makes_no_entry(house: House) -> None:
    beta = await shop(house)
    beta.cart_id = await cart(beta.target, NewItem(beta.own_offer_id))
    await beta.pay()
    assert await rows(beta.target, PayoutEntry) == []


@pytest.mark.rule("R-PO-01", "R-PO-03")
async def test_each_source_of_a_cart_has_one_entry_of_its_own_and_sees_no_other(house: House) -> None:
    beta, gamma = await shop(house), await house.found("Gamma Verlag")
    second = await connected(gamma, beta.target)
    ids = [await second.offer(draft(f"Heft {each}", products=[product("5.00")])) for each in (1, 2)]
    items = [NewItem(external_offer_id=each, leading=1) for each in (beta.external_offer_id, *ids)]
    beta.cart_id = await cart(beta.target, NewItem(beta.own_offer_id), *items)
    await beta.pay()
    amounts = {each["sourceName"]: each["amount"]["amount"] for each in await entries(house, beta.target.admin)}
    assert amounts == {"Alpha Verlag": "9.90", "Gamma Verlag": "10.00"}
    assert [each["amount"]["amount"] for each in await entries(house, beta.source.admin)] == ["9.90"]
    [of_gamma] = await entries(house, gamma.admin)
    assert [item["title"] for item in of_gamma["items"]] == ["Heft 1", "Heft 2"]
    assert of_gamma["number"] == 1


@pytest.mark.rule("R-PO-01", "R-PO-07", "E-A11")
async def test_several_cost_centers_and_tax_rates_of_one_entry_are_told_apart(house: House) -> None:
    beta = await shop(house)
    other = await house.run(
        beta.target.admin, cost_centers.create_cost_center(CostCenter(code="4711", purchase_number=None))
    )
    goods = [product("11.90", tax_type=TaxType.STANDARD)]
    extra = await beta.partners.offer(draft("Bildband", products=goods), cost_center_id=other)
    items = [NewItem(external_offer_id=each, leading=1) for each in (beta.external_offer_id, extra)]
    beta.cart_id = await cart(beta.target, NewItem(beta.own_offer_id), *items)
    await beta.pay()
    [seen] = await entries(house, beta.source.admin)
    assert (seen["amount"]["amount"], seen["tax"]["amount"], seen["taxRate"]) == ("21.80", "2.55", None)
    first, second = seen["items"]
    assert (second["costCenter"], second["taxRate"], second["tax"]["amount"]) == ("4711", "19.00", "1.90")
    assert seen["costCenter"] == f"{first['costCenter']}, 4711"


@pytest.mark.rule("R-PO-08")
async def test_numbers_run_for_each_pair_of_tenants(house: House) -> None:
    beta, gamma = await shop(house), await house.found("Gamma Verlag")
    second = await connected(gamma, beta.target)
    external = await second.offer(draft("Heft"))
    for _ in range(2):
        await beta.pay()
    beta.cart_id = await cart(beta.target, NewItem(beta.own_offer_id), NewItem(external_offer_id=external, leading=1))
    await beta.pay()
    assert [each["number"] for each in await entries(house, beta.source.admin)] == [2, 1]
    assert [each["number"] for each in await entries(house, gamma.admin)] == [1]


@pytest.mark.rule("R-PO-10", "R-PO-11")
@pytest.mark.parametrize("side", ["source", "target"])
async def test_either_tenant_settles_once_and_the_first_time_stays(house: House, side: str) -> None:
    beta = await shop(house)
    await beta.pay()
    home, other = (beta.source, beta.target) if side == "source" else (beta.target, beta.source)
    accountant = await home.member("ACCOUNTANT", name="Achim Accountant")
    [entry] = await entries(house, accountant)
    first = await done(house, accountant, "settlePayoutEntry", SETTLED, payoutEntryId=entry["id"])
    assert (first["payoutEntry"]["settlementStatus"], first["changed"]) == ("SETTLED", True)
    assert first["payoutEntry"]["settledByTenantId"] == f"ten_{home.id}"
    assert first["payoutEntry"]["settledBy"] == f"usr_{accountant.membership_id}"
    again = await done(house, other.admin, "settlePayoutEntry", SETTLED, payoutEntryId=entry["id"])
    assert not again["changed"]
    assert again["payoutEntry"] == {**first["payoutEntry"], "settledBy": None}
    back = {"payoutEntryId": entry["id"], "settlementStatus": "OPEN"}
    for caller in (accountant, other.admin):
        assert await refused(house, caller, "settlePayoutEntry", **back) == (
            "INVALID_STATUS_TRANSITION",
            ["settlementStatus"],
        )
    assert (await told(other))[-1] == "PAYOUT_SETTLED"
    audited = await rows(home, AuditEntry, AuditEntry.operation == "payouts.settle_entry")
    assert [(each.subject_type, each.actor_id) for each in audited] == [("payout_entry", accountant.membership_id)]


@pytest.mark.rule("R-PO-11")
async def test_both_tenants_settle_at_the_same_moment_and_one_of_them_is_first(house: House) -> None:
    beta = await shop(house)
    await beta.pay()
    [entry] = await entries(house, beta.target.admin)
    both = await asyncio.gather(
        *(
            done(house, home.admin, "settlePayoutEntry", SETTLED, payoutEntryId=entry["id"])
            for home in (beta.source, beta.target)
        )
    )
    assert sorted(each["changed"] for each in both) == [False, True]
    assert len({each["payoutEntry"]["settledAt"] for each in both}) == 1


@pytest.mark.rule("R-PO-12")
async def test_settling_says_nothing_of_the_customers_payment(house: House) -> None:
    beta = await shop(house)
    await beta.pay()
    before = [(row.status, row.paid_at, row.version) for row in await rows(beta.target, Invoice)]
    [entry] = await entries(house, beta.source.admin)
    await done(house, beta.source.admin, "settlePayoutEntry", SETTLED, payoutEntryId=entry["id"])
    assert [(row.status, row.paid_at, row.version) for row in await rows(beta.target, Invoice)] == before


@pytest.mark.rule("R-PO-17")
async def test_nothing_but_the_settlement_can_be_asked_to_change(house: House) -> None:
    found = await house.data((await house.found()).admin, "{ __schema { mutationType { fields { name } } } }")
    about = {each["name"] for each in found["__schema"]["mutationType"]["fields"] if "ayout" in each["name"]}
    assert about == {"settlePayoutEntry"}


@pytest.mark.rule("R-PO-06")
async def test_who_sells_does_not_see_the_payout_list(house: House) -> None:
    beta = await shop(house)
    await beta.pay()
    [entry] = await entries(house, beta.target.admin)
    clerk = await beta.target.member("SALES_MANAGER")
    body = await house.ask(clerk, "{ payoutEntries { nodes { number } } }")
    assert body["data"] == {"payoutEntries": None}
    assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert await forbidden(house, clerk, "settlePayoutEntry", payoutEntryId=entry["id"]) == "FORBIDDEN"
    auditor = await beta.target.member("AUDITOR")
    assert [each["id"] for each in await entries(house, auditor)] == [entry["id"]]
    assert await forbidden(house, auditor, "settlePayoutEntry", payoutEntryId=entry["id"]) == "FORBIDDEN"


@pytest.mark.rule("R-PO-09", "E-A18")
async def test_the_list_is_filtered_and_paged(house: House) -> None:
    beta = await shop(house)
    back = await connected(beta.target, beta.source)
    returned = await back.offer(draft("Beilage"))
    lead = await own_offer(beta.source)
    other_cart = await cart(beta.source, NewItem(lead), NewItem(external_offer_id=returned, leading=1))
    for _ in range(3):
        await beta.pay()
    await sell(house, beta, other_cart)
    admin = beta.target.admin
    seen = await entries(house, admin)
    assert [each["iAm"] for each in seen] == ["SOURCE", "TARGET", "TARGET", "TARGET"]
    assert [each["number"] for each in seen] == [1, 3, 2, 1]
    await done(house, admin, "settlePayoutEntry", SETTLED, payoutEntryId=seen[1]["id"])
    open_ = await entries(house, admin, settlementStatus={"eq": "OPEN"})
    assert [each["id"] for each in open_] == [seen[0]["id"], seen[2]["id"], seen[3]["id"]]
    assert [each["id"] for each in await entries(house, admin, iAm="SOURCE")] == [seen[0]["id"]]
    by_target = await entries(house, admin, targetTenantId={"eq": f"ten_{beta.source.id}"})
    assert [each["id"] for each in by_target] == [seen[0]["id"]]
    assert await entries(house, admin, type={"eq": "REFUND"}) == []
    since = await entries(house, admin, createdAt={"gte": seen[1]["createdAt"]})
    assert [each["id"] for each in since] == [seen[0]["id"], seen[1]["id"]]
    ids = await house.data(admin, "{ payoutEntries(last: 1) { nodes { orderId invoiceId } } }")
    [oldest] = ids["payoutEntries"]["nodes"]
    for name in ("orderId", "invoiceId"):
        found = await entries(house, admin, **{name: {"eq": oldest[name]}})
        assert [each["id"] for each in found] == [seen[3]["id"]]
    assert await entries(house, admin, subscriptionId={"eq": "sub_unknown"}) == []
    changed = await entries(house, admin, changedAt={"gte": seen[0]["createdAt"]})
    assert [each["id"] for each in changed] == [seen[0]["id"], seen[1]["id"]]
    query = (
        "query ($after: String) { payoutEntries(first: 3, after: $after) "
        "{ nodes { id } pageInfo { hasNextPage endCursor } totalCount } }"
    )
    page = (await house.data(admin, query))["payoutEntries"]
    rest = (await house.data(admin, query, after=page["pageInfo"]["endCursor"]))["payoutEntries"]
    assert [each["id"] for each in (*page["nodes"], *rest["nodes"])] == [each["id"] for each in seen]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (4, True, False)
    refused_size = await house.ask(admin, "{ payoutEntries(first: 101) { nodes { id } } }")
    assert refused_size["errors"][0]["extensions"]["code"] == "BAD_PAGE_SIZE"


async def sell(house: House, beta: Shop, cart_id: Any) -> None:
    """Let the source sell a cart of its own to a customer of its own."""
    customer_id = f"cus_{await customer(beta.source, 'Kunde der Quelle')}"
    wanted = {"customerId": customer_id, "cartId": f"car_{cart_id}", "country": "DE"}
    started = await done(house, beta.source.admin, "startCheckout", "checkout { id }", **wanted)
    paying = {"checkoutId": started["checkout"]["id"], "paymentMethod": "CREDIT_CARD", "idempotencyKey": str(uuid4())}
    await done(house, beta.source.admin, "payCheckout", "order { id }", **paying)


@pytest.mark.rule("R-PO-15")
async def test_a_billed_sale_is_owed_when_the_invoice_is_paid(house: House) -> None:
    beta = await shop(house)
    await beta.pay(method=PaymentMethod.BILLING)
    query = "{ invoices { nodes { id status version paidAt dueOn issuedOn } } }"
    [invoice] = (await house.data(beta.target.admin, query))["invoices"]["nodes"]
    assert (invoice["status"], invoice["paidAt"]) == ("NOT_PAID", None)
    assert await entries(house, beta.source.admin) == []
    assert len(await rows(beta.source, PayoutEntry)) == 0
    accountant = await beta.target.member("ACCOUNTANT", name="Achim Accountant")
    wanted = {
        "invoiceId": invoice["id"],
        "expectedVersion": invoice["version"],
        "reference": "Kontoauszug 17",
        "idempotencyKey": str(uuid4()),
    }
    selection = "invoice { status paidAt version }"
    clerk = await beta.target.member("SALES_CLERK")
    assert await forbidden(house, clerk, "markInvoicePaid", **wanted) == "FORBIDDEN"
    paid = await done(house, accountant, "markInvoicePaid", selection, **wanted)
    assert paid["invoice"]["status"] == "PAID"
    assert await done(house, accountant, "markInvoicePaid", selection, **wanted) == paid
    [entry] = await entries(house, beta.source.admin)
    assert (entry["amount"]["amount"], entry["paymentMethod"]) == ("9.90", "BILLING")
    stale = {**wanted, "idempotencyKey": str(uuid4())}
    assert (await act(house, accountant, "markInvoicePaid", selection, **stale))["code"] == "CONFLICT_VERSION"
    again = {**stale, "expectedVersion": paid["invoice"]["version"], "idempotencyKey": str(uuid4())}
    assert (await refused(house, accountant, "markInvoicePaid", **again))[0] == "INVALID_STATUS_TRANSITION"
    assert len(await entries(house, beta.source.admin)) == 1


async def test_an_invoice_is_due_when_the_tenants_settings_say(house: House) -> None:
    beta = await shop(house)
    await beta.pay(method=PaymentMethod.BILLING)
    [invoice] = await rows(beta.target, Invoice)
    assert invoice.due_on == invoice.issued_on + timedelta(days=14)


async def test_only_the_own_tenants_accountant_marks_an_invoice(house: House) -> None:
    beta = await shop(house)
    await beta.pay(method=PaymentMethod.BILLING)
    [invoice] = await rows(beta.target, Invoice)
    wanted = {"invoiceId": f"inv_{invoice.id}", "expectedVersion": 1, "idempotencyKey": str(uuid4())}
    assert (await refused(house, beta.source.admin, "markInvoicePaid", **wanted))[0] == "NOT_FOUND"


async def test_entries_stand_in_no_organization_and_need_a_right_for_the_whole_tenant(house: House) -> None:
    beta = await shop(house)
    await beta.pay()
    reach = {Permission.PAYOUTS_SEE: Scope.ORGANIZATION_AND_DESCENDANTS, Permission.PAYOUTS_EDIT: Scope.ORGANIZATION}
    beta.target.roles["NARROW"] = await house.run(beta.target.admin, users.create_role("NARROW", "Narrow", reach))
    narrow = await beta.target.member("NARROW", at="HQ")
    assert await entries(house, narrow) == []
    [entry] = await entries(house, beta.target.admin)
    assert await forbidden(house, narrow, "settlePayoutEntry", payoutEntryId=entry["id"]) == "FORBIDDEN"
