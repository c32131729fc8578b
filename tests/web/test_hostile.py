"""No body and no value that a client can send makes the real application fail."""

import json
from collections.abc import AsyncIterator, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from schema import roots
from tenancy.settings import DatabaseUrls
from tests.people import House
from tests.reads.hostile import REFUSED
from tests.web.http.test_bodies import HOSTILE
from tests.web.test_app import Place, installed

TEXTS: list[Any] = [
    "",
    "%_\\'\"); select pg_sleep(9) --",
    "\u202e\u200d👩\u200d👩\u200d👧 A\u030a",
    "0000-00-00",
    "9999-12-31T23:59:60.999999999+99:99",
    "-1e400",
    "9" * 1000,
    "x" * 20_000,
]
NUMBERS: list[Any] = [2**31, -(2**31) - 1, -1, 2**63, 1e308, -0.0]
DEPTH = 3

Names = tuple[str, ...]


@pytest.fixture
async def place(house: House, database_urls: DatabaseUrls, tmp_path: Path) -> AsyncIterator[Place]:
    rich = {"cost_budget": 10**9, "cost_refill": 10**9}
    async with installed(await house.found(), database_urls, tmp_path, **rich) as place:
        yield place


def leaves(named: str, argument: GraphQLArgument | GraphQLInputField, above: Names = ()) -> Iterator[tuple[str, Names]]:
    """The types and paths of all scalars that an argument can hold."""
    kind = get_named_type(argument.type)
    path = (*above, named)
    if is_leaf_type(kind):
        yield kind.name, path
    elif isinstance(kind, GraphQLInputObjectType) and len(path) <= DEPTH:
        for name, inner in kind.fields.items():
            yield from leaves(name, inner, path)


def holding(type_: GraphQLInputType, path: Names, value: Any) -> Any:
    """A value of the type with `value` at the path, and the least that is required beside it."""
    bare = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(bare, GraphQLList):
        return [holding(bare.of_type, path, value)]
    if not path or not isinstance(bare, GraphQLInputObjectType):
        return value
    inner = bare.fields[path[0]]
    return {**required(bare.fields), path[0]: holding(inner.type, path[1:], value)}


def required(fields: Any) -> dict[str, Any]:
    return {
        name: holding(one.type, (), "x")
        for name, one in fields.items()
        if isinstance(one.type, GraphQLNonNull) and one.default_value is None
    }


def questions(schema: GraphQLSchema) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each query field with odd values at each place of its arguments, as a document and its variables.

    The values go round, so that each kind of place meets all of them and no place meets all of them.
    """
    assert schema.query_type is not None
    rounds = {"Int": cycle(NUMBERS), "Float": cycle(NUMBERS)}
    texts = cycle(TEXTS)
    for name, field in schema.query_type.fields.items():
        for argument, declared in field.args.items():
            for kind, path in leaves(argument, declared):
                for value in islice(rounds.get(kind, texts), 2):
                    variables = required(field.args) | {argument: holding(declared.type, path[1:], value)}
                    yield asking(name, field, variables), variables


def asking(name: str, field: GraphQLField, variables: dict[str, Any]) -> str:
    declared = ", ".join(f"${one}: {field.args[one].type}" for one in variables)
    given = ", ".join(f"{one}: ${one}" for one in variables)
    selection = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    return f"query ({declared}) {{ {name}({given}){selection} }}"


DOORS = [("/graphql", "anna", roots.staff), ("/portal/graphql", "petra", roots.portal)]


@pytest.mark.parametrize(("door", "who", "schema"), DOORS)
async def test_no_value_in_any_argument_of_a_query_makes_the_server_fail(
    place: Place, door: str, who: str, schema: Any
) -> None:
    failed, seen = [], set()
    async with place.client(who) as client:
        for query, variables in questions(schema()._schema):
            answer = await client.post(door, json={"query": query, "variables": variables})
            codes = {error["extensions"]["code"] for error in answer.json().get("errors", ())} or {"answered"}
            seen |= codes
            if answer.status_code >= 500 or "INTERNAL" in codes:
                failed.append((query, str(variables)[:200], answer.text[:200]))
    assert failed == []
    assert {"answered", "BAD_USER_INPUT"} <= seen or not list(questions(schema()._schema))
    assert "BUDGET_SPENT" not in seen


@pytest.mark.parametrize(("door", "who", "schema"), DOORS)
async def test_no_body_and_no_document_makes_the_server_fail(place: Place, door: str, who: str, schema: Any) -> None:
    statuses = set()
    async with place.client(who) as client:
        for body in HOSTILE.values():
            answer = await client.post(door, content=body, headers={"content-type": "application/json"})
            statuses.add(answer.status_code)
        for query in REFUSED.values():
            body = json.dumps({"query": query}).encode()
            answer = await client.post(door, content=body, headers={"content-type": "application/json"})
            statuses.add(answer.status_code)
    assert statuses <= {200, 400, 413, 429}
