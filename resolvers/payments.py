"""What happens to invoices that are not paid at the checkout: the money comes later, and what it is for is booked."""

from uuid import UUID

from domain.payments import BY_HAND, Captured
from domain.refusals import InvalidStatusTransition, NotEditable, NotFound
from domain.sales import InvoiceStatus
from persistence import invoices, orders, payments, payouts
from persistence.changes import conflict, to_change
from persistence.invoices import Invoice
from persistence.orders import Order
from persistence.payouts import Payment
from persistence.sold import sees
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.work import Work


@writes(Permission.ACCOUNTING_EDIT, joint=True, money=True)
async def mark_invoice_paid(work: Work, invoice_id: UUID, reference: str | None, expected_version: int) -> UUID:
    """Say that the customer paid an invoice; what other tenants are due of it is booked now (R-PO-15)."""
    invoice = await _to_change(work, invoice_id, expected_version)
    if invoice.status == InvoiceStatus.PAID:
        raise InvalidStatusTransition("The invoice is paid already.", path=("invoiceId",))
    invoice.status, invoice.paid_at = InvoiceStatus.PAID, work.now
    order = await to_change(work.session, Order, invoice.order_id, what="order")
    items = await orders.items_of(work.session, order.id)
    sources = {item.connection_id for item in items if item.connection_id is not None}
    others = await payouts.counterparts(work.session, work.caller.tenant_id, sources)
    captured = Captured(BY_HAND, reference or invoices.own_reference(invoice))
    transaction = payments.put(work.session, invoice, order.payment_method, captured, work.now)
    await work.session.flush()
    await payouts.book(work.session, Payment(order, invoice, transaction, work.now), items, others)
    return invoice.id


async def _to_change(work: Work, invoice_id: UUID, expected_version: int) -> Invoice:
    """An invoice that the caller's accounting right reaches. Raises NotFound, NotEditable, VersionConflict."""
    invoice = await to_change(work.session, Invoice, invoice_id, what="invoice")
    if not work.caller.covers(Permission.ACCOUNTING_EDIT, invoice.organization_id):
        if not await sees(work.session, work.caller, invoice, Permission.INVOICES_SEE):
            raise NotFound("There is no such invoice.", path=("invoiceId",))
        raise NotEditable("Your rights do not reach the organization of this invoice.", path=("invoiceId",))
    if invoice.version != expected_version:
        raise conflict(invoice, "invoice")
    return invoice
