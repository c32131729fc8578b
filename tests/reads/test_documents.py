"""Operations: their variables, plainly or in graphql-core's way, and the keys of their plans."""

import pytest

from reads.arguments import shape, whole
from reads.documents import Documents
from reads.errors import RequestRefused
from reads.limits import Limits
from tenancy.permissions import Scope
from tests.reads import toy
from tests.reads.toy_data import caller, world

SCHEMA = toy.schema._schema
TENANT = world().tenants[0]


def operation(text, name=None):
    return Documents(SCHEMA, Limits()).operation(text, name, "tenant")


def test_plain_variables_are_taken_as_they_are_and_absent_ones_stay_absent():
    made = operation(
        "query($i: ID!, $n: Int, $b: Boolean) { author(id: $i) @skip(if: false) { id } authors(first: $n) "
        "{ totalCount } x: me { tenant } y: authors(filter: {longNamed: $b}) { totalCount } }"
    )
    assert made.values({"i": "x", "n": None}) == {"i": "x", "n": None}
    assert made.values({"i": "x", "unknown": 1}) == {"i": "x"}


def test_unusual_variables_go_to_graphql_core():
    made = operation(
        "query($i: ID!, $k: Kind = POET) { author(id: $i) { id } authors(filter: {kind: {eq: $k}}) { totalCount } }"
    )
    assert made.values({"i": 5}) == {"i": "5", "k": toy.Kind.POET}
    with pytest.raises(RequestRefused) as refused:
        made.values({"i": "x", "k": "NOBODY"})
    assert "does not exist in 'Kind' enum" in refused.value.errors[0]["message"]


def test_an_operation_is_kept_and_found_again():
    known = Documents(SCHEMA, Limits())
    assert known.operation("{ __typename }", None, "a") is known.operation("{ __typename }", None, "b")
    assert known.operation("query A { __typename } query B { __typename }", "A", "a") is not known.operation(
        "query A { __typename } query B { __typename }", "B", "a"
    )
    long = "{ __typename } #" + "x" * 9000
    assert known.operation(long, None, "a") is known.operation(long, None, "b")


def test_values_that_are_only_bound_share_a_key_and_those_that_shape_do_not():
    made = operation(
        "query($f: AuthorFilter, $n: Int, $b: Boolean! = true)"
        " { authors(filter: $f, first: $n) { totalCount @skip(if: $b) } }"
    )
    who = caller(TENANT)

    def key(**variables):
        return made.key(made.values(variables), who)

    assert key(n=1) == key(n=2) != key(n=None) != key()
    assert key(f={"number": {"eq": "a"}}) == key(f={"number": {"eq": "b"}}) != key(f={"number": {"startsWith": "b"}})
    assert key(f={"id": {"in": ["a"]}}) == key(f={"id": {"in": ["a", "b"]}})
    assert key(f={"or": [{}]}) != key(f={"or": [{}, {}]})
    assert key(f={"number": {"isNull": True}}) != key(f={"number": {"isNull": False}})
    assert key(b=True) != key(b=False)


def test_what_a_plan_was_shaped_by_is_part_of_every_later_key():
    made = operation("query($n: Int) { authors(first: $n) { totalCount } }")
    few, many = caller(TENANT, grants={}), caller(TENANT, grants={toy.SEE: Scope.TENANT})

    def key(who, n):
        return made.key({"n": n}, who)

    assert key(few, 1) == key(many, 2)
    made.learn({"n"}, {toy.SEE: None})
    assert key(few, 1) != key(few, 2)
    assert key(few, 1) != key(many, 1)


def test_shapes_of_values():
    assert shape(None) is None
    assert shape(value=True) is True
    assert shape(1) == shape("x") == shape(["x"]) == shape([]) == 1
    assert shape({"a": 1}) == (("a", 1),)
    assert shape([{"a": 1}]) == ((("a", 1),),)
    assert whole([{"a": [1, {"b": 2}]}]) == ((("a", (1, (("b", 2),))),),)
