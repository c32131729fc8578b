"""The playground's example operations run as they are, for somebody of each role of the demo, in a real browser."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.playground import Playground
from tests.browser.watch import Watch
from tests.e2e.demo_process import Demo, demo
from tests.e2e.desk import PASTE, SHOWN, is_answer

pytestmark = [pytest.mark.xdist_group("examples"), pytest.mark.browser]

OWN = ".kontor-examples button:not(.kontor-foreign) strong"
KINDS = ("STAFF", "REPRESENTATIVE", "PORTAL")

Found = dict[str, dict[str, Any]]
"""What one example found and the next one is told: for the name of an id, the values that go into the input."""


@pytest.fixture(scope="module")
def shop() -> Iterator[Demo]:
    """A small demo world, served as a newcomer starts it."""
    with tempfile.TemporaryDirectory(prefix="kontor-examples-") as folder:
        Path(folder).chmod(0o711)
        with demo(Path(folder) / "data") as made:
            yield made


@pytest.fixture
def address(shop: Demo) -> str:
    """Where the playground is; the watch is closed before it stops."""
    return shop.address


def one_of_each_role(people: list[dict[str, str]]) -> list[dict[str, str]]:
    """The first person of each role in the first tenant."""
    here = [one for one in people if one["tenant_name"] == people[0]["tenant_name"]]
    found = {one["role"].partition(",")[0]: one for one in reversed(here)}
    return [one for one in here if one in found.values()]


async def test_each_role_runs_its_examples_as_they_are(shop: Demo, watch: Watch, address: str) -> None:
    watch.allowed.append(f"403 (Forbidden) ({address}/portal/graphql)")  # customers may not ask for the schema
    playground, people = Playground(watch.page, address), one_of_each_role(shop.people())
    assert {one["kind"] for one in people} == set(KINDS)
    await playground.sign_in(people[0]["email"])
    for number, person in enumerate(people):
        if number:
            await playground.become(person["email"])
        titles = await watch.page.locator(OWN).all_inner_texts()
        assert len(titles) > 1, person["role"]
        found: Found = {}
        for title in titles:
            answer = await run(playground, title, found)
            assert "errors" not in answer, (person["role"], title, answer["errors"])
            assert none_refused(answer["data"]), (person["role"], title, answer["data"])
            keep(answer["data"], found)
    watch.judge()


async def run(playground: Playground, title: str, found: Found) -> dict[str, Any]:
    """Open an example by its title, put in the ids that it asks for, run it, and hand back the answer that is shown.

    Nothing that it needs is missing.
    """
    page = playground.page
    await page.locator(OWN).get_by_text(title, exact=True).click()
    await page.wait_for_timeout(300)
    given = await playground.variables()
    if given:  # of a colleague's tab the ids are still the colleague's
        await page.evaluate(PASTE, ["variables.json", put_in(given, found)])
        await page.wait_for_timeout(300)
    needed = page.get_by_label("Permissions")
    if await needed.count():
        await expect(needed).not_to_contain_text("(missing)")
    async with page.expect_response(is_answer) as answered:
        await page.get_by_role("button", name="Execute query").click()
    body: dict[str, Any] = await (await answered.value).json()
    await page.wait_for_function(SHOWN, arg=body)
    return body


def none_refused(data: dict[str, Any]) -> bool:
    """Whether no field answers with a refusal, which has a code of its own and a sentence."""
    return not any(isinstance(one, dict) and {"code", "message"} <= one.keys() for one in data.values())


def keep(data: dict[str, Any], found: Found) -> None:
    """Remember what later examples ask for: the checkout that was opened, the latest subscription."""
    if "startCheckout" in data:
        found["checkoutId"] = {"checkoutId": data["startCheckout"]["checkout"]["id"]}
    for latest in data.get("subscriptions", {}).get("nodes", [])[:1]:
        found["subscriptionId"] = {"subscriptionId": latest.get("id"), "expectedVersion": latest.get("version")}


def put_in(variables: str, found: Found) -> str:
    """The variables with what an example asks to be put in."""
    given = json.loads(variables)
    for name in set(found) & set(given.get("input", {})):
        given["input"] |= found[name]
    written = json.dumps(given, indent=2)
    assert "{{" not in written, written
    return written
