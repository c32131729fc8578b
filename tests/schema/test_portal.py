"""The portal's schema: small, of its own, and about the customer who is signed in."""

import pytest
from graphql import GraphQLObjectType, GraphQLSchema

from schema.roots import portal, staff
from tests.buying import shop
from tests.people import House
from tests.trade import customer

FORBIDDEN = {
    "internalTitle",
    "costCenter",
    "purchaseNumber",
    "sourceTenantId",
    "organization",
    "provider",
    "connection",
}
"""Names of fields that say what no customer may know."""


def types(schema: GraphQLSchema) -> dict[str, GraphQLObjectType]:
    return {
        name: each
        for name, each in schema.type_map.items()
        if isinstance(each, GraphQLObjectType) and not name.startswith("__")
    }


def test_the_portal_offers_what_a_customer_needs_and_no_more() -> None:
    found = types(portal()._schema)
    assert set(found["Query"].fields) == {
        "me", "tenant", "cartsForSale", "checkout", "checkouts", "order", "orders", "invoice", "invoices",
        "subscription", "subscriptions", "providedSubscriptions", "node", "nodes",
    }  # fmt: skip
    assert set(found["Mutation"].fields) == {
        "startCheckout", "payCheckout", "cancelSubscription", "undoCancellation",
    }  # fmt: skip


@pytest.mark.rule("R-SC-11")
def test_no_type_of_the_portal_has_a_field_that_is_the_staffs() -> None:
    found = types(portal()._schema)
    assert {(name, field) for name, each in found.items() for field in each.fields if field in FORBIDDEN} == set()


def test_types_of_the_same_name_are_other_types_for_the_staff() -> None:
    own, others = types(portal()._schema), types(staff()._schema)
    for name in ("Cart", "Offer", "Order", "Invoice", "Subscription", "Checkout"):
        mine, theirs = (each[name].extensions["strawberry-definition"].origin for each in (own, others))
        assert mine is not theirs, name


async def test_a_customer_sees_itself_and_the_tenant(house: House) -> None:
    beta = await shop(house)
    query = "{ me { id number displayName language addresses { city countryCode } } tenant { name supportEmail } }"
    seen = await house.data(beta.buyer, query)
    assert seen["me"]["id"] == f"par_{beta.customer_id}"
    assert seen["me"]["addresses"] == [{"city": "Hamburg", "countryCode": "DE"}]
    assert seen["tenant"]["name"] == "Beta Medien"
    neighbour = await beta.target.customer_of_portal(await customer(beta.target, "Kiosk Nord"))
    assert (await house.data(neighbour, query))["me"]["displayName"] == "Kiosk Nord"


async def test_what_is_for_sale_shows_own_and_external_offers_alike(house: House) -> None:
    beta = await shop(house)
    query = (
        "{ cartsForSale { nodes { id currency items { position option leadingItemId id "
        "offer { offerType termMonths translations { title legalText } products { price { amount } } } } } } }"
    )
    [cart] = (await house.data(beta.buyer, query))["cartsForSale"]["nodes"]
    own, external = cart["items"]
    assert own["offer"]["translations"] == [{"title": "Tagblatt", "legalText": "Es gelten die AGB."}]
    assert external["offer"]["translations"][0]["title"] == "Morgenpost digital"
    assert external["leadingItemId"] == own["id"]
    assert external["offer"]["products"] == [{"price": {"amount": "9.90"}}]
    foreign = await house.found("Gamma")
    stranger = await foreign.customer_of_portal(await customer(foreign, "Kiosk"))
    assert (await house.data(stranger, query))["cartsForSale"]["nodes"] == []
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert await house.data(stranger, node, id=cart["id"]) == {"node": None}


@pytest.mark.parametrize(
    "document",
    ["{ partners { nodes { number } } }", "{ payoutEntries { nodes { number } } }", "{ carts { nodes { id } } }"],
)
async def test_the_staffs_queries_do_not_exist_for_a_customer(house: House, document: str) -> None:
    beta = await shop(house)
    body = await house.ask(beta.buyer, document)
    assert "data" not in body
    assert body["errors"]
