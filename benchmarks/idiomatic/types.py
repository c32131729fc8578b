"""The types of the API; a resolver returns the row, and Strawberry takes the fields from it."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import strawberry

from benchmarks.idiomatic.loaders import Loaders

T = TypeVar("T")
Info = strawberry.Info[Any, Any]


def of_request(info: Info) -> Loaders:
    """The request's loaders."""
    return cast("Loaders", info.context["loaders"])


@strawberry.type
class PartnerAddress:
    """An address."""

    position: int
    street: str | None
    postal_code: str | None
    city: str
    country_code: str


@strawberry.type
class Partner:
    """A partner."""

    tenant_id: strawberry.Private[UUID]
    id: strawberry.ID
    number: str
    type: str
    display_name: str
    first_name: str | None
    last_name: str | None
    name: str | None
    search_term: str
    language: str
    affiliation: str
    blocked: bool
    version: int
    created_at: datetime

    @strawberry.field
    async def addresses(self, info: Info) -> list[PartnerAddress]:
        """Its addresses."""
        return cast(
            "list[PartnerAddress]", await of_request(info).addresses.load((self.tenant_id, cast("UUID", self.id)))
        )


@strawberry.type
class Money:
    """An amount."""

    amount: Decimal
    currency: str


@strawberry.type
class OfferProduct:
    """A product."""

    id: strawberry.ID
    position: int
    internal_title: str | None
    product_type: str
    quantity: int
    amount: strawberry.Private[Decimal]
    currency: strawberry.Private[str]

    @strawberry.field
    def price(self) -> Money:
        """Its price."""
        return Money(amount=self.amount, currency=self.currency)


@strawberry.type
class Offer:
    """An offer, own or shared."""

    tenant_id: strawberry.Private[UUID]
    id: strawberry.ID
    offer_type: str
    internal_title: str
    currency: str
    term_months: int | None
    on_sale: strawberry.Private[bool]

    @strawberry.field
    def sellable(self) -> bool:
        """Whether it can be sold."""
        return self.on_sale

    @strawberry.field
    async def products(self, info: Info) -> list[OfferProduct]:
        """What is in it."""
        return cast("list[OfferProduct]", await of_request(info).products.load((self.tenant_id, cast("UUID", self.id))))


@strawberry.type
class CartItem:
    """An item."""

    tenant_id: strawberry.Private[UUID]
    id: strawberry.ID
    position: int
    option: bool
    offer_id: strawberry.Private[UUID | None]
    source_tenant_id: strawberry.Private[UUID | None]
    external_offer_id: strawberry.Private[UUID | None]

    @strawberry.field
    async def offer(self, info: Info) -> Offer | None:
        """The own offer."""
        if self.offer_id is None:
            return None
        return cast("Offer | None", await of_request(info).offers.load((self.tenant_id, self.offer_id)))

    @strawberry.field
    async def external_offer(self, info: Info) -> Offer | None:
        """The other tenant's offer."""
        if self.external_offer_id is None or self.source_tenant_id is None:
            return None
        return cast("Offer | None", await of_request(info).offers.load((self.source_tenant_id, self.external_offer_id)))


@strawberry.type
class Cart:
    """A cart."""

    tenant_id: strawberry.Private[UUID]
    id: strawberry.ID
    internal_title: str
    currency: str
    state: str
    version: int
    created_at: datetime

    @strawberry.field
    async def items(self, info: Info) -> list[CartItem]:
        """Its items."""
        return cast("list[CartItem]", await of_request(info).items.load((self.tenant_id, cast("UUID", self.id))))


@strawberry.type
class PageInfo:
    """Where a page ends."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Connection(Generic[T]):
    """A page."""

    nodes: list[T]
    page_info: PageInfo
