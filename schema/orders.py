"""Checkouts and orders as staff sees them."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from domain.offers import TaxType
from domain.sales import CheckoutStatus, OrderStatus, PaymentMethod
from persistence import checkouts as frozen
from persistence import orders as stored
from reads import (
    DateTimeFilter,
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
from resolvers import checkouts
from resolvers.checkouts import NewCheckout
from schema import sales  # noqa: F401 - names the enumerations
from schema.base import Connection, MutationInput, Node, key, keys, mutation
from schema.carts import Cart
from schema.customers import Customer, CustomerBlocked
from schema.money import Money
from schema.organizations import Organization
from tenancy.operation import Call
from tenancy.permissions import Permission

Invoice = Annotated["Invoice", strawberry.lazy("schema.invoices")]  # type: ignore[misc]
Subscription = Annotated["Subscription", strawberry.lazy("schema.subscriptions")]  # type: ignore[misc]


@rows(None)
@strawberry.type(description="The tax in a gross price (Steuer).")
class Tax:
    """E-A11; reads the row of what is taxed."""

    country: str = column("The country whose tax it is (Land).", of="tax_country")
    rate: Percent = column("The rate in percent (Steuersatz).", of="tax_rate")
    amount: Money = embedded("The amount (Steuerbetrag).", minor="tax_minor", currency="currency")


@rows(frozen.CheckoutItem)
@strawberry.type(description="One product of a chosen offer at its frozen price (Position).")
class CheckoutItem:
    """E-A9."""

    position: int = column("Its place, from 1.")
    title: str = column("What is bought, in the customer's language (Titel).")
    quantity: int = column("How many (Menge).")
    price: Money = embedded("Gross, of the whole quantity (Preis).", minor="price_minor", currency="currency")
    tax_type: TaxType = column("Which tax counts (Steuerart).")
    tax: Tax = embedded(
        "The tax in it (Steuer).",
        tax_country="tax_country",
        tax_rate="tax_rate",
        tax_minor="tax_minor",
        currency="currency",
    )
    source_tenant_id: strawberry.ID | None = column("Whose offer it is, if another tenant's.", prefix="ten")


@rows(frozen.Checkout, prefix="cko", permission=Permission.CHECKOUT_SELL, scope=frozen.visible)
@strawberry.type(description="A customer on the way from a cart to an order, at frozen prices (Kasse).")
class Checkout(Node):
    """R-SC-30."""

    status: CheckoutStatus = column("Where it stands (Status).")
    customer: Customer | None = one("Who buys (Kunde).", on={"id": "partner_id"})
    cart: Cart | None = one("What is bought (Warenkorb).", on={"id": "cart_id"})
    country: str = column("The country whose taxes count (Land).")
    total: Money = embedded("What is to be paid (Summe).", minor="total_minor", currency="currency")
    frozen_until: datetime = column("Until when the prices count (gültig bis).")
    items: list[CheckoutItem] = many(
        "The chosen products by position.", on={"checkout_id": "id"}, order_by=("position",), size=5
    )
    version: int = column("Counts the changes (Fassung).")


@rows(stored.OrderItem)
@strawberry.type(description="One product that was ordered, as it was then (Bestellposition).")
class OrderItem:
    """R-SC-33."""

    position: int = column("Its place, from 1.")
    title: str = column("What was bought (Titel).")
    quantity: int = column("How many (Menge).")
    price: Money = embedded("Gross, of the whole quantity (Preis).", minor="price_minor", currency="currency")
    tax_type: TaxType = column("Which tax counted (Steuerart).")
    tax: Tax = embedded(
        "The tax in it (Steuer).",
        tax_country="tax_country",
        tax_rate="tax_rate",
        tax_minor="tax_minor",
        currency="currency",
    )
    offer_id: strawberry.ID | None = column("The own offer, if it is one.", prefix="off")
    external_offer_id: strawberry.ID | None = column("The other tenant's offer, if it is one.", prefix="xof")
    source_tenant_id: strawberry.ID | None = column("Whose offer it is, if another tenant's.", prefix="ten")
    cost_center: str | None = column("The cost center as it was called then (Kostenstelle).", of="cost_center_label")
    purchase_number: str | None = column("Its purchase number then (Bestellnummer).")
    subscription: Subscription | None = one(
        "The subscription that began with it, on the first item of its offer (Abonnement).",
        on={"order_item_id": "id"},
    )


@rows(stored.Order, prefix="ord", permission=Permission.ORDERS_SEE, scope=stored.visible)
@strawberry.type(description="What was ordered (Bestellung, Auftrag).")
class Order(Node):
    """One kind of order for all ways that lead to one."""

    number: str = column("Its number (Bestellnummer).")
    status: OrderStatus = column("Where it stands (Bestellstatus).")
    customer: Customer | None = one("Who ordered (Kunde).", on={"id": "partner_id"})
    organization: Organization | None = one("Who sold (Organisation).", on={"id": "organization_id"})
    cart: Cart | None = one("The cart it came from (Warenkorb).", on={"id": "cart_id"})
    total: Money = embedded("What it costs, gross (Summe).", minor="total_minor", currency="currency")
    payment_method: PaymentMethod = column("How it is paid (Zahlungsart).")
    ordered_at: datetime = column("When it was ordered (bestellt am).")
    items: list[OrderItem] = many(
        "What was ordered, by position (Positionen).", on={"order_id": "id"}, order_by=("position",), size=5
    )
    invoices: list[Invoice] | None = many(
        "Its invoices (Rechnungen).", on={"order_id": "id"}, order_by=("issued_on", "number"), size=1
    )
    version: int = column("Counts the changes (Fassung).")


@filter_input(description="Which orders.")
class OrderFilter:
    """Conditions on orders."""

    number: TextFilter | None = filter_column("The number.")
    customer_id: IdFilter | None = filter_column("Who ordered.", "partner_id", prefix="cus")
    organization_id: IdFilter | None = filter_column("Who sold.", prefix="org")
    status: EnumFilter[OrderStatus] | None = filter_column("Where it stands.")
    ordered_at: DateTimeFilter | None = filter_column("When it was ordered.")


OrderOrder = ordering(
    "OrderOrder",
    "How orders are ordered.",
    ORDERED_AT=order_by("ordered_at", "By the moment."),
    NUMBER=order_by("number", "By number."),
)


@strawberry.type
class OrderQuery:
    """Reading checkouts and orders."""

    checkout: Checkout | None = row_by("One checkout (Kasse).", permission=Permission.CHECKOUT_SELL)
    order: Order | None = row_by("One order (Bestellung).", permission=Permission.ORDERS_SEE)
    orders: Connection[Order] | None = page(
        "The orders that the caller sees, the latest first (Bestellungen).",
        filter=OrderFilter,
        order=OrderOrder,
        default_order=("-ordered_at",),
        permission=Permission.ORDERS_SEE,
    )


@strawberry.input(description="What a customer wants.")
class StartCheckoutInput(MutationInput):
    """R-SC-30."""

    customer_id: strawberry.ID = strawberry.field(description="Who buys; not blocked (Kunde).")
    cart_id: strawberry.ID = strawberry.field(description="The cart.")
    optional_item_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="The optional items that are wanted; mandatory ones are bought anyway."
    )
    country: str | None = strawberry.field(
        default=None, description="For a customer without an address: the country whose taxes count, such as DE."
    )


@strawberry.input(description="Which checkout is paid, and how.")
class PayCheckoutInput(MutationInput):
    """R-SC-30, R-00-12."""

    checkout_id: strawberry.ID = strawberry.field(description="The checkout.")
    payment_method: PaymentMethod = strawberry.field(description="How it is paid (Zahlungsart).")


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
class OrderMutation:
    """Selling."""

    @mutation(checkouts.start_checkout, payload=StartCheckoutPayload, refusals=(CustomerBlocked,))
    def start_checkout(self, input: StartCheckoutInput) -> Call[Any]:
        """Freeze a choice and its prices for a customer for half an hour (Kasse öffnen)."""
        new = NewCheckout(key("car", input.cart_id), tuple(keys("cit", input.optional_item_ids)), input.country)
        return checkouts.start_checkout(key("cus", input.customer_id), new)

    @mutation(checkouts.pay_checkout, payload=PayCheckoutPayload, refusals=(CustomerBlocked,))
    def pay_checkout(self, input: PayCheckoutInput) -> Call[Any]:
        """Pay a checkout: it becomes order, invoice and subscriptions in one step (bezahlen)."""
        return checkouts.pay_checkout(key("cko", input.checkout_id), input.payment_method)
