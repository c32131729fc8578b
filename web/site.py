"""What a person opens in a browser: the start page, the playground, and the files they need."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypeAlias

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.examples import Value, examples_below, filled
from web.health import READY
from web.html import page
from web.issuer.people import DemoPerson
from web.static_files import ASK_AGAIN, FOREVER, StaticFiles

STATIC = Path(__file__).parent / "static"

# Monaco writes its measurements into style attributes, hence 'unsafe-inline' for styles and for nothing else.
PLAYGROUND_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; worker-src 'self'; connect-src 'self'; object-src 'none'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

KINDS = {
    "STAFF": ("staff", "Mitarbeiter"),
    "REPRESENTATIVE": ("representative", "Vertreter"),
    "PORTAL": ("portal customer", "Portalkunde"),
}


People: TypeAlias = Callable[[], Awaitable[Sequence[DemoPerson]]]
Health: TypeAlias = Callable[[], Awaitable[Mapping[str, bool]]]
Values: TypeAlias = Callable[[Request], Awaitable[Mapping[str, Value]]]


async def no_values(_: Request) -> Mapping[str, Value]:
    """Examples keep the names of what they do not know."""
    return {}


def page_routes(
    *,
    environment: str,
    people: People,
    health: Health,
    health_address: str = READY,
    values: Values = no_values,
) -> list[Route]:
    """The routes of all pages.

    `people` tells whom the start page offers to sign in as (nobody outside the demo); `health` tells, part by
    part, what works; `health_address` is where programs ask for it; `values` are what the examples need to know
    of the tenant of whoever asks.
    """

    async def start(request: Request) -> Response:
        parts, offered = await health(), await people()
        return page(
            "start.html",
            environment=environment,
            people=offered,
            tenants=by_tenant(offered),
            kinds=KINDS,
            health=parts,
            healthy=all(parts.values()),
            health_address=health_address,
            origin=str(request.base_url).rstrip("/"),
        )

    return [Route("/", start), *static_routes(), *playground_routes(values)]


def by_tenant(people: Sequence[DemoPerson]) -> dict[str, list[DemoPerson]]:
    """The people grouped by tenant, both in the order given."""
    grouped: dict[str, list[DemoPerson]] = {}
    for person in people:
        grouped.setdefault(person.tenant_name, []).append(person)
    return grouped


def static_routes() -> list[Route]:
    """The style sheet and the sign, shared by all pages."""
    files = StaticFiles(STATIC)

    async def static(request: Request) -> Response:
        return await files.answer(request, request.path_params["name"], ASK_AGAIN)

    return [Route("/static/{name}", static)]


def playground_routes(values: Values = no_values) -> list[Route]:
    """The playground's bundle and its examples.

    The page itself is the same for everybody and holds nothing; it asks `/session` who is there.
    """
    files = StaticFiles(STATIC / "playground")
    examples = examples_below()

    async def playground(request: Request) -> Response:
        return policed(await files.answer(request, "index.html", ASK_AGAIN))

    async def asset(request: Request) -> Response:
        return policed(await files.answer(request, f"assets/{request.path_params['name']}", FOREVER))

    async def licenses(request: Request) -> Response:
        return policed(await files.answer(request, "LICENSES.md", ASK_AGAIN))

    async def example_list(request: Request) -> Response:
        known = await values(request)
        told = {schema: [asdict(filled(one, known)) for one in found] for schema, found in examples.items()}
        headers = {"cache-control": f"private, {ASK_AGAIN}"}
        return policed(Response(orjson.dumps(told), media_type="application/json", headers=headers))

    return [
        Route("/playground", playground),
        Route("/playground/", playground),
        Route("/playground/assets/{name}", asset),
        Route("/playground/LICENSES.md", licenses),
        Route("/playground/examples.json", example_list),
    ]


def policed(response: Response) -> Response:
    """Put the playground's policy on an answer; web workers take theirs from their own file."""
    response.headers["content-security-policy"] = PLAYGROUND_POLICY
    return response
