"""What a customer buys and has bought: checkouts, orders, invoices."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from domain.sales import CheckoutStatus, InvoiceStatus, OrderStatus, PaymentMethod
from persistence import checkouts as frozen
from persistence import invoices as billed
from persistence import orders as stored
from persistence import sold
from reads import Percent, by_key, column, embedded, many, page, row_by, rows
from resolvers import checkouts
from resolvers.checkouts import NewCheckout
from schema import sales  # noqa: F401 - names the enumerations
from schema.base import Connection, MutationInput, Node, key, keys, mutation
from schema.money import Money
from tenancy.operation import Call
from tenancy.permissions import Permission

Subscription = Annotated["Subscription", strawberry.lazy("schema.portal.subscriptions")]  # type: ignore[misc]


@rows(frozen.CheckoutItem)
@strawberry.type(description="One product at its frozen price (Position).")
class CheckoutItem:
    """E-A9."""

    position: int = column("Its place, from 1.")
    title: str = column("What is bought (Titel).")
    quantity: int = column("How many (Menge).")
    price: Money = embedded("Gross, of the whole quantity (Preis).", minor="price_minor", currency="currency")
    tax_rate: Percent = column("The rate of the tax in it, in percent (Steuersatz).")
    tax: Money = embedded("The tax in it (Steuer).", minor="tax_minor", currency="currency")


@rows(frozen.Checkout, prefix="cko", permission=Permission.PORTAL_SEE, scope=sold.own)
@strawberry.type(description="A choice at frozen prices, on the way to an order (Kasse).")
class Checkout(Node):
    """R-SC-30."""

    status: CheckoutStatus = column("Where it stands (Status).")
    country: str = column("The country whose taxes count (Land).")
    total: Money = embedded("What is to be paid (Summe).", minor="total_minor", currency="currency")
    frozen_until: datetime = column("Until when the prices count (gültig bis).")
    items: list[CheckoutItem] = many(
        "The chosen products by position.", on={"checkout_id": "id"}, order_by=("position",), size=5
    )


@rows(stored.OrderItem)
@strawberry.type(description="One product that was ordered (Bestellposition).")
class OrderItem:
    """R-SC-33."""

    position: int = column("Its place, from 1.")
    title: str = column("What was bought (Titel).")
    quantity: int = column("How many (Menge).")
    price: Money = embedded("Gross, of the whole quantity (Preis).", minor="price_minor", currency="currency")
    tax_rate: Percent = column("The rate of the tax in it, in percent (Steuersatz).")
    tax: Money = embedded("The tax in it (Steuer).", minor="tax_minor", currency="currency")


@rows(billed.InvoiceItem)
@strawberry.type(description="One line of an invoice (Rechnungsposition).")
class InvoiceItem:
    """What was billed."""

    position: int = column("Its place, from 1.")
    title: str = column("What was bought (Titel).")
    quantity: int = column("How many (Menge).")
    price: Money = embedded("Gross, of the whole quantity (Preis).", minor="price_minor", currency="currency")
    tax_rate: Percent = column("The rate of the tax in it, in percent (Steuersatz).")
    tax: Money = embedded("The tax in it (Steuer).", minor="tax_minor", currency="currency")


@rows(billed.Invoice, prefix="inv", permission=Permission.PORTAL_SEE, scope=sold.own)
@strawberry.type(description="The bill of an order (Rechnung).")
class Invoice(Node):
    """R-SC-30."""

    number: str = column("Its number (Rechnungsnummer).")
    status: InvoiceStatus = column("Whether it is paid (Zahlstatus).")
    total: Money = embedded("What is owed, gross (Summe).", minor="total_minor", currency="currency")
    tax: Money = embedded("The tax in it (Steuer).", minor="tax_minor", currency="currency")
    issued_on: date = column("When it was issued (Rechnungsdatum).")
    due_on: date = column("When it is due (fällig am).")
    paid_at: datetime | None = column("When it was paid, null: not yet (bezahlt am).")
    items: list[InvoiceItem] = many(
        "Its lines by position (Positionen).", on={"invoice_id": "id"}, order_by=("position",), size=5
    )


@rows(stored.Order, prefix="ord", permission=Permission.PORTAL_SEE, scope=sold.own)
@strawberry.type(description="What you ordered (Bestellung).")
class Order(Node):
    """R-SC-30."""

    number: str = column("Its number (Bestellnummer).")
    status: OrderStatus = column("Where it stands (Bestellstatus).")
    total: Money = embedded("What it costs, gross (Summe).", minor="total_minor", currency="currency")
    payment_method: PaymentMethod = column("How it is paid (Zahlungsart).")
    ordered_at: datetime = column("When it was ordered (bestellt am).")
    items: list[OrderItem] = many(
        "What was ordered, by position (Positionen).", on={"order_id": "id"}, order_by=("position",), size=5
    )
    invoices: list[Invoice] | None = many(
        "Its invoices (Rechnungen).", on={"order_id": "id"}, order_by=("issued_on", "number"), size=1
    )


@strawberry.type
class PortalPurchaseQuery:
    """Reading what was bought."""

    checkout: Checkout | None = row_by("One of your checkouts (Kasse).", permission=Permission.PORTAL_SEE)
    checkouts: Connection[Checkout] | None = page(
        "Your checkouts, the latest first (Kassen).", default_order=("-created_at",), permission=Permission.PORTAL_SEE
    )
    order: Order | None = row_by("One of your orders (Bestellung).", permission=Permission.PORTAL_SEE)
    orders: Connection[Order] | None = page(
        "Your orders, the latest first (Bestellungen).",
        default_order=("-ordered_at",),
        permission=Permission.PORTAL_SEE,
    )
    invoice: Invoice | None = row_by("One of your invoices (Rechnung).", permission=Permission.PORTAL_SEE)
    invoices: Connection[Invoice] | None = page(
        "Your invoices, the latest first (Rechnungen).",
        default_order=("-issued_on",),
        permission=Permission.PORTAL_SEE,
    )


@strawberry.input(description="What you want to buy.")
class StartCheckoutInput(MutationInput):
    """R-SC-30."""

    cart_id: strawberry.ID = strawberry.field(description="The cart.")
    optional_item_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="The optional items that you want; the others are bought anyway."
    )
    country: str | None = strawberry.field(
        default=None, description="While you have no address: the country whose taxes count, such as DE."
    )


@strawberry.input(description="Which checkout you pay, and how.")
class PayCheckoutInput(MutationInput):
    """R-SC-30, R-00-12."""

    checkout_id: strawberry.ID = strawberry.field(description="The checkout.")
    payment_method: PaymentMethod = strawberry.field(description="How you pay (Zahlungsart).")


@rows(None)
@strawberry.type(description="The started checkout.")
class StartCheckoutPayload:
    """What was frozen."""

    checkout: Checkout = by_key("The checkout.")


@rows(None)
@strawberry.type(description="What the checkout became.")
class PayCheckoutPayload:
    """R-SC-30, R-SC-31."""

    checkout: Checkout = by_key("The checkout.", "checkout_id")
    order: Order = by_key("The order.", "order_id")
    invoice: Invoice = by_key("The invoice.", "invoice_id")
    subscriptions: list[Subscription] = by_key("The subscriptions, one for each offer that is one.", "subscription_ids")


@strawberry.type
class PortalPurchaseMutation:
    """Buying."""

    @mutation(checkouts.start_own_checkout, payload=StartCheckoutPayload)
    def start_checkout(self, input: StartCheckoutInput) -> Call[Any]:
        """Freeze a choice and its prices for half an hour (zur Kasse)."""
        new = NewCheckout(key("car", input.cart_id), tuple(keys("cit", input.optional_item_ids)), input.country)
        return checkouts.start_own_checkout(new)

    @mutation(checkouts.pay_own_checkout, payload=PayCheckoutPayload)
    def pay_checkout(self, input: PayCheckoutInput) -> Call[Any]:
        """Pay a checkout: it becomes order, invoice and subscriptions in one step (bezahlen)."""
        return checkouts.pay_own_checkout(key("cko", input.checkout_id), input.payment_method)
