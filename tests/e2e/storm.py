"""Portal customers who check out at once, again and again, and ask again with the same key until they are answered."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx2

from tests.e2e import documents as ask
from tests.e2e.client import Answer, Client

PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.1
UNAVAILABLE = 503

ORDERS = """
query Orders($after: String) {
  orders(first: 100, after: $after) {
    nodes {
      id
      number
      total { amount }
      items { sourceTenantId quantity price { amount } subscription { id } }
      invoices { number status total { amount } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

ENTRIES = """
query Entries($after: String) {
  payoutEntries(first: 100, after: $after) {
    nodes { id number type orderNumber amount { amount currency } settlementStatus }
    pageInfo { hasNextPage endCursor }
  }
}
"""

SOLD = """
query Sold($after: String) {
  subscriptions(first: 100, after: $after) {
    nodes { id number role: crossClientRole customer { id } }
    pageInfo { hasNextPage endCursor }
  }
}
"""

CHECKOUTS = """
query Checkouts($after: String) {
  checkouts(first: 100, after: $after) { nodes { id status } pageInfo { hasNextPage endCursor } }
}
"""


@dataclass
class Ledger:
    """What the customers know: the payload that each key of a payment was answered with."""

    paid: dict[str, Answer] = field(default_factory=dict)
    troubles: list[tuple[int, bool]] = field(default_factory=list)
    """Status of each answer that was none, and whether it said when to come again."""
    breaks: int = 0

    def keep(self, key: str, payload: Answer) -> None:
        """Keep an answer; the same key never gets another one."""
        assert self.paid.setdefault(key, payload) == payload, key

    @property
    def orders(self) -> list[str]:
        """The numbers of all acknowledged orders."""
        return [str(payload["order"]["number"]) for payload in self.paid.values()]


@dataclass
class Buyer:
    """One customer with a list of keys of its own."""

    client: Client
    name: str
    ledger: Ledger
    numbers: Iterator[int] = field(default_factory=itertools.count)

    async def shop(self, cart_id: str, until: float) -> None:
        """Buy until the time is over, and finish what was begun."""
        while time.monotonic() < until:
            key = f"{self.name}-{next(self.numbers)}"
            start = {"cartId": cart_id, "idempotencyKey": f"start-{key}"}
            checkout = (await self.insist(ask.START, start))["checkout"]
            pay = {"checkoutId": checkout["id"], "paymentMethod": "CREDIT_CARD", "idempotencyKey": key}
            self.ledger.keep(key, await self.insist(ask.PAY, pay))
            self.ledger.keep(key, await self.insist(ask.PAY, pay))

    async def insist(self, document: str, given: Answer) -> Answer:
        """Ask with the same key until there is an answer; anything but a 503 in between is a fault."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            assert time.monotonic() < until, f"{self.name} was never answered"
            try:
                response = await self.client.send(document, {"input": given})
            except httpx2.TransportError:
                self.ledger.breaks += 1  # killed in the middle: nobody knows what became of it
            else:
                if response.status_code == httpx2.codes.OK:
                    return payload_of(response)
                self.ledger.troubles.append((response.status_code, "retry-after" in response.headers))
            await asyncio.sleep(PAUSE_SECONDS)


def payload_of(response: httpx2.Response) -> Answer:
    """The payload of the only mutation, which is never refused here."""
    body = response.json()
    assert "errors" not in body, body
    [result] = body["data"].values()
    assert result["__typename"].endswith("Payload"), result
    payload: Answer = result
    return payload


async def everything(client: Client, document: str) -> list[Answer]:
    """All rows of a document's only connection, page after page."""
    rows: list[Answer] = []
    after: str | None = None
    while True:
        [page] = (await client.data(document, after=after)).values()
        rows += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return rows
        after = page["pageInfo"]["endCursor"]


def external(orders: list[Answer]) -> dict[str, Decimal]:
    """What each order owes to the source: the sum of its external items, by the order's number."""
    return {order["number"]: sum_of(one for one in order["items"] if one["sourceTenantId"]) for order in orders}


def sum_of(items: Any) -> Decimal:
    """The sum of items, to the cent."""
    return sum((Decimal(one["price"]["amount"]) for one in items), Decimal(0))
