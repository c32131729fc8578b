"""A group of three tenants in an installation: the operator founds them, their administrators hire their people."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx2
from anyio import to_thread

from cli import tenants as operator
from cli.installation import Installation as Opened
from cli.tenants import Founding, NewPerson
from tenancy.settings import load
from tests.e2e import documents as ask
from tests.e2e.client import Client
from tests.e2e.installation import Installation
from web.issuer import DemoPerson

ISSUER = "embedded"
PATIENCE_SECONDS = 60.0


@dataclass
class Tenant:
    """A tenant and its people; `id` is the global one."""

    name: str
    domain: str
    company: str
    people: dict[str, DemoPerson] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    id: str = ""

    def email(self, who: str) -> str:
        """The address of one of its people."""
        return f"{who}@{self.domain}"


@dataclass
class Group:
    """Three tenants of two contracting companies in one installation; `http` reaches one server of it."""

    installation: Installation
    http: httpx2.AsyncClient
    tenants: Mapping[str, Tenant]

    def client(self, tenant: Tenant, who: str) -> Client:
        """Somebody with a fresh token; customers come in by the portal's door."""
        person = tenant.people[who]
        door = "/portal/graphql" if person.kind == "PORTAL" else "/graphql"
        return Client(self.http, self.installation.issuer.mint(person), door)

    def through(self, other: Installation, http: httpx2.AsyncClient) -> "Group":
        """The same tenants through another server over the same database."""
        return Group(other, http, self.tenants)

    async def hire(self, tenant: Tenant, who: str, role: str, *at: str, partner_id: str | None = None) -> None:
        """Let the tenant's administrator give somebody an account: of the staff, or of the portal with `partner_id`."""
        admin = self.client(tenant, "admin")
        facts = await admin.data(ask.STAFFING)
        roles = {one["code"]: one["id"] for one in facts["roles"]["nodes"]}
        kind, email = "STAFF" if partner_id is None else "PORTAL", tenant.email(who)
        given = {
            "kind": kind,
            "issuer": ISSUER,
            "subject": email,
            "name": who.title(),
            "email": email,
            "roleIds": [roles[role]],
            "organizationIds": [tenant.places[code] for code in at],
            "partnerId": partner_id,
        }
        await admin.do(ask.HIRE, input=given)
        self.admit(tenant, who, role, kind)

    def admit(self, tenant: Tenant, who: str, role: str, kind: str = "STAFF") -> None:
        """Let somebody with an account sign in."""
        person = person_of(tenant, who, role, kind)
        tenant.people[who] = person
        self.installation.admit(person)


def person_of(tenant: Tenant, who: str, role: str, kind: str = "STAFF") -> DemoPerson:
    """Somebody as the embedded issuer knows people."""
    return DemoPerson(
        subject=tenant.email(who),
        name=who.title(),
        email=tenant.email(who),
        tenant_id=UUID(tenant.id.removeprefix("ten_")),
        tenant_name=tenant.name,
        role=role,
        kind=kind,
    )


COMPANIES = {"alpha": "Nord", "beta": "Süd", "gamma": "Nord"}


async def founded(
    installation: Installation, http: httpx2.AsyncClient, codes: Sequence[str] = tuple(COMPANIES)
) -> Group:
    """Tenants of two companies with an administrator each, a tree of four levels, and some staff.

    The first tenant is founded by the commands that an operator types, the others by what those commands call,
    where that reaches the database from here.
    """
    mark = secrets.token_hex(3)
    tenants = {
        code: Tenant(f"{code.title()} {mark}", f"{code}-{mark}.test", f"{COMPANIES[code]} {mark}") for code in codes
    }
    group = Group(installation, http, tenants)
    for code, tenant in tenants.items():
        by = typed if code == "alpha" or installation.urls is None else called
        tenant.id = f"ten_{await by(installation, tenant)}"
        group.admit(tenant, "admin", "TENANT_ADMIN")
        await settle(group, tenant)
    return group


async def typed(installation: Installation, tenant: Tenant) -> str:
    """Found a tenant with its administrator on the command line."""

    def run() -> str:
        named = ("--name", tenant.name, "--domain", tenant.domain, "--company", tenant.company)
        tenant_id: str = json.loads(installation.command("tenant", "found", *named, "--json"))["id"]
        email = tenant.email("admin")
        known = ("--issuer", ISSUER, "--subject", email, "--email", email)
        installation.command(
            "user", "create", "--tenant", tenant.domain, "--name", "Admin", *known, "--role", "TENANT_ADMIN"
        )
        return tenant_id

    return await to_thread.run_sync(run)


async def called(installation: Installation, tenant: Tenant) -> str:
    """Found a tenant with its administrator as the command line does, in this process."""
    assert installation.urls is not None
    at = Opened(load(environment="demo", data_dir=installation.folder), installation.urls)
    new = Founding(tenant.name, tenant.domain, tenant.company, "EUR", "Europe/Berlin")
    tenant_id = await operator.found(at, new)
    email = tenant.email("admin")
    admin = NewPerson(ISSUER, email, "Admin", email, ["TENANT_ADMIN"], ["HQ"])
    await operator.create_user(at, str(tenant_id), admin)
    return str(tenant_id)


async def settle(group: Group, tenant: Tenant) -> None:
    """The administrator lays the tree out (HQ > NORTH > HAMBURG > ALTONA, HQ > SOUTH > MUNICH) and hires."""
    admin = group.client(tenant, "admin")
    tenant.places["HQ"] = (await admin.data(ask.STAFFING))["head"]["nodes"][0]["id"]
    made = await admin.data(ask.BRANCH, head=tenant.places["HQ"])
    keep(tenant, made)
    keep(tenant, await admin.data(ask.PLACES, north=tenant.places["NORTH"], south=tenant.places["SOUTH"]))
    altona = {"code": "ALTONA", "name": "Altona", "parentId": tenant.places["HAMBURG"]}
    keep(tenant, await admin.data(ask.PLACE, input=altona))
    await group.hire(tenant, "product", "PRODUCT_MANAGER", "HQ")
    await group.hire(tenant, "accountant", "ACCOUNTANT", "HQ")
    await group.hire(tenant, "hanna", "SALES_CLERK", "HAMBURG")
    await group.hire(tenant, "alma", "SALES_CLERK", "ALTONA")
    await group.hire(tenant, "mara", "SALES_CLERK", "MUNICH")
    await group.hire(tenant, "ole", "SALES_CLERK", "HAMBURG", "MUNICH")
    await group.hire(tenant, "nora", "SALES_MANAGER", "NORTH")
    await group.hire(tenant, "vera", "SALES_VIEWER", "HAMBURG")


def keep(tenant: Tenant, made: Mapping[str, Any]) -> None:
    """Remember the places that were made, by their codes."""
    for payload in made.values():
        assert payload["__typename"] == "CreateOrganizationPayload", payload
        tenant.places[payload["organization"]["code"]] = payload["organization"]["id"]
