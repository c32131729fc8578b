"""The compiled answer equals graphql-core's over plain Python, for random queries and several callers."""

import os

import orjson
import pytest

from reads.errors import RequestRefused
from tenancy.permissions import Scope
from tests.reads import toy
from tests.reads.generator import Generator
from tests.reads.reference import Reference
from tests.reads.toy_data import ALL, caller

CASES = int(os.environ.get("KONTOR_DIFFERENTIAL_CASES", "3000"))
BATCH = 100
LIMITED = ("DOCUMENT_LIMIT_EXCEEDED", "COST_LIMIT_EXCEEDED")


def callers(world):
    first, second, _ = world.tenants
    fewer = {toy.SEE: Scope.ORGANIZATION, toy.BOOKS: Scope.TENANT}
    return [
        caller(first),
        caller(second),
        caller(first, grants=fewer),
        caller(
            first,
            grants={toy.SEE: Scope.ORGANIZATION_AND_DESCENDANTS, toy.LOANS: Scope.TENANT},
            below=first.places[2:3],
        ),
        caller(second, grants={toy.BOOKS: Scope.TENANT}),
        caller(first, grants={}),
        caller(first, grants=ALL),
    ]


@pytest.mark.parametrize("batch", range(CASES // BATCH))
async def test_compiled_answers_equal_those_of_plain_resolvers(engine, toy_base, batch):
    people = callers(toy_base.world)
    references = [Reference(toy_base.world, who, engine.compiler._cursors) for who in people]
    refused = 0
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        query = Generator(seed, toy_base.world).query()
        index = seed % len(people)
        expected = references[index].answer(query.text, query.variables)
        found = await answered(engine, people[index], query)
        if found in LIMITED:
            refused += 1
        else:
            same(query, found, expected)
    assert refused < BATCH // 4


async def answered(engine, who, query):
    name = "Q" if query.text.startswith("query Q") else None
    try:
        answer = await engine.read(who, query.text, name, query.variables)
    except RequestRefused as refused:
        return refused.errors[0]["extensions"]["code"]
    return orjson.loads(answer.data), [(e["path"], e["extensions"]["code"]) for e in answer.errors]


def same(query, found, expected):
    """Equal with key order; errors in any order."""
    context = f"\n{query.text}\n{query.variables}"
    key = repr
    assert sorted(found[1], key=key) == sorted(expected[1], key=key), context
    assert orjson.dumps(found[0]) == orjson.dumps(expected[0]), context
