"""A DataLoader for each relation, made anew for each request."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.dataloader import DataLoader

from benchmarks.idiomatic.models import AddressRow, ItemRow, OfferRow, ProductRow

Key = tuple[UUID, UUID]


@dataclass(frozen=True)
class Loaders:
    """The relations, each by the tenant and the id of the parent."""

    addresses: DataLoader[Key, list[AddressRow]]
    items: DataLoader[Key, list[ItemRow]]
    offers: DataLoader[Key, OfferRow | None]
    products: DataLoader[Key, list[ProductRow]]


def loaders(session: AsyncSession) -> Loaders:
    """The loaders of a request; they take turns, as a session runs one statement at a time."""
    turn = asyncio.Lock()

    def children(model: Any, parent: Any) -> DataLoader[Key, list[Any]]:
        async def load(keys: list[Key]) -> list[list[Any]]:
            wanted = select(model).where(*_among(model.tenant_id, parent, keys)).order_by(model.position)
            async with turn:
                rows = (await session.scalars(wanted)).all()
            found: dict[Key, list[Any]] = defaultdict(list)
            for row in rows:
                found[row.tenant_id, getattr(row, parent.key)].append(row)
            return [found[key] for key in keys]

        return DataLoader(load)

    async def offers(keys: list[Key]) -> list[OfferRow | None]:
        wanted = select(OfferRow).where(*_among(OfferRow.tenant_id, OfferRow.id, keys))
        async with turn:
            found = {(row.tenant_id, row.id): row for row in await session.scalars(wanted)}
        return [found.get(key) for key in keys]

    return Loaders(
        addresses=children(AddressRow, AddressRow.partner_id),
        items=children(ItemRow, ItemRow.cart_id),
        offers=DataLoader(offers),
        products=children(ProductRow, ProductRow.offer_id),
    )


def _among(tenant: Any, id_: Any, keys: list[Key]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Two lists instead of one of pairs, which takes PostgreSQL longer to plan."""
    return tenant.in_({key[0] for key in keys}), id_.in_({key[1] for key in keys})
