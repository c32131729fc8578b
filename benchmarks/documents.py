"""What is asked: a document for each query in Kontor's words, and PostGraphile's in its own.

`limit` and `strawberry` get the text that Kontor gets. PostGraphile's documents have aliases, so that answers have
the same shape as far as its names allow; `benchmarks.answers` levels the rest.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Variables = Mapping[str, Any]

PRODUCTS = "products { id position internalTitle productType quantity price { amount currency } }"

DOCUMENTS: Mapping[str, str] = {
    "Q1": """
query Q1($id: ID!) {
  partner(id: $id) {
    id number type displayName firstName lastName name searchTerm language affiliation blocked createdAt
  }
}
""",
    "Q2": """
query Q2($after: String) {
  partners(first: 50, after: $after) {
    nodes {
      id number type displayName searchTerm language blocked version createdAt
      addresses { position street postalCode city countryCode }
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    "Q3": f"""
query Q3($id: ID!) {{
  cart(id: $id) {{
    id internalTitle currency state createdAt
    items {{
      id position option
      offer {{ id internalTitle currency termMonths {PRODUCTS} }}
      externalOffer {{ id internalTitle currency termMonths {PRODUCTS} }}
    }}
  }}
}}
""",
    "F": """
query F($after: String) {
  allExternalOffers(first: 50, after: $after) {
    nodes {
      id internalTitle offerType currency termMonths sellable
      products { position internalTitle quantity price { amount currency } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    "Q4": "{ __typename }",
    "M1": """
mutation M1($input: AddCartItemInput!) {
  addCartItem(input: $input) {
    __typename
    ... on AddCartItemPayload { item { id position option } cart { id version } }
  }
}
""",
    "M2": """
mutation M2($input: StartCheckoutInput!) {
  startCheckout(input: $input) {
    __typename
    ... on StartCheckoutPayload { checkout { id status items { position quantity } } }
  }
}
""",
}

EXPECTED: Mapping[str, str] = {
    "Q1": '"partner": ?{',
    "Q2": '"nodes": ?%[ ?{',
    "Q3": '"items": ?%[ ?{',
    "F": '"nodes": ?%[ ?{',
    "Q4": '"Query"',
    "M1": '"item": ?{',
    "M2": '"checkout": ?{',
}
"""The Lua pattern that every good answer has in it, near its beginning."""


class Target(Protocol):
    """Ids of a tenant that requests are about."""

    @property
    def id(self) -> str:
        """The tenant's."""

    @property
    def partners(self) -> Sequence[str]:
        """Partners to read."""

    @property
    def carts(self) -> Sequence[str]:
        """Carts to read."""

    @property
    def filled(self) -> Sequence[str]:
        """Carts to put something into."""

    @property
    def offers(self) -> Sequence[str]:
        """Own offers."""

    @property
    def customers(self) -> Sequence[str]:
        """Customers who can buy."""


class Dialect(Protocol):
    """The words of a contestant."""

    @property
    def documents(self) -> Mapping[str, str]:
        """The text of each query that the contestant answers."""

    @property
    def pages(self) -> frozenset[str]:
        """The queries for lists, which are asked page by page."""

    def variables(self, query: str, of: Target) -> Sequence[Variables]:
        """The variables of all requests about a tenant, for what is no list."""

    def page(self, query: str, of: Target, after: str | None) -> Variables:
        """The variables of a page."""


PAGES = frozenset({"Q2", "F"})


class Kontors:
    """Kontor's words; `limit` and `strawberry` understand them too."""

    pages = PAGES

    def __init__(self, queries: Sequence[str] = tuple(DOCUMENTS)) -> None:
        self.documents = {query: DOCUMENTS[query] for query in queries}

    def variables(self, query: str, of: Target) -> Sequence[Variables]:
        """Ids have prefixes; what changes between two writes is for the loader to fill in."""
        match query:
            case "Q1":
                return [{"id": f"par_{id_}"} for id_ in of.partners]
            case "Q3":
                return [{"id": f"car_{id_}"} for id_ in of.carts]
            case "M1":
                return [{"input": self._item(cart, offer)} for cart, offer in dealt(of.filled, of.offers)]
            case "M2":
                pairs = dealt(of.carts, of.customers)
                return [{"input": {"cartId": f"car_{cart}", "customerId": f"cus_{one}"}} for cart, one in pairs]
        return [{}]

    def page(self, query: str, of: Target, after: str | None) -> Variables:  # noqa: ARG002 - others need more
        """Where the page begins."""
        return {"after": after}

    def _item(self, cart: str, offer: str) -> Variables:
        names = {"cartId": f"car_{cart}", "offerId": f"off_{offer}"}
        return {**names, "expectedVersion": "{v}", "idempotencyKey": "{u}"}


def dealt(to: Sequence[str], what: Sequence[str]) -> list[tuple[str, str]]:
    """Each of the first with one of the second, in turn."""
    return [(one, what[place % len(what)]) for place, one in enumerate(to)] if what else []
