"""The playground in a browser, at which the people of the tests sit down one after the other."""

import json
from dataclasses import dataclass, replace

from playwright.async_api import Response

from tests.browser.playground import MODELS, Playground
from tests.e2e.client import Answer, Asker
from tests.e2e.people import Group, Tenant

PASTE = """([name, text]) => globalThis.__MONACO.editor.getModels()
  .find((model) => model.uri.path.endsWith(name)).setValue(text)"""
SHOWN = f"""(body) => {{
  try {{ return JSON.stringify(JSON.parse(({MODELS})('response.json'))) === JSON.stringify(body) }}
  catch {{ return false }}
}}"""


class Desk:
    """A signed-in playground and who sits at it."""

    def __init__(self, playground: Playground) -> None:
        self.playground = playground
        self.email: str | None = None
        self.organization: str | None = None

    async def seat(self, email: str, organization: str | None) -> None:
        """Let somebody sit down: sign in the first, switch to each other one by the choice in the bar."""
        if self.email is None:
            await self.playground.sign_in(email)
        elif email != self.email:
            await self.meet(email)
            await self.playground.become(email)
        if email != self.email:
            self.email, self.organization = email, None
        if organization is not None and organization != self.organization:
            choice = self.playground.page.get_by_label("Organization", exact=True)
            name = await choice.locator(f"option[value='{organization.removeprefix('org_')}']").inner_text()
            if name != await self.playground.shown("Organization"):
                await self.playground.choose_organization(name)
            self.organization = organization

    async def meet(self, email: str) -> None:
        """Load the page anew when somebody has come since."""
        people = self.playground.page.get_by_label("Person", exact=True)
        if not await people.locator(f"option[value='{email}']").count():
            await self.playground.page.reload()
            await self.playground.ready()


@dataclass(frozen=True)
class AtTheDesk(Asker):
    """One person at the desk: pastes an operation with its variables, runs it, and reads what is shown."""

    desk: Desk
    email: str
    organization: str | None = None

    def acting(self, organization_id: str) -> "AtTheDesk":
        """The same person acting for another of its organizations."""
        return replace(self, organization=organization_id)

    async def answer(self, document: str, variables: Answer) -> tuple[int, Answer]:
        """Paste, run, and hand back the status and the body once the page shows it."""
        await self.desk.seat(self.email, self.organization)
        page = self.desk.playground.page
        await page.evaluate(PASTE, ["operation.graphql", document.strip()])
        await page.evaluate(PASTE, ["variables.json", variables_text(variables)])
        # GraphiQL reads them a tenth of a second after the last edit
        await page.wait_for_timeout(300)
        async with page.expect_response(is_answer) as answered:
            await page.get_by_role("button", name="Execute query").click()
        response = await answered.value
        body: Answer = await response.json()
        await page.wait_for_function(SHOWN, arg=body)
        return response.status, body


@dataclass
class AtOneDesk(Group):
    """The group whose people all work in the browser; only the administrator who hires goes another way."""

    desk: Desk | None = None
    elsewhere: Group | None = None

    def client(self, tenant: Tenant, who: str) -> AtTheDesk:
        """Somebody at the desk."""
        assert self.desk is not None
        return AtTheDesk(self.desk, tenant.people[who].email)

    async def hire(self, tenant: Tenant, who: str, role: str, *at: str, partner_id: str | None = None) -> None:
        """Hire over HTTP: it is no part of the main job."""
        assert self.elsewhere is not None
        await self.elsewhere.hire(tenant, who, role, *at, partner_id=partner_id)


def at(desk: Desk, group: Group) -> AtOneDesk:
    """The same people, at the desk."""
    return AtOneDesk(group.installation, group.http, group.tenants, desk, group)


def is_answer(response: Response) -> bool:
    """Whether it is what an operation was answered with."""
    return response.request.method == "POST" and response.url.endswith("/graphql")


def variables_text(variables: Answer) -> str:
    """Variables as a person writes them."""
    return json.dumps(variables, indent=2, ensure_ascii=False) if variables else ""
