"""Subscriptions; one of an external offer is at the same time the source's mirror (two-tenants, 5).

What the source must not see (payment, discount, actors) is not on the row.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain import subscriptions as rules
from domain.partners import CommunicationType
from domain.sales import CancellationKind, SubscriptionStatus
from persistence.base import OF_PARTNER, OWN, Base, Guard, Joint, Policy, TenantOwned, Versioned, new_id, own
from persistence.enumerations import one_of
from persistence.offers import Offer
from persistence.orders import OrderItem
from persistence.partners import Partner, PartnerCommunication
from persistence.users import Membership

OF_SOURCE = "source_tenant_id = current_tenant()"
CANCELLING = "update(status, ends_on, cancellation, cancelled_at, version, updated_at)"


class Subscription(Joint, Versioned, TenantOwned, Base):
    """A repeated right of a customer (Abonnement), with the terms that counted when it was sold.

    The last day is `ends_on`; while that is null the subscription goes on. `customer_label` names the customer
    to the source only when both tenants belong to one contracting company (R-SC-34).
    """

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint(one_of("status", SubscriptionStatus), name="status"),
        CheckConstraint(one_of("cancellation", CancellationKind), name="cancellation"),
        CheckConstraint("num_nonnulls(offer_id, external_offer_id) = 1", name="one_offer"),
        CheckConstraint("num_nonnulls(source_tenant_id, connection_id, external_offer_id) in (0, 3)", name="external"),
        CheckConstraint("(cancellation is null) = (cancelled_at is null)", name="cancelled"),
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "id", "source_tenant_id"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["tenant_id", "order_item_id"], ["order_item.tenant_id", "order_item.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(
            ["tenant_id", "order_item_id", "source_tenant_id"],
            ["order_item.tenant_id", "order_item.id", "order_item.source_tenant_id"],
            name="fk_subscription_external_item",
            ondelete="RESTRICT",
        ),
        Index(None, "tenant_id", "partner_id", "starts_on", "id"),
        Index(None, "tenant_id", "organization_id", "starts_on", "id"),
        Index(None, "tenant_id", "starts_on", "id"),
        Index(
            None,
            "source_tenant_id",
            "tenant_id",
            "starts_on",
            "id",
            postgresql_where=text("source_tenant_id is not null"),
        ),
    )
    __guard__ = Guard(
        (
            Policy("own", "all", "kontor_app", OWN, OWN),
            Policy("mirror", "select", "kontor_app", OF_SOURCE),
            Policy("own_portal", "all", "kontor_portal", OF_PARTNER, OF_PARTNER),
        ),
        {
            "kontor_app": ("select", "insert", CANCELLING),
            "kontor_portal": ("select", "insert", CANCELLING),
        },
    )

    number: Mapped[str]
    chain_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(default=SubscriptionStatus.ACTIVE, server_default=text("'ACTIVE'"))
    partner_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    order_item_id: Mapped[UUID]
    offer_id: Mapped[UUID | None]
    source_tenant_id: Mapped[UUID | None]
    connection_id: Mapped[UUID | None]
    external_offer_id: Mapped[UUID | None]
    title: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    term_months: Mapped[int | None]
    accounting_period_months: Mapped[int | None]
    cancellation_period_days: Mapped[int | None]
    cancellation: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    target_name: Mapped[str]
    manage_url: Mapped[str | None]


class ProvidedGrant(Joint, Versioned, TenantOwned, Base):
    """The source's own half of a mirror: for which of its partners the access right counts (R-SC-34).

    `tenant_id` is the source; `partner_id` null means that nobody was linked yet, so no access is granted. The
    source's portal customers read these rows and never the target's: row security cannot ask which grant
    belongs to a subscription, so what they need stands here, kept by the events of the target.
    """

    __tablename__ = "provided_grant"
    __table_args__ = (
        UniqueConstraint("tenant_id", "target_tenant_id", "subscription_id"),
        ForeignKeyConstraint(
            ["tenant_id", "offer_id", "target_tenant_id"],
            ["offer.tenant_id", "offer.id", "offer.target_tenant_id"],
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partner.tenant_id", "partner.id"], ondelete="RESTRICT"),
        Index(None, "tenant_id", "partner_id"),
    )
    __guard__ = own("select", "insert", "update(partner_id, ends_on, version, updated_at)", portal=("select",))

    target_tenant_id: Mapped[UUID]
    subscription_id: Mapped[UUID]
    offer_id: Mapped[UUID]
    partner_id: Mapped[UUID | None]
    title: Mapped[str]
    target_name: Mapped[str]
    manage_url: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


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
