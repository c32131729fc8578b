"""Following live what connected tenants do."""

import asyncio
from contextlib import aclosing

import orjson

from resolvers import connections, users
from schema.exchange import GraphQLRequest
from tests.people import House

FOLLOW = "subscription { noticeArrived { notice { kind fromTenantId } } }"


def request(document: str) -> GraphQLRequest:
    return GraphQLRequest(query=document, document_hash="test")


async def test_a_tenant_hears_of_an_invitation_and_nobody_else_does(house: House) -> None:
    alpha, beta, gamma = [await house.found(name) for name in ("Alpha", "Beta", "Gamma")]
    charged: list[int] = []
    told = await house.endpoints.staff.subscribe(beta.admin, request(FOLLOW), charged.append)
    others = await house.endpoints.staff.subscribe(gamma.admin, request(FOLLOW), charged.append)
    async with aclosing(told), aclosing(others):
        first, silent = asyncio.ensure_future(anext(told)), asyncio.ensure_future(anext(others))
        await asyncio.sleep(0.2)
        await house.run(alpha.admin, connections.invite_tenant(beta.id))
        answer = await asyncio.wait_for(first, 20)
        await asyncio.sleep(1.5)
        assert not silent.done()
        silent.cancel()
        await asyncio.wait([silent])
    assert orjson.loads(answer.data or b"") == {
        "noticeArrived": {"notice": {"kind": "CONNECTION_INVITED", "fromTenantId": f"ten_{alpha.id}"}}
    }
    assert charged == [100, 100]


async def test_a_stream_ends_when_the_right_is_gone(house: House) -> None:
    home = await house.found()
    role = await house.run(home.admin, users.create_role("NOTHING", "Nothing", {}))
    paula = await home.member("PRODUCT_MANAGER")
    stream = await house.endpoints.staff.subscribe(paula, request(FOLLOW), lambda _cost: None)
    async with aclosing(stream):
        last = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.2)
        await house.run(home.admin, users.set_user_roles(paula.membership_id, [role], 1))
        answer = await asyncio.wait_for(last, 20)
        assert answer.errors[0]["extensions"] == {"code": "FORBIDDEN"}
        assert [rest async for rest in stream] == []


async def test_a_subscription_asked_as_a_query_is_told_how_to_ask(house: House) -> None:
    home = await house.found()
    body = await house.ask(home.admin, FOLLOW)
    assert body["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
