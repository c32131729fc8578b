"""What becomes of the events of other tenants: each is acted on once, in the context of the tenant it was told to.

A worker asks for what is pending and hands over one event after the other; whatever it does twice counts once.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain import customers as customer_rules
from domain import partners as partner_rules
from domain.names import sort_key
from domain.partners import Communication, CommunicationType, PartnerRoleKind, PartnerType
from domain.refusals import NotFound
from domain.sales import SaleEvent
from persistence import customers, linking, number_ranges, partners, receipts, subscriptions, users
from persistence.partners import Partner
from persistence.subscriptions import Subscription
from tenancy.operation import reads, writes
from tenancy.permissions import Permission
from tenancy.work import Work

AT_ONCE = 100
"""How many events a worker is given at a time."""


@reads(Permission.SUBSCRIPTIONS_EDIT)
async def pending(work: Work) -> list[UUID]:
    """The events told to this tenant that it has not acted on, oldest first, at most 100."""
    found = await receipts.pending(work.session, work.caller.tenant_id, AT_ONCE)
    return [event.id for event in found]


@writes(Permission.SUBSCRIPTIONS_EDIT, joint=True)
async def handle(work: Work, event_id: UUID) -> bool:
    """Act on an event that another tenant told this one; False when it was acted on before.

    Raises:
        NotFound: nobody told this tenant such an event.
    """
    event = await receipts.event(work.session, work.caller.tenant_id, event_id)
    if event is None:
        raise NotFound("There is no such event.")
    if not await receipts.take(work.session, event):
        return False
    mirror = await _mirror(work, event.subject_id)
    if mirror is not None and event.kind == SaleEvent.SUBSCRIPTION_SOLD:
        await _provide(work, mirror, event.facts)
    if mirror is not None and event.kind == SaleEvent.SUBSCRIPTION_CHANGED:
        await _follow(work, mirror)
    return True


async def _mirror(work: Work, subject_id: UUID | None) -> Subscription | None:
    if subject_id is None:
        return None
    return await subscriptions.mirror_of(work.session, work.caller.tenant_id, subject_id)


async def _provide(work: Work, mirror: Subscription, facts: Mapping[str, Any]) -> None:
    """Grant the own access right for what another tenant sold; to nobody yet where no customer is known (R-SC-34)."""
    if await subscriptions.grant_to_change(work.session, mirror) is not None:
        return
    customer = facts.get("customer")
    partner_id = None if customer is None else await _same_customer(work, customer)
    subscriptions.grant(work.session, mirror, partner_id)


async def _follow(work: Work, mirror: Subscription) -> None:
    """Let the grant end when the subscription does (R-SC-38)."""
    grant = await subscriptions.grant_to_change(work.session, mirror)
    if grant is not None:
        grant.ends_on = mirror.ends_on


async def _same_customer(work: Work, customer: Mapping[str, Any]) -> UUID | None:
    """The own partner that is the other tenant's customer, made where there is none; None where several could be."""
    identities = [(issuer, subject) for issuer, subject in customer["identities"]]
    found = await linking.signed_in_as(work.session, identities)
    if not found and customer["email"]:
        found = await linking.reached_at(work.session, customer["email"])
    if len(found) > 1:
        return None
    return found.pop() if found else await _new_customer(work, customer)


async def _new_customer(work: Work, customer: Mapping[str, Any]) -> UUID | None:
    """Enter the customer at the root of the sales structure; None where numbers or places are given by hand only."""
    root = await users.root_of(work.session)
    range_id = await number_ranges.range_for_partners(work.session)
    if root is None or range_id is None:
        return None
    given = await number_ranges.give(
        work.session,
        range_id,
        on=work.today,
        parameters={"TYPE": "P" if customer["type"] == PartnerType.PERSON else "O"},
        free=lambda number: partners.number_free(work.session, number),
    )
    partner = Partner(
        type=customer["type"],
        number=given.number,
        number_key=partner_rules.number_key(given.number),
        language=customer["language"],
        affiliation=partner_rules.Affiliation.EXTERNAL,
        responsible_organization_id=root,
        **partner_rules.named(customer["type"], customer["names"]),
    )
    work.session.add(partner)
    await work.session.flush()
    await _make_customer(work, partner.id, root, customer["email"])
    return partner.id


async def _make_customer(work: Work, partner_id: UUID, root: UUID, email: str | None) -> None:
    settings = await customers.settings_of(work.session)
    roles = [PartnerRoleKind.CUSTOMER]
    partners.put_roles(work.session, partner_id, {}, roles, status=settings.default_status, now=work.now)
    block = customer_rules.new_block(None, None, default=settings.default_status, on=work.today)
    customers.begin(work.session, partner_id, root, block)
    if email:
        reached = Communication(CommunicationType.EMAIL, email)
        await partners.replace_communication(work.session, partner_id, [(reached, sort_key(email))])
