"""Tenants and people for tests: founded through the product's own operations, each test with its own."""

import itertools
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from typing import Any, TypeVar
from uuid import UUID

import orjson

from persistence import users
from persistence.engine import Database
from resolvers import number_ranges as number_range_stories
from resolvers import organizations as organization_stories
from resolvers import relationships as relationship_stories
from resolvers import users as user_stories
from resolvers.organizations import NewOrganization
from resolvers.users import NewUser
from schema.endpoints import Endpoints
from schema.exchange import Answer, GraphQLRequest
from tenancy.caller import Caller, system_clock
from tenancy.founding import NewTenant, found_company, found_tenant, operator
from tenancy.operation import Call, Operations
from tenancy.rights import Callers, Known, Wish
from tenancy.settings import DatabaseUrls

R = TypeVar("R")
ISSUER = "test:issuer"
TREE: Mapping[str, str | None] = {
    "HQ": None,
    "NORTH": "HQ",
    "HAMBURG": "NORTH",
    "ALTONA": "HAMBURG",
    "KIEL": "NORTH",
    "SOUTH": "HQ",
    "MUNICH": "SOUTH",
}
"""The sales organizations of a tenant in tests: code → parent."""

_subjects = itertools.count(1)


@dataclass
class Home:
    """A tenant in a test: its roles and organizations by code, and its administrator."""

    house: "House"
    id: UUID
    company_id: UUID
    name: str
    roles: dict[str, UUID] = field(default_factory=dict)
    organizations: dict[str, UUID] = field(default_factory=dict)
    admin: Caller = field(init=False)

    async def member(
        self,
        role: str | Sequence[str] = "SALES_CLERK",
        *,
        at: str | Sequence[str] | None = "HQ",
        name: str = "Hanna Hansen",
        kind: str = "STAFF",
        partner_id: UUID | None = None,
        acting: str | None = None,
    ) -> Caller:
        """A person with these roles, assigned to these organizations; the first is the primary one."""
        subject = f"subject-{next(_subjects)}-{secrets.token_hex(4)}"
        places = [at] if isinstance(at, str) else list(at or [])
        new = NewUser(
            kind=kind,
            issuer=ISSUER,
            subject=subject,
            name=name,
            email=f"{subject}@example.test",
            role_ids=[self.roles[code] for code in ([role] if isinstance(role, str) else role)],
            organization_ids=[self.organizations[code] for code in places],
            partner_id=partner_id,
        )
        await self.house.run(await self.operator(), user_stories.create_user(new))
        return await self.house.callers.of(
            Known(ISSUER, subject, self.id),
            Wish(kind == "PORTAL", self.organizations[acting] if acting else None),
        )

    async def customer_of_portal(self, partner_id: UUID, name: str = "Petra Portal") -> Caller:
        """A portal customer: the person signed in as this partner."""
        return await self.member("PORTAL_CUSTOMER", at=None, name=name, kind="PORTAL", partner_id=partner_id)

    async def operator(self) -> Caller:
        """The operator acting for this tenant."""
        return await self.house.callers.again(
            operator(self.id, self.company_id, rights_version=1, clock=self.house.callers.clock)
        )


class House:
    """The product over one database, without HTTP."""

    def __init__(self, urls: DatabaseUrls) -> None:
        self.urls = urls
        self.database = Database({"app": urls.app, "portal": urls.portal}, pool_size=5)
        self.callers = Callers(self.database, clock=system_clock)
        self.operations = Operations(self.database, self.callers.again)
        self.endpoints = Endpoints(
            urls, self.operations, self.callers, secret=b"a secret of the tests, thirty-two bytes", explains=True
        )

    async def open(self) -> None:
        """Open the pools."""
        await self.endpoints.open()

    async def close(self) -> None:
        """Close the pools."""
        await self.endpoints.close()
        await self.database.close()

    async def found(self, name: str = "Alpha Verlag", *, company_id: UUID | None = None, currency: str = "EUR") -> Home:
        """A fresh tenant with the delivered roles, the tree of sales organizations and an administrator."""
        owner = self.urls.for_migrations()
        company = company_id or await found_company(owner, f"{name} Gruppe")
        domain = f"{secrets.token_hex(4)}.example.test"
        tenant_id = await found_tenant(owner, company, NewTenant(name, domain, currency))
        home = Home(self, tenant_id, company, name)
        await self.run(await home.operator(), user_stories.deliver_roles())
        await self.run(await home.operator(), relationship_stories.deliver_relationship_types())
        await self.run(await home.operator(), number_range_stories.deliver_number_ranges())
        async with self.database.transaction((await home.operator()).context(), read_only=True) as session:
            for code in (
                "TENANT_ADMIN",
                "SALES_MANAGER",
                "SALES_CLERK",
                "SALES_VIEWER",
                "PRODUCT_MANAGER",
                "ACCOUNTANT",
                "AUDITOR",
                "REPRESENTATIVE",
                "PORTAL_CUSTOMER",
            ):
                role = await users.role_by_code(session, code)
                assert role is not None, code
                home.roles[code] = role.id
        for code, parent in TREE.items():
            new = NewOrganization(code, code.title(), "SALES", home.organizations[parent] if parent else None)
            home.organizations[code] = await self.run(
                await home.operator(), organization_stories.create_organization(new)
            )
        home.admin = await home.member("TENANT_ADMIN", at="HQ", name="Anna Admin")
        return home

    async def run(self, caller: Caller, call: Call[R]) -> R:
        """Run an operation as this caller, with rights as they are now."""
        return await self.operations.run(await self.fresh(caller), call)

    async def fresh(self, caller: Caller) -> Caller:
        """The caller with rights as they are now, and the clock of the test."""
        return replace(await self.callers.again(caller), clock=caller.clock)

    async def ask(self, caller: Caller, document: str, **variables: Any) -> dict[str, Any]:
        """Ask the schema of the caller's kind, without HTTP, and return `data` and `errors` as a client sees them."""
        answer = await self.answer(caller, document, variables)
        body: dict[str, Any] = {} if answer.request_error else {"data": orjson.loads(answer.data or b"null")}
        if answer.errors:
            body["errors"] = [dict(error) for error in answer.errors]
        return body

    async def data(self, caller: Caller, document: str, **variables: Any) -> dict[str, Any]:
        """Ask, and expect an answer without errors."""
        body = await self.ask(caller, document, **variables)
        assert "errors" not in body, body["errors"]
        found: dict[str, Any] = body["data"]
        return found

    async def answer(self, caller: Caller, document: str, variables: Mapping[str, Any]) -> Answer:
        """The schema's answer as the HTTP door gets it."""
        endpoint = self.endpoints.portal if caller.role == "portal" else self.endpoints.staff
        request = GraphQLRequest(query=document, document_hash="test", variables=variables)
        return await endpoint.answer(caller, request, lambda _cost: None)


def on(caller: Caller, day: str) -> Caller:
    """The same caller at noon (UTC) of another day."""
    moment = datetime.combine(datetime.fromisoformat(day).date(), time(12), UTC)
    return replace(caller, clock=lambda: moment)
