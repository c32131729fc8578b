"""Invoices as staff sees them."""

from datetime import date, datetime
from typing import Any

import strawberry

from domain.sales import InvoiceStatus
from persistence import invoices as stored
from reads import (
    DateFilter,
    EnumFilter,
    IdFilter,
    Percent,
    TextFilter,
    by_key,
    column,
    embedded,
    filter_column,
    filter_input,
    many,
    one,
    order_by,
    ordering,
    page,
    row_by,
    rows,
)
from resolvers import payments
from schema import sales  # noqa: F401 - names the enumerations
from schema.base import Connection, Node, UpdateInput, key, mutation
from schema.customers import Customer
from schema.money import Money
from schema.orders import Order
from schema.organizations import Organization
from tenancy.operation import Call
from tenancy.permissions import Permission


@rows(stored.InvoiceItem)
@strawberry.type(description="One line of an invoice (Rechnungsposition).")
class InvoiceItem:
    """R-SC-33."""

    position: int = column("Its place, from 1.")
    title: str = column("What was sold (Titel).")
    quantity: int = column("How many (Menge).")
    price: Money = embedded("Gross, of the whole quantity (Preis).", minor="price_minor", currency="currency")
    tax_rate: Percent = column("The rate of the tax in it, in percent (Steuersatz).")
    tax: Money = embedded("The tax in it (Steuer).", minor="tax_minor", currency="currency")
    cost_center: str | None = column("The cost center as it was called then (Kostenstelle).", of="cost_center_label")
    purchase_number: str | None = column("Its purchase number then (Bestellnummer).")


@rows(stored.Invoice, prefix="inv", permission=Permission.INVOICES_SEE, scope=stored.visible)
@strawberry.type(description="The bill of an order; never changed, only paid (Rechnung).")
class Invoice(Node):
    """R-SC-30."""

    number: str = column("Its number (Rechnungsnummer).")
    status: InvoiceStatus = column("Whether it is paid (Zahlstatus).")
    customer: Customer | None = one("Who owes it (Kunde).", on={"id": "partner_id"})
    organization: Organization | None = one("Who sold (Organisation).", on={"id": "organization_id"})
    order: Order | None = one("The order (Bestellung).", on={"id": "order_id"})
    total: Money = embedded("What is owed, gross (Summe).", minor="total_minor", currency="currency")
    tax: Money = embedded("The tax in it (Steuer).", minor="tax_minor", currency="currency")
    issued_on: date = column("When it was issued (Rechnungsdatum).")
    due_on: date = column("When it is due (fällig am).")
    paid_at: datetime | None = column("When it was paid, null: not yet (bezahlt am).")
    items: list[InvoiceItem] = many(
        "Its lines by position (Positionen).", on={"invoice_id": "id"}, order_by=("position",), size=5
    )
    version: int = column("Counts the changes (Fassung).")


@filter_input(description="Which invoices.")
class InvoiceFilter:
    """Conditions on invoices."""

    number: TextFilter | None = filter_column("The number.")
    customer_id: IdFilter | None = filter_column("Who owes it.", "partner_id", prefix="cus")
    order_id: IdFilter | None = filter_column("The order.", prefix="ord")
    status: EnumFilter[InvoiceStatus] | None = filter_column("Whether it is paid.")
    issued_on: DateFilter | None = filter_column("When it was issued.")


InvoiceOrder = ordering(
    "InvoiceOrder",
    "How invoices are ordered.",
    ISSUED_ON=order_by("issued_on", "By the day of issue."),
    NUMBER=order_by("number", "By number."),
)


@strawberry.type
class InvoiceQuery:
    """Reading invoices."""

    invoice: Invoice | None = row_by("One invoice (Rechnung).", permission=Permission.INVOICES_SEE)
    invoices: Connection[Invoice] | None = page(
        "The invoices that the caller sees, the latest first (Rechnungen).",
        filter=InvoiceFilter,
        order=InvoiceOrder,
        default_order=("-issued_on",),
        permission=Permission.INVOICES_SEE,
    )


@strawberry.input(description="Which invoice is paid.")
class MarkInvoicePaidInput(UpdateInput):
    """R-PO-15."""

    invoice_id: strawberry.ID = strawberry.field(description="The invoice.")
    reference: str | None = strawberry.field(
        default=None, description="What the payment was called, such as a line of the bank's statement."
    )


@rows(None)
@strawberry.type(description="The paid invoice.")
class MarkInvoicePaidPayload:
    """What was paid."""

    invoice: Invoice = by_key("The invoice.")


@strawberry.type
class InvoiceMutation:
    """Paying invoices."""

    @mutation(payments.mark_invoice_paid, payload=MarkInvoicePaidPayload)
    def mark_invoice_paid(self, input: MarkInvoicePaidInput) -> Call[Any]:
        """Say that the customer paid; what other tenants are due of it is booked now (Zahlungseingang)."""
        return payments.mark_invoice_paid(key("inv", input.invoice_id), input.reference, input.expected_version)
