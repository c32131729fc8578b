"""The pages and files that a browser gets, without a browser."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from web.examples import UnreadableExample, examples_below
from web.issuer.people import DemoPerson
from web.playground import build
from web.site import STATIC, page_routes


def person(name: str, email: str, tenant: str, role: str, kind: str) -> DemoPerson:
    tenant_id = uuid5(NAMESPACE_DNS, tenant)
    return DemoPerson(
        subject=email, name=name, email=email, tenant_id=tenant_id, tenant_name=tenant, role=role, kind=kind
    )


ANNA = person("Anna <b>Albers</b>", "anna+1@verlag.example", "Verlag Nord", "Sales", "STAFF")
CARLA = person("Carla Conrad", "carla@kunde.example", "Verlag Süd", "Customer", "PORTAL")
PLAYGROUND = STATIC / "playground"


def site(*people: DemoPerson, environment: str = "demo", **parts: bool) -> TestClient:
    async def offered() -> tuple[DemoPerson, ...]:
        return people

    async def health() -> dict[str, bool]:
        return {"database": True, **parts}

    routes = page_routes(environment=environment, people=offered, health=health)
    return TestClient(Starlette(routes=routes), follow_redirects=False)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with site(ANNA, CARLA) as client:
        yield client


def test_the_start_page_offers_each_demo_person_one_click_from_the_playground(client: TestClient) -> None:
    text = client.get("/").text
    assert "/sign-in?next=/playground/&amp;login_hint=anna%2B1%40verlag.example" in text
    assert "Anna &lt;b&gt;Albers&lt;/b&gt;" in text
    assert "Portalkunde" in text


def test_the_start_page_has_no_script_and_its_policy_allows_none(client: TestClient) -> None:
    answer = client.get("/")
    assert "<script" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")


def test_outside_the_demo_the_start_page_names_nobody() -> None:
    text = site(environment="production").get("/").text
    assert "login_hint" not in text
    assert "kontor token" not in text
    assert "production" in text


def test_the_start_page_says_which_part_does_not_work() -> None:
    assert "jobs does not work" in site(jobs=False).get("/").text
    assert "does not work" not in site(jobs=True).get("/").text


@pytest.mark.parametrize("address", ["/playground", "/playground/"])
def test_the_playground_is_served_at_both_of_its_addresses(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src 'self';" in answer.headers["content-security-policy"]


def test_everything_the_playground_page_names_is_there_and_kept_forever(client: TestClient) -> None:
    named = re.findall(r'(?:src|href)="(/playground/[^"]+)"', client.get("/playground").text)
    assert named
    for address in named:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("file", sorted((PLAYGROUND / "assets").iterdir()), ids=lambda file: file.suffix)
def test_each_asset_has_its_type_and_its_bytes(client: TestClient, file: Path) -> None:
    types = {".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf"}
    answer = client.get(f"/playground/assets/{file.name}")
    assert answer.content == file.read_bytes()
    assert answer.headers["content-type"].partition(";")[0] == types[file.suffix]


@pytest.mark.parametrize(
    "name",
    [
        "../index.html",
        "..%2Findex.html",
        "%2e%2e/%2e%2e/site.py",
        "..%5c..%5csite.py",
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
        "x%00.js",
        "",
    ],
)
def test_no_name_leads_out_of_the_assets(client: TestClient, name: str) -> None:
    assert client.get(f"/playground/assets/{name}").status_code == 404
    assert client.get(f"/static/{name}").status_code == 404


def test_a_file_the_browser_has_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/static/kontor.css")
    again = client.get("/static/kontor.css", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_files_are_compressed_for_those_who_read_it(client: TestClient) -> None:
    headers = {"accept-encoding": "gzip"}
    with client.stream("GET", "/static/kontor.css", headers=headers) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        sent = b"".join(answer.iter_raw())
    plain = client.get("/static/kontor.css", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(sent) == plain.content


def test_the_bundle_was_built_from_these_sources() -> None:
    committed = (PLAYGROUND / build.DIGEST).read_text(encoding="utf-8").strip()
    assert committed == build.digest(), "run `make playground`"


def test_the_lock_file_names_no_host() -> None:
    lock = json.loads((build.SOURCES / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_the_licences_of_what_is_bundled_are_served(client: TestClient) -> None:
    text = client.get("/playground/LICENSES.md").text
    assert all(name in text for name in ("monaco-editor", "## graphiql ", "## react ", "graphql-sse"))


def test_the_examples_are_told_by_schema_with_title_roles_and_variables(tmp_path: Path) -> None:
    (tmp_path / "staff").mkdir()
    (tmp_path / "staff" / "carts.graphql").write_text(
        "# List carts [Sales, Tenant administrator]\n# The newest first.\nquery Carts { a }\n", encoding="utf-8"
    )
    (tmp_path / "staff" / "carts.variables.json").write_text('{"first": 3}', encoding="utf-8")
    (one,) = examples_below(tmp_path)["staff"]
    assert (one.title, one.description) == ("List carts", "The newest first.")
    assert one.roles == ("Sales", "Tenant administrator")
    assert one.query == "# The newest first.\nquery Carts { a }\n"
    assert one.variables == '{"first": 3}'


@pytest.mark.parametrize(
    ("operation", "variables"),
    [("query Untitled { a }", "{}"), ("# Title\n{ a }", "[1]"), ("# Title\n{ a }", "{first: 3}")],
)
def test_an_unreadable_example_is_refused_at_the_start(tmp_path: Path, operation: str, variables: str) -> None:
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "bad.graphql").write_text(operation, encoding="utf-8")
    (tmp_path / "portal" / "bad.variables.json").write_text(variables, encoding="utf-8")
    with pytest.raises(UnreadableExample, match=r"bad\.(graphql|variables)"):
        examples_below(tmp_path)


def test_the_playground_fetches_the_examples_of_the_tree(client: TestClient) -> None:
    told = client.get("/playground/examples.json").json()
    assert set(told) == {"staff", "portal"}
    assert all({"title", "roles", "query", "variables"} <= set(one) for one in told["staff"])


def test_an_etag_tells_the_content(client: TestClient) -> None:
    expected = hashlib.sha256((STATIC / "kontor.svg").read_bytes()).hexdigest()[:32]
    assert client.get("/static/kontor.svg").headers["etag"] == f'W/"{expected}"'
