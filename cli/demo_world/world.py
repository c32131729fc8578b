"""The demo world while it comes into being: its tenants, who acts in them, and on which day."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeAlias, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from cli.demo_world.cast import ISSUER, Member, TenantPlan
from cli.demo_world.names import mailbox
from cli.installation import House
from persistence.carts import Cart
from persistence.customers import CustomerData
from persistence.invoices import Invoice
from persistence.offers import Offer
from persistence.subscriptions import Subscription
from tenancy.caller import Caller
from tenancy.founding import operator
from tenancy.operation import Call
from tenancy.rights import Known, Wish

R = TypeVar("R")
Recorded: TypeAlias = Offer | Cart | Subscription | Invoice
T = TypeVar("T")

SEED = "Kontor 1"
"""What every dice of the world begins with."""

TWO_YEARS = 730
"""How many days ago the world begins."""

Tell = Callable[[float, str], None]
"""Hears how much of the work is done, from 0 to 1, and what is going on."""


@dataclass
class World:
    """The house that the world is built in. `today` is the day of the callers' clock; everything is dated by it."""

    house: House
    small: bool
    tell: Tell
    today: date = field(init=False)
    done: float = 0.0

    def __post_init__(self) -> None:
        self.today = self.house.callers.clock().astimezone(ZoneInfo("Europe/Berlin")).date()

    def many(self, full: int, small: int) -> int:
        """So many in the whole world, or so many in the small one."""
        return small if self.small else full

    def day(self, ago: int) -> date:
        """The day so many days ago."""
        return self.today - timedelta(days=ago)

    def moment(self, ago: int, minute: int = 0) -> datetime:
        """Ten o'clock (UTC) so many days ago, and so many minutes later."""
        return datetime.combine(self.day(ago), time(10), UTC) + timedelta(minutes=minute)

    def advance(self, by: float, text: str) -> None:
        """Tell that a share of the whole work was done."""
        self.done = min(1.0, self.done + by)
        self.tell(self.done, text)

    def finish(self, text: str) -> None:
        """Tell that everything is done."""
        self.done = 1.0
        self.tell(1.0, text)

    def each(self, things: Iterable[T], share: float, text: str) -> Iterable[T]:
        """The things one by one, telling of each when it is done; all of them are the share of the work."""
        listed = list(things)
        for thing in listed:
            yield thing
            self.advance(share / len(listed), text)


@dataclass
class Tenancy:
    """A tenant of the world: what it is made of, by the names of the plan, and who acts in it."""

    world: World
    plan: TenantPlan
    id: UUID
    company_id: UUID
    roles: dict[str, UUID] = field(default_factory=dict)
    places: dict[str, UUID] = field(default_factory=dict)
    partners: dict[str, UUID] = field(default_factory=dict)
    cost_centers: dict[str, UUID] = field(default_factory=dict)
    texts: dict[str, UUID] = field(default_factory=dict)
    offers: dict[str, UUID] = field(default_factory=dict)
    carts: dict[str, UUID] = field(default_factory=dict)
    connections: dict[str, UUID] = field(default_factory=dict)
    customers: defaultdict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))

    def dice(self, purpose: str) -> Random:
        """Chance that comes out the same every time."""
        return Random(f"{SEED}:{self.plan.key}:{purpose}")  # noqa: S311 - a world to look at

    async def operate(self, ago: int, call: Call[R]) -> R:
        """Let the operator of the installation do something, on a day so many days ago."""
        return await self.world.house.operations.run(await self.operator(ago), call)

    async def operator(self, ago: int) -> Caller:
        """The operator, with rights as they are now."""
        moment = self.world.moment(ago)
        unready = operator(self.id, self.company_id, rights_version=0, clock=lambda: moment)
        return await self.world.house.callers.again(unready)

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[AsyncSession]:
        """A look at what stands in the tenant; nothing can be changed by it."""
        context = operator(self.id, self.company_id, rights_version=0).context()
        async with self.world.house.database.transaction(context, read_only=True) as session:
            yield session

    async def act(self, who: str, ago: int, call: Call[R], *, minute: int = 0) -> R:
        """Let one of the people do something, on a day so many days ago."""
        moment = self.world.moment(ago, minute)
        caller = replace(await self.caller(who), clock=lambda: moment)
        return await self.world.house.operations.run(caller, call)

    async def caller(self, who: str) -> Caller:
        """One of the people as a caller; the house knows them, and when their rights have changed."""
        member = self.member(who)
        known = Known(ISSUER, subject_of(member, self.plan), self.id)
        return await self.world.house.callers.of(known, Wish(portal=member.kind == "PORTAL"))

    async def version(self, record: type[Recorded], id_: UUID) -> int:
        """The version that a record of this tenant stands at."""
        return await self._found(select(record.version).where(record.id == id_))

    async def level_version(self, customer_id: UUID, place: UUID) -> int:
        """The version of a customer's data at a place."""
        here = (CustomerData.partner_id == customer_id, CustomerData.organization_id == place)
        return await self._found(select(CustomerData.version).where(*here, CustomerData.ended_at.is_(None)))

    async def _found(self, wanted: Select[int]) -> int:
        async with self.looking() as session:
            return (await session.scalars(wanted)).one()

    def member(self, who: str) -> Member:
        """One of the people."""
        return next(one for one in self.plan.members if one.key == who)

    def caretaker(self, place: str) -> str:
        """Who may edit what stands at a place: its clerk, the manager above it, else the administrator."""
        clerk = self.plan.clerk_at(place)
        if clerk is not None:
            return clerk.key
        manager = self.plan.named("SALES_MANAGER")
        return manager.key if manager.at in (place, self.plan.region_of(place)) else self.plan.named("TENANT_ADMIN").key


def subject_of(member: Member, plan: TenantPlan) -> str:
    """Who the person is for the issuer."""
    return member.subject or email_of(member, plan)


def email_of(member: Member, plan: TenantPlan) -> str:
    """The person's address; staff has one at the tenant."""
    return member.email or mailbox(member.name, plan.domain)
