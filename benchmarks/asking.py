"""The requests of a cell: which documents with which variables by which tenants, written down for the loader."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import orjson

from benchmarks.contestants.running import ContestantError, Running
from benchmarks.data.building import Data
from benchmarks.data.filling import EXTERNAL, OWN
from benchmarks.documents import Dialect
from benchmarks.options import Options

PARTNERS = 100
"""Partners of each tenant that are asked for one by one."""

PAGES = 6
"""Pages of each tenant that are asked for."""

LOOKED_AT = 50
"""Carts of each tenant that are read; the others are put into."""


@dataclass(frozen=True)
class Asked:
    """One request: which tenant of the measured ones, and the variables in the dialect of the contestant."""

    tenant: int
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class Targets:
    """Ids of a tenant that requests are about."""

    id: str
    partners: Sequence[str]
    carts: Sequence[str]
    filled: Sequence[str]
    offers: Sequence[str]
    customers: Sequence[str]


def targets(data: Data, options: Options) -> list[Targets]:
    """What there is to ask for, by tenant; the same for every contestant and every run over the same data."""
    with data.server.as_admin() as connection:

        def ids(sql: str, tenant: object) -> list[str]:
            return [str(id_) for (id_,) in connection.execute(sql, [tenant]).fetchall()]

        found = []
        for tenant in data.tenants[: options.measured_tenants]:
            partners = ids("select id from partner where tenant_id = %s order by number_key", tenant.id)
            carts = ids("select id from cart where tenant_id = %s order by title_key, id", tenant.id)
            offers = ids(
                "select id from offer where tenant_id = %s and target_tenant_id is null order by title_key, id",
                tenant.id,
            )
            customers = ids("select id from customer where tenant_id = %s order by id", tenant.id)
            some = random.Random(tenant.number).sample(partners, min(PARTNERS, len(partners)))
            found.append(Targets(str(tenant.id), some, carts[:LOOKED_AT], carts[LOOKED_AT:], offers, customers))
        return found


def requests(query: str, running: Running, dialect: Dialect, found: Sequence[Targets]) -> list[Asked]:
    """The requests of a query in the dialect; those of a tenant stand together."""
    if query in dialect.pages:
        return [asked for tenant in range(len(found)) for asked in _pages(query, running, dialect, found, tenant)]
    return [Asked(tenant, variables) for tenant, one in enumerate(found) for variables in dialect.variables(query, one)]


def _pages(query: str, running: Running, dialect: Dialect, found: Sequence[Targets], tenant: int) -> list[Asked]:
    """The first pages of a list, each after the one before: cursors are the contestant's own."""
    after, asked = None, []
    with httpx2.Client(timeout=30) as http:
        for _ in range(PAGES):
            variables = dialect.page(query, found[tenant], after)
            asked.append(Asked(tenant, variables))
            body = orjson.loads(running.ask(http, dialect.documents[query], variables, tenant))
            if "errors" in body:
                raise ContestantError(f"{running.name} {query}: {body['errors'][0]}")
            [page] = body["data"].values()
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
    return asked


def write(path: Path, running: Running, document: str, asked: Sequence[Asked]) -> None:
    """Write the requests for the loader: a token and a body a line, in an order that has no tenant twice in a row."""
    shuffled = list(asked)
    random.Random(1).shuffle(shuffled)
    lines = (
        f"{running.tokens[one.tenant]}\t{json.dumps({'query': document, 'variables': dict(one.variables)})}\n"
        for one in shuffled
    )
    path.write_text("".join(lines))


ITEMS = OWN + EXTERNAL
"""How many items a cart has before anything is put into it."""
