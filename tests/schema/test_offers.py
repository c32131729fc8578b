"""Offers through GraphQL: the owner makes and changes them, the target reads them, nobody else knows of them."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.offers import ArchiveMode, Archiving
from resolvers import offers
from tenancy.permissions import WRITE, Area, Permission
from tests.people import Home, House
from tests.selling import Partners, connected, do, draft

OFFER = """offer { id internalTitle crossClient targetTenantId state onSale archiveMode version currency termMonths
  selfServiceHint { type translations { language text preferred } }
  translations { language title legalText preferred }
  products { id position price { amount currency } targetCostCenter { id label shortDescription } accessRight } }"""
EXTERNAL = """id internalTitle sellable source { id name } products { position price { amount } costCenter { id } }
  hints { type text }"""


async def partners_of(house: House, *, access: bool = True) -> Partners:
    return await connected(await house.found("Alpha Verlag"), await house.found("Beta Medien"), access=access)


def product(cost_center_id: UUID | None = None, amount: str = "9.90", **more: Any) -> dict[str, Any]:
    centre = {"targetCostCenterId": f"cce_{cost_center_id}"} if cost_center_id else {}
    return {
        "productType": "DIGITAL",
        "taxType": "REDUCED",
        "price": {"amount": amount, "currency": "EUR"},
        **centre,
        **more,
    }


def subscription(*products: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "offerType": "SUBSCRIPTION_TIME",
        "internalTitle": "Morgenpost digital",
        "translations": [{"language": "de", "title": "Morgenpost", "legalText": "Es gelten die AGB."}],
        "products": list(products) or [product()],
        "termMonths": 12,
        "accountingPeriodMonths": 1,
        "cancellationPeriodDays": 30,
        **more,
    }


def for_target(partners: Partners, **more: Any) -> dict[str, Any]:
    """A whole input of a cross-client offer."""
    return {
        **subscription(product(partners.cost_center_id)),
        "targetTenantId": f"ten_{partners.target.id}",
        **more,
    }


async def create(home: Home, given: dict[str, Any], field: str = "createCrossClientOffer") -> dict[str, Any]:
    return await do(home, field, OFFER, **given)


async def read(home: Home, document: str, **variables: Any) -> Any:
    """The one root field of a query."""
    [found] = (await home.house.data(home.admin, document, **variables)).values()
    return found


async def own(home: Home, offer_id: str) -> Any:
    return await read(home, f"query ($id: ID!) {{ offer(id: $id) {{ {OFFER[8:-2]} }} }}", id=offer_id)


async def shared(home: Home) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await read(home, f"{{ allExternalOffers {{ nodes {{ {EXTERNAL} }} }} }}"))["nodes"]
    return found


@pytest.mark.rule("R-XC-20", "R-XC-21", "R-XC-33", "R-XC-41", "R-XC-43")
async def test_a_shared_offer_stands_among_the_sources_own_and_the_targets_external_ones(house: House) -> None:
    partners = await partners_of(house)
    made = (await create(partners.source, for_target(partners)))["offer"]
    assert (made["crossClient"], made["targetTenantId"]) == (True, f"ten_{partners.target.id}")
    assert made["products"][0]["targetCostCenter"]["shortDescription"] == "Fremdtitel"
    listed = "{ offers(filter: {state: {eq: ACTIVE}, crossClient: true}) { nodes { id } } }"
    assert (await read(partners.source, listed))["nodes"] == [{"id": made["id"]}]
    assert (await read(partners.target, "{ offers { totalCount } }")) == {"totalCount": 0}
    [seen] = await shared(partners.target)
    assert seen["id"] == made["id"].replace("off_", "xof_")
    assert seen["source"] == {"id": f"ten_{partners.source.id}", "name": "Alpha Verlag"}
    assert seen["products"] == [
        {"position": 1, "price": {"amount": "9.90"}, "costCenter": {"id": f"cce_{partners.cost_center_id}"}}
    ]
    for document in ("query ($id: ID!) { offer(id: $id) { id } }", "query ($id: ID!) { node(id: $id) { id } }"):
        assert await read(partners.target, document, id=made["id"]) is None


@pytest.mark.rule("R-XC-46")
async def test_external_offers_are_grouped_by_their_source(house: House) -> None:
    partners = await partners_of(house)
    gamma = await connected(await house.found("Gamma Buch"), partners.target)
    await connected(await house.found("Delta ohne Angebot"), partners.target, access=False)
    for one, titles in ((partners, ("Abend", "Morgen")), (gamma, ("Buch",))):
        for title in titles:
            await one.offer(draft(title))
    groups = await read(
        partners.target,
        "{ externalOffers { nodes { source { id name } offers { totalCount nodes { id internalTitle } } } } }",
    )
    assert [
        (one["source"]["name"], [offer["internalTitle"] for offer in one["offers"]["nodes"]]) for one in groups["nodes"]
    ] == [("Alpha Verlag", ["Abend", "Morgen"]), ("Gamma Buch", ["Buch"])]
    assert groups["nodes"][0]["source"]["id"] == f"ten_{partners.source.id}"


@pytest.mark.rule("R-XC-47")
async def test_the_targets_view_has_no_field_for_what_stays_with_the_owner(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    asked = await house.data(
        alpha.admin,
        '{ offer: __type(name: "ExternalOffer") { fields { name } }'
        '  product: __type(name: "ExternalOfferProduct") { fields { name } } }',
    )
    offer, of_product = ({field["name"] for field in asked[name]["fields"]} for name in ("offer", "product"))
    hidden = {"folder", "archiveMode", "archiveText", "successor", "misuseRule", "bonus", "state", "version"}
    assert not offer & hidden
    assert not of_product & {"accessRight", "ledger", "misuseRule", "bonus"}
    assert {"offerType", "translations", "products", "source"} <= offer


@pytest.mark.rule("R-XC-01", "R-XC-25")
async def test_without_an_active_connection_to_the_target_nothing_is_made(house: House) -> None:
    partners = await partners_of(house)
    gamma = await house.found("Gamma Buch", company_id=partners.source.company_id)
    for target in (f"ten_{gamma.id}", f"ten_{partners.source.id}", f"ten_{uuid4()}"):
        refused = await create(partners.source, for_target(partners, targetTenantId=target))
        assert (refused["code"], refused["path"]) == ("NO_ACTIVE_CONNECTION", ["targetTenantId"])
    refused = await create(partners.target, for_target(partners, targetTenantId=f"ten_{partners.source.id}"))
    assert refused["code"] == "NO_ACTIVE_CONNECTION"
    await partners.block(partners.target)
    refused = await create(partners.source, for_target(partners))
    assert (refused["code"], refused["path"]) == ("NO_ACTIVE_CONNECTION", ["targetTenantId"])
    assert (await read(partners.source, "{ offers { totalCount } }")) == {"totalCount": 0}


BAD: dict[str, Any] = {
    "title": {"internalTitle": ""},
    "language": {"translations": []},
    "legal text": {"translations": [{"language": "de", "title": "x", "legalText": " "}]},
    "periods": {"termMonths": None, "accountingPeriodMonths": 0},
    "products": {"products": []},
    "currencies": {"products": [product(), product(price={"amount": "1.00", "currency": "CHF"})]},
    "half a cent": {"products": [product(amount="1.005")]},
}


@pytest.mark.rule("R-XC-22", "R-XC-35")
async def test_the_same_bad_input_gets_the_same_answer_from_both_mutations(house: House) -> None:
    partners = await partners_of(house)
    for bad in BAD.values():
        standard = await create(partners.source, subscription(**bad), "createOffer")
        given = {**for_target(partners), **bad}
        assert standard["__typename"] == "ValidationFailed"
        assert await create(partners.source, given) == standard
    assert (await read(partners.source, "{ offers { totalCount } }")) == {"totalCount": 0}


@pytest.mark.rule("R-XC-23", "R-XC-24", "R-XC-31", "R-XC-32")
async def test_a_target_is_needed_for_the_one_kind_and_refused_for_the_other(house: House) -> None:
    partners = await partners_of(house)
    refused = await create(partners.source, for_target(partners, targetTenantId=None))
    assert (refused["code"], refused["path"]) == ("TARGET_TENANT_REQUIRED", ["targetTenantId"])
    refused = await create(partners.source, subscription(targetTenantId=f"ten_{partners.target.id}"), "createOffer")
    assert (refused["code"], refused["path"]) == ("VALIDATION", ["targetTenantId"])
    mixed = subscription(product(), product(partners.cost_center_id))
    refused = await create(partners.source, mixed, "createOffer")
    assert (refused["code"], refused["path"]) == ("VALIDATION", ["products", "1", "targetCostCenterId"])
    assert (await create(partners.source, subscription(), "createOffer"))["offer"]["crossClient"] is False


@pytest.mark.rule("R-XC-34")
async def test_a_voucher_is_not_shared(house: House) -> None:
    partners = await partners_of(house)
    periods = {"termMonths": None, "accountingPeriodMonths": None, "cancellationPeriodDays": None}
    refused = await create(partners.source, for_target(partners, offerType="VOUCHER", **periods))
    assert refused["code"] == "OFFER_TYPE_NOT_SHAREABLE"


@pytest.mark.rule("R-XC-29", "R-XC-30", "R-00-04")
async def test_a_missing_or_wrong_cost_center_names_its_product_and_saves_nothing(house: House) -> None:
    partners = await partners_of(house)
    made = await do(partners.source, "createCostCenter", "costCenter { id }", code="EIGEN")
    mine = UUID(made["costCenter"]["id"].removeprefix("cce_"))
    for bad, kind, code in (
        (product(), "CostCenterProblem", "COST_CENTER_REQUIRED"),
        (product(mine), "CostCenterProblem", "COST_CENTER_WRONG_TENANT"),
        (product(uuid4()), "NotFound", "NOT_FOUND"),
    ):
        refused = await create(partners.source, for_target(partners, products=[product(partners.cost_center_id), bad]))
        assert (refused["__typename"], refused["code"]) == (kind, code)
        assert refused["path"] == ["products", "1", "targetCostCenterId"]
        assert refused["message"].startswith("Product 2:")
        assert refused.get("position", 2) == 2
    assert (await read(partners.source, "{ offers { totalCount } }")) == {"totalCount": 0}


@pytest.mark.rule("R-XC-26", "R-XC-27", "R-XC-28")
async def test_the_self_service_hint_is_optional_and_is_a_link_or_a_text_of_the_source(house: House) -> None:
    partners = await partners_of(house)
    source = partners.source
    assert (await create(source, for_target(partners, selfServiceHintId=None)))["offer"]["selfServiceHint"] is None

    def link(text: str, type_: str = "LINK") -> dict[str, Any]:
        return {"internalTitle": "Hinweis", "type": type_, "translations": [{"language": "de", "text": text}]}

    url = "https://beta.test/konto"
    made = (await create(source, for_target(partners, internalTitle="Zwei", selfServiceHint=link(url))))["offer"]
    assert made["selfServiceHint"] == {
        "type": "LINK",
        "translations": [{"language": "de", "text": url, "preferred": True}],
    }
    assert [one["hints"] for one in await shared(partners.target)] == [[], [{"type": "LINK", "text": url}]]
    for bad in ("/konto", "javascript:alert(1)"):
        refused = await create(source, for_target(partners, selfServiceHint=link(bad)))
        assert refused["path"] == ["selfServiceHint", "translations", "0", "text"]
    refused = await create(source, for_target(partners, selfServiceHint=link("Rufen Sie an.", "PLAIN_TEXT")))
    assert refused["path"] == ["selfServiceHint"]
    module = await do(partners.target, "createTextModule", "textModule { id }", **link(url))
    theirs = module["textModule"]["id"]
    assert (await create(source, for_target(partners, selfServiceHintId=theirs)))["code"] == "NOT_FOUND"


@pytest.mark.rule("R-XC-41", "R-XC-42", "R-XC-48")
async def test_the_source_changes_its_shared_offer_like_any_other_and_the_target_reads_it_next(house: House) -> None:
    partners = await partners_of(house)
    for given, field in ((for_target(partners), "createCrossClientOffer"), (subscription(), "createOffer")):
        made = (await create(partners.source, given, field))["offer"]
        changed = {
            **given["products"][0],
            "id": made["products"][0]["id"],
            "price": {"amount": "12", "currency": "EUR"},
        }
        after = await do(
            partners.source,
            "updateOffer",
            OFFER,
            offerId=made["id"],
            expectedVersion=made["version"],
            internalTitle="Neuer Titel",
            products=[changed],
        )
        assert after["offer"]["internalTitle"] == "Neuer Titel"
        assert after["offer"]["products"][0]["price"] == {"amount": "12.00", "currency": "EUR"}
        assert after["offer"]["version"] == made["version"] + 1
        assert after["offer"]["targetTenantId"] == made["targetTenantId"]
    [seen] = await shared(partners.target)
    assert (seen["internalTitle"], seen["products"][0]["price"]["amount"]) == ("Neuer Titel", "12.00")


@pytest.mark.rule("R-XC-48")
async def test_no_input_names_another_target_for_an_offer_that_exists(house: House) -> None:
    partners = await partners_of(house)
    body = await house.ask(
        partners.source.admin,
        "mutation ($id: ID!) { updateOffer(input: {offerId: $id, expectedVersion: 1, targetTenantId: $id})"
        " { __typename } }",
        id=f"ten_{partners.source.id}",
    )
    assert "targetTenantId" in body["errors"][0]["message"]


@pytest.mark.rule("R-XC-36")
async def test_products_stand_at_positions_without_gaps_in_the_order_of_the_list(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    periods = {"termMonths": None, "accountingPeriodMonths": None, "cancellationPeriodDays": None}
    given = subscription(*(product(amount=one) for one in ("1", "2", "3")), offerType="SINGLE_PRODUCT", **periods)
    made = (await create(alpha, given, "createOffer"))["offer"]
    assert [(one["position"], one["price"]["amount"]) for one in made["products"]] == [
        (1, "1.00"),
        (2, "2.00"),
        (3, "3.00"),
    ]
    first, _, third = (
        {**product(amount=one), "id": row["id"]} for one, row in zip("123", made["products"], strict=True)
    )
    given = {"offerId": made["id"], "expectedVersion": made["version"], "products": [third, product(amount="4"), first]}
    after = (await do(alpha, "updateOffer", OFFER, **given))["offer"]["products"]
    assert [(one["position"], one["price"]["amount"]) for one in after] == [(1, "3.00"), (2, "4.00"), (3, "1.00")]
    assert [after[0]["id"], after[2]["id"]] == [third["id"], first["id"]]


@pytest.mark.rule("R-XC-37")
async def test_the_products_of_a_subscription_are_fixed_after_the_first_save(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    made = (await create(alpha, subscription(), "createOffer"))["offer"]
    kept = {**product(), "id": made["products"][0]["id"]}
    for products in ([kept, product()], [product()]):
        given = {"offerId": made["id"], "expectedVersion": made["version"], "products": products}
        refused = await do(alpha, "updateOffer", OFFER, **given)
        assert (refused["code"], refused["path"]) == ("VALIDATION", ["products"])


@pytest.mark.rule("R-XC-40", "R-XC-44", "R-00-02", "R-00-11")
async def test_the_target_is_not_the_owner_and_changes_nothing(house: House) -> None:
    partners = await partners_of(house)
    made = (await create(partners.source, for_target(partners)))["offer"]
    before = await own(partners.source, made["id"])
    for id_ in (made["id"], made["id"].replace("off_", "xof_")):
        for refused in await attempts(partners.target, id_, made["version"]):
            assert (refused["__typename"], refused["code"]) == ("NotOwner", "NOT_OWNER")
    assert await own(partners.source, made["id"]) == before


@pytest.mark.rule("R-XC-40", "R-XC-45", "R-00-01")
async def test_for_a_third_tenant_of_the_same_company_the_offer_does_not_exist(house: House) -> None:
    partners = await partners_of(house)
    made = (await create(partners.source, for_target(partners)))["offer"]
    gamma = await house.found("Gamma Buch", company_id=partners.source.company_id)
    unknown = await attempts(gamma, f"off_{uuid4()}", 1)
    for id_ in (made["id"], made["id"].replace("off_", "xof_")):
        assert await attempts(gamma, id_, made["version"]) == unknown
        assert await read(gamma, "query ($id: ID!) { node(id: $id) { id } }", id=id_) is None
    assert {one["code"] for one in unknown} == {"NOT_FOUND"}
    assert await shared(gamma) == []
    asked = await house.data(gamma.admin, "{ offers { totalCount } externalOffers { totalCount } }")
    assert asked == {"offers": {"totalCount": 0}, "externalOffers": {"totalCount": 0}}


@pytest.mark.rule("R-XC-49")
async def test_an_offer_has_one_target_and_no_other_connected_tenant_sees_it(house: House) -> None:
    partners = await partners_of(house)
    other = await connected(partners.source, await house.found("Gamma Buch"))
    await partners.offer(draft("Für Beta"))
    await other.offer(draft("Für Gamma"))
    assert [one["internalTitle"] for one in await shared(partners.target)] == ["Für Beta"]
    assert [one["internalTitle"] for one in await shared(other.target)] == ["Für Gamma"]


@pytest.mark.rule("E-A6", "R-CC-03")
async def test_a_deactivated_cost_center_warns_both_sides_until_the_next_save_demands_another(house: House) -> None:
    partners = await partners_of(house)
    made = (await create(partners.source, for_target(partners)))["offer"]
    document = "query ($id: ID!) { node(id: $id) { ... on Offer { products { costCenterInactive } }"
    document += " ... on ExternalOffer { sellable products { costCenterInactive } } } }"

    async def warned() -> list[bool]:
        sides = ((partners.source, made["id"]), (partners.target, made["id"].replace("off_", "xof_")))
        seen = [await read(home, document, id=id_) for home, id_ in sides]
        assert seen[1]["sellable"]
        return [one["products"][0]["costCenterInactive"] for one in seen]

    assert await warned() == [False, False]
    centre = {"costCenterId": f"cce_{partners.cost_center_id}", "expectedVersion": 1, "active": False}
    await do(partners.target, "updateCostCenter", "costCenter { id }", **centre)
    assert await warned() == [True, True]
    given = {"offerId": made["id"], "expectedVersion": made["version"], "internalTitle": "Neu"}
    refused = await do(partners.source, "updateOffer", OFFER, **given)
    assert (refused["code"], refused["position"]) == ("COST_CENTER_INACTIVE", 1)


@pytest.mark.rule("R-XC-80")
async def test_offers_belong_to_the_area_of_products_and_cost_centers_to_accounting(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    acts = {
        Area.PRODUCTS: ("createOffer", subscription()),
        Area.ACCOUNTING: ("createCostCenter", {"code": "4711"}),
    }
    for area in acts:
        given = {"code": area, "name": area, "areas": [{"area": area, "access": "READ_WRITE"}]}
        made = await do(alpha, "createRole", "role { id }", **given)
        alpha.roles[area] = UUID(made["role"]["id"].removeprefix("rol_"))
        person = await alpha.member(area)
        for other, (field, wanted) in acts.items():
            name = field[0].upper() + field[1:]
            document = f"mutation ($input: {name}Input!) {{ {field}(input: $input) {{ __typename }} }}"
            body = await house.ask(person, document, input=wanted)
            assert ("errors" in body) is (other is not area)
    assert Permission.CARTS_EDIT in WRITE[Area.PRODUCTS]
    assert Permission.PAYOUTS_EDIT in WRITE[Area.TRANSACTIONS]
    assert Permission.USERS_EDIT in WRITE[Area.PROCESSES]
    assert Permission.CHECKOUT_SELL in WRITE[Area.CHECKOUT]


async def attempts(home: Home, offer_id: str, version: int) -> list[dict[str, Any]]:
    """What becomes of every way to change an offer."""
    given = {"offerId": offer_id, "expectedVersion": version}
    return [
        await do(home, "updateOffer", OFFER, **given, internalTitle="Geklaut"),
        await do(home, "archiveOffer", OFFER, **given, mode="BLOCKED"),
        await do(home, "reactivateOffer", OFFER, **given),
    ]


@pytest.mark.rule("R-00-03", "E-A8")
async def test_the_second_of_two_editors_gets_the_present_offer_instead(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    made = (await create(alpha, subscription(), "createOffer"))["offer"]
    given = {"offerId": made["id"], "expectedVersion": made["version"]}
    await do(alpha, "updateOffer", OFFER, **given, internalTitle="Erste")
    refused = await do(alpha, "updateOffer", OFFER, **given, internalTitle="Zweite")
    assert (refused["__typename"], refused["code"]) == ("VersionConflict", "CONFLICT_VERSION")
    assert refused["currentVersion"] == made["version"] + 1
    assert refused["current"] == {"id": made["id"]}
    assert (await own(alpha, made["id"]))["internalTitle"] == "Erste"


@pytest.mark.rule("R-XC-60", "R-XC-62")
async def test_an_archived_offer_leaves_the_lists_is_still_sold_or_not_and_comes_back(house: House) -> None:
    partners = await partners_of(house)
    made = (await create(partners.source, for_target(partners)))["offer"]
    shown = made["id"].replace("off_", "xof_")
    state = "query ($state: OfferState!) { offers(filter: {state: {eq: $state}}) { totalCount } }"
    for mode, sold in (("STILL_SOLD", True), ("BLOCKED", False)):
        now = await own(partners.source, made["id"])
        given = {"offerId": made["id"], "expectedVersion": now["version"]}
        archived = (await do(partners.source, "archiveOffer", OFFER, **given, mode=mode))["offer"]
        assert (archived["state"], archived["archiveMode"], archived["onSale"]) == ("ARCHIVED", mode, sold)
        assert await shared(partners.target) == []
        sellable = await read(partners.target, "query ($id: ID!) { externalOffer(id: $id) { sellable } }", id=shown)
        assert sellable == {"sellable": sold}
        assert (await read(partners.source, state, state="ARCHIVED"))["totalCount"] == 1
        given["expectedVersion"] = archived["version"]
        assert (await do(partners.source, "reactivateOffer", OFFER, **given))["offer"]["state"] == "ACTIVE"
        assert len(await shared(partners.target)) == 1


@pytest.mark.rule("R-XC-61")
async def test_a_successor_is_shared_with_the_same_target(house: House) -> None:
    partners = await partners_of(house)
    made = (await create(partners.source, for_target(partners)))["offer"]
    next_ = (await create(partners.source, for_target(partners, internalTitle="Nachfolger")))["offer"]
    alone = (await create(partners.source, subscription(), "createOffer"))["offer"]
    given = {"offerId": made["id"], "expectedVersion": made["version"], "mode": "SUCCESSOR"}
    for unfit in (None, alone["id"], made["id"]):
        refused = await do(partners.source, "archiveOffer", OFFER, **given, successorOfferId=unfit)
        assert refused["path"] == ["successorOfferId"]
    document = "offer { successor { id } onSale }"
    archived = await do(partners.source, "archiveOffer", document, **given, successorOfferId=next_["id"])
    assert archived["offer"] == {"successor": {"id": next_["id"]}, "onSale": False}


@pytest.mark.rule("R-00-13")
async def test_lists_of_offers_are_pages_and_a_page_too_large_is_refused(house: House) -> None:
    partners = await partners_of(house)
    for number in range(3):
        await partners.offer(draft(f"Titel {number}"))
    for home, field in ((partners.source, "offers"), (partners.target, "allExternalOffers")):
        document = f"query ($first: Int, $after: String) {{ {field}(first: $first, after: $after)"
        document += " { nodes { internalTitle } pageInfo { hasNextPage endCursor } } }"
        first = await read(home, document, first=2)
        assert [one["internalTitle"] for one in first["nodes"]] == ["Titel 0", "Titel 1"]
        rest = await read(home, document, first=2, after=first["pageInfo"]["endCursor"])
        assert [one["internalTitle"] for one in rest["nodes"]] == ["Titel 2"]
        assert rest["pageInfo"]["hasNextPage"] is False
        for size in (0, 101):
            body = await house.ask(home.admin, document, first=size)
            assert body["data"] == {field: None}
            assert body["errors"][0]["path"] == [field]


@pytest.mark.rule("E-A4")
async def test_while_the_target_blocks_the_source_edits_and_the_target_sees_nothing(house: House) -> None:
    partners = await partners_of(house)
    made = (await create(partners.source, for_target(partners)))["offer"]
    await partners.block(partners.target)
    assert await shared(partners.target) == []
    given = {"offerId": made["id"], "expectedVersion": made["version"], "internalTitle": "Neu"}
    assert (await do(partners.source, "updateOffer", OFFER, **given))["offer"]["internalTitle"] == "Neu"
    await partners.unblock(partners.target)
    assert [one["internalTitle"] for one in await shared(partners.target)] == ["Neu"]


@pytest.mark.rule("R-XC-81")
async def test_a_viewer_reads_offers_own_and_external_and_makes_none(house: House) -> None:
    partners = await partners_of(house)
    await partners.offer()
    await house.run(partners.target.admin, offers.create_offer(draft("Eigenes")))
    viewer = await partners.target.member("SALES_VIEWER", at="HAMBURG")
    seen = await house.data(viewer, "{ offers { totalCount } allExternalOffers { totalCount } }")
    assert seen == {"offers": {"totalCount": 1}, "allExternalOffers": {"totalCount": 1}}
    document = "mutation ($input: CreateOfferInput!) { createOffer(input: $input) { __typename } }"
    body = await house.ask(viewer, document, input=subscription())
    assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_an_offer_is_copied_with_everything_but_its_title(house: House) -> None:
    partners = await partners_of(house)
    made = (await create(partners.source, for_target(partners)))["offer"]
    await house.run(
        partners.source.admin,
        offers.archive_offer(UUID(made["id"][4:]), Archiving(ArchiveMode.BLOCKED), made["version"]),
    )
    copy = (await do(partners.source, "copyOffer", OFFER, offerId=made["id"], internalTitle="Kopie"))["offer"]
    assert copy["id"] != made["id"]
    assert (copy["internalTitle"], copy["state"], copy["termMonths"]) == ("Kopie", "ACTIVE", 12)
    assert copy["translations"] == made["translations"]
    assert copy["products"][0]["targetCostCenter"] == made["products"][0]["targetCostCenter"]
