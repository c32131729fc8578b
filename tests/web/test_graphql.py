"""The GraphQL door: media types, methods, statuses, errors."""

import asyncio
from typing import Any

import httpx2
import pytest
from psycopg import errors

from reads.connection import DatabaseUnavailable, StatementFailed
from reads.pool import PoolExhausted
from tenancy.errors import Forbidden
from tests.web.toy_endpoint import Toy
from web.budget import Allowance
from web.graphql import Limits

GRAPHQL = "application/graphql-response+json"


async def ask(client: httpx2.AsyncClient, query: str, accept: str = GRAPHQL, **more: Any) -> httpx2.Response:
    return await client.post("/graphql", json={"query": query, **more}, headers={"accept": accept})


def code(response: httpx2.Response) -> str:
    error = response.json()["errors"][0]
    assert isinstance(error["message"], str)
    return str(error["extensions"]["code"])


async def test_an_answer_has_its_type_its_length_and_what_it_cost() -> None:
    async with Toy(allowance=Allowance(size=1000, refill=1)).client() as client:
        response = await ask(client, "{ hello } # cost 10")
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
    assert int(response.headers["content-length"]) == len(response.content)
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert body["data"] == {"hello": "Hello world"}
    assert body["extensions"]["cost"] == {"requested": 10, "budgetLeft": 990, "refillPerSecond": 1}


async def test_the_data_goes_out_as_the_schema_wrote_it(client: httpx2.AsyncClient) -> None:
    response = await ask(
        client, 'query A($n: String!) { b: hello(name: $n) a: hello(name: "ü🏊") }', variables={"n": "1"}
    )
    assert response.content.startswith('{"data":{"b":"Hello 1","a":"Hello ü🏊"},'.encode())


async def test_a_partial_answer_is_a_success_with_errors(client: httpx2.AsyncClient) -> None:
    response = await ask(client, "{ hello broken }")
    assert response.status_code == 200
    assert response.json()["data"] == {"hello": "Hello world", "broken": None}
    assert (code(response), response.json()["errors"][0]["path"]) == ("FORBIDDEN", ["broken"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A($x: Int!) { number(value: $x) }", "BAD_USER_INPUT"),
    ],
)
async def test_a_wrong_document_is_400_for_clients_that_know_and_200_for_those_from_before(
    client: httpx2.AsyncClient, query: str, expected: str
) -> None:
    told = await ask(client, query)
    assert (told.status_code, code(told), "data" in told.json()) == (400, expected, False)
    before = await ask(client, query, accept="application/json")
    assert (before.status_code, code(before), "data" in before.json()) == (200, expected, False)


async def test_a_query_may_come_by_get_and_a_mutation_may_not(client: httpx2.AsyncClient) -> None:
    asked = await client.get("/graphql", params={"query": "{ hello }"}, headers={"accept": GRAPHQL})
    assert (asked.status_code, asked.json()["data"]) == (200, {"hello": "Hello world"})
    for accept in (GRAPHQL, "application/json"):
        refused = await client.get(
            "/graphql", params={"query": 'mutation { rename(name: "x") }'}, headers={"accept": accept}
        )
        assert (refused.status_code, refused.headers["allow"], code(refused)) == (405, "POST", "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_told_which_ones_there_are(client: httpx2.AsyncClient, method: str) -> None:
    refused = await client.request(method, "/graphql")
    assert (refused.status_code, refused.headers["allow"], code(refused)) == (405, "GET, POST", "METHOD_NOT_ALLOWED")


async def test_the_address_is_not_redirected(client: httpx2.AsyncClient) -> None:
    assert (await ask(client, "{ hello }")).history == []
    assert (await client.post("/graphql", json={"query": "{ hello }"})).status_code == 200


@pytest.mark.parametrize("token", [None, "nobody"])
async def test_nobody_known_gets_401_before_a_byte_of_the_body_is_read(toy: Toy, token: str | None) -> None:
    async with toy.client(token) as client:
        refused = await client.post("/graphql", content=b"\xff", headers={"content-type": "text/plain"})
    assert (refused.status_code, code(refused)) == (401, "UNAUTHENTICATED")
    assert refused.headers["www-authenticate"] == 'Bearer realm="kontor"'
    assert toy.endpoint.asked == []


async def test_an_expired_token_says_so(toy: Toy) -> None:
    async with toy.client("expired") as client:
        refused = await ask(client, "{ hello }")
    assert (refused.status_code, code(refused)) == (401, "TOKEN_EXPIRED")
    assert refused.headers["www-authenticate"] == 'Bearer realm="kontor", error="invalid_token"'


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "application/graphql",
        "application/jsonp",
        "",
    ],
)
async def test_what_a_foreign_page_could_send_unasked_is_refused(client: httpx2.AsyncClient, content_type: str) -> None:
    refused = await client.post(
        "/graphql", content=b'{"query":"mutation { rename(name: \\"x\\") }"}', headers={"content-type": content_type}
    )
    assert (refused.status_code, code(refused)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("content_type", ["application/json", "application/json;charset=UTF-8", "Application/JSON"])
async def test_json_in_utf8_is_taken_however_it_is_spelled(client: httpx2.AsyncClient, content_type: str) -> None:
    taken = await client.post("/graphql", content=b'{"query":"{ hello }"}', headers={"content-type": content_type})
    assert taken.status_code == 200


async def test_a_packed_body_is_refused(client: httpx2.AsyncClient) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    refused = await client.post("/graphql", content=b"\x1f\x8b", headers=headers)
    assert (refused.status_code, code(refused)) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_an_answer_in_a_language_we_do_not_speak_is_refused(client: httpx2.AsyncClient) -> None:
    refused = await ask(client, "{ hello }", accept="text/html")
    assert (refused.status_code, code(refused)) == (406, "NOT_ACCEPTABLE")


async def test_a_body_may_have_256_kib_and_not_a_byte_more(client: httpx2.AsyncClient) -> None:
    frame = len(b'{"query":"{ hello }","x":""}')
    for size, status in ((262_144, 200), (262_145, 413)):
        body = b'{"query":"{ hello }","x":"' + b"y" * (size - frame) + b'"}'
        response = await client.post("/graphql", content=body, headers={"content-type": "application/json"})
        assert response.status_code == status


HOSTILE_DOCUMENTS = [
    '{ hello(name: "\\u0000") }',
    '{ hello(name: "\\u{0}") }',
    '{ hello(name: "\\u{00000}") }',
    "{ hello }\0",
    "{ number(value: " + "9" * 5000 + ") }",
    "{ number(value: 1e" + "9" * 500 + ") }",
]


@pytest.mark.parametrize("query", HOSTILE_DOCUMENTS)
async def test_a_document_that_holds_poison_reaches_no_parser(toy: Toy, query: str) -> None:
    async with toy.client() as client:
        refused = await ask(client, query)
    assert (refused.status_code, code(refused)) == (400, "BAD_REQUEST")
    assert toy.endpoint.asked == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        " " * 60_000,
        "#" * 60_000,
        "\ufeff{ hello }",
        "{" * 500,
        "{ hello(name: " + "[" * 300 + "]" * 300 + ") }",
        '{ hello(name: "\\ud800") }',
        '{ hello(name: """\\u12""") }',
        "{ number(value: 2147483648) }",
        "{ number(value: -0) }",
        "{ number(value: 1e400) }",
    ],
)
@pytest.mark.parametrize("accept", [GRAPHQL, "application/json"])
async def test_no_document_makes_the_server_fail(client: httpx2.AsyncClient, query: str, accept: str) -> None:
    response = await ask(client, query, accept=accept)
    assert response.status_code in (200, 400)


@pytest.mark.parametrize("value", [2**31, 2**64, 10**300, 1.5, True, "7", [], {}, None])
async def test_no_variable_makes_the_server_fail(client: httpx2.AsyncClient, value: object) -> None:
    response = await ask(client, "query A($x: Int!) { number(value: $x) }", variables={"x": value})
    assert (response.status_code, code(response)) == (400, "BAD_USER_INPUT")


async def test_names_of_the_schema_are_suggested_to_staff_only(toy: Toy) -> None:
    async with toy.client("anna") as anna, toy.client("petra") as petra:
        assert "Did you mean" in (await ask(anna, "{ helo }")).json()["errors"][0]["message"]
        told = (await ask(petra, "{ helo }")).json()["errors"][0]["message"]
    assert told == "Cannot query field 'helo' on type 'Query'."


async def test_a_defect_is_told_by_an_id_and_nothing_else(client: httpx2.AsyncClient) -> None:
    response = await ask(client, "{ defect }")
    assert (response.status_code, code(response)) == (500, "INTERNAL")
    error = response.json()["errors"][0]
    assert error["extensions"]["id"] == response.headers["x-request-id"]
    assert "anna@" not in response.text


@pytest.mark.parametrize(
    ("fails", "expected", "status", "retry_after"),
    [
        (PoolExhausted(), "POOL_EXHAUSTED", 503, "1"),
        (DatabaseUnavailable(), "DATABASE_UNAVAILABLE", 503, "5"),
        (errors.AdminShutdown(), "DATABASE_UNAVAILABLE", 503, "5"),
        (StatementFailed("57014", "CANARY"), "TIMEOUT", 200, None),
        (errors.QueryCanceled(), "TIMEOUT", 200, None),
        (StatementFailed("22003", "CANARY"), "BAD_USER_INPUT", 400, None),
        (StatementFailed("42703", "CANARY"), "INTERNAL", 500, None),
        (Forbidden("FORBIDDEN", "Not for you."), "FORBIDDEN", 403, None),
    ],
)
async def test_a_failing_database_is_told_by_what_can_be_done_about_it(
    toy: Toy, fails: Exception, expected: str, status: int, retry_after: str | None
) -> None:
    toy.endpoint.fails = fails
    async with toy.client() as client:
        told = await ask(client, "{ hello }")
    assert (told.status_code, code(told), told.headers.get("retry-after")) == (status, expected, retry_after)
    assert "CANARY" not in told.text


async def test_an_answer_that_takes_too_long_is_cut_and_charged() -> None:
    toy = Toy(limits=Limits(answer_seconds=0.02))
    async with toy.client() as client:
        response = await ask(client, "{ slow(seconds: 5) } # cost 700")
    assert (response.status_code, code(response), response.json()["data"]) == (200, "TIMEOUT", None)
    assert response.json()["extensions"]["cost"]["requested"] == 700
    assert toy.endpoint.cancelled == 1


async def test_a_client_that_hangs_up_is_worked_for_no_longer(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.patience.LOOK_AFTER", 0.01)
    sent: list[Any] = []
    messages = [
        {"type": "http.request", "body": b'{"query":"{ slow(seconds: 30) }"}', "more_body": False},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"authorization", b"Bearer anna"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": headers, "query_string": b""}
    await asyncio.wait_for(toy.door(scope, receive, send), 5)
    assert (toy.endpoint.cancelled, sent) == (1, [])


async def test_a_spent_budget_says_when_to_come_back() -> None:
    toy = Toy(allowance=Allowance(size=100, refill=10))
    async with toy.client() as client:
        assert (await ask(client, "{ hello } # cost 90")).json()["extensions"]["cost"]["budgetLeft"] == 10
        for accept in (GRAPHQL, "application/json"):
            refused = await ask(client, "{ hello } # cost 50", accept=accept)
            assert (refused.status_code, code(refused)) == (429, "BUDGET_SPENT")
            assert refused.headers["retry-after"] in ("3", "4")
            assert refused.json()["errors"][0]["extensions"]["cost"]["refillPerSecond"] == 10


async def test_a_cost_that_no_budget_holds_is_not_worth_waiting_for() -> None:
    toy = Toy(allowance=Allowance(size=100, refill=10))
    async with toy.client() as client:
        refused = await ask(client, "{ hello } # cost 101")
    assert (refused.status_code, code(refused), "retry-after" in refused.headers) == (400, "COST_EXCEEDED", False)


async def test_nonsense_costs_as_well() -> None:
    toy = Toy(allowance=Allowance(size=3, refill=0.001))
    async with toy.client() as client:
        codes = [code(await ask(client, "{")) for _ in range(4)]
    assert codes == ["GRAPHQL_PARSE_FAILED"] * 3 + ["BUDGET_SPENT"]


async def test_one_tenants_spending_is_not_anothers() -> None:
    toy = Toy(allowance=Allowance(size=10, refill=0.001))
    async with toy.client("anna") as anna, toy.client("berta") as berta:
        await ask(anna, "{ hello } # cost 10")
        assert code(await ask(anna, "{ hello }")) == "BUDGET_SPENT"
        assert (await ask(berta, "{ hello }")).status_code == 200


async def test_a_tenant_that_asks_for_too_much_at_once_does_not_hold_up_another() -> None:
    toy = Toy(allowance=Allowance(at_once=2, patience=0.05))
    async with toy.client("anna") as anna, toy.client("berta") as berta:
        storm = [asyncio.create_task(ask(anna, "{ slow(seconds: 0.4) }")) for _ in range(10)]
        await asyncio.sleep(0.01)
        assert (await ask(berta, "{ hello }")).status_code == 200
        answers = await asyncio.gather(*storm)
    statuses = sorted(one.status_code for one in answers)
    assert statuses == [200] * 2 + [429] * 8
    refused = next(one for one in answers if one.status_code == 429)
    assert (code(refused), refused.headers["retry-after"]) == ("TOO_MANY_AT_ONCE", "1")
