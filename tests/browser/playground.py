"""The playground as a person uses it: sign in, read the bar, open an example, run it, switch."""

import json
from collections.abc import Awaitable
from typing import Any

from playwright.async_api import Locator, Page, expect

MODELS = """(name) => globalThis.__MONACO.editor.getModels()
  .find((model) => model.uri.path.endsWith(name))?.getValue() ?? ''"""
COMPLETE = f"""() => {{ try {{ JSON.parse(({MODELS})('response.json')); return true }} catch {{ return false }} }}"""


class Playground:
    """One browser page on the playground of the server at `address`."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    async def sign_in(self, email: str) -> None:
        """Sign in as a demo person by the link that the start page offers, and wait for the playground."""
        await self.page.goto(f"{self.address}/sign-in?next=/playground/&login_hint={email}")
        await self.ready()

    async def ready(self) -> None:
        """Wait until the bar and the editor stand and the schema is loaded."""
        await expect(self.page.locator(".kontor-bar")).to_be_visible()
        await expect(self.page.locator(".graphiql-query-editor .monaco-editor").first).to_be_visible()
        await expect(self.page.locator(".kontor-footer[aria-busy=false]")).to_be_attached()

    def fact(self, name: str) -> Locator:
        """The value that the bar shows for Tenant, Person, Organization, Role or Environment."""
        return self.page.locator(".kontor-fact", has=self.page.locator(f"dt:text-is('{name}')")).locator("dd")

    async def shown(self, name: str) -> str:
        """The text of a fact; of a choice, the chosen one."""
        choice = self.fact(name).locator("select")
        if await choice.count():
            return str(await choice.evaluate("(select) => select.selectedOptions[0].textContent"))
        return await self.fact(name).inner_text()

    async def become(self, email: str) -> None:
        """Switch to another demo person."""
        await self._anew(self.page.get_by_label("Person", exact=True).select_option(email))

    async def choose_organization(self, name: str) -> None:
        """Switch to another organization."""
        await self._anew(self.page.get_by_label("Organization", exact=True).select_option(label=name))

    async def view_as(self, email: str) -> None:
        """Look at Kontor as another person."""
        await self.page.get_by_role("button", name="View as").click()
        await self.page.get_by_label("E-mail address").fill(email)
        await self._anew(self.page.get_by_role("button", name="View", exact=True).click())

    async def stop_viewing(self) -> None:
        """Look with one's own eyes again."""
        await self._anew(self.page.get_by_role("button", name="Stop", exact=True).click())

    @property
    def trouble(self) -> Locator:
        """The line that tells what went wrong."""
        return self.page.locator(".kontor-trouble")

    async def _anew(self, act: Awaitable[object]) -> None:
        """Do what makes the page load anew, and wait for it."""
        async with self.page.expect_event("load"):
            await act
        await self.ready()

    async def open_example(self, title: str) -> None:
        """Open an example from the panel."""
        await self.page.locator(".kontor-examples").get_by_role("button", name=title).first.click()

    async def write(self, operation: str) -> None:
        """Replace the text of the current tab."""
        await self.page.get_by_role("button", name="New tab").click()
        editor = self.page.locator(".graphiql-query-editor .monaco-editor").first
        await editor.click()
        await self.page.keyboard.press("ControlOrMeta+a")
        await self.page.keyboard.insert_text(operation)
        # GraphiQL reads the operation a tenth of a second after the last edit.
        await self.page.wait_for_timeout(300)

    async def run(self) -> dict[str, Any]:
        """Run the current tab and hand back the answer."""
        await self.page.get_by_role("button", name="Execute query").click()
        await self.page.wait_for_function(COMPLETE)
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        """The answer shown."""
        answer: dict[str, Any] = json.loads(await self.page.evaluate(f"({MODELS})('response.json')"))
        return answer

    async def operation(self) -> str:
        """The operation shown."""
        return str(await self.page.evaluate(f"({MODELS})('operation.graphql')"))

    async def variables(self) -> str:
        """The variables shown."""
        return str(await self.page.evaluate(f"({MODELS})('variables.json')"))

    async def tabs(self) -> list[str]:
        """The titles of the open tabs."""
        return [text.strip() for text in await self.page.locator(".graphiql-tab-button").all_inner_texts()]

    async def kept(self, storage: str) -> dict[str, str]:
        """Everything in `localStorage` or `sessionStorage`."""
        kept: dict[str, str] = await self.page.evaluate(f"() => ({{...{storage}}})")
        return kept
