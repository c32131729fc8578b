"""What happens to partners once they are there: levels, blocks, accounting, representatives, relationships."""

from collections.abc import Sequence
from random import Random
from uuid import UUID

from cli.demo_world.world import TWO_YEARS, Tenancy
from domain.customers import AbcClass, AccountingChanges, Block, CustomerChanges, CustomerStatus
from domain.relationships import Listed, NewRelationship
from resolvers import customers, relationships

CONTACT_OF = "CONTACT_OF"
AGENCY_OF = "AGENCY_OF"
OWN_TYPES = {CONTACT_OF: "Ansprechpartner für", AGENCY_OF: "Agentur von"}
"""The relationship types that each tenant defined for itself."""


async def look_after(tenancy: Tenancy, share: float) -> None:
    """Let the people of the tenant do with their customers what such people do; `share` is that of all work."""
    for code, name in OWN_TYPES.items():
        kind = relationships.create_relationship_type(code, name, time_dependent=code == AGENCY_OF)
        await tenancy.act("admin", TWO_YEARS, kind)
    steps = (_take_over, _keep_accounts, _represent, _relate)
    text = f"{tenancy.plan.name}: Kundenpflege"
    for step in tenancy.world.each(steps, share, text):
        await step(tenancy, tenancy.dice(step.__name__))


async def _take_over(tenancy: Tenancy, dice: Random) -> None:
    """Customers whose data are kept above a place: taken over by the clerk there, as they are or to edit them."""
    clerk = tenancy.plan.named("SALES_CLERK")
    place = tenancy.places[clerk.at]
    above = [
        *tenancy.customers[tenancy.plan.root],
        *tenancy.customers[tenancy.plan.region_of(clerk.at)],
    ]
    chosen = dice.sample(above, min(len(above), tenancy.world.many(24, 3)))
    for turn, customer_id in enumerate(chosen):
        if turn % 3 == 0:
            await tenancy.act(clerk.key, 300 - turn, customers.take_over_customer_data(customer_id, place))
            continue
        await tenancy.act(clerk.key, 300 - turn, customers.take_over_customer_data_editing(customer_id, place))
        changes = CustomerChanges(abc_class=AbcClass.A, external_number=f"K-{turn:04}")
        await tenancy.act(clerk.key, 250 - turn, customers.update_customer_data(customer_id, place, changes, 1))
        if turn % 3 == 1:  # some of them did not pay
            until = tenancy.world.day(-45 - turn) if turn % 2 else None
            block = Block(CustomerStatus.BLOCKED, until)
            await tenancy.act(clerk.key, 20, customers.set_customer_status(customer_id, place, block, 2))
            tenancy.customers["blocked"].append(customer_id)


async def _keep_accounts(tenancy: Tenancy, dice: Random) -> None:
    """Debtors, and others who get the invoices of a customer; one of them is no debtor any more."""
    companies = [id_ for place in tenancy.plan.leaves for id_ in tenancy.customers[f"{place.code} companies"]]
    chosen = dice.sample(companies, min(len(companies), tenancy.world.many(30, 4)))
    for turn, partner_id in enumerate(chosen):
        data = AccountingChanges(
            debtor=True,
            debtor_account=str(10_000 + turn),
            payment_term=dice.choice(("14 Tage netto", "30 Tage netto", "sofort")),
            tax_classification="DOMESTIC",
            currency="EUR",
        )
        await tenancy.act("accounting", 500 - turn, customers.set_partner_accounting(partner_id, data, 1))
    await _bill_others(tenancy, chosen[: tenancy.world.many(6, 2)])


async def _bill_others(tenancy: Tenancy, debtors: Sequence[UUID]) -> None:
    clerk = tenancy.plan.named("SALES_CLERK")
    billed = tenancy.customers[f"{clerk.at} persons"]
    for customer_id, debtor in zip(billed, debtors, strict=False):
        rows = [Listed(debtor, preferred=True)]
        call = customers.set_invoice_recipients(customer_id, tenancy.places[clerk.at], rows, 1)
        await tenancy.act("admin", 200, call)
    if len(debtors) > 1 and billed:
        lost = AccountingChanges(debtor=False)
        await tenancy.act("accounting", 30, customers.set_partner_accounting(debtors[0], lost, 2))
        tenancy.customers["blocked"].append(billed[0])


async def _represent(tenancy: Tenancy, dice: Random) -> None:
    """The representatives and their customers; some of them had another one before."""
    first, second = (one for one in tenancy.plan.members if one.kind == "REPRESENTATIVE")
    for member, other in ((first, second), (second, first)):
        place, here = tenancy.places[member.at], tenancy.customers[member.at]
        for customer_id in dice.sample(here, min(len(here), tenancy.world.many(14, 3))):
            since = tenancy.world.day(dice.randint(100, 400))
            rows = [Listed(tenancy.partners[member.key], valid_from=since)]
            if dice.random() < 0.25:  # noqa: PLR2004
                rows.append(Listed(tenancy.partners[other.key], valid_to=tenancy.world.day(401)))
            version = await tenancy.level_version(customer_id, place)
            # a clerk sees the representatives of the own place only
            who = tenancy.caretaker(member.at) if len(rows) == 1 else "admin"
            await tenancy.act(who, 100, customers.set_representatives(customer_id, place, rows, version))


async def _relate(tenancy: Tenancy, dice: Random) -> None:
    """Who speaks for whom, and which agency works for whom."""
    others = tenancy.customers["others"]
    clerk = tenancy.plan.named("SALES_CLERK")
    companies = tenancy.customers[f"{clerk.at} companies"]
    pairs = list(zip(dice.sample(others, min(len(others), tenancy.world.many(16, 3))), companies, strict=False))
    for turn, (one, other) in enumerate(pairs):
        new = NewRelationship(one, other, CONTACT_OF)
        if turn % 4 == 3:  # noqa: PLR2004
            new = NewRelationship(one, other, AGENCY_OF, valid_from=tenancy.world.day(365))
        await tenancy.act("admin", 350, relationships.add_relationship(new))
