"""The playground in a real browser, in front of a small stand-in for the server."""

import json
import re

import pytest
from playwright.async_api import expect

from tests.browser.fake_kontor import CSRF, FakeKontor
from tests.browser.playground import Playground
from tests.browser.watch import Watch

pytestmark = pytest.mark.browser

ANNA, BEN, CARLA = "anna@verlag-nord.example", "ben@verlag-nord.example", "carla@kunde.example"
CARTS = "query Carts($first: Int) { carts(first: $first) { name margin } }"


async def test_the_bar_says_where_and_as_whom_one_works(playground: Playground) -> None:
    shown = {name: await playground.shown(name) for name in ("Tenant", "Person", "Organization", "Role", "Environment")}
    assert shown == {
        "Tenant": "Verlag Nord",
        "Person": "Anna Albers · Administrator",
        "Organization": "Vertrieb Deutschland",
        "Role": "Administrator",
        "Environment": "demo",
    }
    assert await playground.page.title() == "Verlag Nord · Kontor playground"


async def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_and_back(watch: Watch, address: str) -> None:
    watch.allowed.append("401")
    await watch.page.goto(f"{address}/playground/")
    await Playground(watch.page, address).ready()
    assert f"{address}/sign-in?next=/playground/" in watch.requests
    assert watch.page.url == f"{address}/playground/"


async def test_the_first_visit_finds_the_examples_open_and_they_run(playground: Playground) -> None:
    assert await playground.tabs() == ["WhoAmI"]
    answer = await playground.run()
    assert answer["data"] == {"me": {"__typename": "Me"}}


async def test_a_run_tells_its_status_and_its_cost(playground: Playground) -> None:
    await playground.run()
    run = playground.page.get_by_label("Last run")
    await expect(run).to_contain_text("200")
    await expect(run).to_contain_text("cost 7")
    await expect(run).to_contain_text("budget left 993")


async def test_an_example_opens_in_a_tab_with_its_variables(watch: Watch, address: str, fake: FakeKontor) -> None:
    fake.examples = {
        "staff": [
            example("Who am I?", "query WhoAmI { me { email } }"),
            example("List carts", CARTS, variables='{"first": 2}', description="The newest first."),
            example("Pay out", "query PayOut { me { tenant } }", roles=["Accounting"]),
        ],
    }
    playground = Playground(watch.page, address)
    await playground.sign_in(ANNA)
    assert await playground.tabs() == ["WhoAmI", "Carts"]
    await expect(playground.page.get_by_text("For other roles")).to_be_visible()

    await playground.open_example("List carts")
    assert await playground.operation() == CARTS
    assert json.loads(await playground.variables()) == {"first": 2}
    assert [cart["name"] for cart in (await playground.run())["data"]["carts"]] == ["Cart 0", "Cart 1"]
    assert await playground.tabs() == ["WhoAmI", "Carts"]

    await playground.open_example("Pay out")
    assert await playground.tabs() == ["WhoAmI", "Carts", "PayOut"]
    assert (await playground.run())["data"] == {"me": {"tenant": "Verlag Nord"}}
    assert await playground.variables() == ""


async def test_each_request_carries_the_csrf_token_and_asks_for_graphql(playground: Playground, address: str) -> None:
    async with playground.page.expect_request(f"{address}/graphql") as sent:
        await playground.run()
    headers = await (await sent.value).all_headers()
    assert headers["x-kontor-csrf"] == CSRF
    assert headers["accept"].startswith("application/graphql-response+json")
    assert "authorization" not in headers


async def test_the_needed_permissions_stand_below_and_the_missing_ones_are_marked(
    playground: Playground,
) -> None:
    await playground.write(CARTS)
    needed = playground.page.get_by_label("Permissions")
    await expect(needed).to_have_text(re.compile(r"Needs\s+carts:see\s*payouts:see \(missing\)"))


async def test_the_documentation_names_the_permission_of_each_field(playground: Playground) -> None:
    page = playground.page
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    await page.locator(".graphiql-plugin").get_by_role("link", name="Query").first.click()
    await expect(page.locator(".graphiql-plugin")).to_contain_text("Needs carts:see")
    await page.locator(".graphiql-plugin").get_by_role("link", name="Cart", exact=True).click()
    await expect(page.locator(".graphiql-plugin")).to_contain_text("Permission: payouts:see")


async def test_the_explorer_builds_an_operation_by_ticking_fields(playground: Playground) -> None:
    await playground.write("query Mine { me { email } }")
    await playground.page.get_by_role("button", name="Show Explorer").click()
    await playground.page.locator(".graphiql-explorer-node", has_text="tenant").last.locator("span").first.click()
    await expect(playground.page.locator(".graphiql-query-editor")).to_contain_text("tenant")
    await playground.page.wait_for_timeout(300)
    assert (await playground.run())["data"]["me"] == {"email": ANNA, "tenant": "Verlag Nord"}


async def test_another_person_is_one_choice_away_and_the_operations_stay(playground: Playground) -> None:
    await playground.write("query Mine { me { email } }")
    await playground.become(BEN)
    assert await playground.shown("Role") == "Sales"
    assert "Mine" in await playground.tabs()
    assert await playground.operation() == "query Mine { me { email } }"
    assert (await playground.run())["data"] == {"me": {"email": BEN}}


async def test_a_portal_customer_works_on_the_portal_with_operations_of_its_own(
    playground: Playground, fake: FakeKontor
) -> None:
    await playground.write("query Mine { me { email } }")
    await playground.become(CARLA)
    assert await playground.shown("Tenant") == "Verlag Süd"
    assert await playground.tabs() == ["WhoAmI"]
    assert (await playground.run())["data"] == {"me": {"__typename": "Customer"}}
    assert fake.asked[-1][0] == "/portal/graphql"


async def test_another_organization_is_one_choice_away(playground: Playground, fake: FakeKontor) -> None:
    await playground.choose_organization("Vertrieb Nord")
    assert fake.organization["name"] == "Vertrieb Nord"
    assert await playground.shown("Organization") == "Vertrieb Nord"


async def test_viewing_as_another_person_shows_until_it_is_stopped(playground: Playground) -> None:
    banner = playground.page.locator(".kontor-viewing")
    await expect(banner).not_to_be_visible()
    await playground.view_as(BEN)
    await expect(banner).to_contain_text("You look at Kontor as Ben Brandt: read-only, and recorded in the audit log.")
    await playground.stop_viewing()
    await expect(banner).not_to_be_visible()


async def test_viewing_as_is_not_offered_where_the_server_cannot(watch: Watch, address: str, fake: FakeKontor) -> None:
    fake.view_as_works = False
    await Playground(watch.page, address).sign_in(ANNA)
    await expect(watch.page.get_by_role("button", name="Sign out")).to_be_visible()
    await expect(watch.page.get_by_role("button", name="View as")).to_have_count(0)


async def test_a_refused_change_is_told_in_the_servers_words(playground: Playground, watch: Watch) -> None:
    watch.allowed.append("403")
    page = playground.page
    await page.get_by_role("button", name="View as").click()
    await page.get_by_label("E-mail address").fill(ANNA)
    await page.get_by_role("button", name="View", exact=True).click()
    await expect(playground.trouble).to_contain_text("You cannot view as an administrator.")


async def test_a_subscription_streams_its_events(playground: Playground) -> None:
    await playground.write("subscription Count { count }")
    await playground.page.get_by_role("button", name="Execute query").click()
    await playground.page.wait_for_function("""() => globalThis.__MONACO.editor.getModels()
      .find((model) => model.uri.path.endsWith('response.json')).getValue().includes('3')""")
    assert (await playground.answer())["data"] == {"count": 3}


async def test_nothing_typed_and_no_token_is_kept_beyond_the_browser_tab(playground: Playground) -> None:
    await playground.write("query Secretive { me { email } }")
    await playground.run()
    await playground.page.wait_for_timeout(700)
    lasting = json.dumps(await playground.kept("localStorage"))
    passing = json.dumps(await playground.kept("sessionStorage"))
    assert "Secretive" in passing
    assert "Secretive" not in lasting
    assert CSRF not in lasting + passing
    assert ANNA not in lasting + passing


async def test_signing_out_forgets_everything_typed(playground: Playground, address: str, fake: FakeKontor) -> None:
    await playground.write("query Mine { me { email } }")
    await playground.page.get_by_role("button", name="Sign out").click()
    await playground.page.wait_for_url(f"{address}/")
    assert not fake.signed_in
    assert await playground.kept("sessionStorage") == {}


async def test_a_session_that_ended_is_told_and_nothing_written_is_lost(
    playground: Playground, watch: Watch, fake: FakeKontor
) -> None:
    watch.allowed.append("401")
    await playground.write("query Mine { me { email } }")
    fake.signed_in = False
    await playground.page.get_by_role("button", name="Execute query").click()
    await expect(playground.trouble).to_contain_text("Your session has ended.")
    await playground.page.get_by_role("link", name="Sign in again").click()
    await playground.ready()
    assert await playground.operation() == "query Mine { me { email } }"


async def test_a_change_in_one_browser_tab_reaches_the_others(playground: Playground, address: str) -> None:
    other = Playground(await playground.page.context.new_page(), address)
    await other.page.goto(f"{address}/playground/")
    await other.ready()
    await playground.become(BEN)
    await expect(other.page.get_by_label("Person", exact=True)).to_have_value(BEN)


async def test_the_start_page_leads_into_the_playground_as_the_person_chosen(watch: Watch, address: str) -> None:
    await watch.page.goto(address)
    await watch.page.get_by_role("link", name="Ben Brandt").click()
    playground = Playground(watch.page, address)
    await playground.ready()
    assert await playground.shown("Person") == "Ben Brandt · Sales"


async def test_the_watch_notices_a_request_to_another_host_and_a_breach_of_the_policy(
    watch: Watch, address: str
) -> None:
    await Playground(watch.page, address).sign_in(ANNA)
    await watch.page.evaluate("fetch('https://elsewhere.example/').catch(() => null)")
    with pytest.raises(AssertionError, match="connect-src"):
        watch.judge()
    watch.allowed.append("elsewhere.example")
    watch.requests.append("https://elsewhere.example/")
    with pytest.raises(AssertionError, match="requests to other hosts"):
        watch.judge()
    watch.requests.clear()


def example(
    title: str,
    query: str,
    *,
    variables: str | None = None,
    description: str = "",
    roles: list[str] | None = None,
) -> dict[str, object]:
    return {
        "name": title,
        "title": title,
        "description": description,
        "roles": roles or [],
        "query": query,
        "variables": variables,
    }


async def test_whoever_may_asks_for_an_explanation(playground: Playground) -> None:
    box = playground.page.get_by_label("Explain")
    await box.check(timeout=15_000)
    assert await box.is_checked()
