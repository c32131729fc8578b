"""Tenants that sell each other's offers, for tests: connected through the product's own operations."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from domain.cost_centers import CostCenter as NewCostCenter
from domain.offers import Draft, OfferType, Price, Product, ProductType, TaxType, Translation
from persistence.connections import Connection, ConnectionAnswer
from persistence.events import JointEvent
from resolvers import connections, cost_centers, offers
from tests.people import Home, House


@dataclass
class Partners:
    """Two tenants with a connection from `source` to `target`, and a cost center of the target."""

    source: Home
    target: Home
    connection_id: UUID
    cost_center_id: UUID

    @property
    def house(self) -> House:
        """The house that they stand in."""
        return self.source.house

    async def version(self) -> int:
        """The connection's version, the halves' together."""
        return await connection_version(self.source, self.connection_id)

    async def act(self, home: Home, act: Any, *more: Any) -> None:
        """Let one of them do something to the connection, as it stands now."""
        await home.house.run(home.admin, act(self.connection_id, *more, await self.version()))

    async def block(self, home: Home) -> None:
        """Let one of them block."""
        await self.act(home, connections.block_connection)

    async def unblock(self, home: Home) -> None:
        """Let one of them take the block back."""
        await self.act(home, connections.unblock_connection)

    async def access(self, *, open_: bool) -> None:
        """Let the source open or close access to its offers."""
        await self.act(self.source, connections.set_access_to_offers, open_)

    async def offer(self, wanted: Draft | None = None, *, cost_center_id: UUID | None = None) -> UUID:
        """A cross-client offer of the source for the target, with the target's cost center on every product."""
        made = with_cost_center(wanted or draft(), cost_center_id or self.cost_center_id)
        return await self.house.run(self.source.admin, offers.create_cross_client_offer(made, self.target.id))


async def invited(source: Home, target: Home, callback_url: str | None = "https://source.test/kontor") -> UUID:
    """An invitation from source to target."""
    return await source.house.run(source.admin, connections.invite_tenant(target.id, callback_url))


async def connected(source: Home, target: Home, *, access: bool = True) -> Partners:
    """An active connection from source to target, with access to the source's offers open or not."""
    connection_id = await invited(source, target)
    house = source.house
    await house.run(target.admin, connections.accept_connection(connection_id, 1))
    new = NewCostCenter(code=f"{connection_id.int % 10**10:010}", short_description="Fremdtitel", description="intern")
    cost_center_id = await house.run(target.admin, cost_centers.create_cost_center(new))
    partners = Partners(source, target, connection_id, cost_center_id)
    if access:
        await partners.access(open_=True)
    return partners


async def connection_version(home: Home, connection_id: UUID) -> int:
    """The version of a connection that the tenant sees."""
    async with home.house.database.transaction(home.admin.context()) as session:
        half = (await session.scalars(select(Connection).where(Connection.id == connection_id))).one()
        answer = await session.scalar(select(ConnectionAnswer).where(ConnectionAnswer.connection_id == connection_id))
        return half.version + (answer.version if answer else 0)


async def rows(home: Home, model: Any, *conditions: Any) -> list[Any]:
    """All rows of a table that the tenant's staff may read, own and shared."""
    async with home.house.database.transaction(home.admin.context()) as session:
        found = await session.scalars(select(model).where(*conditions).execution_options(across_tenants=True))
        return list(found)


async def told(home: Home) -> list[str]:
    """What other tenants told this one, oldest first."""
    events = await rows(home, JointEvent, JointEvent.shared_tenant_id == home.id)
    return [event.kind for event in sorted(events, key=lambda event: event.id)]


def product(amount: str = "9.90", currency: str = "EUR", **more: Any) -> Product:
    """A product of an offer."""
    return replace(Product(ProductType.DIGITAL, TaxType.REDUCED, Price(Decimal(amount), currency)), **more)


def draft(title: str = "Morgenpost digital", *, products: Iterable[Product] = (), **more: Any) -> Draft:
    """A subscription for a year, paid every month, with one product unless others are named."""
    translation = Translation("de", title, "Es gelten die AGB.", preferred=True)
    plain = Draft(OfferType.SUBSCRIPTION_TIME, title, (translation,), tuple(products) or (product(),), 12, 1, 30)
    return replace(plain, **more)


def with_cost_center(wanted: Draft, cost_center_id: UUID) -> Draft:
    """The draft with the target's cost center on every product that has none."""
    products = (
        one if one.target_cost_center_id else replace(one, target_cost_center_id=cost_center_id)
        for one in wanted.products
    )
    return replace(wanted, products=tuple(products))


REFUSED = """__typename ... on Refusal { code message path }
  ... on ValidationFailed { violations { code path } } ... on VersionConflict { currentVersion current { id } }"""
CHOOSES_COST_CENTERS = {"createOffer", "createCrossClientOffer", "updateOffer", "copyOffer"}


async def do(home: Home, field: str, payload: str, **given: Any) -> dict[str, Any]:
    """Ask for one mutation and return what became of it: the payload's selection or a refusal."""
    name = field[0].upper() + field[1:]
    refused = REFUSED + (" ... on CostCenterProblem { position }" if field in CHOOSES_COST_CENTERS else "")
    selection = f"{refused} ... on {name}Payload {{ {payload} }}"
    document = f"mutation ($input: {name}Input!) {{ {field}(input: $input) {{ {selection} }} }}"
    data = await home.house.data(home.admin, document, input=given)
    found: dict[str, Any] = data[field]
    return found
