"""A tenant as people name it on the command line, and the operator acting in it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from cli.errors import CommandFailed
from cli.installation import House, Installation, house
from persistence import installation as database
from persistence import tenants
from persistence.engine import Context
from tenancy.caller import Caller
from tenancy.operation import Call

R = TypeVar("R")


@dataclass(frozen=True)
class Place:
    """The operator, acting for one tenant."""

    inside: House
    caller: Caller

    async def run(self, call: Call[R]) -> R:
        """Run an operation for the tenant."""
        return await self.inside.operations.run(self.caller, call)


@asynccontextmanager
async def place(at: Installation, named: str) -> AsyncIterator[Place]:
    """The tenant that is named by its id, domain or name. Raises CommandFailed when none or several are."""
    async with house(at) as inside:
        tenant_id, company_id = await _found(inside, named)
        yield Place(inside, await inside.operator_of(tenant_id, company_id))


def one_of(wanted: Sequence[str], known: Mapping[str, UUID], what: str) -> list[UUID]:
    """The ids behind codes. Raises CommandFailed for one that does not exist."""
    for code in wanted:
        if code not in known:
            raise CommandFailed(f"There is no {what} {code}; there is {', '.join(sorted(known)) or 'none'}.")
    return [known[code] for code in wanted]


async def _found(inside: House, named: str) -> tuple[UUID, UUID]:
    if inside.at.urls.owner is None:
        return await _by_id(inside, named)
    found = [
        one
        for one in database.tenants(inside.at.urls.owner)
        if named.casefold() in (str(one.id), one.domain.casefold(), one.name.casefold())
    ]
    if len(found) != 1:
        raise CommandFailed(
            f"{len(found) or 'No'} tenants are called {named}: `kontor tenant list` shows their ids and domains."
        )
    return found[0].id, found[0].company_id


async def _by_id(inside: House, named: str) -> tuple[UUID, UUID]:
    """Without the owner's address nobody can look tenants up by name."""
    try:
        tenant_id = UUID(named)
    except ValueError:
        raise CommandFailed(
            f"{named} is no tenant id, and only KONTOR_OWNER_DATABASE_URL can look up names: set it, or give the id."
        ) from None
    async with inside.database.transaction(Context(tenant_id=tenant_id), read_only=True) as session:
        home = await tenants.home(session, tenant_id)
    return tenant_id, home.company_id
