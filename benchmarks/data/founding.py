"""Founding the tenants through the product: each with roles, number ranges, an organization and an administrator."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cli.installation import House, Installation, house
from cli.tenants import ROOT
from resolvers import directory, number_ranges, organizations, relationships, users
from resolvers.organizations import NewOrganization
from resolvers.users import NewUser
from tenancy.founding import NewTenant, found_company, found_tenant
from tenancy.settings import DatabaseUrls, load
from web.issuer import DemoPerson

ISSUER = "embedded"
ADMINISTRATOR = "TENANT_ADMIN"
COMPANIES = 10
"""Tenants of one contracting company."""


@dataclass(frozen=True)
class Founded:
    """A tenant with one of its people as the identity provider knows the person: the administrator, or a `who`."""

    id: UUID
    number: int
    who: str = "admin"

    @property
    def email(self) -> str:
        """The person's address, by which it is known."""
        return f"{self.who}@t{self.number}.bench.example"

    @property
    def person(self) -> DemoPerson:
        """The person."""
        name = f"Bench {self.number}"
        return DemoPerson(
            subject=self.email, name="Ada", email=self.email, tenant_id=self.id, tenant_name=name,
            role=ADMINISTRATOR, kind="STAFF",
        )  # fmt: skip


async def found(urls: DatabaseUrls, folder: Path, tenants: int) -> list[Founded]:
    """Found so many tenants, several to a contracting company."""
    at = Installation(load(environment="demo", data_dir=folder), urls)
    made: list[Founded] = []
    company = None
    async with house(at) as inside:
        for number in range(tenants):
            if company is None or number % COMPANIES == 0:
                company = await found_company(urls.for_migrations(), f"Bench Group {number // COMPANIES}")
            made.append(await _one(inside, company, number))
    return made


async def _one(inside: House, company: UUID, number: int) -> Founded:
    owner = inside.at.urls.for_migrations()
    tenant = Founded(
        await found_tenant(owner, company, NewTenant(f"Bench {number}", f"t{number}.bench.example")), number
    )
    operator = await inside.operator_of(tenant.id, company)
    await inside.run(operator, users.deliver_roles())
    await inside.run(operator, relationships.deliver_relationship_types())
    await inside.run(operator, number_ranges.deliver_number_ranges())
    root = await inside.run(operator, organizations.create_organization(NewOrganization(ROOT, "Head", "SALES", None)))
    operator = await inside.operator_of(tenant.id, company)
    role = (await inside.run(operator, directory.roles()))[ADMINISTRATOR]
    person = NewUser("STAFF", ISSUER, tenant.email, "Ada", tenant.email, [role], [root])
    await inside.run(operator, users.create_user(person))
    return tenant
