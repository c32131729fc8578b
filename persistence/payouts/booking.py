"""Booking what source tenants are due of a payment, and settling it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.payouts import Share, SoldItem, shares
from domain.sales import PayoutOrigin, SaleEvent, SettlementStatus, TransactionType
from persistence import events
from persistence.base import new_id
from persistence.connections import Connection, ConnectionAnswer
from persistence.invoices import Invoice
from persistence.joint import door
from persistence.orders import Order, OrderItem
from persistence.payments import PaymentTransaction
from persistence.payouts.rows import PairCounter, PayoutEntry, PayoutEntryItem


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
