"""The payout list: what tenants owe each other for sales of shared offers (two-tenants, 6).

Append-only but for the settlement: settled once, never back, in nobody else's name.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Numeric,
    UniqueConstraint,
    and_,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.payouts import Share, SoldItem, shares
from domain.sales import PaymentMethod, PayoutOrigin, SaleEvent, SettlementStatus, TransactionType
from persistence import events
from persistence.base import OWN, Base, Guard, InTenant, Joint, Policy, TenantOwned, new_id, utc_now
from persistence.connections import Connection, ConnectionAnswer
from persistence.enumerations import one_of
from persistence.invoices import Invoice
from persistence.joint import door
from persistence.orders import Order, OrderItem
from persistence.payments import PaymentTransaction

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
        Index(None, "source_tenant_id", "tenant_id", "created_at", "id"),
        Index(None, "tenant_id", "order_id"),
        Index(None, "tenant_id", "invoice_id"),
    )
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


@dataclass(frozen=True)
class Counterpart:
    """The source tenant of a sale and this one, its target, as the halves of their connection name them."""

    source_tenant_id: UUID
    target_tenant_id: UUID
    connection_id: UUID
    source_name: str
    target_name: str
    same_company: bool


@dataclass(frozen=True)
class Payment:
    """A customer's payment: for which order, by which invoice, in which transaction, and when."""

    order: Order
    invoice: Invoice
    transaction: PaymentTransaction
    at: datetime


async def counterparts(
    session: AsyncSession, tenant_id: UUID, connection_ids: Collection[UUID]
) -> dict[UUID, Counterpart]:
    """The source tenants of connections that lead to this tenant, by connection."""
    if not connection_ids:
        return {}
    found = await session.execute(
        select(Connection, ConnectionAnswer)
        .join(
            ConnectionAnswer,
            and_(
                ConnectionAnswer.source_tenant_id == Connection.source_tenant_id,
                ConnectionAnswer.connection_id == Connection.id,
            ),
        )
        .where(Connection.target_tenant_id == tenant_id, Connection.id.in_(connection_ids))
    )
    return {
        half.id: Counterpart(
            half.source_tenant_id,
            half.target_tenant_id,
            half.id,
            half.source_name,
            answer.target_name,
            half.source_company_id == answer.target_company_id,
        )
        for half, answer in found
    }


async def book(
    session: AsyncSession, payment: Payment, items: Sequence[OrderItem], others: Mapping[UUID, Counterpart]
) -> list[PayoutEntry]:
    """Book what the sources are due of a payment: one entry each, told to the source (R-PO-01 to R-PO-03, R-PO-19).

    Nobody else's counter is touched; those of the pairs are taken last and in one order, so that two payments
    never wait for each other in a ring.
    """
    entries = []
    for share in shares(items):
        other = others[share.connection_id]
        number = await next_number(session, share.source_tenant_id)
        entry = _entry(payment, share, other, number)
        session.add(entry)
        await session.flush()
        session.add_all(_part(entry, item) for item in share.items)
        events.tell(session, other, SaleEvent.PAYOUT_BOOKED, at=payment.at, subject_id=entry.id, number=number)
        entries.append(entry)
    return entries


async def next_number(session: AsyncSession, source_tenant_id: UUID) -> int:
    """The next number towards the source; take it last, it holds the pair until the transaction ends."""
    door(session, "PairCounter.source_tenant_id")
    given = await session.scalar(
        insert(PairCounter)
        .values(tenant_id=session.info["tenant_id"], source_tenant_id=source_tenant_id, next=2)
        .on_conflict_do_update(
            index_elements=[PairCounter.tenant_id, PairCounter.source_tenant_id], set_={"next": PairCounter.next + 1}
        )
        .returning(PairCounter.next - 1)
    )
    return int(given or 0)


async def seen(session: AsyncSession, tenant_id: UUID, entry_id: UUID) -> PayoutEntry | None:
    """An entry of which this tenant is the target or the source; it is one of the two by row security."""
    return await session.scalar(
        select(PayoutEntry)
        .where(
            PayoutEntry.id == entry_id,
            or_(PayoutEntry.tenant_id == tenant_id, PayoutEntry.source_tenant_id == tenant_id),
        )
        .execution_options(across_tenants=True)
    )


async def settle(session: AsyncSession, entry: PayoutEntry, by: UUID | None, at: datetime) -> bool:
    """Settle an open entry in this tenant's name; False when the other tenant settled it at the same moment."""
    settled = await session.scalar(
        update(PayoutEntry)
        .where(
            PayoutEntry.tenant_id == entry.tenant_id,
            PayoutEntry.id == entry.id,
            PayoutEntry.settlement_status == SettlementStatus.OPEN,
        )
        .values(
            settlement_status=SettlementStatus.SETTLED,
            settled_at=at,
            settled_by_tenant_id=session.info["tenant_id"],
            settled_by=by,
            changed_at=at,
        )
        .returning(PayoutEntry.id)
        .execution_options(synchronize_session=False)
    )
    return settled is not None


def _entry(payment: Payment, share: Share, other: Counterpart, number: int) -> PayoutEntry:
    return PayoutEntry(
        id=new_id(),
        source_tenant_id=share.source_tenant_id,
        connection_id=other.connection_id,
        number=number,
        type=TransactionType.PAYMENT,
        order_item_id=share.items[0].id,
        transaction_id=payment.transaction.id,
        amount_minor=share.amount_minor,
        tax_minor=share.tax_minor,
        tax_rate=share.tax_rate,
        currency=payment.order.currency,
        origin_type=PayoutOrigin.ORDER,
        order_id=payment.order.id,
        order_number=payment.order.number,
        invoice_id=payment.invoice.id,
        invoice_number=payment.invoice.number,
        payment_method=payment.transaction.payment_method,
        cost_center_label=share.cost_centers,
        purchase_number=share.purchase_numbers,
        source_name=other.source_name,
        target_name=other.target_name,
        created_at=payment.at,
        changed_at=payment.at,
    )


def _part(entry: PayoutEntry, item: SoldItem) -> PayoutEntryItem:
    return PayoutEntryItem(
        entry_id=entry.id,
        source_tenant_id=entry.source_tenant_id,
        order_item_id=item.id,
        position=item.position,
        title=item.title,
        quantity=item.quantity,
        amount_minor=item.price_minor,
        tax_minor=item.tax_minor,
        tax_rate=item.tax_rate,
        currency=entry.currency,
        cost_center_label=item.cost_center_label,
        purchase_number=item.purchase_number,
    )
