"""What every test may ask for: a migrated database of its worker, and the house that stands on it."""

import hashlib
import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from _pytest.nodeid import NodeId

from migrations import run
from tenancy.settings import DatabaseUrls
from tests import _postgres, ledger
from tests.people import House

VERSIONS = Path(run.__file__).parent

_proven: dict[str, dict[str, bool]] = {}
"""Per rule the tests that are marked with it, and whether each passed in this run."""


def _history() -> str:
    """The identity of the whole history of tables: another one makes another template."""
    digest = hashlib.sha256()
    for file in sorted(VERSIONS.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="session")
def database_urls() -> Iterator[DatabaseUrls]:
    """A database of this worker's own, at the newest revision."""
    urls = _postgres.clone(_postgres.template(run.upgrade, _history()))
    yield urls
    _postgres.drop(urls)


@pytest.fixture(scope="session")
async def house(database_urls: DatabaseUrls) -> AsyncIterator[House]:
    """The house over this worker's database; tests found their own tenants in it."""
    house = House(database_urls)
    await house.open()
    yield house
    await house.close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a group be one: xdist 3.8 writes it to where pytest 9.2 no longer reads."""
    for item in items:
        grouped = getattr(item, "_nodeid", None)
        if grouped is not None:
            item._id = NodeId.parse(grouped)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let a report carry the rules of its test, over the border of worker processes too."""
    outcome = yield
    report: pytest.TestReport = outcome.get_result()  # type: ignore[attr-defined]  # pluggy's result
    report.user_properties += [("rule", rule) for mark in item.iter_markers("rule") for rule in mark.args]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember whether the test of a rule passed, in all its phases."""
    for name, rule in report.user_properties:
        if name == "rule":
            tests = _proven.setdefault(str(rule), {})
            tests[report.nodeid] = report.passed and tests.get(report.nodeid, True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave what was proven for `make rules`; only a run of all tests says something about all rules."""
    if os.environ.get("PYTEST_XDIST_WORKER") or session.config.args != session.config.getini("testpaths"):
        return
    ledger.RESULTS.parent.mkdir(exist_ok=True)
    ledger.RESULTS.write_text(json.dumps(_proven, indent=1, sort_keys=True), encoding="utf-8")
