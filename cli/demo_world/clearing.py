"""What follows from selling each other's offers: news are acted on, entries settled, customers linked."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from sqlalchemy import select

from cli.demo_world.world import SEED, Tenancy
from domain.sales import SettlementStatus
from persistence.payouts import PayoutEntry
from persistence.subscriptions import Subscription
from resolvers import events, payouts, subscriptions
from tenancy.caller import CallerKind

PATIENCE = 45
"""How many days the tenants take to settle between them."""


async def take_events(tenancy: Tenancy, ago: int) -> None:
    """Act on what other tenants told this one, as its job does."""
    job = replace(await tenancy.operator(ago), kind=CallerKind.JOB, subject="take_events")
    run = tenancy.world.house.operations.run
    while waiting := await run(job, events.pending()):
        for event_id in waiting:
            await run(job, events.handle(event_id))


async def settle(tenancy: Tenancy, ago: int) -> None:
    """Settle what this tenant sold for others some time ago, but for the odd entry that is in dispute."""
    due = tenancy.world.moment(ago + PATIENCE)
    async with tenancy.looking() as session:
        found = await session.execute(
            select(PayoutEntry.id, PayoutEntry.source_tenant_id, PayoutEntry.number)
            .where(
                PayoutEntry.tenant_id == tenancy.id,
                PayoutEntry.settlement_status == SettlementStatus.OPEN,
                PayoutEntry.created_at < due,
            )
            .order_by(PayoutEntry.created_at, PayoutEntry.number)
        )
    for entry in found:
        dice = Random(f"{SEED}:{tenancy.plan.key}:{entry.number}")  # noqa: S311 - a world to look at
        if dice.random() < 0.92:  # noqa: PLR2004
            call = payouts.settle_entry(entry.id, SettlementStatus.SETTLED)
            await tenancy.act("accounting", ago, call, minute=entry.number % 400)


async def link(tenancies: Sequence[Tenancy], tenancy: Tenancy) -> None:
    """Say of a few sales of another company which own customers bought; the others wait for it."""
    strangers = [other.id for other in tenancies if other.company_id != tenancy.company_id]
    async with tenancy.looking() as session:
        found = await session.scalars(
            select(Subscription.id)
            .where(Subscription.source_tenant_id == tenancy.id, Subscription.tenant_id.in_(strangers))
            .order_by(Subscription.starts_on, Subscription.number)
            .limit(4)
            .execution_options(across_tenants=True)
        )
    portal = [tenancy.partners[one.key] for one in tenancy.plan.members if one.kind == "PORTAL"]
    for turn, subscription_id in enumerate(found):
        call = subscriptions.link_provided_customer(subscription_id, portal[turn % len(portal)])
        await tenancy.act("admin", 3, call)
