"""What a client sent is well-formed, or refused by name."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.http.bodies import Parameters, from_body, from_query_string, read_body, read_json
from web.http.problems import Problem
from web.patience import ClientGone, Patience, present

DEEP = 200_000

HOSTILE = {
    "nothing": b"",
    "half a document": b'{"query":',
    "a string": b'"{ hello }"',
    "a number": b"42",
    "null": b"null",
    "true": b"true",
    "not a number": b'{"query":"{a}","variables":{"x":NaN}}',
    "infinity": b'{"query":"{a}","variables":{"x":1e400}}',
    "bytes that are no UTF-8": b'{"query":"\xff\xfe"}',
    "an encoded surrogate": b'{"query":"\xed\xa0\x80"}',
    "a byte order mark": b'\xef\xbb\xbf{"query":"{a}"}',
    "UTF-16": '{"query":"{a}"}'.encode("utf-16"),
    "an integer of 5000 digits": b'{"query":"{a}","variables":{"x":' + b"9" * 5000 + b"}}",
    "a number that rounds to nothing": b'{"query":"{a}","variables":{"x":1' + b"0" * 4999 + b"}}",
    "deep lists": b'{"query":"{a}","variables":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep lists without end": b"[" * DEEP,
    "deep objects": b'{"a":' * 1000 + b"1" + b"}" * 1000,
    "lists too deep for any input": b'{"query":"{a}","variables":{"x":' + b"[" * 100 + b"]" * 100 + b"}}",
    "a lone high surrogate": b'{"query":"{a}","variables":{"x":"\\ud800"}}',
    "a lone low surrogate": b'{"query":"{a}","variables":{"x":"\\udc00"}}',
    "U+0000 in a value": b'{"query":"{a}","variables":{"x":"a\\u0000b"}}',
    "U+0000 in a key": b'{"query":"{a}","variables":{"a\\u0000b":1}}',
    "U+0000 deep inside": b'{"query":"{a}","variables":{"x":[{"y":["\\u0000"]}]}}',
    "U+0000 in the query": b'{"query":"{a}\\u0000"}',
    "U+0000 in the name": b'{"query":"{a}","operationName":"\\u0000"}',
    "a bare control character": b'{"query":"{a\x01}"}',
    "the query twice": b'{"query":"{a}","query":"{b}"}',
    "the query twice, once disguised": b'{"query":"{a}","qu\\u0065ry":"{b}"}',
    "a variable twice": b'{"query":"{a}","variables":{"x":1,"x":2}}',
    "a key twice in a list": b'{"query":"{a}","variables":{"x":[{"y":1 , "y" : 2}]}}',
    "a query that is no string": b'{"query":{"a":1}}',
    "variables that are no object": b'{"query":"{a}","variables":[1]}',
    "variables in a string": b'{"query":"{a}","variables":"{}"}',
    "an operation name that is no string": b'{"query":"{a}","operationName":["a"]}',
    "extensions that are no object": b'{"query":"{a}","extensions":1}',
    "a document id that is no string": b'{"documentId":7}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(Problem) as refused:
        from_body(body)
    assert (refused.value.code, refused.value.status) == ("BAD_REQUEST", 400)


def test_a_list_of_operations_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        from_body(b'[{"query":"{a}"},{"query":"{b}"}]')
    assert refused.value.code == "BATCHING_NOT_SUPPORTED"


def test_what_is_absent_or_null_is_empty() -> None:
    asked = from_body(b'{"query":"{a}","variables":null,"operationName":null,"extensions":null,"other":1}')
    assert asked.query == "{a}"
    assert (asked.operation_name, asked.document_id) == (None, None)
    assert (asked.variables, asked.extensions) == ({}, {})


@pytest.mark.parametrize("number", [2**53 + 1, 2**63, 2**64 + 1, 10**40 + 1, -(2**64) - 1])
def test_a_whole_number_comes_through_to_the_last_digit(number: int) -> None:
    asked = from_body(b'{"query":"{a}","variables":{"x":%d}}' % number)
    assert asked.variables["x"] == number


def test_text_that_looks_like_keys_is_left_alone() -> None:
    asked = from_body(b'{"query":"{a(x: \\"y\\": 1)}","variables":{"x":"\\"z\\":1, \\"z\\":2"}}')
    assert asked.variables == {"x": '"z":1, "z":2'}


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**30), max_value=10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii", min_codepoint=32)), inner),
    max_leaves=20,
)


@given(_JSON)
def test_every_good_value_comes_through_unchanged(value: Any) -> None:
    for ascii_only in (True, False):
        assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode(), "It") == value


def outcome(reader: Callable[[bytes], Parameters], raw: bytes) -> int | None:
    try:
        reader(raw)
    except Problem as refused:
        return refused.status
    return 200


@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_the_reader_fail(body: bytes) -> None:
    assert outcome(from_body, body) in (200, 400)


@given(st.binary(max_size=200))
def test_no_address_at_all_makes_the_reader_fail(raw: bytes) -> None:
    assert outcome(from_query_string, raw) in (200, 400)


def test_an_address_holds_query_and_variables() -> None:
    asked = from_query_string(b"query=%7B+a+%7D&variables=%7B%22x%22%3A1%7D&operationName=A&extensions=")
    assert (asked.query, asked.variables, asked.operation_name, asked.extensions) == ("{ a }", {"x": 1}, "A", {})


@pytest.mark.parametrize(
    "raw",
    [
        b"query={a}&query={b}",
        b"query=%FF",
        b"query=%ED%A0%80",
        b"query=a%00b",
        b"query={a}&variables=[1]",
        b"query={a}&variables={x",
        b"query={a}&extensions=7",
    ],
)
def test_a_hostile_address_is_a_bad_request(raw: bytes) -> None:
    with pytest.raises(Problem) as refused:
        from_query_string(raw)
    assert refused.value.code == "BAD_REQUEST"


class Line:
    """A connection that delivers pieces, then nothing for ever."""

    def __init__(self, *pieces: bytes | None, ends: bool = True) -> None:
        self.pieces, self.ends, self.taken = list(pieces), ends, 0

    async def receive(self) -> dict[str, Any]:
        if self.taken == len(self.pieces):
            await asyncio.sleep(60)
        piece = self.pieces[self.taken]
        self.taken += 1
        if piece is None:
            return {"type": "http.disconnect"}
        more = self.taken < len(self.pieces) or not self.ends
        return {"type": "http.request", "body": piece, "more_body": more}


async def test_a_body_in_pieces_is_one_body() -> None:
    assert await read_body({}, Line(b"ab", b"", b"cd").receive, Patience(), present()) == b"abcd"


async def test_a_body_announced_as_too_large_is_not_even_read() -> None:
    line = Line(b"x")
    with pytest.raises(Problem) as refused:
        await read_body({b"content-length": b"262145"}, line.receive, Patience(), present())
    assert (refused.value.code, refused.value.status, line.taken) == ("BODY_TOO_LARGE", 413, 0)


async def test_a_body_that_does_not_say_its_length_is_cut_off_at_the_limit() -> None:
    line = Line(*[b"x" * 65536] * 1000, ends=False)
    with pytest.raises(Problem) as refused:
        await read_body({}, line.receive, Patience(), present())
    assert (refused.value.code, line.taken) == ("BODY_TOO_LARGE", 5)


async def test_a_body_may_fill_the_limit() -> None:
    assert (
        len(await read_body({b"content-length": b"262144"}, Line(b"x" * 262_144).receive, Patience(), present()))
        == 262_144
    )


async def test_a_body_that_never_ends_is_not_waited_for() -> None:
    with pytest.raises(Problem) as refused:
        await read_body({}, Line(b"x", ends=False).receive, Patience(), present(), seconds=0.01)
    assert (refused.value.code, refused.value.status) == ("REQUEST_TIMEOUT", 408)


async def test_a_client_that_hangs_up_in_its_body_gets_no_answer() -> None:
    with pytest.raises(ClientGone):
        await read_body({}, Line(b"x", None).receive, Patience(), present())
