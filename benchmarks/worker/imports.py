"""How many partners a worker takes in a second, through all rules, as `resolvers.imports` does it."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from benchmarks import goals
from benchmarks.data import founding
from benchmarks.data.founding import ISSUER
from benchmarks.data.server import Server
from cli.installation import House, Installation, house
from domain.partners import Address, Communication, CommunicationType, NewPartner, PartnerRoleKind, PartnerType
from resolvers import imports
from resolvers.imports import MOST, ImportedPartner, OwnData
from tenancy.caller import Caller
from tenancy.rights import Known, Wish
from tenancy.settings import load

TENANTS = 4
WARM_UP = 2

Say = Callable[[str], None]


def measure(server: Server, folder: Path, lists: int, say: Say) -> dict[str, Any]:
    """Take so many lists of 250 in one after another, then as many by several tenants at once."""
    return asyncio.run(_measured(server, folder, lists, say))


def missed(found: Mapping[str, Any]) -> list[str]:
    """What is less than it should be, a sentence each."""
    best = max(found["alone"]["partners_a_second"], found["at_once"]["partners_a_second"])
    return [f"import: {best:,.0f} partners/s, at least {goals.IMPORTED_A_SECOND:,.0f}"] * (
        best < goals.IMPORTED_A_SECOND
    )


def rows(count: int) -> list[ImportedPartner]:
    """A list as another system has it: persons and companies with addresses, every third a customer."""
    return [_row(number) for number in range(count)]


def _row(number: int) -> ImportedPartner:
    company = number % 3 == 0
    partner = NewPartner(
        PartnerType.ORGANIZATION if company else PartnerType.PERSON,
        {"name": f"Druckhaus {number}"} if company else {"first_name": "Änne", "last_name": f"Österreicher-{number}"},
        roles=(PartnerRoleKind.MARKETING,),
        addresses=(Address("Köln", "DE", f"Gartenweg {number}", postal_code="50667"),),
        communication=(Communication(CommunicationType.EMAIL, f"p{number}@post.example", preferred=True),),
    )
    return ImportedPartner(partner, OwnData() if company else None)


async def _measured(server: Server, folder: Path, lists: int, say: Say) -> dict[str, Any]:
    founded = await founding.found(server.urls, folder, TENANTS)
    async with house(Installation(load(environment="demo", data_dir=folder), server.urls)) as inside:
        callers = [await inside.callers.of(Known(ISSUER, one.email, one.id), Wish()) for one in founded]
        await _taken_in(inside, callers, WARM_UP)
        _analyze(server)
        alone = await _taken_in(inside, callers[:1], lists)
        at_once = await _taken_in(inside, callers, max(1, lists // TENANTS))
    for what, found in (("one after another", alone), (f"{TENANTS} at once", at_once)):
        say(f"{what}: {found['partners_a_second']:,.0f} partners/s, {found['cpu_ms_a_partner']:.3f} ms of CPU each")
    return {"rows_a_list": MOST, "tenants": TENANTS, "alone": alone, "at_once": at_once}


def _analyze(server: Server) -> None:
    """Let PostgreSQL learn of the first partners, as it does by itself within a minute."""
    with server.as_admin() as connection:
        connection.execute("analyze")


async def _taken_in(inside: House, callers: Sequence[Caller], lists: int) -> dict[str, float]:
    async def one(caller: Caller) -> None:
        for _ in range(lists):
            await inside.run(caller, imports.import_partners(wanted))

    wanted, process = rows(MOST), psutil.Process()
    began, busy = time.monotonic(), sum(process.cpu_times()[:2])
    await asyncio.gather(*(one(caller) for caller in callers))
    took, count = time.monotonic() - began, MOST * lists * len(callers)
    used = sum(process.cpu_times()[:2]) - busy
    return {"partners_a_second": round(count / took, 1), "cpu_ms_a_partner": round(used / count * 1000, 3)}
