"""A small stand-in for the server, with the addresses the playground talks to and nothing behind them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from functools import cache
from inspect import isawaitable
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import orjson
from graphql import ExecutionResult, build_schema, graphql, parse, subscribe
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from web.examples import SCHEMAS, Example
from web.issuer.people import DemoPerson
from web.site import page_routes

COOKIE = "kontor_session"
CSRF = "a-token-of-the-fake"


def person(name: str, email: str, tenant: str, role: str, kind: str) -> DemoPerson:
    tenant_id = uuid5(NAMESPACE_DNS, tenant)
    return DemoPerson(
        subject=email, name=name, email=email, tenant_id=tenant_id, tenant_name=tenant, role=role, kind=kind
    )


PEOPLE = [
    person("Anna Albers", "anna@verlag-nord.example", "Verlag Nord", "Administrator", "STAFF"),
    person("Ben Brandt", "ben@verlag-nord.example", "Verlag Nord", "Sales", "STAFF"),
    person("Carla Conrad", "carla@kunde.example", "Verlag Süd", "Customer", "PORTAL"),
]
ORGANIZATIONS = [{"id": "T3JnOjE=", "name": "Vertrieb Deutschland"}, {"id": "T3JnOjI=", "name": "Vertrieb Nord"}]

STAFF = build_schema('''
type Query {
  "The caller."
  me: Me!
  "Carts that staff put together (Warenkorb). Needs `carts:see`."
  carts(first: Int = 25): [Cart!]
}
type Me { email: String! tenant: String! }
type Cart {
  name: String!
  """
  What the seller earns.

  Permission: `payouts:see`
  """
  margin: String
}
type Subscription { "Counts up to three." count: Int! }
''')
WHO_AM_I = Example(
    "00-who-am-i", "Who am I?", "The person signed in.", (), "query WhoAmI {\n  me {\n    __typename\n  }\n}\n", None
)
PORTAL = build_schema("type Query { me: Customer! } type Customer { email: String! }")


@cache
def pages() -> list[Route]:
    """Kontor's own pages; the same for all fakes, so that the bundle is compressed once."""

    async def people() -> list[DemoPerson]:
        return PEOPLE

    async def health() -> dict[str, bool]:
        return {"database": True, "jobs": True}

    return page_routes(environment="demo", people=people, health=health)


class FakeKontor:
    """One session, in memory; tests look at it and set it."""

    def __init__(self) -> None:
        self.person = PEOPLE[0]
        self.organization = ORGANIZATIONS[0]
        self.viewed: DemoPerson | None = None
        self.view_as_works = True
        self.signed_in = True
        self.examples: dict[str, list[dict[str, Any]]] = {schema: [asdict(WHO_AM_I)] for schema in SCHEMAS}
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/playground/examples.json", self.told_examples),
                *pages(),
                Route("/sign-in", self.sign_in),
                Route("/sign-out", self.change, methods=["POST"]),
                Route("/session", self.session),
                Route("/session/{what}", self.change, methods=["POST"]),
                Route("/graphql", self.staff, methods=["POST"]),
                Route("/portal/graphql", self.portal, methods=["POST"]),
            ]
        )

    async def sign_in(self, request: Request) -> Response:
        self.person = known(request.query_params.get("login_hint", PEOPLE[0].email))
        self.signed_in = True
        response = RedirectResponse(request.query_params["next"], status_code=303)
        response.set_cookie(COOKIE, "opaque", httponly=True, samesite="lax")
        return response

    async def told_examples(self, _: Request) -> Response:
        return JSONResponse(self.examples)

    async def session(self, request: Request) -> Response:
        if not self.knows(request):
            return JSONResponse({"message": "Nobody is signed in."}, 401)
        return JSONResponse(self.told())

    def knows(self, request: Request) -> bool:
        return self.signed_in and request.cookies.get(COOKIE) == "opaque"

    def told(self) -> dict[str, Any]:
        person = self.viewed or self.person
        session: dict[str, Any] = {
            "person": {"name": self.person.name, "email": self.person.email},
            "tenant": {"id": str(self.person.tenant_id), "name": self.person.tenant_name},
            "organizations": ORGANIZATIONS,
            "organization": self.organization,
            "role": person.role,
            "kind": person.kind,
            "environment": "demo",
            "csrf": CSRF,
            "personas": [persona(one) for one in PEOPLE],
            "schema": "portal" if person.kind == "PORTAL" else "staff",
            "permissions": ["carts:see", "explain:see"],
        }
        if self.view_as_works:
            viewed = self.viewed and {"email": self.viewed.email, "name": self.viewed.name}
            session["viewAs"] = viewed
        return session

    async def change(self, request: Request) -> Response:
        if not self.knows(request) or request.headers.get("x-kontor-csrf") != CSRF:
            return JSONResponse({"message": "The CSRF token is missing."}, 403)
        body = orjson.loads(await request.body())
        match request.path_params.get("what", "sign-out"):
            case "persona":
                self.person = known(body["email"])
            case "organization":
                self.organization = next(one for one in ORGANIZATIONS if one["id"] == body["id"])
            case "view-as" if body["email"] == PEOPLE[0].email:
                return JSONResponse({"message": "You cannot view as an administrator."}, 403)
            case "view-as":
                self.viewed = body["email"] and known(body["email"])
            case _:
                self.signed_in = False
        return JSONResponse(self.told())

    async def staff(self, request: Request) -> Response:
        return await self.answer(request, STAFF, self.staff_world())

    async def portal(self, request: Request) -> Response:
        return await self.answer(request, PORTAL, {"me": {"email": self.person.email}})

    def staff_world(self) -> dict[str, Any]:
        return {
            "me": {"email": self.person.email, "tenant": self.person.tenant_name},
            "carts": lambda _info, first: [{"name": f"Cart {n}", "margin": "1.00"} for n in range(first)],
        }

    async def answer(self, request: Request, schema: Any, world: dict[str, Any]) -> Response:
        if not self.knows(request):
            return JSONResponse({"errors": [{"message": "Nobody is signed in."}]}, 401)
        if request.headers.get("x-kontor-csrf") != CSRF:
            return JSONResponse({"errors": [{"message": "The CSRF token is missing."}]}, 403)
        body = orjson.loads(await request.body())
        self.asked.append((request.url.path, body))
        if request.headers["accept"] == "text/event-stream":
            return StreamingResponse(events(body), media_type="text/event-stream")
        result = await graphql(
            schema,
            body["query"],
            world,
            variable_values=body.get("variables"),
            operation_name=body.get("operationName"),
        )
        return answered(result)


def answered(result: ExecutionResult) -> Response:
    answer = {**result.formatted, "extensions": {"cost": {"requested": 7, "budgetLeft": 993, "refillPerSecond": 50}}}
    return Response(orjson.dumps(answer), media_type="application/graphql-response+json")


async def events(body: Mapping[str, Any]) -> AsyncIterator[bytes]:
    async def numbers(*_: object) -> AsyncIterator[dict[str, int]]:
        for number in (1, 2, 3):
            await asyncio.sleep(0)
            yield {"count": number}

    subscribed = subscribe(STAFF, parse(body["query"]), subscribe_field_resolver=numbers)
    results = await subscribed if isawaitable(subscribed) else subscribed
    assert not isinstance(results, ExecutionResult), results.errors
    async for result in results:
        yield b"event: next\ndata: " + orjson.dumps(result.formatted) + b"\n\n"
    yield b"event: complete\ndata: \n\n"


def persona(one: DemoPerson) -> dict[str, str]:
    return {"email": one.email, "name": one.name, "tenant": one.tenant_name, "role": one.role, "kind": one.kind}


def known(email: str) -> DemoPerson:
    return next(person for person in PEOPLE if person.email == email)
