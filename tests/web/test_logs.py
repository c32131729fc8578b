"""The log tells what happened, and nothing that a person would mind."""

import io
import logging
from typing import Any

import httpx2
import orjson
import pytest
import structlog

from tests.web.toy_endpoint import ADLER, ANNA
from web import logs


def text(log: io.StringIO) -> str:
    logs.flush()
    return log.getvalue()


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in text(log).splitlines()]


def told(log: io.StringIO, event: str = "request") -> dict[str, Any]:
    return next(line for line in lines(log) if line["event"] == event)


async def test_a_request_is_one_line(client: httpx2.AsyncClient, log: io.StringIO) -> None:
    answer = await client.post("/graphql", json={"query": "query Greeting { hello } # cost 7"})
    line = told(log)
    assert line["level"] == "info"
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["endpoint"], line["method"], line["status"]) == ("staff", "POST", 200)
    assert (line["tenant"], line["actor"]) == (str(ADLER), str(ANNA))
    assert (line["operation"], line["cost"]) == ("Greeting", 7)
    assert len(line["document"]) == 64
    assert line["ms"] >= 0
    assert "codes" not in line


async def test_no_text_variable_or_token_is_logged(client: httpx2.AsyncClient, log: io.StringIO) -> None:
    query = 'query A($n: String) { a: hello(name: $n) b: hello(name: "CANARY-LITERAL") defect }'
    await client.post(
        "/graphql?canary=CANARY-ADDRESS",
        json={"query": query, "variables": {"n": "CANARY-VARIABLE"}},
        headers={"authorization": "Bearer anna", "cookie": "session=CANARY-COOKIE", "user-agent": "CANARY-AGENT"},
    )
    await client.post("/graphql", json={"query": "{ CANARY_FIELD }"})
    await client.post("/graphql", json={"query": "{ hello }"}, headers={"authorization": "Bearer CANARY-TOKEN"})
    assert "CANARY" not in text(log)
    assert "Bearer" not in text(log)
    assert [line["status"] for line in lines(log) if line["event"] == "request"] == [500, 200, 401]


async def test_a_defect_is_logged_by_type_and_place_under_the_id_that_the_client_got(
    client: httpx2.AsyncClient, log: io.StringIO
) -> None:
    answer = await client.post("/graphql", json={"query": "{ defect }"})
    line = told(log, "request broke")
    assert line["request_id"] == answer.json()["errors"][0]["extensions"]["id"]
    assert line["exception"][0]["type"] == "builtins.ValueError"
    assert line["exception"][0]["at"][-1].endswith(" answer")
    assert "anna@example.com" not in text(log)
    assert told(log)["codes"] == ["INTERNAL"]


async def test_codes_of_errors_are_told(client: httpx2.AsyncClient, log: io.StringIO) -> None:
    await client.post("/graphql", json={"query": "{ broken }"})
    assert told(log)["codes"] == ["FORBIDDEN"]


@pytest.mark.parametrize("given", ["0123456789abcdef", "trace-1.2_3-4"])
async def test_a_plain_request_id_of_the_client_is_kept(
    client: httpx2.AsyncClient, log: io.StringIO, given: str
) -> None:
    answer = await client.post("/graphql", json={"query": "{ hello }"}, headers={"x-request-id": given})
    assert answer.headers["x-request-id"] == given
    assert told(log)["request_id"] == given


@pytest.mark.parametrize("given", ["short", "x" * 65, "a b c d e f g", '"},{"event":"forged"', "-leading-dash"])
async def test_an_odd_request_id_is_replaced(client: httpx2.AsyncClient, given: str) -> None:
    answer = await client.post("/graphql", json={"query": "{ hello }"}, headers={"x-request-id": given})
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 32


def test_the_servers_own_lines_go_the_same_way() -> None:
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # as a server left it that ran here before
    log = io.StringIO()
    logs.configure(stream=log)
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
    logging.getLogger("uvicorn.access").info("GET /graphql?query=CANARY")
    assert [(line["event"], line["logger"]) for line in lines(log)] == [("Started server process [7]", "uvicorn.error")]


def test_a_secret_named_by_mistake_is_not_written(log: io.StringIO) -> None:
    structlog.get_logger("x").warning("odd", token="CANARY", email="CANARY", size=1)
    assert "CANARY" not in text(log)
    assert lines(log)[0]["size"] == 1


def test_the_chain_of_an_exception_is_told_and_its_messages_only_in_a_demo() -> None:
    for messages in (False, True):
        log = io.StringIO()
        logs.configure(stream=log, messages=messages)
        outer = ValueError("CANARY-OUTER")
        outer.__cause__ = KeyError("CANARY-INNER")
        logging.getLogger("any").error("it broke", exc_info=outer)
        line = lines(log)[0]
        assert [one["type"] for one in line["exception"]] == ["builtins.ValueError", "builtins.KeyError"]
        assert ("CANARY" in text(log)) is messages


async def test_half_an_answer_cannot_be_mended_and_cuts_the_line(log: io.StringIO) -> None:
    sent: list[Any] = []

    async def breaks(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("late")

    async def send(message: Any) -> None:
        sent.append(message)

    with pytest.raises(ValueError, match="late"):
        await logs.RequestLog(breaks)({"type": "http", "method": "GET", "headers": []}, None, send)  # type: ignore[arg-type]
    assert [one["type"] for one in sent] == ["http.response.start"]
    assert told(log)["status"] == 200
