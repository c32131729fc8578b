"""The main job in a real browser: everybody signs in to the playground, runs operations and reads the answers."""

import os
from pathlib import Path

import pytest

from tests.browser.playground import Playground
from tests.browser.watch import Watch
from tests.e2e import desk, main_job
from tests.e2e.desk import Desk
from tests.e2e.installation import Installation
from tests.e2e.main_job import Job
from tests.e2e.people import Group

pytestmark = [pytest.mark.xdist_group("e2e"), pytest.mark.browser]

PICTURES = os.environ.get("PICTURES")
"""A folder for pictures of the last page, for whoever wants to look."""


@pytest.fixture
def address(installation: Installation) -> str:
    """Where the playground is; the watch is closed before it stops."""
    return installation.url


async def test_the_main_job_runs_in_the_playground(group: Group, watch: Watch, address: str) -> None:
    # a customer may not ask for the schema, and asks for what the portal's schema does not know
    watch.allowed += [f"{status} ({address}/portal/graphql)" for status in ("403 (Forbidden)", "400 (Bad Request)")]
    playground = Playground(watch.page, address)
    alpha, beta, gamma = group.tenants.values()
    policy = (await watch.page.context.request.get(f"{address}/playground/")).headers["content-security-policy"]
    assert "default-src 'none'" in policy or "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    await main_job.do(Job(desk.at(Desk(playground), group), alpha, gamma, beta))
    assert await playground.shown("Tenant") == gamma.name
    assert await playground.shown("Environment") == "demo"
    if PICTURES:
        await watch.page.screenshot(path=Path(PICTURES) / "main-job.png")
    watch.judge()
