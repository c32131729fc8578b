"""Examples name what only a loaded world knows; whoever opens the playground gets the values of the own tenant."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from web.examples import Example, Value, examples_below, filled, values_for, write_values
from web.issuer.people import DemoPerson
from web.site import page_routes

ADLER, BUSSARD = UUID(int=1), UUID(int=2)


def example(variables: str | None) -> Example:
    return Example("one", "One", "", (), "query One { a }", variables)


def test_a_value_takes_the_place_of_its_name_as_what_it_is() -> None:
    one = filled(example('{"id": "{{cart}}", "version": "{{version}}"}'), {"cart": 'car_"1"', "version": 3})
    assert one.variables == '{"id": "car_\\"1\\"", "version": 3}'


def test_a_name_without_a_value_stays_and_so_does_an_example_without_variables() -> None:
    assert filled(example('{"id": "{{cart}}"}'), {}).variables == '{"id": "{{cart}}"}'
    assert filled(example(None), {"cart": "car_1"}).variables is None


def test_each_tenant_has_values_of_its_own(tmp_path: Path) -> None:
    assert values_for(tmp_path, ADLER) == {}
    write_values(tmp_path, {ADLER: {"cart": "car_1", "version": 3}})
    assert values_for(tmp_path, ADLER) == {"cart": "car_1", "version": 3}
    assert values_for(tmp_path, BUSSARD) == {}
    assert values_for(tmp_path, None) == {}


def test_the_playground_is_told_the_examples_with_the_values_of_whoever_asks() -> None:
    named = "24-why-is-it-not-sellable"
    assert any(one.name == named for one in examples_below()["staff"])

    async def nobody() -> list[DemoPerson]:
        return []

    async def well() -> Mapping[str, bool]:
        return {}

    async def values(request: Request) -> Mapping[str, Value]:
        return {"brokenCart": "car_7"} if request.headers.get("cookie") else {}

    routes = page_routes(environment="demo", people=nobody, health=well, values=values)
    with TestClient(Starlette(routes=routes)) as client:
        guest, member = (client.get("/playground/examples.json", headers=sent) for sent in ({}, {"cookie": "s=1"}))
    assert '"{{brokenCart}}"' in variables_of(guest.json(), named)
    assert '"car_7"' in variables_of(member.json(), named)
    assert member.headers["cache-control"] == "private, no-cache"


def variables_of(told: dict[str, list[dict[str, str]]], name: str) -> str:
    return next(one["variables"] for one in told["staff"] if one["name"] == name)
