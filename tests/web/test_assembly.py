"""The whole application over a small schema: its addresses, what stands before them, how they fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from tenancy import settings
from tests.web.toy_endpoint import ToyEndpoint, sign_in
from web import metrics
from web.assembly import Audience, Parts, assemble

SDL = "type Query {\n  hello: String!\n}\n"
PLACE = "http://127.0.0.1:8000"


class World:
    """Which parts of the application work, and what was opened."""

    def __init__(self) -> None:
        self.database_answers = True
        self.asked = 0
        self.opened: list[str] = []

    async def database(self) -> bool:
        self.asked += 1
        return self.database_answers

    @asynccontextmanager
    async def pool(self, name: str) -> AsyncIterator[None]:
        self.opened.append(name)
        yield
        self.opened.remove(name)


def application(world: World, **given: Any) -> Starlette:
    chosen = settings.load(**{"environment": "production", "session_secret": "x" * 32, **given})
    audience = Audience(ToyEndpoint(), lambda: SDL, sign_in)
    parts = Parts(
        staff=audience,
        portal=Audience(ToyEndpoint(), lambda: SDL, sign_in, only_trusted=chosen.trusted_documents_only),
        opened=[world.pool("app"), world.pool("portal")],
        checks={"database": world.database},
    )
    return assemble(chosen, parts)


def visitor(
    app: Starlette, who: str | None = "anna", *, at: str = "127.0.0.1", place: str = PLACE
) -> httpx2.AsyncClient:
    headers = {"authorization": f"Bearer {who}"} if who else {}
    transport = httpx2.ASGITransport(app=app, client=(at, 4711))
    return httpx2.AsyncClient(transport=transport, base_url=place, headers=headers)


@pytest.fixture
def world() -> World:
    return World()


def code(response: httpx2.Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


async def test_both_doors_answer_and_the_portal_in_production_only_to_trusted_documents(world: World) -> None:
    async with visitor(application(world)) as client:
        staff = await client.post("/graphql", json={"query": "{ hello }"})
        portal = await client.post("/portal/graphql", json={"query": "{ hello }"})
    assert staff.json()["data"] == {"hello": "Hello world"}
    assert code(portal) == "TRUSTED_DOCUMENTS_ONLY"


async def test_a_path_with_another_slash_is_not_redirected(world: World) -> None:
    async with visitor(application(world)) as client:
        other = await client.post("/graphql/", json={"query": "{ hello }"})
    assert (other.status_code, code(other)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["/graphql", "/nowhere", "/health/ready", "/schema.graphql", "/metrics"])
async def test_security_headers_and_a_request_id_are_on_every_answer(world: World, path: str) -> None:
    async with visitor(application(world)) as client:
        answer = await client.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert len(answer.headers["x-request-id"]) == 32
    assert "server" not in answer.headers


async def test_the_answer_to_a_defect_has_them_too(world: World) -> None:
    async with visitor(application(world)) as client:
        broken = await client.post("/graphql", json={"query": "{ defect }"})
    assert (broken.status_code, code(broken)) == (500, "INTERNAL")
    assert broken.headers["x-frame-options"] == "DENY"


async def test_the_schema_can_be_fetched_once_and_then_only_when_it_changed(world: World) -> None:
    async with visitor(application(world, environment="demo"), who=None) as client:
        first = await client.get("/schema.graphql")
        tag = first.headers["etag"]
        assert (first.status_code, first.text) == (200, SDL)
        for names in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = await client.get("/schema.graphql", headers={"if-none-match": names})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert (await client.get("/schema.graphql", headers={"if-none-match": '"other"'})).status_code == 200
        head = await client.head("/schema.graphql")
        assert (head.content, head.headers["content-length"]) == (b"", str(len(SDL)))
        refused = await client.post("/portal/schema.graphql", json={})
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (None, "/schema.graphql", 401),
        ("petra", "/schema.graphql", 403),
        ("anna", "/schema.graphql", 200),
        (None, "/portal/schema.graphql", 401),
        ("petra", "/portal/schema.graphql", 200),
    ],
)
async def test_in_production_the_schema_is_shown_to_those_who_may_know_it(
    world: World, who: str | None, path: str, status: int
) -> None:
    async with visitor(application(world), who) as client:
        assert (await client.get(path)).status_code == status


async def test_a_worker_is_ready_when_its_parts_work(world: World) -> None:
    async with visitor(application(world), who=None) as client:
        assert (await client.get("/health/live")).json() == {"live": True}
        assert (await client.get("/health/ready")).json() == {"ready": True, "parts": {"database": True}}


async def test_a_worker_without_its_database_lives_but_is_not_ready(world: World) -> None:
    world.database_answers = False
    async with visitor(application(world), who=None) as client:
        assert (await client.get("/health/live")).status_code == 200
        ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (503, {"ready": False, "parts": {"database": False}})
    assert ready.headers["retry-after"] == "2"


async def test_a_worker_that_is_about_to_stop_is_not_ready_but_answers(world: World) -> None:
    app = application(world)
    async with visitor(app) as client:
        app.state.health.drain()
        assert (await client.get("/health/ready")).status_code == 503
        assert (await client.post("/graphql", json={"query": "{ hello }"})).status_code == 200


async def test_a_flood_of_probes_is_one_question_to_the_database(world: World) -> None:
    async with visitor(application(world), who=None) as client:
        for _ in range(20):
            await client.get("/health/ready")
    assert world.asked <= 2


async def test_a_probe_may_call_us_by_any_name_and_nobody_else_may(world: World) -> None:
    async with visitor(application(world), place="http://10.0.0.5:8000") as client:
        assert (await client.get("/health/ready")).status_code == 200
        refused = await client.post("/graphql", json={"query": "{ hello }"})
    assert (refused.status_code, code(refused)) == (400, "UNKNOWN_HOST")


async def test_a_page_of_another_site_cannot_ask(world: World) -> None:
    async with visitor(application(world)) as client:
        refused = await client.post("/graphql", json={"query": "{ hello }"}, headers={"origin": "https://evil.example"})
    assert (refused.status_code, code(refused)) == (403, "CROSS_SITE")


async def test_counts_are_told_on_this_machine_or_for_the_operators_token(world: World) -> None:
    app = application(world, metrics_token="m" * 32)
    async with visitor(app) as client:
        await client.post("/graphql", json={"query": "{ hello }"})
        told = await client.get("/metrics")
    assert told.headers["content-type"] == metrics.CONTENT_TYPE
    assert 'kontor_requests_total{endpoint="staff",method="POST",status="200"}' in told.text
    async with visitor(app, who="m" * 32, at="10.0.0.9") as operator:
        assert (await operator.get("/metrics")).status_code == 200


@pytest.mark.parametrize(
    ("at", "passed_on", "who"),
    [
        ("10.0.0.9", {}, None),
        ("10.0.0.9", {}, "wrong"),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.9"}, None),
        ("testclient", {}, None),
    ],
)
async def test_counts_are_told_to_nobody_else(
    world: World, at: str, passed_on: dict[str, str], who: str | None
) -> None:
    async with visitor(application(world, metrics_token="m" * 32), who, at=at) as client:
        refused = await client.get("/metrics", headers=passed_on)
    assert (refused.status_code, code(refused)) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("at", "host", "who"),
    [
        ("127.0.0.1", "127.0.0.1:8000", None),
        ("127.0.0.1", "localhost:8000", None),
        ("10.0.0.9", "10.0.0.5:8000", "m" * 32),
    ],
)
async def test_counts_are_fetched_by_an_address_of_the_machine(
    world: World, at: str, host: str, who: str | None
) -> None:
    app = application(world, metrics_token="m" * 32, public_url="https://kontor.example")
    async with visitor(app, who, at=at) as client:
        assert (await client.get("/metrics", headers={"host": host})).status_code == 200


async def test_a_name_that_points_here_does_not_open_the_counts(world: World) -> None:
    async with visitor(application(world), at="127.0.0.1") as client:
        refused = await client.get("/metrics", headers={"host": "rebound.example"})
    assert (refused.status_code, code(refused)) == (400, "UNKNOWN_HOST")


async def test_without_a_token_in_the_settings_no_token_reads_the_counts(world: World) -> None:
    async with visitor(application(world), who="None", at="10.0.0.9") as client:
        assert (await client.get("/metrics")).status_code == 404


async def test_no_count_names_a_tenant_or_a_person(world: World) -> None:
    async with visitor(application(world)) as client:
        await client.post("/graphql", json={"query": "{ hello }"})
        told = (await client.get("/metrics")).text
    assert "0199aaaa" not in told
    assert "anna" not in told


async def test_pools_are_open_while_the_application_runs(world: World) -> None:
    app = application(world)
    async with app.router.lifespan_context(app):
        assert world.opened == ["app", "portal"]
        assert not app.state.streams._stopping.is_set()
    assert world.opened == []
    assert app.state.streams._stopping.is_set()
