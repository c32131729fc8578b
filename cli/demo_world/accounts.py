"""Those partners of the demo world that sign in: representatives, and the customers of the portals."""

from collections.abc import Mapping
from uuid import UUID

from cli.demo_world.cast import Member
from cli.demo_world.founding import FIRST_DAY, account
from cli.demo_world.register import Register
from cli.demo_world.world import SEED, Tenancy, email_of
from domain.partners import Address, Communication, CommunicationType, Names, NewPartner, PartnerRoleKind, PartnerType
from resolvers import customers, partners
from resolvers.customers import NewCustomerData

HOMES: Mapping[str, str] = {"TT": "DE", "SK-HH": "DE", "SK-WIEN": "AT", "SK-ZH": "CH", "FQ": "DE"}
"""In which country people of a place live."""

WOMEN = frozenset({"Swantje", "Henrike", "Dörte", "Aurelia", "Jasmin", "Birgit"})


async def let_in(tenancy: Tenancy) -> None:
    """Enter the partners who have an account, and give it to them."""
    register = Register(f"{SEED}:{tenancy.plan.key}:accounts")
    for member in tenancy.plan.members:
        if member.kind != "STAFF":
            tenancy.partners[member.key] = await _enter(tenancy, member, register)
    for member in tenancy.plan.members:
        if member.kind != "STAFF":
            await tenancy.act("admin", FIRST_DAY, account(tenancy, member, tenancy.partners[member.key]))


async def _enter(tenancy: Tenancy, member: Member, register: Register) -> UUID:
    who, place = tenancy.caretaker(member.at), tenancy.places[member.at]
    roles = (PartnerRoleKind.SALES_REPRESENTATIVE,) if member.kind == "REPRESENTATIVE" else ()
    country = HOMES.get(member.at) or HOMES[member.at.partition("-")[0]]
    new = NewPartner(
        PartnerType.PERSON if member.company is None else PartnerType.ORGANIZATION,
        _names(member),
        responsible_organization_id=place,
        roles=roles,
        addresses=_addresses(member, register, country),
        communication=(Communication(CommunicationType.EMAIL, email_of(member, tenancy.plan), preferred=True),),
    )
    partner_id = (await tenancy.act(who, FIRST_DAY, partners.create_partner(new))).id
    if member.kind == "PORTAL":
        await tenancy.act(who, FIRST_DAY, customers.create_customer(partner_id, NewCustomerData(), place))
    return partner_id


def _names(member: Member) -> Names:
    first, _, last = member.name.rpartition(" ")
    if member.company is not None:
        return Names(name=member.company)
    return Names(salutation="Frau" if first in WOMEN else "Herr", first_name=first, last_name=last)


def _addresses(member: Member, register: Register, country: str) -> tuple[Address, ...]:
    if member.name == "Henrike Sandvoss":
        # the same person at both tenants lives in the same house
        return (Address("Kiel", "DE", "Uferstraße 12", postal_code="24103", region="Schleswig-Holstein"),)
    return register.addresses(country)[:1]
