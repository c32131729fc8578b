"""The beginning of the demo world: companies, tenants, organizations, and the people who work there."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from cli.demo_world.cast import COMPANIES, ISSUER, ROLES, TENANTS, Member, Place, TenantPlan
from cli.demo_world.world import TWO_YEARS, Tenancy, World, email_of, subject_of
from domain.tenants import SettingsChanges
from persistence import users as accounts
from resolvers import number_ranges, organizations, relationships, tenants, users
from resolvers.organizations import NewOrganization
from resolvers.users import NewUser
from tenancy.founding import NewTenant, found_company, found_tenant
from tenancy.operation import Call
from web.issuer.people import DemoPerson

FIRST_DAY = TWO_YEARS + 5
DUE_DAYS = 21


async def found(world: World) -> Sequence[Tenancy]:
    """Found all tenants with their organizations and their staff."""
    owner = world.house.at.urls.for_migrations()
    companies = {key: await found_company(owner, name) for key, name in COMPANIES.items()}
    founded = []
    for plan in TENANTS:
        new = NewTenant(plan.name, plan.domain, self_service_url=f"https://konto.{plan.domain}/abos")
        company_id = companies[plan.company]
        founded.append(Tenancy(world, plan, await found_tenant(owner, company_id, new), company_id))
    await asyncio.gather(*(_furnish(tenancy) for tenancy in founded))
    return founded


async def _furnish(tenancy: Tenancy) -> None:
    """Let the operator set the tenant up: what every tenant is delivered with, its organizations, its staff."""
    plan = tenancy.plan
    for delivery in (
        users.deliver_roles(),
        relationships.deliver_relationship_types(),
        number_ranges.deliver_number_ranges(),
    ):
        await tenancy.operate(FIRST_DAY, delivery)
    await _learn_roles(tenancy)
    for place in plan.places:
        tenancy.places[place.code] = await tenancy.operate(FIRST_DAY, _organization(tenancy, place))
    for member in plan.members:
        if member.kind == "STAFF":
            await tenancy.operate(FIRST_DAY, account(tenancy, member))
    settings = SettingsChanges(invoice_due_days=DUE_DAYS, support_url=f"https://hilfe.{plan.domain}")
    await tenancy.act("admin", FIRST_DAY, tenants.update_tenant_settings(settings, 2))
    tenancy.world.advance(0.02, f"{plan.name}: Organisationen und Konten")


def account(tenancy: Tenancy, member: Member, partner_id: UUID | None = None) -> Call[UUID]:
    """Give somebody of the plan an account; representatives and customers belong to a partner (R-224)."""
    plan = tenancy.plan
    return users.create_user(
        NewUser(
            kind=member.kind,
            issuer=ISSUER,
            subject=subject_of(member, plan),
            name=member.name,
            email=email_of(member, plan),
            role_ids=[tenancy.roles[member.role]],
            organization_ids=[] if member.kind == "PORTAL" else [tenancy.places[member.at]],
            partner_id=partner_id,
        )
    )


def people_of(tenancies: Sequence[Tenancy]) -> Sequence[DemoPerson]:
    """Whom one can sign in as: by tenant, the administrator first."""
    return [
        DemoPerson(
            subject=subject_of(member, tenancy.plan),
            name=member.name,
            email=email_of(member, tenancy.plan),
            tenant_id=tenancy.id,
            tenant_name=tenancy.plan.name,
            role=_label(tenancy.plan, member),
            kind=member.kind,
        )
        for tenancy in tenancies
        for member in tenancy.plan.members
    ]


def _label(plan: TenantPlan, member: Member) -> str:
    """The role, and where it is played unless it is the whole tenant."""
    if member.kind == "PORTAL" or member.at == plan.root:
        return ROLES[member.role]
    return f"{ROLES[member.role]}, {next(place.name for place in plan.places if place.code == member.at)}"


async def _learn_roles(tenancy: Tenancy) -> None:
    async with tenancy.looking() as session:
        for code in ROLES:
            role = await accounts.role_by_code(session, code)
            if role is None:
                raise LookupError(f"no role {code} was delivered")
            tenancy.roles[code] = role.id


def _organization(tenancy: Tenancy, place: Place) -> Call[UUID]:
    parent = None if place.parent is None else tenancy.places[place.parent]
    return organizations.create_organization(NewOrganization(place.code, place.name, "SALES", parent))
