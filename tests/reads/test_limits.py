"""Hostile documents are refused, and the dearest of them before they are parsed."""

import pytest

from reads import documents
from reads.documents import Documents
from reads.errors import RequestRefused
from reads.limits import Limits
from tests.reads import toy
from tests.reads.hostile import REFUSED

SCHEMA = toy.schema._schema
INTROSPECTION = "{ __schema { types { fields { type { name ofType { name ofType { name } } } } } } }"


def refusal(text: str, limits: Limits | None = None) -> dict[str, object]:
    with pytest.raises(RequestRefused) as refused:
        Documents(SCHEMA, limits or Limits()).operation(text, None, "tenant")
    return refused.value.errors[0]["extensions"]


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_document_is_refused_with_a_code(name):
    assert refusal(REFUSED[name])["code"] in {
        "DOCUMENT_LIMIT_EXCEEDED",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
    }


@pytest.mark.parametrize(
    "name",
    ["a long comment", "an open block string", "many tokens", "open brackets", "the same field", "unknown fields"],
)
def test_what_is_dear_to_parse_is_refused_unparsed(name, monkeypatch):
    def never(_text):
        raise AssertionError("parsed")

    monkeypatch.setattr(documents, "parse", never)
    assert refusal(REFUSED[name])["code"] == "DOCUMENT_LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ("tokens", "{ __typename __typename __typename __typename }"),
        ("depth", "{ authors { nodes { books { title } } } }"),
        ("aliases", "{ a: __typename b: __typename c: __typename }"),
        ("directives", "{ __typename @skip(if: false) me @skip(if: false) { tenant @skip(if: false) } }"),
        ("root fields", "{ a: me { tenant } b: me { tenant } }"),
        ("fields", "{ me { tenant permissions __typename } authors { totalCount } }"),
        ("fragments", "{ ...A ...B } fragment A on Query { __typename } fragment B on Query { __typename }"),
        ("operations", "query A { __typename } query B { __typename }"),
        ("characters", "{ __typename }" + " " * 300),
        ("prose", "# " + "x" * 100 + "\n{ __typename }"),
        ("introspection", INTROSPECTION),
    ],
)
def test_every_bound_is_kept_and_named(limit, text):
    tight = {
        "tokens": {"tokens": 5},
        "depth": {"depth": 3},
        "aliases": {"aliases": 2},
        "directives": {"directives": 2},
        "root fields": {"root_fields": 1},
        "fields": {"fields": 5},
        "fragments": {"fragments": 1},
        "operations": {"operations": 1},
        "characters": {"characters": 300},
        "prose": {"prose": 50},
        "introspection": {"introspection_depth": 5},
    }[limit]
    found = refusal(text, Limits(**tight))
    assert found["code"] == "DOCUMENT_LIMIT_EXCEEDED"


def test_documents_within_the_bounds_are_taken():
    known = Documents(SCHEMA, Limits())
    deep = "{ authors { nodes { books { author { books { author { books { author { id } } } } } } } } }"
    for text in (INTROSPECTION, deep, "{ ...A ...A } fragment A on Query { ...B } fragment B on Query { __typename }"):
        assert known.operation(text, None, "tenant")


def test_fragments_count_wherever_they_are_spread():
    fields = "{ authors { nodes { ...A } } x: authors { nodes { ...A } } } fragment A on Author { id name number }"
    assert refusal(fields, Limits(fields=9))["code"] == "DOCUMENT_LIMIT_EXCEEDED"
    assert Documents(SCHEMA, Limits(fields=10)).operation(fields, None, "tenant")
