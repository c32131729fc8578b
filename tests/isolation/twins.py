"""The twins in a database of their own: marked, with everything that is asked of them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import psycopg

from migrations import run
from schema.endpoints import Endpoints
from schema.exchange import Answer, GraphQLRequest
from tenancy.caller import Caller
from tenancy.settings import for_libpq
from tests import _migrated
from tests.isolation import marks, world
from tests.isolation.answers import Given
from tests.isolation.asks import Ask, Asks
from tests.isolation.marks import Canaries
from tests.isolation.world import World
from tests.people import House

NOW = datetime.now(UTC)
"""The moment at which the clock of whoever asks stands still: what was frozen a moment ago still counts at it."""
PORTAL = ("customer", "other customer")
STAFF = ("administrator", "manager of the north", "clerk in Kiel", "representative", "nobody", "API key")
THOROUGH = ("administrator", "clerk in Kiel", "customer")
"""Who tries every filter, every order, and every foreign id of every tenant."""


@dataclass
class Twins:
    """The world, its canaries, and what was asked and answered."""

    world: World
    canaries: Canaries
    owner: "psycopg.Connection[Any]"
    asks: Mapping[str, Sequence[Ask]]
    answered: dict[str, dict[str, Given]] = field(default_factory=dict)

    @property
    def house(self) -> House:
        """The house."""
        return self.world.house

    def caller(self, who: str) -> Caller:
        """One of A's people; the clock stands still."""
        return replace(self.world.a.callers[who], clock=lambda: NOW)

    def of(self, who: str) -> Sequence[Ask]:
        """What this person tries: all of their schema; those who see less than others, without every detail."""
        asks = self.asks["portal" if who in PORTAL else "staff"]
        return asks if who in THOROUGH else [one for one in asks if not one.detail]

    async def all_answers(self, who: str) -> Mapping[str, Given]:
        """Everything that this person can ask, answered once."""
        if who not in self.answered:
            self.answered[who] = await self.ask_all(who)
        return self.answered[who]

    async def ask_all(self, who: str) -> dict[str, Given]:
        """Ask everything, now."""
        return {one.label: await self.ask(self.caller(who), one) for one in self.of(who)}

    async def ask(self, caller: Caller, one: Ask) -> Given:
        """Ask the schema of the caller's kind, without HTTP."""
        answer = await ask(self.house.endpoints, caller, one)
        return Given(answer.data or b"", orjson.dumps([dict(error) for error in answer.errors]))


async def ask(endpoints: Endpoints, caller: Caller, one: Ask) -> Answer:
    """The answer of the schema of the caller's kind."""
    endpoint = endpoints.portal if caller.role == "portal" else endpoints.staff
    request = GraphQLRequest(query=one.document, document_hash="test", variables=one.variables)
    return await endpoint.answer(caller, request, lambda _cost: None)


@asynccontextmanager
async def made() -> AsyncIterator[Twins]:
    """The twins; their database is dropped at the end."""
    run.load_models()
    with _migrated.database() as urls:
        house = House(urls)
        await house.open()
        try:
            found = await world.found(house)
            for who, caller in found.a.callers.items():
                # one with old rights would be read again before an answer, and rights that a test gives it be lost
                found.a.callers[who] = await house.callers.again(caller)
            with psycopg.connect(for_libpq(urls.for_migrations()), autocommit=True) as owner:
                marks.open_the_harness(owner)
                canaries = marks.put(owner, found)
                yield Twins(found, canaries, owner, {kind: await _asks(found, kind) for kind in ("staff", "portal")})
        finally:
            await house.close()


async def _asks(found: World, kind: str) -> list[Ask]:
    """What is asked of a schema; every mutation with the version that its record has."""
    endpoint = found.house.endpoints.portal if kind == "portal" else found.house.endpoints.staff
    catalogue = endpoint.engine.catalogue
    prefixes = {type_.name: prefix for prefix, type_ in catalogue.by_prefix.items()}
    made = Asks(catalogue.graphql, prefixes, found)
    who = found.a.callers["customer" if kind == "portal" else "administrator"]
    versions: dict[str, int] = {}
    asks = list(made.queries())
    for one in made.mutations():
        name = one.label.split()[0]
        if name not in versions:
            versions[name] = await _version(found, who, one)
        input_ = one.variables["input"]
        known = {"expectedVersion": versions[name]} if "expectedVersion" in input_ else {}
        asks.append(replace(one, variables={"input": {**input_, **known}}))
    return asks


async def _version(found: World, who: Caller, one: Ask) -> int:
    """The version of the record that a mutation means: a stale one is told."""
    answer = await ask(found.house.endpoints, replace(who, clock=lambda: NOW), one)
    data = orjson.loads(answer.data or b"null") or {}
    result = next(iter(data.values()), None) or {}
    return int(result.get("currentVersion", one.variables["input"].get("expectedVersion", 1)))
