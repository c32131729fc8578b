"""A headless Chromium that notices everything: requests to other hosts, console errors, broken policies."""

import threading
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from playwright.async_api import Browser, ViewportSize, async_playwright
from starlette.types import ASGIApp

from tests.browser.fake_kontor import FakeKontor
from tests.browser.install import MISSING, chromium
from tests.browser.playground import Playground
from tests.browser.watch import Watch

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A name that is not this machine is never looked up, so that a forbidden request stays here too.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
SCREEN = ViewportSize(width=1440, height=900)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the browser tests out, aloud, where no Chromium is installed."""
    if chromium() is not None:
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
        config.stash[LEFT_OUT] = True


LEFT_OUT = pytest.StashKey[bool]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash.get(LEFT_OUT, False):
        terminalreporter.write_line(MISSING, yellow=True)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), headless=True, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def watch(browser: Browser, address: str) -> AsyncIterator[Watch]:
    """A browser page with a profile of its own; the test fails when anything improper happened on it.

    It needs the server's `address` only so that it is closed before the server stops.
    """
    context = await browser.new_context(viewport=SCREEN, locale="en-GB")
    watch = await Watch.over(context)
    yield watch
    await context.close()
    watch.judge()


@pytest.fixture
def fake() -> FakeKontor:
    return FakeKontor()


@pytest.fixture
def address(fake: FakeKontor) -> Iterator[str]:
    yield from served(fake.app())


def served(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port of this machine from a thread, and stop it afterwards."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive(), "the server did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
async def playground(watch: Watch, address: str) -> Playground:
    """The playground, signed in as the first person of the fake server."""
    playground = Playground(watch.page, address)
    await playground.sign_in("anna@verlag-nord.example")
    return playground
