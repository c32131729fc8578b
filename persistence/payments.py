"""Payment transactions: what a provider captured, refunded or lost; append-only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from domain.payments import Captured
from domain.sales import PaymentMethod, TransactionType
from persistence.base import Base, TenantOwned, new_id, own
from persistence.enumerations import one_of
from persistence.invoices import Invoice


class PaymentTransaction(TenantOwned, Base):
    """One movement of a customer's money (Transaktion); the other tenant never sees it."""

    __tablename__ = "payment_transaction"
    __table_args__ = (
        CheckConstraint(one_of("type", TransactionType), name="type"),
        CheckConstraint(one_of("payment_method", PaymentMethod), name="payment_method"),
        CheckConstraint("amount_minor > 0", name="amount"),
        ForeignKeyConstraint(["tenant_id", "invoice_id"], ["invoice.tenant_id", "invoice.id"], ondelete="RESTRICT"),
        Index(None, "tenant_id", "invoice_id"),
    )
    __guard__ = own("select", "insert", portal=("select", "insert"))

    partner_id: Mapped[UUID]
    invoice_id: Mapped[UUID]
    type: Mapped[str]
    payment_method: Mapped[str]
    provider: Mapped[str]
    reference: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    at: Mapped[datetime]


def put(session: AsyncSession, invoice: Invoice, method: str, captured: Captured, at: datetime) -> PaymentTransaction:
    """The payment of a whole invoice."""
    row = PaymentTransaction(
        id=new_id(),
        partner_id=invoice.partner_id,
        invoice_id=invoice.id,
        type=TransactionType.PAYMENT,
        payment_method=method,
        provider=captured.provider,
        reference=captured.reference,
        amount_minor=invoice.total_minor,
        currency=invoice.currency,
        at=at,
    )
    session.add(row)
    return row
