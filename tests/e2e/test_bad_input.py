"""Bad input of each kind gets its named answer over HTTP, and changes nothing."""

import time
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from joserfc import jwt

from tests.e2e import documents as ask
from tests.e2e import main_job, state
from tests.e2e.client import Answer, Client
from tests.e2e.main_job import Job
from tests.e2e.people import Group
from web.issuer.signing import signing_key

pytestmark = pytest.mark.xdist_group("e2e")

Bad = Callable[[Job], Awaitable[None]]
IN_DOLLARS = {"productType": "DIGITAL", "taxType": "REDUCED", "price": {"amount": "5.00", "currency": "USD"}}
IN_EUROS = {"productType": "DIGITAL", "taxType": "REDUCED", "price": {"amount": "5.00", "currency": "EUR"}}
PARTNERS = "query Partners($first: Int) { partners(first: $first) { nodes { id } } me { tenant { name } } }"
PARTNER_OF = "query PartnerOf($id: ID!) { partner(id: $id) { id } node(id: $id) { id } }"


@pytest.fixture(scope="module")
async def job(group: Group) -> Job:
    """The main job done between two tenants, with a blocked customer and an offer in dollars besides."""
    alpha, beta, gamma = group.tenants.values()
    job = await main_job.do(Job(group, beta, gamma, alpha))
    await main_job.customer(job, job.target, "bodo", "Buchhandlung Bankrott")
    blocked = {"customerId": job.made["bodo"]["customer"], "expectedVersion": 1, "status": "BLOCKED"}
    hamburg = job.of_target("hanna")
    await hamburg.do(ask.SET_STATUS, input=blocked)
    dollars = await job.of_target("product").do(ask.OFFER_OF_OWN, input=own_offer(IN_DOLLARS))
    job.made["dollars"] = dollars["offer"]["id"]
    return job


def own_offer(*products: Answer) -> Answer:
    return {
        "offerType": "SUBSCRIPTION_TIME",
        "internalTitle": "Overseas",
        "translations": [{"language": "de", "title": "Overseas", "legalText": "AGB", "preferred": True}],
        "products": list(products),
        "termMonths": 12,
        "accountingPeriodMonths": 1,
        "cancellationPeriodDays": 30,
    }


def violations(refusal: Answer) -> list[str]:
    assert (refusal["__typename"], refusal["code"]) == ("ValidationFailed", "VALIDATION")
    return [one["code"] for one in refusal["violations"]]


async def a_foreign_id(job: Job) -> None:
    """What belongs to another tenant is answered exactly as what never was."""
    stranger, foreign, never = job.of_stranger("admin"), job.made["neighbour"], f"par_{uuid4()}"
    answers = []
    for partner_id in (foreign, never):
        read = await stranger.send(PARTNER_OF, {"id": partner_id})
        renamed = {"partnerId": partner_id, "expectedVersion": job.made["neighbour_version"], "name": "Meins"}
        written = await stranger.send(ask.RENAME, {"input": renamed})
        answers.append((read.status_code, read.json()["data"], written.status_code, written.json()["data"]))
    assert answers[0] == answers[1]
    assert answers[0][1] == {"partner": None, "node": None}
    assert (answers[0][3]["updatePartner"]["__typename"], answers[0][3]["updatePartner"]["code"]) == (
        "NotFound",
        "NOT_FOUND",
    )


async def a_stale_version(job: Job) -> None:
    """Whoever changes what somebody else changed meanwhile is told, with the version that counts."""
    version = job.made["neighbour_version"]
    stale = {"partnerId": job.made["neighbour"], "expectedVersion": version - 1, "name": "Zu spät"}
    refused = await job.of_target("hanna").refused(ask.RENAME, input=stale)
    assert (refused["code"], refused["currentVersion"]) == ("CONFLICT_VERSION", version)


async def a_missing_cost_center(job: Job) -> None:
    """An offer for another tenant needs that tenant's cost center on every product; which one lacks it is said."""
    given = main_job.shared_offer(job, *(one["targetCostCenter"]["id"] for one in job.made["shared"]["products"]))
    del given["products"][1]["targetCostCenterId"]
    refused = await job.of_source("product").refused(ask.SHARE, input=given)
    assert (refused["__typename"], refused["code"], refused["position"]) == (
        "CostCenterProblem",
        "COST_CENTER_REQUIRED",
        2,
    )


async def a_currency_mix_in_an_offer(job: Job) -> None:
    refused = await job.of_target("product").refused(ask.OFFER_OF_OWN, input=own_offer(IN_EUROS, IN_DOLLARS))
    assert violations(refused) == ["CURRENCY_MISMATCH"]


async def a_currency_mix_in_a_cart(job: Job) -> None:
    mixed = {"cartId": job.made["cart"], "offerId": job.made["dollars"], "expectedVersion": job.made["cart_version"]}
    refused = await job.of_target("product").refused(ask.ADD_ITEM, input=mixed)
    assert refused["code"] == "CURRENCY_MISMATCH"


async def a_string_for_a_date(job: Job) -> None:
    """What is no date is refused before anything runs, as a variable and as a literal."""
    given = {"customerId": job.made["bodo"]["customer"], "expectedVersion": 2, "status": "BLOCKED"}
    hanna = job.of_target("hanna")
    literal = f'{{ customerId: "{given["customerId"]}", expectedVersion: 2, status: BLOCKED, blockedUntil: "soon" }}'
    written = f"mutation {{ setCustomerStatus(input: {literal}) {{ __typename }} }}"
    as_variable = await hanna.turned_away(ask.SET_STATUS, 400, input=given | {"blockedUntil": "übermorgen"})
    as_literal = await hanna.turned_away(written, 400)
    for error, code in ((as_variable, "BAD_USER_INPUT"), (as_literal, "GRAPHQL_VALIDATION_FAILED")):
        assert error["extensions"]["code"] == code
        assert "Date cannot represent" in error["message"]


async def a_hundred_and_one_rows(job: Job) -> None:
    """A page is refused, not shortened; the rest of the answer stands."""
    body = await job.of_target("hanna").ask(PARTNERS, first=101)
    assert body["data"] == {"partners": None, "me": {"tenant": {"name": job.target.name}}}
    [error] = body["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("BAD_PAGE_SIZE", ["partners"])
    assert (await job.of_target("hanna").ask(PARTNERS, first=100)).keys() == {"data", "extensions"}


async def an_expired_token(job: Job) -> None:
    """A token that was good a moment ago and is signed well says that it has expired; nothing runs."""
    hanna = job.of_target("hanna")
    late = Client(hanna.http, expired(job, hanna.token))
    for document, variables in ((ask.ME, {}), (ask.RENAME, {"input": {}})):
        error = await late.turned_away(document, 401, **variables)
        assert error["extensions"]["code"] == "TOKEN_EXPIRED"
    assert 'error="invalid_token"' in (await late.send(ask.ME)).headers["www-authenticate"]


async def a_blocked_customer(job: Job) -> None:
    """Nobody sells to a blocked customer, and it buys nothing itself."""
    sale = {"customerId": job.made["bodo"]["customer"], "cartId": job.made["cart"], "country": "DE"}
    by_staff = await job.of_target("hanna").refused(ask.SELL, input=sale)
    assert (by_staff["__typename"], by_staff["code"], by_staff["reasons"]) == (
        "CustomerBlocked",
        "CUSTOMER_BLOCKED",
        ["MANUAL"],
    )
    itself = await job.of_target("bodo").refused(ask.START, input={"cartId": job.made["cart"]})
    assert itself["code"] == "CUSTOMER_BLOCKED"


def expired(job: Job, token: str) -> str:
    """The same token, signed by the same key, good until an hour ago."""
    key = signing_key(job.group.installation.folder)
    good = jwt.decode(token, key)
    past = int(time.time()) - 3600
    claims = good.claims | {"exp": past, "iat": past - 900, "nbf": past - 900}
    return jwt.encode(good.header, claims, key)


@pytest.mark.parametrize(
    "bad",
    [
        a_foreign_id,
        a_stale_version,
        a_missing_cost_center,
        a_currency_mix_in_an_offer,
        a_currency_mix_in_a_cart,
        a_string_for_a_date,
        a_hundred_and_one_rows,
        an_expired_token,
        a_blocked_customer,
    ],
    ids=lambda bad: bad.__name__,
)
async def test_bad_input_is_named_and_changes_nothing(job: Job, bad: Bad) -> None:
    assert job.group.installation.urls is not None
    tenants = [UUID(one.id.removeprefix("ten_")) for one in job.group.tenants.values()]
    before = state.of(job.group.installation.urls, tenants)
    await bad(job)
    assert state.of(job.group.installation.urls, tenants) == before


async def test_a_change_that_is_kept_is_seen_by_what_compares(job: Job) -> None:
    """The comparison above sees a single renamed partner; without that it would prove nothing."""
    assert job.group.installation.urls is not None
    tenants = [UUID(job.target.id.removeprefix("ten_"))]
    before = state.of(job.group.installation.urls, tenants)
    version = job.made["neighbour_version"]
    renamed = {"partnerId": job.made["neighbour"], "expectedVersion": version, "name": "Kontor am Nikolaifleet"}
    job.made["neighbour_version"] = (await job.of_target("hanna").do(ask.RENAME, input=renamed))["partner"]["version"]
    after = state.of(job.group.installation.urls, tenants)
    changed = {table for (_, table), digest in after.items() if digest != before[_, table]}
    assert {"partner", "audit_entry"} <= changed
