"""The main job, step by step, as the people of two tenants do it and as a third one looks on."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.e2e import documents as ask
from tests.e2e.client import Answer, Asker
from tests.e2e.people import Group, Tenant

TYPED = '<p>Fragen? <a href="https://hilfe.test/abo" onclick="steal()">Hilfe zum Abo</a></p><script>steal()</script>'
HINT = '<p>Fragen? <a href="https://hilfe.test/abo" rel="noopener noreferrer">Hilfe zum Abo</a></p>'
JOB_SECONDS = 60.0
DIGITAL, PRINT, OWN = Decimal("9.90"), Decimal("4.90"), Decimal("20.00")


@dataclass
class Job:
    """A source that shares, a target that sells, a stranger; and what came into being between them."""

    group: Group
    source: Tenant
    target: Tenant
    stranger: Tenant
    made: dict[str, Any] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """What somebody of this job is called, who may be in it for several jobs of the same tenant."""
        return f"{name}.{self.source.domain.partition('-')[0]}"

    @property
    def buyer(self) -> Asker:
        """The target's customer in its portal."""
        return self.of_target(self.of("petra"))

    def of_source(self, who: str) -> Asker:
        """Somebody of the source."""
        return self.group.client(self.source, who)

    def of_target(self, who: str) -> Asker:
        """Somebody of the target."""
        return self.group.client(self.target, who)

    def of_stranger(self, who: str) -> Asker:
        """Somebody of the tenant that has no part in it."""
        return self.group.client(self.stranger, who)


async def connect(job: Job, *, watched: bool = True) -> None:
    """Step 1: the source invites, the target accepts, the source opens access to its offers.

    `watched`: whether there is a stranger who looks on, in this step and the next.
    """
    given = {"targetTenantId": job.target.id, "callbackUrl": f"https://{job.source.domain}/kontor"}
    invited = (await job.of_source("admin").do(ask.INVITE, input=given))["connection"]
    assert (invited["status"], invited["iAm"], invited["accessToOffers"]) == ("INVITED", "SOURCE", False)
    assert (invited["source"], invited["target"]) == (job.source.name, None)

    if watched:
        seen = (await job.of_stranger("admin").data(ask.INVITATIONS))["waiting"]["nodes"]
        assert invited["id"] not in {one["id"] for one in seen}
    waiting = (await job.of_target("admin").data(ask.INVITATIONS))["waiting"]["nodes"]
    assert [(one["id"], one["iAm"]) for one in waiting if one["source"] == job.source.name] == [
        (invited["id"], "TARGET")
    ]
    chosen = {"connectionId": invited["id"], "expectedVersion": invited["version"]}
    if watched:
        assert (await job.of_stranger("admin").refused(ask.ACCEPT, input=chosen))["code"] == "NOT_FOUND"
    assert (await job.of_source("admin").refused(ask.ACCEPT, input=chosen))["code"] == "NOT_OWNER"
    assert await job.of_target("product").forbidden(ask.ACCEPT, input=chosen) == ["FORBIDDEN"]

    accepted = (await job.of_target("admin").do(ask.ACCEPT, input=chosen))["connection"]
    assert (accepted["status"], accepted["target"]) == ("ACTIVE", job.target.name)
    door = {"connectionId": invited["id"], "expectedVersion": accepted["version"], "accessToOffers": True}
    assert (await job.of_target("admin").refused(ask.OPEN, input=door))["code"] == "NOT_OWNER"
    opened = (await job.of_source("admin").do(ask.OPEN, input=door))["connection"]
    assert (opened["status"], opened["accessToOffers"]) == ("ACTIVE", True)
    job.made["connection"] = opened["id"]


async def share(job: Job, *, watched: bool = True) -> None:
    """Step 2: an offer of the source for the target, which the target sees and cannot change."""
    centers = await job.of_target("accountant").data(
        ask.COST_CENTERS,
        digital={"code": code(), "shortDescription": "Fremdtitel digital", "description": "nur für uns"},
        print={"code": code(), "shortDescription": "Fremdtitel gedruckt"},
    )
    digital, printed = (centers[name]["costCenter"]["id"] for name in ("digital", "print"))
    manager = job.of_source("product")
    offered = await manager.data(ask.TARGETS_COST_CENTERS, connection=job.made["connection"])
    assert {digital, printed} <= {one["id"] for one in offered["tenantConnection"]["targetCostCenters"]["nodes"]}

    offer = (await manager.do(ask.SHARE, input=shared_offer(job, digital, printed)))["offer"]
    active = (await manager.data(ask.ACTIVE_OFFERS))["offers"]["nodes"]
    assert offer in active
    assert (offer["crossClient"], offer["targetTenantId"], offer["state"]) == (True, job.target.id, "ACTIVE")
    assert [one["targetCostCenter"]["id"] for one in offer["products"]] == [digital, printed]
    job.made |= {"offer": offer["id"], "external": offer["id"].replace("off_", "xof_"), "shared": offer}

    await seen_by_target(job)
    await refused_to_target(job)
    if watched:
        await dark_to_stranger(job)


def code() -> str:
    """A code of a cost center that no other has."""
    return f"{secrets.randbelow(10**10):010}"


def shared_offer(job: Job, digital: str, printed: str) -> Answer:
    """What the source's product manager fills in."""
    return {
        "offerType": "SUBSCRIPTION_TIME",
        "internalTitle": f"Abendpost von {job.source.name}",
        "targetTenantId": job.target.id,
        "translations": [
            {"language": "de", "title": "Abendpost", "legalText": "Es gelten die AGB.", "preferred": True},
            {"language": "en", "title": "Evening Mail", "legalText": "Terms apply."},
        ],
        "products": [
            {
                "productType": "DIGITAL",
                "taxType": "REDUCED",
                "price": {"amount": str(DIGITAL), "currency": "EUR"},
                "targetCostCenterId": digital,
                "accessRight": "abendpost-digital",
            },
            {
                "productType": "PRINT",
                "taxType": "REDUCED",
                "price": {"amount": str(PRINT), "currency": "EUR"},
                "targetCostCenterId": printed,
            },
        ],
        "termMonths": 12,
        "accountingPeriodMonths": 1,
        "cancellationPeriodDays": 30,
        "selfServiceHint": {
            "internalTitle": "Hinweis Abendpost",
            "type": "HTML_TEXT",
            "translations": [{"language": "de", "text": TYPED, "preferred": True}],
        },
    }


async def seen_by_target(job: Job) -> None:
    """Among the external offers, under the name of its source, with the target's own cost centers."""
    sources = (await job.of_target("product").data(ask.EXTERNAL_OFFERS))["externalOffers"]["nodes"]
    [source] = [one for one in sources if one["source"]["id"] == job.source.id]
    assert source["source"]["name"] == job.source.name
    [external] = [one for one in source["offers"]["nodes"] if one["id"] == job.made["external"]]
    assert external["sellable"]
    assert [one["price"]["amount"] for one in external["products"]] == [str(DIGITAL), str(PRINT)]
    shared = job.made["shared"]["products"]
    assert [one["costCenter"] for one in external["products"]] == [one["targetCostCenter"] for one in shared]
    assert external["hints"] == [{"type": "HTML_TEXT", "language": "de", "text": HINT}]


async def refused_to_target(job: Job) -> None:
    """Each way to change it is refused by name, and the offer stays as it was."""
    manager = job.of_target("product")
    for offer_id in (job.made["external"], job.made["offer"]):
        renamed = {"offerId": offer_id, "expectedVersion": job.made["shared"]["version"], "internalTitle": "Meins"}
        assert (await manager.refused(ask.CHANGE_OFFER, input=renamed))["code"] == "NOT_OWNER"
        ended = {"offerId": offer_id, "expectedVersion": job.made["shared"]["version"], "mode": "BLOCKED"}
        assert (await manager.refused(ask.ARCHIVE_OFFER, input=ended))["code"] == "NOT_OWNER"
    assert job.made["shared"] in (await job.of_source("product").data(ask.ACTIVE_OFFERS))["offers"]["nodes"]


async def dark_to_stranger(job: Job) -> None:
    """The third tenant finds nothing by any door, and a change is answered as for an offer that never was."""
    manager = job.of_stranger("product")
    found = await manager.data(ask.TRACES, offer=job.made["offer"], external=job.made["external"])
    assert (found["offer"], found["externalOffer"], found["nodes"]) == (None, None, [None, None])
    seen = (await manager.data(ask.EXTERNAL_OFFERS))["externalOffers"]["nodes"]
    assert job.made["external"] not in {one["id"] for source in seen for one in source["offers"]["nodes"]}
    for offer_id in (job.made["external"], job.made["offer"]):
        given = {"offerId": offer_id, "expectedVersion": 1, "internalTitle": "Meins"}
        assert (await manager.refused(ask.CHANGE_OFFER, input=given))["code"] == "NOT_FOUND"


async def compose(job: Job) -> None:
    """Step 3: the target's cart, in which an own offer leads the external one."""
    manager = job.of_target("product")
    given = {
        "offerType": "SUBSCRIPTION_TIME",
        "internalTitle": f"Tagblatt von {job.target.name}",
        "translations": [{"language": "de", "title": "Tagblatt", "legalText": "Es gelten die AGB.", "preferred": True}],
        "products": [
            {"productType": "DIGITAL", "taxType": "STANDARD", "price": {"amount": str(OWN), "currency": "EUR"}}
        ],
        "termMonths": 12,
        "accountingPeriodMonths": 1,
        "cancellationPeriodDays": 30,
    }
    own = (await manager.do(ask.OFFER_OF_OWN, input=given))["offer"]
    assert (own["crossClient"], own["onSale"]) == (False, True)
    cart = (await manager.do(ask.CART, input=cart_of(own["id"], job.made["external"])))["cart"]
    assert (cart["sellable"], cart["problems"]) == (True, [])
    first, second = cart["items"]
    assert first["offer"]["title"] == given["internalTitle"]
    assert second["externalOffer"]["source"]["name"] == job.source.name
    assert (second["leadingItemId"], second["available"]) == (first["id"], True)
    alone = {"internalTitle": "Ohne Führung", "currency": "EUR", "translations": cart_of("", "")["translations"]}
    refused = await manager.refused(ask.CART, input=alone | {"items": [{"externalOfferId": job.made["external"]}]})
    assert [one["code"] for one in refused.get("violations", [refused])] == ["LEADING_ITEM_REQUIRED"]
    job.made |= {"own": own["id"], "cart": cart["id"], "cart_version": cart["version"]}


def cart_of(own_id: str, external_id: str) -> Answer:
    """A cart of both."""
    return {
        "internalTitle": "Morgens und abends",
        "currency": "EUR",
        "translations": [
            {"language": "de", "title": "Morgens und abends", "legalText": "Es gelten die AGB.", "preferred": True}
        ],
        "items": [{"offerId": own_id}, {"externalOfferId": external_id, "leadingItem": 1}],
    }


async def customer(job: Job, tenant: Tenant, who: str, name: str) -> None:
    """A customer of a tenant with an account in its portal."""
    clerk = job.group.client(tenant, "admin")
    new = {
        "type": "ORGANIZATION",
        "name": name,
        "responsibleOrganizationId": tenant.places["HAMBURG"],
        "addresses": [{"street": "Hafenstraße 1", "postalCode": "20457", "city": "Hamburg"}],
        "communication": [{"type": "EMAIL", "value": f"{who}@{tenant.domain}"}],
    }
    partner = (await clerk.do(ask.PARTNER, input=new))["partner"]
    made = {"partnerId": partner["id"], "maintainingOrganizationId": tenant.places["HAMBURG"]}
    customer = (await clerk.do(ask.CUSTOMER, input=made))["customer"]
    assert customer["effectiveStatus"] in (None, {"status": "RELEASED", "blocked": False})
    await job.group.hire(tenant, who, "PORTAL_CUSTOMER", partner_id=partner["id"])
    job.made[who] = {"partner": partner["id"], "customer": customer["id"], "number": partner["number"]}


async def buy(job: Job) -> None:
    """Step 4: a portal customer checks the cart out, and everybody sees what is theirs of it."""
    await customer(job, job.target, job.of("petra"), "Buchhandlung Binder")
    petra = job.buyer
    shop = await petra.data(ask.FOR_SALE)
    assert shop["tenant"]["name"] == job.target.name
    [cart] = [one for one in shop["cartsForSale"]["nodes"] if one["id"] == job.made["cart"]]
    assert [item["offer"]["translations"][0]["title"] for item in cart["items"]] == ["Tagblatt", "Abendpost"]

    checkout = (await petra.do(ask.START, input={"cartId": cart["id"]}))["checkout"]
    assert (checkout["status"], checkout["country"]) == ("STARTED", "DE")
    assert checkout["total"] == {"amount": str(OWN + DIGITAL + PRINT), "currency": "EUR"}
    payment = {"checkoutId": checkout["id"], "paymentMethod": "CREDIT_CARD"}
    assert (await petra.refused(ask.PAY, input=payment))["code"] == "IDEMPOTENCY_KEY_REQUIRED"
    paid, again = [await petra.do(ask.PAY, input=payment | {"idempotencyKey": "einmal"}) for _ in range(2)]
    assert list(paid.items()) == list(again.items())
    job.made |= {"paid": paid}

    assert (paid["checkout"]["status"], paid["order"]["total"]) == ("PAID", checkout["total"])
    assert (paid["invoice"]["status"], paid["invoice"]["total"]) == ("PAID", checkout["total"])
    assert [one["title"] for one in paid["subscriptions"]] == ["Tagblatt", "Abendpost"]
    mine = await petra.data(ask.MINE)
    assert [one["number"] for one in mine["orders"]["nodes"]] == [paid["order"]["number"]]
    assert [one["number"] for one in mine["orders"]["nodes"][0]["invoices"]] == [paid["invoice"]["number"]]
    assert {one["id"] for one in mine["subscriptions"]["nodes"]} == {one["id"] for one in paid["subscriptions"]}

    await mirrored(job)
    await booked(job)


async def mirrored(job: Job) -> None:
    """The source reads the sold subscription, with its hint and where it is managed, and manages nothing."""
    sold, address = job.made["paid"]["subscriptions"][1], f"https://{job.target.domain}/konto"
    mirror = await mirror_of(job)
    assert (mirror["id"], mirror["role"], mirror["soldBy"]) == (sold["id"], "PROVIDED", job.target.name)
    assert (mirror["manageable"], mirror["manageUrl"]) == (False, address)
    assert (mirror["hint"], mirror["hintType"]) == (HINT, "HTML_TEXT")
    given = {"subscriptionId": mirror["id"], "expectedVersion": mirror["version"]}
    refused = await job.of_source("admin").refused(ask.CANCEL, input=given)
    assert (refused["code"], refused["manageUrl"]) == ("MANAGED_BY_OTHER_TENANT", address)
    assert (await mirror_of(job))["cancellation"] is None
    unseen = (await job.of_stranger("admin").data(ask.MIRRORS))["subscriptions"]["nodes"]
    assert mirror["id"] not in {one["id"] for one in unseen}

    await provided(job, mirror["id"], address)
    cancelled = (await job.buyer.do(ask.CANCEL, input=given))["subscription"]
    assert cancelled["cancellation"] == "REGULAR"
    assert (await mirror_of(job))["cancellation"] == "REGULAR"


async def mirror_of(job: Job) -> Answer:
    """What the source's staff sees of the subscription that the target sold."""
    found = (await job.of_source("admin").data(ask.MIRRORS))["subscriptions"]["nodes"]
    [mirror] = [one for one in found if (one["role"], one["soldBy"]) == ("PROVIDED", job.target.name)]
    provided: Answer = mirror
    return provided


async def provided(job: Job, subscription_id: str, address: str) -> None:
    """Who bought it becomes the source's customer: by the job within one company, by hand between two (R-SC-34)."""
    admin = job.of_source("admin")
    notices = (await admin.data(ask.NOTICES))["tenantNotices"]["nodes"]
    assert "SUBSCRIPTION_SOLD" in {one["kind"] for one in notices if one["fromTenantId"] == job.target.id}
    if job.source.company == job.target.company:
        known = await eventually(lambda: known_customer(job))
        assert known.startswith("cus_")
        return
    who = job.of("rita")
    await customer(job, job.source, who, "Kundin der Quelle")
    rita = job.of_source(who)
    assert (await rita.data(ask.PROVIDED))["providedSubscriptions"]["nodes"] == []
    chosen = {"subscriptionId": subscription_id, "customerId": job.made[who]["customer"]}
    linked = (await admin.do(ask.LINK_CUSTOMER, input=chosen))["subscription"]
    assert linked["customer"]["number"] == job.made[who]["number"]
    [one] = (await rita.data(ask.PROVIDED))["providedSubscriptions"]["nodes"]
    assert (one["soldBy"], one["manageable"], one["manageUrl"]) == (job.target.name, False, address)
    assert one["hint"] == HINT
    given = {"subscriptionId": one["subscriptionId"], "expectedVersion": one["version"]}
    assert (await rita.refused(ask.CANCEL, input=given))["code"] == "MANAGED_BY_OTHER_TENANT"


async def known_customer(job: Job) -> str | None:
    """The source's own customer behind the mirror, as soon as there is one."""
    found = (await mirror_of(job))["customer"]
    return None if found is None else str(found["id"])


async def eventually(look: Callable[[], Awaitable[str | None]]) -> str:
    """What a job makes a moment later."""
    until = time.monotonic() + JOB_SECONDS
    while (found := await look()) is None:
        assert time.monotonic() < until, "no job did it"
        await asyncio.sleep(0.1)
    return found


async def booked(job: Job) -> None:
    """One entry of the payout list, the same for both tenants, and for nobody else."""
    order, invoice = job.made["paid"]["order"], job.made["paid"]["invoice"]
    by_source = await entry_of(job, job.of_source("accountant"))
    by_target = await entry_of(job, job.of_target("accountant"))
    assert (by_source.pop("iAm"), by_target.pop("iAm")) == ("SOURCE", "TARGET")
    assert by_source == by_target
    assert by_source["amount"] == {"amount": str(DIGITAL + PRINT), "currency": "EUR"}
    assert (by_source["type"], by_source["settlementStatus"]) == ("PAYMENT", "OPEN")
    assert (by_source["sourceName"], by_source["targetName"]) == (job.source.name, job.target.name)
    assert (by_source["orderNumber"], by_source["invoiceNumber"]) == (order["number"], invoice["number"])
    assert [one["amount"]["amount"] for one in by_source["items"]] == [str(DIGITAL), str(PRINT)]

    entry_id = by_source["id"]
    assert await job.of_stranger("accountant").data(ask.PAYOUT, id=entry_id) == {"payoutEntry": None, "node": None}
    unseen = (await job.of_stranger("accountant").data(ask.PAYOUTS))["payoutEntries"]["nodes"]
    assert entry_id not in {one["id"] for one in unseen}
    assert await job.of_target("hanna").forbidden(ask.PAYOUTS) == ["FORBIDDEN"]
    unknown = await job.buyer.turned_away(ask.PAYOUTS, 400)
    assert "payoutEntries" in unknown["message"]


async def entry_of(job: Job, accountant: Asker) -> Answer:
    """The entry of this job's order, as an accountant sees it."""
    entries = (await accountant.data(ask.PAYOUTS))["payoutEntries"]["nodes"]
    names = (job.source.name, job.target.name)
    [entry] = [one for one in entries if (one["sourceName"], one["targetName"]) == names]
    found: Answer = entry
    return found


async def tend(job: Job) -> None:
    """Step 5: whoever works in Hamburg sees, uses and edits Hamburg's partners; who works in Munich does not."""
    hanna, mara = job.of_target("hanna"), job.of_target("mara")
    partner = (await hanna.do(ask.PARTNER, input={"type": "ORGANIZATION", "name": "Kontor am Fleet"}))["partner"]
    customer_id = (await hanna.do(ask.CUSTOMER, input={"partnerId": partner["id"]}))["customer"]["id"]
    seen = (await hanna.data(ask.NEIGHBOURS, one=partner["id"]))["one"]
    assert seen["responsibleOrganization"]["code"] == "HAMBURG"
    data = seen["customer"]["effectiveData"]
    assert (data["inherited"], data["status"]) == (False, "RELEASED")

    renamed = {"partnerId": partner["id"], "expectedVersion": seen["version"], "name": "Kontor am Alsterfleet"}
    changed = (await hanna.do(ask.RENAME, input=renamed))["partner"]
    assert (changed["name"], changed["version"]) == ("Kontor am Alsterfleet", seen["version"] + 1)
    sale = {"customerId": customer_id, "cartId": job.made["cart"], "country": "DE"}
    assert (await hanna.do(ask.SELL, input=sale))["checkout"]["customer"]["number"] == partner["number"]

    await unknown_in_munich(job, mara, partner["id"], customer_id, sale)
    await seen_but_not_edited(job, partner["id"], changed["version"])
    await inherited_below(job, customer_id)
    job.made |= {"neighbour": partner["id"], "neighbour_customer": customer_id, "neighbour_version": changed["version"]}


async def unknown_in_munich(job: Job, mara: Asker, partner_id: str, customer_id: str, sale: Answer) -> None:
    """In the sister organization the partner is not there: not to see, not to use, not to edit."""
    found = await mara.data(ask.NEIGHBOURS, one=partner_id)
    assert found["one"] is None
    assert partner_id not in {one["id"] for one in found["partners"]["nodes"]}
    renamed = {"partnerId": partner_id, "expectedVersion": 2, "name": "Meins"}
    assert (await mara.refused(ask.RENAME, input=renamed))["code"] == "NOT_FOUND"
    assert (await mara.refused(ask.SELL, input=sale))["code"] == "NOT_FOUND"
    blocked = {"customerId": customer_id, "expectedVersion": 1, "status": "BLOCKED"}
    assert (await mara.refused(ask.SET_STATUS, input=blocked))["code"] == "NOT_FOUND"
    for place, seen in (("HAMBURG", True), ("MUNICH", False)):
        ole = job.of_target("ole").acting(job.target.places[place])
        assert ((await ole.data(ask.NEIGHBOURS, one=partner_id))["one"] is not None) is seen
    after = (await job.of_target("hanna").data(ask.NEIGHBOURS, one=partner_id))["one"]
    assert (after["name"], after["customer"]["effectiveData"]["status"]) == ("Kontor am Alsterfleet", "RELEASED")


async def seen_but_not_edited(job: Job, partner_id: str, version: int) -> None:
    """A viewer in the same place sees and may not edit; the manager above sees the place and edits there."""
    vera, nora = job.of_target("vera"), job.of_target("nora")
    renamed = {"partnerId": partner_id, "expectedVersion": version, "name": "Meins"}
    assert (await vera.data(ask.NEIGHBOURS, one=partner_id))["one"]["version"] == version
    assert await vera.forbidden(ask.RENAME, input=renamed) == ["FORBIDDEN"]
    assert (await nora.data(ask.NEIGHBOURS, one=partner_id))["one"]["name"] == "Kontor am Alsterfleet"
    same = {"partnerId": partner_id, "expectedVersion": version, "name": "Kontor am Alsterfleet", "dryRun": True}
    assert (await nora.do(ask.RENAME, input=same))["partner"]["name"] == "Kontor am Alsterfleet"


async def inherited_below(job: Job, customer_id: str) -> None:
    """Below Hamburg its data count until somebody takes over the editing, and then not any more."""
    altona, above = job.of_target("alma"), job.of_target("hanna")
    before = (await altona.data(ask.EFFECTIVE, customer=customer_id))["customer"]["effectiveData"]
    assert (before["inherited"], before["hops"], before["source"]["code"]) == (True, 1, "HAMBURG")
    edit = {"customerId": customer_id, "expectedVersion": before["version"], "abcClass": "C"}
    refused = await altona.refused(ask.EDIT_CUSTOMER, input=edit)
    assert (refused["code"], refused["nextAction"]) == ("CUSTOMER_DATA_INHERITED", "takeOverCustomerDataEditing")
    taken = await altona.do(ask.TAKE_OVER, input={"customerId": customer_id})
    assert (taken["changed"], taken["source"]["code"]) == (True, "HAMBURG")
    own = taken["customer"]["effectiveData"]
    edited = await altona.do(ask.EDIT_CUSTOMER, input=edit | {"expectedVersion": own["version"]})
    assert edited["customer"]["effectiveData"]["abcClass"] == "C"
    kept = (await above.data(ask.EFFECTIVE, customer=customer_id))["customer"]["effectiveData"]
    assert (kept["source"]["code"], kept["abcClass"]) == ("HAMBURG", "A")


STEPS = (connect, share, compose, buy, tend)


async def do(job: Job) -> Job:
    """All five steps."""
    for step in STEPS:
        await step(job)
    return job
