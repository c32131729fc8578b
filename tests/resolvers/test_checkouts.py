"""Checkouts between real tenants: what a customer buys becomes order, invoice, subscriptions, mirror and payout."""

import pytest

from persistence.invoices import Invoice, InvoiceItem
from persistence.orders import Order, OrderItem
from persistence.payments import PaymentTransaction
from persistence.payouts import PayoutEntry, PayoutEntryItem
from persistence.subscriptions import Subscription
from tests.buying import shop
from tests.people import House
from tests.selling import rows, told


@pytest.mark.rule("R-SC-30", "R-SC-31", "R-PO-01", "R-PO-03")
async def test_a_portal_customer_buys_an_own_and_an_external_offer_at_once(house: House) -> None:
    beta = await shop(house)
    paid = await beta.pay()
    [order] = await rows(beta.target, Order, Order.id == paid.order_id)
    [invoice] = await rows(beta.target, Invoice)
    [transaction] = await rows(beta.target, PaymentTransaction)
    begun = await rows(beta.target, Subscription)
    [entry] = await rows(beta.target, PayoutEntry)
    assert (order.total_minor, order.partner_id) == (2990, beta.customer_id)
    assert (invoice.total_minor, invoice.status) == (2990, "PAID")
    assert transaction.amount_minor == 2990
    assert {one.title for one in begun} == {"Tagblatt", "Morgenpost digital"}
    assert (entry.amount_minor, entry.number, entry.settlement_status) == (990, 1, "OPEN")
    assert len(await rows(beta.target, OrderItem)) == len(await rows(beta.target, InvoiceItem)) == 2
    [part] = await rows(beta.target, PayoutEntryItem)
    assert part.cost_center_label == entry.cost_center_label
    assert (await told(beta.source))[-2:] == ["SUBSCRIPTION_SOLD", "PAYOUT_BOOKED"]
    assert await rows(beta.source, Order) == []
