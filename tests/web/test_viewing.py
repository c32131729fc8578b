"""Looking at the tenant as a colleague: read-only, recorded, and never with more rights than the own."""

from typing import Any

import httpx2
from sqlalchemy import select

from persistence.audit import AuditEntry
from persistence.users import Membership
from resolvers import users
from tests.people import House
from tests.web.test_app import HERE, Place, code, place

__all__ = ["place"]

ME = "{ me { account { name } } }"
CREATE = 'mutation { createRole(input: {code: "X", name: "X"}) { __typename } }'


class Browser:
    """Somebody at the playground, signed in as a person of the demo."""

    def __init__(self, place: Place) -> None:
        self.client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=place.app), base_url=HERE, follow_redirects=True
        )
        self.csrf = ""

    async def sign_in(self, email: str) -> dict[str, Any]:
        await self.client.get("/sign-in", params={"next": "/playground/", "login_hint": email})
        return await self.session()

    async def session(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.client.get("/session")).json()
        self.csrf = found["csrf"]
        return found

    async def post(self, address: str, body: Any) -> httpx2.Response:
        return await self.client.post(address, json=body, headers={"x-kontor-csrf": self.csrf})

    async def ask(self, query: str) -> httpx2.Response:
        return await self.post("/graphql", {"query": query})


async def test_an_administrator_sees_what_a_colleague_sees_and_changes_nothing(place: Place, house: House) -> None:
    browser = Browser(place)
    assert (await browser.sign_in(place.people["anna"].email))["viewAs"] is None
    ben = place.people["ben"].email
    seen = (await browser.post("/session/view-as", {"email": ben})).json()
    assert seen["viewAs"] == {"name": "Ben", "email": ben}
    assert seen["role"] == "SALES_CLERK"
    assert "users:edit" not in seen["permissions"]
    assert (await browser.ask(ME)).json()["data"]["me"]["account"] == {"name": "Ben"}
    refused = await browser.ask('mutation { createPartner(input: {type: ORGANIZATION, name: "X"}) { __typename } }')
    assert code(refused) == "FORBIDDEN"
    assert "nothing can be changed" in refused.json()["errors"][0]["message"]
    back = (await browser.post("/session/view-as", {"email": None})).json()
    assert back["viewAs"] is None
    assert (await browser.ask(CREATE)).json()["data"]["createRole"] == {"__typename": "CreateRolePayload"}
    async with house.database.transaction((await place.home.operator()).context(), read_only=True) as session:
        entries = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "VIEWED"))).all()
    assert [entry.operation for entry in entries] == ["users.view_as"]


async def test_a_clerk_views_as_nobody(place: Place) -> None:
    browser = Browser(place)
    await browser.sign_in(place.people["ben"].email)
    refused = await browser.post("/session/view-as", {"email": place.people["anna"].email})
    assert refused.status_code == 403
    assert (await browser.session())["viewAs"] is None


async def test_whoever_loses_the_right_sees_as_nobody_from_then_on(place: Place, house: House) -> None:
    browser = Browser(place)
    await browser.sign_in(place.people["anna"].email)
    await browser.post("/session/view-as", {"email": place.people["ben"].email})
    async with house.database.transaction((await place.home.operator()).context(), read_only=True) as session:
        anna = await users_by_email(session, place.people["anna"].email)
    await house.run(await place.home.operator(), users.set_user_roles(anna, [place.home.roles["SALES_CLERK"]], 1))
    assert (await browser.ask(ME)).status_code == 403


async def users_by_email(session: Any, email: str) -> Any:
    return await session.scalar(select(Membership.id).where(Membership.email == email))


async def test_an_unknown_colleague_is_named_as_such(place: Place) -> None:
    browser = Browser(place)
    await browser.sign_in(place.people["anna"].email)
    refused = await browser.post("/session/view-as", {"email": "nobody@example.test"})
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (
        400,
        "No open staff account has this address.",
    )
