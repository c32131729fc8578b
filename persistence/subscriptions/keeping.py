"""Keeping subscriptions: beginning one, finding it in the tenant that sold and in the one that provides."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain import subscriptions as rules
from domain.partners import CommunicationType
from persistence.base import new_id
from persistence.offers import Offer
from persistence.orders import OrderItem
from persistence.partners import Partner, PartnerCommunication
from persistence.subscriptions.rows import ProvidedGrant, Subscription
from persistence.users import Membership


@dataclass(frozen=True)
class Seller:
    """The tenant that sells, as it presents itself, and where its customers manage what they bought."""

    name: str
    manage_url: str | None


def begin(
    session: AsyncSession, item: OrderItem, offer: Offer, number: str, organization_id: UUID, seller: Seller, on: date
) -> Subscription:
    """The subscription that begins with a bought offer, with its terms as they are now; `item` is its first item.

    Of an external offer it is the source's mirror at the same time (R-SC-31, R-SC-32).
    """
    id_ = new_id()
    row = Subscription(
        id=id_,
        chain_id=id_,
        number=number,
        partner_id=item.partner_id,
        organization_id=organization_id,
        order_item_id=item.id,
        offer_id=item.offer_id,
        source_tenant_id=item.source_tenant_id,
        connection_id=item.connection_id,
        external_offer_id=item.external_offer_id,
        title=item.title,
        starts_on=on,
        ends_on=rules.first_end(on, offer.term_months, renews=rules.renews(offer.offer_type)),
        renews=rules.renews(offer.offer_type),
        term_months=offer.term_months,
        accounting_period_months=offer.accounting_period_months,
        cancellation_period_days=offer.cancellation_period_days,
        target_name=seller.name,
        manage_url=seller.manage_url,
    )
    session.add(row)
    return row


async def own_to_change(session: AsyncSession, subscription_id: UUID) -> Subscription | None:
    """The subscription that this tenant sold, locked."""
    return await session.scalar(select(Subscription).where(Subscription.id == subscription_id).with_for_update())


async def mirror_of(session: AsyncSession, tenant_id: UUID, subscription_id: UUID) -> Subscription | None:
    """The mirror, in this tenant, of a subscription that another tenant sold."""
    return await session.scalar(
        select(Subscription)
        .where(Subscription.source_tenant_id == tenant_id, Subscription.id == subscription_id)
        .execution_options(across_tenants=True)
    )


async def granted(session: AsyncSession, subscription_id: UUID) -> ProvidedGrant | None:
    """The own grant for a mirror, as a customer's portal may look at it."""
    return await session.scalar(select(ProvidedGrant).where(ProvidedGrant.subscription_id == subscription_id))


async def grant_to_change(session: AsyncSession, mirror: Subscription) -> ProvidedGrant | None:
    """The own grant for a mirror, locked."""
    return await session.scalar(
        select(ProvidedGrant)
        .where(ProvidedGrant.target_tenant_id == mirror.tenant_id, ProvidedGrant.subscription_id == mirror.id)
        .with_for_update()
    )


def grant(session: AsyncSession, mirror: Subscription, partner_id: UUID | None) -> ProvidedGrant:
    """Let the own partner use what another tenant sold; nobody yet where none is known (R-SC-34)."""
    row = ProvidedGrant(
        id=new_id(),
        target_tenant_id=mirror.tenant_id,
        subscription_id=mirror.id,
        offer_id=mirror.external_offer_id,
        partner_id=partner_id,
        title=mirror.title,
        target_name=mirror.target_name,
        manage_url=mirror.manage_url,
        starts_on=mirror.starts_on,
        ends_on=mirror.ends_on,
    )
    session.add(row)
    return row


async def customer_facts(session: AsyncSession, partner_id: UUID) -> dict[str, Any]:
    """What a source of the same contracting company is told of the buyer, so that it knows its own customer.

    The names as they are kept, the language, the first e-mail address, and who signs in to the portal as the
    customer: `identities` are pairs of issuer and subject.
    """
    partner = (await session.scalars(select(Partner).where(Partner.id == partner_id))).one()
    email = await session.scalar(
        select(PartnerCommunication.value)
        .where(PartnerCommunication.partner_id == partner_id, PartnerCommunication.type == CommunicationType.EMAIL)
        .order_by(PartnerCommunication.preferred.desc(), PartnerCommunication.position)
        .limit(1)
    )
    signed_in = await session.execute(
        select(Membership.issuer, Membership.subject).where(
            Membership.partner_id == partner_id, Membership.kind == "PORTAL", Membership.disabled_at.is_(None)
        )
    )
    return {
        "type": partner.type,
        "names": {name: getattr(partner, name) for name in NAMES},
        "language": partner.language,
        "email": email,
        "identities": [[row.issuer, row.subject] for row in signed_in],
    }


NAMES = ("salutation", "title", "first_name", "last_name", "name")
"""The names of a partner that another tenant of the same company takes over."""
