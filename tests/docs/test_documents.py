"""Every GraphQL document in the documentation is one that the schemas answer, with the variables shown below it."""

import ast
import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from graphql import (
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    get_operation_ast,
    is_specified_scalar_type,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values

from tests.docs.pages import GUIDES, ROOT, Fence, fences, fences_of


@cache
def schema(audience: str) -> GraphQLSchema:
    return build_schema((ROOT / "schema" / f"{audience}.graphql").read_text("utf-8"))


def audience_of(fence: Fence) -> str:
    return "portal" if fence.page.name == "portal-developers.md" else "staff"


def faults(audience: str, text: str) -> list[str]:
    return [error.message for error in validate(schema(audience), parse(text))]


def with_variables() -> Iterator[tuple[Fence, Fence]]:
    """Each document that is followed by a block of JSON with its variables."""
    for page in GUIDES:
        for first, second in pairwise(fences_of(page)):
            ends = first.line + first.text.count("\n") + 1
            if first.language == "graphql" and second.language == "json" and second.line == ends + 2:
                yield first, second


def asked_by_curl() -> Iterator[tuple[Fence, str, dict[str, Any]]]:
    """The body of every curl, and the door it goes to."""
    for fence in fences("sh"):
        for line in fence.text.replace("\\\n", " ").splitlines():
            words = shlex.split(line)
            if words[:1] == ["curl"] and "--data" in words:
                door = "portal" if any("/portal/graphql" in word for word in words) else "staff"
                yield fence, door, json.loads(words[words.index("--data") + 1])


@pytest.mark.parametrize("fence", fences("graphql"), ids=str)
def test_every_document_fits_its_schema(fence: Fence) -> None:
    assert faults(audience_of(fence), fence.text) == []


@pytest.mark.parametrize(("document", "variables"), list(with_variables()), ids=str)
def test_the_variables_below_a_document_are_its_variables(document: Fence, variables: Fence) -> None:
    parsed = parse(document.text)
    operation = get_operation_ast(parsed)
    assert operation is not None
    given = json.loads(variables.text)
    found = get_variable_values(schema(audience_of(document)), operation.variable_definitions or (), given)
    assert not isinstance(found, list), [error.message for error in found]
    declared = {one.variable.name.value for one in operation.variable_definitions or ()}
    assert given.keys() <= declared


def test_every_question_that_a_command_sends_fits_its_schema() -> None:
    sent = list(asked_by_curl())
    assert len(sent) > 5
    for fence, door, body in sent:
        assert body.keys() & {"query", "documentId"}, fence
        if "query" in body:
            assert faults(door, body["query"]) == [], fence


@pytest.mark.parametrize("fence", fences("json"), ids=str)
def test_every_json_parses(fence: Fence) -> None:
    assert json.loads(fence.text) is not None


@pytest.mark.parametrize("fence", fences("python", pages=GUIDES), ids=str)
def test_every_python_parses(fence: Fence) -> None:
    assert ast.parse(fence.text).body


def test_every_scalar_has_a_type_in_the_code_generators_settings() -> None:
    [settings] = [fence.text for fence in fences("ts") if "CodegenConfig" in fence.text]
    mapped = set(re.findall(r"(\w+): 'string'", settings))
    for audience in ("staff", "portal"):
        scalars = [type_ for type_ in schema(audience).type_map.values() if isinstance(type_, GraphQLScalarType)]
        assert {type_.name for type_ in scalars if not is_specified_scalar_type(type_)} == mapped
