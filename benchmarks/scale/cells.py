"""What is asked in each set: documents by whom, and the variables of the requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson

from benchmarks.asking import LOOKED_AT, PAGES, PARTNERS, Asked
from benchmarks.contestants.running import ContestantError, Running
from benchmarks.data.building import Data
from benchmarks.data.founding import Founded
from benchmarks.documents import DOCUMENTS, EXPECTED
from benchmarks.scale.crowd import BRANCH, HEAD, REGION, SHOP
from benchmarks.scale.steps import GIANT, TREE, Step

LIST = DOCUMENTS["Q2"]
SHORT_LIST = LIST.replace("first: 50", "first: 20")
"""A shop among thousands has no 50 partners in every set."""


@dataclass(frozen=True)
class Cell:
    """One query by some of the people: `who` of the small tenants, or of the one with this number."""

    name: str
    text: str
    document: str
    expected: str
    who: str = "admin"
    tenant: int | None = None

    def asks(self, person: Founded) -> bool:
        """Whether this person is one who asks."""
        number = person.number
        mine = number not in {GIANT, TREE} if self.tenant is None else number == self.tenant
        return mine and person.who == self.who


def _of(
    query: str, name: str, text: str, *, who: str = "admin", tenant: int | None = None, short: bool = False
) -> Cell:
    return Cell(name, text, SHORT_LIST if short else DOCUMENTS[query], EXPECTED[query], who, tenant)


CELLS: Sequence[Cell] = (
    _of("Q4", "Q4", "`{ __typename }`: shows whether the machine is the same"),
    _of("Q1", "Q1", "one partner, in small tenants"),
    _of("Q1", "Q1 giant", "one partner, in the giant", tenant=GIANT),
    _of("Q2", "Q2", "a page of partners, in small tenants"),
    _of("Q2", "Q2 giant", "a page of partners, in the giant", tenant=GIANT),
    _of("Q3", "Q3", "a cart with its items, offers and products"),
    _of("F", "F", "a page of the feed of external offers"),
    _of("Q2", "L", "Q2 by a clerk of one of 5 branches, in small tenants", who=BRANCH),
    _of("Q2", "L giant", "Q2 by a clerk of one of 50 branches of the giant", who=BRANCH, tenant=GIANT),
    _of("Q2", "L shop", "a page of 20, by a clerk of one of 5,000 organizations", who=SHOP, tenant=TREE, short=True),
    _of("Q2", "L region", "Q2 by a manager with 500 organizations below", who=REGION, tenant=TREE),
    _of("Q2", "L head", "Q2 by a manager with 5,000 organizations below", who=HEAD, tenant=TREE),
)


def requests(cell: Cell, running: Running, data: Data, step: Step) -> list[Asked]:
    """The requests of a cell, for everybody who asks it; the same for every run over a set of this size."""
    found: list[Asked] = []
    for place, person in enumerate(data.tenants):
        if cell.asks(person):
            found += _by(cell, running, data, step, place)
    return found


def _by(cell: Cell, running: Running, data: Data, step: Step, place: int) -> list[Asked]:
    person = data.tenants[place]
    if "$after" in cell.document:
        return [Asked(place, variables) for variables in _pages(cell, running, place)]
    if "partner(id" in cell.document:
        numbers = range(1, step.partners_of(person.number) + 1)
        some = [f"p{number:07}" for number in numbers[:: max(1, len(numbers) // PARTNERS)]]
        sql = "select id from partner where tenant_id = %s and number_key = any(%s)"
        return [Asked(place, {"id": f"par_{id_}"}) for id_ in _ids(data, sql, [person.id, some])]
    if "cart(id" in cell.document:
        sql = f"select id from cart where tenant_id = %s order by title_key limit {LOOKED_AT}"
        return [Asked(place, {"id": f"car_{id_}"}) for id_ in _ids(data, sql, [person.id])]
    return [Asked(place, {})]


def _ids(data: Data, sql: str, values: Sequence[object]) -> list[object]:
    with data.server.as_admin() as connection:
        return [id_ for (id_,) in connection.execute(sql, values).fetchall()]


def _pages(cell: Cell, running: Running, place: int) -> list[Mapping[str, Any]]:
    """The first pages; the last one of a list, which may be short, only where it is the only one."""
    asked: list[Mapping[str, Any]] = [{"after": None}]
    with httpx2.Client(timeout=60) as http:
        while len(asked) < PAGES:
            body = orjson.loads(running.ask(http, cell.document, asked[-1], place))
            if "errors" in body:
                raise ContestantError(f"{cell.name}: {body['errors'][0]}")
            [page] = body["data"].values()
            if not page["pageInfo"]["hasNextPage"]:
                return asked[:-1] or asked
            asked.append({"after": page["pageInfo"]["endCursor"]})
    return asked
