"""The payout list: what tenants owe each other for sales of shared offers (two-tenants, 6).

Append-only but for the settlement: settled once, never back, in nobody else's name.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Numeric,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.sales import PaymentMethod, PayoutOrigin, SettlementStatus, TransactionType
from persistence.base import OWN, Base, Guard, InTenant, Joint, Policy, TenantOwned, utc_now
from persistence.enumerations import one_of

OF_SOURCE = "source_tenant_id = current_tenant()"
SETTLEMENT = "settlement_status, settled_at, settled_by_tenant_id, settled_by, changed_at"


class PayoutEntry(Joint, TenantOwned, Base):
    """One transaction of the target with an offer of the source (Eintrag der Auszahlungsliste).

    `amount_minor` is what the customer paid for the source's items, tax included; the direction comes from
    the type. Numbers run for each pair of tenants, so that nobody counts another's sales. `order_item_id` is the
    first of the source's items: a key to it proves that the sale was one of the source's. Where the items have
    several tax rates or cost centers, `tax_rate` is null, `cost_center_label` names them all, and the entry's
    items tell them apart.
    """

    __tablename__ = "payout_entry"
    __table_args__ = (
        CheckConstraint(one_of("type", TransactionType), name="type"),
        CheckConstraint(one_of("origin_type", PayoutOrigin), name="origin_type"),
        CheckConstraint(one_of("payment_method", PaymentMethod), name="payment_method"),
        CheckConstraint(one_of("settlement_status", SettlementStatus), name="settlement_status"),
        CheckConstraint("amount_minor > 0 and tax_minor between 0 and amount_minor", name="amount"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("(settlement_status = 'SETTLED') = (settled_at is not null)", name="settled_at"),
        CheckConstraint("(settlement_status = 'SETTLED') = (settled_by_tenant_id is not null)", name="settled_by"),
        CheckConstraint(
            "settled_by_tenant_id is null or settled_by_tenant_id in (tenant_id, source_tenant_id)", name="settler"
        ),
        CheckConstraint("(type = 'PAYMENT') = (related_entry_id is null)", name="related"),
        UniqueConstraint("tenant_id", "id", "source_tenant_id"),
        UniqueConstraint("tenant_id", "source_tenant_id", "number"),
        UniqueConstraint("tenant_id", "source_tenant_id", "transaction_id"),
        ForeignKeyConstraint(
            ["source_tenant_id", "connection_id", "tenant_id"],
            [
                "connection_answer.source_tenant_id",
                "connection_answer.accepted_id",
                "connection_answer.target_tenant_id",
            ],
            name="fk_payout_entry_accepted",
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "order_item_id", "source_tenant_id"],
            ["order_item.tenant_id", "order_item.id", "order_item.source_tenant_id"],
            name="fk_payout_entry_item",
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "related_entry_id", "source_tenant_id"],
            ["payout_entry.tenant_id", "payout_entry.id", "payout_entry.source_tenant_id"],
            name="fk_payout_entry_related",
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "transaction_id"],
            ["payment_transaction.tenant_id", "payment_transaction.id"],
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(["tenant_id", "invoice_id"], ["invoice.tenant_id", "invoice.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["tenant_id", "subscription_id"], ["subscription.tenant_id", "subscription.id"], ondelete="RESTRICT"
        ),
        Index(None, "tenant_id", "created_at", "id"),
        Index(None, "source_tenant_id", "created_at", "id"),
        Index(None, "source_tenant_id", "id"),
        Index(None, "source_tenant_id", "tenant_id", "settlement_status", "created_at"),
        Index(None, "tenant_id", "settlement_status", "created_at"),
        Index(None, "tenant_id", "type", "created_at"),
        Index(None, "tenant_id", "changed_at"),
        Index(None, "tenant_id", "order_id"),
        Index(None, "tenant_id", "invoice_id"),
        Index(None, "tenant_id", "subscription_id", postgresql_where=text("subscription_id is not null")),
    )
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - SQLAlchemy's own; a portal may not read entries
    __guard__ = Guard(
        (
            Policy("own", "select", "kontor_app", OWN),
            Policy("other", "select", "kontor_app", OF_SOURCE),
            Policy("book", "insert", "kontor_app", check=f"{OWN} AND settlement_status = 'OPEN'"),
            Policy(
                "settle",
                "update",
                "kontor_app",
                f"settlement_status = 'OPEN' AND ({OWN} OR {OF_SOURCE})",
                "settlement_status = 'SETTLED' AND settled_by_tenant_id = current_tenant()",
            ),
            Policy("book_portal", "insert", "kontor_portal", check=f"{OWN} AND settlement_status = 'OPEN'"),
        ),
        {
            "kontor_app": ("select", "insert", f"update({SETTLEMENT})"),
            "kontor_portal": ("insert",),
        },
    )

    source_tenant_id: Mapped[UUID]
    connection_id: Mapped[UUID]
    number: Mapped[int]
    type: Mapped[str]
    order_item_id: Mapped[UUID]
    transaction_id: Mapped[UUID]
    related_entry_id: Mapped[UUID | None]
    amount_minor: Mapped[int]
    signed_minor: Mapped[int] = mapped_column(
        Computed("case when type = 'PAYMENT' then amount_minor else -amount_minor end", persisted=True)
    )
    tax_minor: Mapped[int]
    tax_rate: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    currency: Mapped[str]
    origin_type: Mapped[str]
    order_id: Mapped[UUID]
    order_number: Mapped[str]
    subscription_id: Mapped[UUID | None]
    subscription_number: Mapped[str | None]
    invoice_id: Mapped[UUID]
    invoice_number: Mapped[str]
    payment_method: Mapped[str]
    cost_center_label: Mapped[str]
    purchase_number: Mapped[str | None]
    source_name: Mapped[str]
    target_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    settlement_status: Mapped[str] = mapped_column(default=SettlementStatus.OPEN, server_default=text("'OPEN'"))
    settled_at: Mapped[datetime | None]
    settled_by_tenant_id: Mapped[UUID | None]
    settled_by: Mapped[UUID | None]


class PayoutEntryItem(Joint, TenantOwned, Base):
    """What one sold item adds to a payout entry.

    There is one entry for each transaction and source (R-PO-01), but its items may be booked to several cost
    centers and taxed at several rates; bookkeeping needs the amount of each, so that none of it is lost.
    """

    __tablename__ = "payout_entry_item"
    __table_args__ = (
        CheckConstraint("amount_minor > 0 and tax_minor between 0 and amount_minor", name="amount"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        UniqueConstraint("tenant_id", "entry_id", "order_item_id"),
        ForeignKeyConstraint(
            ["tenant_id", "entry_id", "source_tenant_id"],
            ["payout_entry.tenant_id", "payout_entry.id", "payout_entry.source_tenant_id"],
            name="fk_payout_entry_item_entry",
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "order_item_id", "source_tenant_id"],
            ["order_item.tenant_id", "order_item.id", "order_item.source_tenant_id"],
            name="fk_payout_entry_item_order_item",
            ondelete="RESTRICT",
        ),
        Index(None, "source_tenant_id", "tenant_id", "entry_id"),
    )
    __guard__ = Guard(
        (
            Policy("own", "select", "kontor_app", OWN),
            Policy("other", "select", "kontor_app", OF_SOURCE),
            Policy("book", "insert", "kontor_app", check=OWN),
            Policy("book_portal", "insert", "kontor_portal", check=OWN),
        ),
        {"kontor_app": ("select", "insert"), "kontor_portal": ("insert",)},
    )

    entry_id: Mapped[UUID]
    source_tenant_id: Mapped[UUID]
    order_item_id: Mapped[UUID]
    position: Mapped[int]
    title: Mapped[str]
    quantity: Mapped[int]
    amount_minor: Mapped[int]
    tax_minor: Mapped[int]
    tax_rate: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    currency: Mapped[str]
    cost_center_label: Mapped[str]
    purchase_number: Mapped[str | None]


class PairCounter(Joint, InTenant, Base):
    """The next number of payout entries towards one source tenant."""

    __tablename__ = "pair_counter"
    __guard__ = Guard(
        (
            Policy("own", "all", "kontor_app", OWN, OWN),
            Policy("own_portal", "all", "kontor_portal", OWN, OWN),
        ),
        {
            "kontor_app": ("select", "insert", "update(next)"),
            "kontor_portal": ("select", "insert", "update(next)"),
        },
    )

    source_tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    next: Mapped[int] = mapped_column(server_default=text("1"))
