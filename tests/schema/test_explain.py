"""How a query was run, for those who may know, and without a word about the rows of others."""

from typing import Any

import pytest

from reads.explain import TOLD
from schema.exchange import Answer, GraphQLRequest
from tenancy.caller import Caller
from tests.people import House

PARTNERS = "query ($n: Int!) { partners(first: $n) { nodes { number } totalCount } }"


async def explained(house: House, caller: Caller, query: str = PARTNERS, *, asked: Any = True, **given: Any) -> Answer:
    request = GraphQLRequest(query, "test", variables=given or {"n": 2}, extensions={"explain": asked})
    return await house.endpoints.staff.answer(caller, request, charged.append)


charged: list[int] = []


async def test_an_administrator_is_told_statement_plan_and_time(house: House) -> None:
    home = await house.found()
    charged.clear()
    answer = await explained(house, home.admin)
    told = answer.extensions["explain"]
    assert answer.data == b'{"partners":{"nodes":[],"totalCount":0}}'
    assert told["sql"].startswith("select row_to_json")
    assert "partner" in str(told["plan"])
    assert told["executionMs"] > 0
    assert len(charged) == 2, "it runs twice, and is paid twice"


async def test_nothing_in_a_plan_counts_the_rows_of_others(house: House) -> None:
    home = await house.found()
    nodes = [(await explained(house, home.admin)).extensions["explain"]["plan"]]
    seen: set[str] = set()
    while nodes:
        node = nodes.pop()
        seen |= node.keys()
        nodes += node.get("Plans", ())
    assert seen <= {*TOLD, "Plans"}
    assert not any("Removed" in name or name.startswith("Plan ") or "Cost" in name for name in TOLD)


async def test_an_answer_without_a_statement_has_nothing_to_explain(house: House) -> None:
    home = await house.found()
    answer = await explained(house, home.admin, "{ __typename }")
    assert answer.extensions["explain"] == {"sql": None}


async def test_who_does_not_ask_is_told_nothing(house: House) -> None:
    home = await house.found()
    assert "explain" not in (await explained(house, home.admin, asked=False)).extensions


async def test_a_clerk_is_refused_and_the_query_does_not_run(house: House) -> None:
    home = await house.found()
    clerk = await home.member("SALES_CLERK")
    with pytest.raises(Exception, match="explain:see") as refused:
        await explained(house, clerk)
    assert refused.value.code == "FORBIDDEN"  # type: ignore[attr-defined]  # the door knows its form


async def test_a_wish_that_is_neither_yes_nor_no_is_refused(house: House) -> None:
    home = await house.found()
    answer = await explained(house, home.admin, asked="yes")
    assert (answer.request_error, answer.errors[0]["extensions"]["code"]) == (True, "BAD_REQUEST")
