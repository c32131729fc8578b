"""Subscriptions; one of an external offer is at the same time the source's mirror (two-tenants, 5).

What the source must not see (payment, discount, actors) is not on the row.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.sales import CancellationKind, SubscriptionStatus
from persistence.base import OF_PARTNER, OWN, Base, Guard, Joint, Policy, TenantOwned, Versioned, new_id, own
from persistence.enumerations import one_of
from persistence.offers import ForSale, OfferHint
from persistence.orders import Order, OrderItem

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
            "kontor_app": (
                "select",
                "insert",
                "update(status, ends_on, cancellation, cancelled_at, version, updated_at)",
            ),
            "kontor_portal": (
                "select",
                "insert",
                "update(status, ends_on, cancellation, cancelled_at, version, updated_at)",
            ),
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


class SubscriptionHint(Joint, TenantOwned, Base):
    """Where the customer manages the subscription, as the source put it, in one language (R-SC-35)."""

    __tablename__ = "subscription_hint"
    __table_args__ = (
        UniqueConstraint("tenant_id", "subscription_id", "language"),
        ForeignKeyConstraint(
            ["tenant_id", "subscription_id", "source_tenant_id"],
            ["subscription.tenant_id", "subscription.id", "subscription.source_tenant_id"],
            ondelete="RESTRICT",
        ),
        Index(None, "source_tenant_id", "tenant_id", "subscription_id"),
    )
    __guard__ = Guard(
        (
            Policy("own", "all", "kontor_app", OWN, OWN),
            Policy("mirror", "select", "kontor_app", OF_SOURCE),
            Policy("own_portal", "all", "kontor_portal", OWN, OWN),
        ),
        {"kontor_app": ("select", "insert"), "kontor_portal": ("select", "insert")},
    )

    subscription_id: Mapped[UUID]
    source_tenant_id: Mapped[UUID]
    type: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
    preferred: Mapped[bool]


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
class Sold:
    """What is needed to begin a subscription: the bought offer, the first item of it, and who manages it."""

    offer: ForSale
    item: OrderItem
    title: str
    target_name: str
    manage_url: str | None


def begin(
    session: AsyncSession, order: Order, number: str, sold: Sold, starts_on: date, ends_on: date | None
) -> Subscription:
    """The subscription of a bought offer, with its terms as they are now; for an external one the mirror too."""
    offer = sold.offer.offer
    id_ = new_id()
    row = Subscription(
        id=id_,
        chain_id=id_,
        number=number,
        partner_id=order.partner_id,
        organization_id=order.organization_id,
        order_item_id=sold.item.id,
        offer_id=None if sold.offer.external else offer.id,
        source_tenant_id=sold.offer.source_tenant_id,
        connection_id=sold.offer.connection_id,
        external_offer_id=offer.id if sold.offer.external else None,
        title=sold.title,
        starts_on=starts_on,
        ends_on=ends_on,
        term_months=offer.term_months,
        accounting_period_months=offer.accounting_period_months,
        cancellation_period_days=offer.cancellation_period_days,
        target_name=sold.target_name,
        manage_url=sold.manage_url,
    )
    session.add(row)
    return row


async def keep_hints(session: AsyncSession, subscription: Subscription) -> None:
    """Copy the source's self-service texts to the subscription: they count as they were when it was sold."""
    if subscription.source_tenant_id is None:
        return
    hints = await session.scalars(
        select(OfferHint)
        .where(
            OfferHint.tenant_id == subscription.source_tenant_id,
            OfferHint.offer_id == subscription.external_offer_id,
        )
        .execution_options(across_tenants=True)
    )
    for hint in hints:
        session.add(
            SubscriptionHint(
                subscription_id=subscription.id,
                source_tenant_id=subscription.source_tenant_id,
                type=hint.type,
                language=hint.language,
                text=hint.text,
                preferred=hint.preferred,
            )
        )


async def mirrored(session: AsyncSession, source_tenant_id: UUID, subscription_id: UUID) -> Subscription | None:
    """The mirror in this tenant of a subscription that another tenant sold."""
    return await session.scalar(
        select(Subscription)
        .where(Subscription.source_tenant_id == source_tenant_id, Subscription.id == subscription_id)
        .execution_options(across_tenants=True)
    )


async def grant_of(session: AsyncSession, target_tenant_id: UUID, subscription_id: UUID) -> ProvidedGrant | None:
    """The source's own grant for a mirror, locked."""
    return await session.scalar(
        select(ProvidedGrant)
        .where(ProvidedGrant.target_tenant_id == target_tenant_id, ProvidedGrant.subscription_id == subscription_id)
        .with_for_update()
    )


def grant(session: AsyncSession, mirror: Subscription, title: str, partner_id: UUID | None) -> ProvidedGrant:
    """Let the source's partner use what another tenant sold; nobody yet where none is known (R-SC-34)."""
    row = ProvidedGrant(
        id=new_id(),
        target_tenant_id=mirror.tenant_id,
        subscription_id=mirror.id,
        offer_id=mirror.external_offer_id,
        partner_id=partner_id,
        title=title,
        target_name=mirror.target_name,
        manage_url=mirror.manage_url,
        starts_on=mirror.starts_on,
        ends_on=mirror.ends_on,
    )
    session.add(row)
    return row
