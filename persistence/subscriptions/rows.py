"""Subscriptions; one of an external offer is at the same time the source's mirror (two-tenants, 5).

What the source must not see (payment, discount, actors) is not on the row.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.sales import CancellationKind, SubscriptionStatus
from persistence.base import OF_PARTNER, OWN, Base, Guard, Joint, Policy, TenantOwned, Versioned, own
from persistence.enumerations import one_of

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
        Index(None, "tenant_id", "order_item_id"),
        Index(None, "tenant_id", "source_tenant_id", "starts_on"),
        Index(
            None, "source_tenant_id", "tenant_id", "starts_on", postgresql_where=text("source_tenant_id is not null")
        ),
        Index(None, "source_tenant_id", "id", postgresql_where=text("source_tenant_id is not null")),
        Index(None, "source_tenant_id", "starts_on", "id", postgresql_where=text("source_tenant_id is not null")),
        Index(None, "source_tenant_id", "number", postgresql_where=text("source_tenant_id is not null")),
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
    renews: Mapped[bool]
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
