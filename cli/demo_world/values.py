"""What the playground's examples need to know of the demo world: ids and versions, written down for each tenant."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cli.demo_world.market import INVITED, INVITER
from cli.demo_world.world import Tenancy
from domain.sales import InvoiceStatus, SettlementStatus
from persistence import connections
from persistence.customers import CustomerData
from persistence.invoices import Invoice
from persistence.partners import Partner
from persistence.payouts import PayoutEntry
from web.examples import Value, write_values

PARTNERS: Mapping[str, tuple[str, str, str, str, str]] = {
    "tageblatt": ("silberkranich", "news", "plus", "x-garden", "summer"),
    "silberkranich": ("tageblatt", "magazines", "flat", "x-digital", "stars"),
    "quittmann": ("silberkranich", "trade", "wood", "x-circle", "disc"),
}
"""Of each tenant: who sells for it, with which cost center; an own offer, an external one of that tenant, and a
cart that cannot be sold."""


async def write_down(tenancies: Sequence[Tenancy]) -> None:
    """Leave the values in the data folder, where the web workers find them."""
    known = {tenancy.plan.key: tenancy for tenancy in tenancies}
    found = {tenancy.id: await _values(known, tenancy) for tenancy in tenancies}
    write_values(tenancies[0].world.house.at.settings.data_dir, found)


async def _values(known: Mapping[str, Tenancy], tenancy: Tenancy) -> dict[str, Value]:
    other, center, own, external, broken = PARTNERS[tenancy.plan.key]
    partner, clerk = known[other], tenancy.plan.named("SALES_CLERK")
    to_invite = known[INVITER if tenancy.plan.key == INVITED else INVITED]
    found: dict[str, Value] = {
        "invitee": f"ten_{to_invite.id}",
        "connection": f"con_{tenancy.connections[other]}",
        "target": f"ten_{partner.id}",
        "targetCostCenter": f"cce_{partner.cost_centers[center]}",
        "ownOffer": f"off_{tenancy.offers[own]}",
        "externalOffer": f"xof_{partner.offers[external]}",
        "brokenCart": f"car_{tenancy.carts[broken]}",
        "cart": f"car_{next(iter(tenancy.carts.values()))}",
        "clerkRole": f"rol_{tenancy.roles['SALES_CLERK']}",
        "clerkPlace": f"org_{tenancy.places[clerk.at]}",
        "portalCustomer": f"par_{tenancy.partners['customer2']}",
        "portalRole": f"rol_{tenancy.roles['PORTAL_CUSTOMER']}",
    }
    if tenancy.plan.key == INVITED:
        found["invitation"] = f"con_{known[INVITER].connections[INVITED]}"
    found["connectionVersion"] = await _version(tenancy, tenancy.connections[other])
    found.update(await _customers(tenancy, tenancy.places[clerk.at]))
    found.update(await _money(tenancy))
    return found


async def _version(tenancy: Tenancy, connection_id: UUID) -> int:
    """The version of a connection, the halves' together."""
    caller = await tenancy.operator(0)
    async with tenancy.world.house.database.transaction(caller.context()) as session:
        return (await connections.halves(session, tenancy.id, connection_id)).version


async def _customers(tenancy: Tenancy, place: UUID) -> dict[str, Value]:
    """A customer whose data the clerk may edit, and one whose data stand above the clerk's place."""
    clerk, blocked = tenancy.plan.named("SALES_CLERK"), set(tenancy.customers["blocked"])
    own = next(id_ for id_ in tenancy.customers[clerk.at] if id_ not in blocked)
    taken = {row.partner_id for row in await _rows(tenancy, CustomerData, CustomerData.organization_id == place)}
    above = next(id_ for id_ in _above(tenancy, clerk.at) if id_ not in taken | blocked)
    (partner,) = await _rows(tenancy, Partner, Partner.id == own)
    return {
        "ownCustomer": f"cus_{own}",
        "ownCustomerVersion": await tenancy.level_version(own, place),
        "inheritedCustomer": f"cus_{above}",
        "nameBegins": partner.name_key[:2],
    }


def _above(tenancy: Tenancy, place: str) -> Sequence[UUID]:
    return [*tenancy.customers[tenancy.plan.region_of(place)], *tenancy.customers[tenancy.plan.root]]


async def _money(tenancy: Tenancy) -> dict[str, Value]:
    """An entry of the payout list that is open, and an invoice that waits for its money."""
    found: dict[str, Value] = {}
    entries = await _rows(tenancy, PayoutEntry, PayoutEntry.settlement_status == SettlementStatus.OPEN)
    if entries:
        found["openEntry"] = f"pay_{max(entries, key=lambda entry: (entry.created_at, entry.number)).id}"
    invoices = await _rows(tenancy, Invoice, Invoice.status == InvoiceStatus.NOT_PAID)
    if invoices:
        invoice = max(invoices, key=lambda each: each.number)
        found |= {"openInvoice": f"inv_{invoice.id}", "openInvoiceVersion": invoice.version}
    return found


async def _rows(tenancy: Tenancy, model: Any, *conditions: Any) -> Sequence[Any]:
    """Rows that the tenant wrote itself."""
    async with tenancy.looking() as session:
        return (await session.scalars(select(model).where(*conditions))).all()
