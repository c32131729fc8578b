"""Subscriptions over GraphQL: sold and managed here, provided and only looked at there."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.carts import NewItem
from domain.partners import Communication, CommunicationType
from domain.sales import SaleEvent
from domain.subscriptions import NEUTRAL_HINT
from domain.texts import TextModule, TextType
from domain.texts import Translation as Text
from persistence.events import JointEvent
from persistence.partners import Partner
from persistence.receipts import EventReceipt
from persistence.subscriptions import ProvidedGrant, Subscription
from resolvers import events, partners, users
from resolvers.users import NewUser
from tenancy.caller import Caller
from tenancy.rights import Known, Wish
from tests.buying import Shop, cart, shop
from tests.people import Home, House, on
from tests.selling import connected, draft, product, rows
from tests.trade import act, customer, done, refused

FIELDS = (
    "id number title status crossClientRole manageable manageUrl soldBy selfServiceHint selfServiceHintType "
    "startsOn endsOn cancellation version customer { id displayName } orderItem { title }"
)
LIST = f"{{ subscriptions {{ nodes {{ {FIELDS} }} }} }}"
PROVIDED = (
    "{ providedSubscriptions { nodes { id subscriptionId title status soldBy manageable manageUrl "
    "accessRights selfServiceHint selfServiceHintType startsOn endsOn version } } }"
)
CHANGED = "subscription { status startsOn endsOn cancellation version }"


async def worked(beta: Shop) -> int:
    """Let the source act on what it was told; how many events that were."""
    house, operator = beta.house, await beta.source.operator()
    waiting = await house.run(operator, events.pending())
    return sum([await house.run(operator, events.handle(event_id)) for event_id in waiting])


async def listed(house: House, caller: Caller, query: str = LIST) -> dict[str, dict[str, Any]]:
    """The subscriptions that the caller sees, by title."""
    found = await house.data(caller, query)
    return {one["title"]: one for one in next(iter(found.values()))["nodes"]}


async def external(beta: Shop, caller: Caller | None = None) -> dict[str, Any]:
    """The bought external subscription, as the seller's staff (or somebody else) sees it."""
    return (await listed(beta.house, caller or beta.target.admin))["Morgenpost digital"]


def changing(one: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"subscriptionId": one["id"], "expectedVersion": one["version"], **more}


@pytest.mark.rule("R-SC-31", "R-SC-32")
async def test_an_external_offer_makes_a_mirror_in_the_source_and_an_own_one_makes_none(house: House) -> None:
    beta = await shop(house)
    await beta.pay()
    sold, provided = await listed(house, beta.target.admin), await listed(house, beta.source.admin)
    assert sold["Tagblatt"]["crossClientRole"] == "NONE"
    assert sold["Morgenpost digital"]["crossClientRole"] == "SOLD"
    assert list(provided) == ["Morgenpost digital"]
    mirror = provided["Morgenpost digital"]
    assert mirror["crossClientRole"] == "PROVIDED"
    for name in ("id", "number", "status", "startsOn", "endsOn", "version", "soldBy"):
        assert mirror[name] == sold["Morgenpost digital"][name]
    assert (mirror["customer"], mirror["orderItem"]) == (None, None)
    assert sold["Morgenpost digital"]["orderItem"] == {"title": "Morgenpost digital"}


@pytest.mark.rule("R-SC-32")
async def test_a_third_tenant_sees_no_mirror(house: House) -> None:
    beta, gamma = await shop(house, one_company=True), await house.found("Gamma")
    await beta.pay()
    one = await external(beta)
    third = await house.found("Delta", company_id=beta.source.company_id)
    for stranger in (gamma.admin, third.admin):
        assert await listed(house, stranger) == {}
        query = "query ($id: ID!) { subscription(id: $id) { id } node(id: $id) { id } }"
        assert await house.data(stranger, query, id=one["id"]) == {"subscription": None, "node": None}
        assert (await refused(house, stranger, "cancelSubscription", **changing(one)))[0] == "NOT_FOUND"


@pytest.mark.rule("R-SC-34", "R-SC-32")
async def test_within_one_company_the_mirror_is_bound_to_the_same_customer(house: House) -> None:
    beta = await shop(house, one_company=True)
    await beta.pay()
    assert (await external(beta, beta.source.admin))["customer"] is None
    assert await worked(beta) > 0
    mirror = await external(beta, beta.source.admin)
    assert mirror["customer"]["displayName"] == "Buchhandlung Binder"
    query = "query ($id: ID!) { customer(id: $id) { effectiveStatus { blocked } } }"
    found = await house.data(beta.source.admin, query, id=mirror["customer"]["id"])
    assert found["customer"]["effectiveStatus"] == {"blocked": False}


@pytest.mark.rule("R-SC-34")
async def test_the_same_customer_is_whoever_signs_in_as_the_same_person(house: House) -> None:
    beta = await shop(house, one_company=True)
    own = await customer(beta.source, "Binder & Söhne")
    await same_person(beta, own)
    await beta.pay()
    await worked(beta)
    assert (await external(beta, beta.source.admin))["customer"]["id"] == f"cus_{own}"


@pytest.mark.rule("R-SC-34")
async def test_the_same_customer_is_else_who_is_reached_at_the_same_address(house: House) -> None:
    beta = await shop(house, one_company=True)
    own = await customer(beta.source, "Binder & Söhne")
    await reached(beta.source, own)
    await reached(beta.target, beta.customer_id)
    await beta.pay()
    await worked(beta)
    assert (await external(beta, beta.source.admin))["customer"]["id"] == f"cus_{own}"


@pytest.mark.rule("R-SC-34")
async def test_where_several_could_be_the_customer_nobody_is_linked_by_itself(house: House) -> None:
    beta = await shop(house, one_company=True)
    for name in ("Binder & Söhne", "Binder Filiale"):
        await reached(beta.source, await customer(beta.source, name))
    await reached(beta.target, beta.customer_id)
    await beta.pay()
    await worked(beta)
    assert (await external(beta, beta.source.admin))["customer"] is None


async def same_person(beta: Shop, partner_id: UUID) -> Caller:
    """Let the buyer sign in to the source's portal too, as one of its partners."""
    new = NewUser(
        kind="PORTAL",
        issuer=beta.buyer.issuer,
        subject=beta.buyer.subject,
        name="Petra Portal",
        email="petra@example.test",
        role_ids=[beta.source.roles["PORTAL_CUSTOMER"]],
        organization_ids=[],
        partner_id=partner_id,
    )
    await beta.house.run(await beta.source.operator(), users.create_user(new))
    known = Known(beta.buyer.issuer, beta.buyer.subject, beta.source.id)
    return await beta.house.callers.of(known, Wish(portal=True))


async def reached(home: Home, partner_id: UUID, email: str = "kontakt@binder.example") -> None:
    """Give a partner an e-mail address."""
    [row] = await rows(home, Partner, Partner.id == partner_id)
    communication = [Communication(CommunicationType.EMAIL, email)]
    await home.house.run(home.admin, partners.set_communication(partner_id, communication, row.version))


@pytest.mark.rule("R-SC-34")
async def test_between_two_companies_nothing_is_told_of_the_customer_until_somebody_links_it(house: House) -> None:
    beta = await shop(house)
    await reached(beta.target, beta.customer_id)
    await beta.pay()
    before = {row.id for row in await rows(beta.source, Partner)}
    await worked(beta)
    assert {row.id for row in await rows(beta.source, Partner)} == before
    mirror = await external(beta, beta.source.admin)
    assert mirror["customer"] is None
    [grant] = await rows(beta.source, ProvidedGrant)
    assert grant.partner_id is None
    own = await customer(beta.source, "Binder & Söhne")
    portal = await beta.source.customer_of_portal(own)
    assert await listed(house, portal, PROVIDED) == {}
    link = {"subscriptionId": mirror["id"], "customerId": f"cus_{own}"}
    linked = await done(house, beta.source.admin, "linkProvidedCustomer", "subscription { customer { id } }", **link)
    assert linked["subscription"]["customer"]["id"] == f"cus_{own}"
    assert list(await listed(house, portal, PROVIDED)) == ["Morgenpost digital"]
    await done(house, beta.source.admin, "linkProvidedCustomer", "subscription { id }", **link)
    other = {**link, "customerId": f"cus_{await customer(beta.source, 'Kiosk')}"}
    code = (await refused(house, beta.source.admin, "linkProvidedCustomer", **other))[0]
    assert code == "INVALID_STATUS_TRANSITION"


@pytest.mark.rule("R-SC-34")
async def test_only_the_source_links_and_only_its_own_customers(house: House) -> None:
    beta = await shop(house)
    await beta.pay()
    one = await external(beta)
    link = {"subscriptionId": one["id"], "customerId": f"cus_{beta.customer_id}"}
    assert await refused(house, beta.target.admin, "linkProvidedCustomer", **link) == (
        "NOT_FOUND",
        ["subscriptionId"],
    )
    assert await refused(house, beta.source.admin, "linkProvidedCustomer", **link) == ("NOT_FOUND", ["customerId"])


async def test_an_event_is_acted_on_once(house: House) -> None:
    beta = await shop(house, one_company=True)
    await beta.pay()
    house_operator = await beta.source.operator()
    waiting = await house.run(house_operator, events.pending())
    assert [await house.run(house_operator, events.handle(each)) for each in waiting] == [True] * len(waiting)
    assert [await house.run(house_operator, events.handle(each)) for each in waiting] == [False] * len(waiting)
    assert await house.run(house_operator, events.pending()) == []
    assert len(await rows(beta.source, ProvidedGrant)) == 1
    assert len(await rows(beta.source, EventReceipt)) == len(waiting)
    assert await rows(beta.target, ProvidedGrant) == []


@pytest.mark.rule("R-SC-35", "R-SC-36")
async def test_the_source_reads_where_the_customer_manages_it_and_manages_nothing(house: House) -> None:
    beta = await shop(house)
    await beta.pay()
    mirror = await external(beta, beta.source.admin)
    assert not mirror["manageable"]
    assert mirror["manageUrl"] == (await external(beta))["manageUrl"]
    assert mirror["selfServiceHint"] == NEUTRAL_HINT["de"].format(target="Beta Medien")
    assert mirror["selfServiceHintType"] == "PLAIN_TEXT"
    query = 'query ($id: ID!) { subscription(id: $id) { selfServiceHint(language: "en") } }'
    english = await house.data(beta.source.admin, query, id=mirror["id"])
    assert english["subscription"]["selfServiceHint"] == NEUTRAL_HINT["en"].format(target="Beta Medien")
    french = await house.data(beta.source.admin, query.replace('"en"', '"fr"'), id=mirror["id"])
    assert french == english
    for field in ("cancelSubscription", "undoCancellation"):
        answer = await act(house, beta.source.admin, field, CHANGED, **changing(mirror))
        assert (answer["__typename"], answer["code"]) == ("ManagedByOtherTenant", "MANAGED_BY_OTHER_TENANT")
    document = (
        "mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) "
        "{ ... on ManagedByOtherTenant { manageUrl } } }"
    )
    told = await house.data(beta.source.admin, document, input=changing(mirror))
    assert told["cancelSubscription"]["manageUrl"] == mirror["manageUrl"]
    assert (await external(beta))["version"] == mirror["version"]


@pytest.mark.rule("R-SC-35", "E-A17")
async def test_the_sources_own_text_is_shown_in_the_readers_language_or_the_preferred_one(house: House) -> None:
    hint = TextModule(
        "Hinweis",
        TextType.HTML_TEXT,
        (Text("de", "Verwaltung bei Beta."), Text("en", "Managed at Beta.", preferred=True)),
    )
    beta = await shop(house, one_company=True, external=draft(hint=hint))
    own = await customer(beta.source, "Binder & Söhne")
    portal = await same_person(beta, own)
    await beta.pay()
    await worked(beta)
    mirror = await external(beta, beta.source.admin)
    assert (mirror["selfServiceHint"], mirror["selfServiceHintType"]) == ("Managed at Beta.", "HTML_TEXT")
    query = "query ($id: ID!, $in: LanguageCode) { subscription(id: $id) { selfServiceHint(language: $in) } }"
    for language, text in (("de", "Verwaltung bei Beta."), ("fr", "Managed at Beta."), (None, "Managed at Beta.")):
        found = await house.data(beta.source.admin, query, id=mirror["id"], **{"in": language})
        assert found["subscription"]["selfServiceHint"] == text
    shown = (await listed(house, portal, PROVIDED))["Morgenpost digital"]
    assert shown["selfServiceHint"] == "Verwaltung bei Beta."
    assert (await external(beta))["selfServiceHint"] is None


@pytest.mark.rule("R-SC-32", "R-SC-35", "R-SC-36", "R-SC-34")
async def test_the_sources_customer_sees_what_is_provided_and_is_sent_to_the_seller(house: House) -> None:
    wanted_offer = draft(products=[product("5.00", access_right="morgenpost:read"), product("4.90")])
    beta = await shop(house, one_company=True, external=wanted_offer)
    portal = await same_person(beta, await customer(beta.source, "Binder & Söhne"))
    neighbour = await beta.source.customer_of_portal(await customer(beta.source, "Kiosk"))
    await beta.pay()
    await worked(beta)
    shown = (await listed(house, portal, PROVIDED))["Morgenpost digital"]
    assert (shown["manageable"], shown["soldBy"], shown["status"]) == (False, "Beta Medien", "ACTIVE")
    assert shown["selfServiceHint"] == NEUTRAL_HINT["de"].format(target="Beta Medien")
    assert shown["manageUrl"]
    assert shown["accessRights"] == ["morgenpost:read"]
    wanted = {"subscriptionId": shown["subscriptionId"], "expectedVersion": shown["version"]}
    for field in ("cancelSubscription", "undoCancellation"):
        assert (await refused(house, portal, field, **wanted))[0] == "MANAGED_BY_OTHER_TENANT"
        assert (await refused(house, neighbour, field, **wanted))[0] == "NOT_FOUND"
    assert await listed(house, neighbour, PROVIDED) == {}
    assert (await house.data(portal, "{ subscriptions { nodes { id } } }"))["subscriptions"]["nodes"] == []


@pytest.mark.rule("R-SC-37", "R-SC-38", "R-SC-39")
async def test_the_sellers_customer_cancels_and_takes_it_back_and_the_mirror_follows(house: House) -> None:
    beta = await shop(house, one_company=True)
    portal = await same_person(beta, await customer(beta.source, "Binder & Söhne"))
    await beta.pay()
    await worked(beta)
    one = await external(beta)
    assert (one["manageable"], one["endsOn"]) == (True, None)
    cancelled = await done(house, beta.buyer, "cancelSubscription", CHANGED, **changing(one))
    end = cancelled["subscription"]["endsOn"]
    assert (cancelled["subscription"]["cancellation"], cancelled["subscription"]["status"]) == ("REGULAR", "ACTIVE")
    assert end is not None
    assert (await external(beta, beta.source.admin))["endsOn"] == end
    await worked(beta)
    assert (await listed(house, portal, PROVIDED))["Morgenpost digital"]["endsOn"] == end
    again = {**changing(one), "expectedVersion": cancelled["subscription"]["version"]}
    assert (await refused(house, beta.buyer, "cancelSubscription", **again))[0] == "INVALID_STATUS_TRANSITION"
    undone = await done(house, beta.buyer, "undoCancellation", CHANGED, **again)
    assert (undone["subscription"]["endsOn"], undone["subscription"]["cancellation"]) == (None, None)
    assert (await external(beta, beta.source.admin))["endsOn"] is None
    await worked(beta)
    assert (await listed(house, portal, PROVIDED))["Morgenpost digital"]["endsOn"] is None


@pytest.mark.rule("R-SC-31", "R-SC-39", "R-SC-38", "E-A15")
async def test_each_offer_is_cancelled_by_itself_also_at_once_and_to_a_date(house: House) -> None:
    beta = await shop(house)
    await beta.pay()
    admin = beta.target.admin
    sold = await listed(house, admin)
    now = await done(house, admin, "cancelSubscription", CHANGED, **changing(sold["Tagblatt"], kind="NOW"))
    today = admin.today.isoformat()
    assert (now["subscription"]["endsOn"], now["subscription"]["status"]) == (today, "INACTIVE")
    back = {**changing(sold["Tagblatt"]), "expectedVersion": now["subscription"]["version"]}
    assert (await refused(house, admin, "undoCancellation", **back))[0] == "INVALID_STATUS_TRANSITION"
    assert (await external(beta))["status"] == "ACTIVE"
    day = (admin.today + timedelta(days=20)).isoformat()
    wanted = changing(sold["Morgenpost digital"], kind="DATE", endsOn=day)
    dated = await done(house, admin, "cancelSubscription", CHANGED, **wanted)
    assert (dated["subscription"]["endsOn"], dated["subscription"]["cancellation"]) == (day, "DATE")
    mirror = await external(beta, beta.source.admin)
    assert (mirror["endsOn"], mirror["status"]) == (day, "ACTIVE")
    after = on(beta.source.admin, (admin.today + timedelta(days=21)).isoformat())
    assert (await external(beta, after))["status"] == "INACTIVE"


async def test_a_stale_or_a_foreign_change_changes_nothing(house: House) -> None:
    beta = await shop(house)
    await beta.pay()
    one = await external(beta)
    neighbour = await beta.target.customer_of_portal(await customer(beta.target, "Kiosk"))
    assert (await refused(house, neighbour, "cancelSubscription", **changing(one)))[0] == "NOT_FOUND"
    stale = {**changing(one), "expectedVersion": 7}
    document = (
        "mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) "
        "{ ... on VersionConflict { currentVersion current { id ... on Subscription { endsOn } } } } }"
    )
    for caller in (beta.target.admin, beta.buyer):
        found = (await house.data(caller, document, input=stale))["cancelSubscription"]
        assert found == {"currentVersion": one["version"], "current": {"id": one["id"], "endsOn": None}}
    clerk = await beta.target.member("SALES_CLERK", at="HQ")
    document = "mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) { __typename } }"
    body = await house.ask(clerk, document, input=changing(one))
    assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert (await external(beta))["version"] == one["version"]


async def test_what_the_source_reads_of_a_mirror_tells_no_price_and_no_payment(house: House) -> None:
    columns = {column.name for column in Subscription.__table__.columns}
    assert not {name for name in columns if any(word in name for word in ("minor", "payment", "discount", "_by"))}
    beta = await shop(house)
    await beta.pay()
    [mirror] = await rows(beta.source, Subscription)
    assert mirror.tenant_id == beta.target.id


@pytest.mark.rule("R-SC-34")
async def test_of_one_sale_only_the_source_of_the_same_company_hears_who_bought(house: House) -> None:
    beta, gamma = await shop(house, one_company=True), await house.found("Gamma Verlag")
    second = await connected(gamma, beta.target)
    items = [beta.external_offer_id, await second.offer(draft("Heft"))]
    led = [NewItem(external_offer_id=each, leading=1) for each in items]
    beta.cart_id = await cart(beta.target, NewItem(beta.own_offer_id), *led)
    await beta.pay()
    facts = {}
    for home in (beta.source, gamma):
        [event] = await rows(home, JointEvent, JointEvent.kind == SaleEvent.SUBSCRIPTION_SOLD)
        facts[home.name] = event.facts["customer"]
    assert facts["Alpha Verlag"]["names"]["name"] == "Buchhandlung Binder"
    assert facts["Gamma Verlag"] is None
