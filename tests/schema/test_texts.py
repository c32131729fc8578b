"""Text modules through GraphQL: cleaned, with one preferred language, changed where they are shown."""

from typing import Any
from uuid import UUID

import pytest

from tests.people import Home, House
from tests.selling import connected, do, draft

WHOLE = "textModule { id internalTitle type version translations { language text preferred } }"


async def create(home: Home, type_: str, *written: tuple[str, str, bool], title: str = "Hinweis") -> dict[str, Any]:
    translations = [{"language": one, "text": text, "preferred": preferred} for one, text, preferred in written]
    return await do(home, "createTextModule", WHOLE, internalTitle=title, type=type_, translations=translations)


@pytest.mark.rule("R-TM-01")
async def test_html_is_cleaned_of_all_that_could_harm(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    dirty = (
        '<p onclick="x()" style="y">Hallo <a href="https://alpha.test/?a=1&amp;b=2" target="_blank">Konto</a>'
        '<script>alert(1)</script><img src="x" onerror="y"><a href="javascript:z()">böse</a></p>'
    )
    made = (await create(alpha, "HTML_TEXT", ("de", dirty, True)))["textModule"]
    assert made["translations"][0]["text"] == (
        '<p>Hallo <a href="https://alpha.test/?a=1&amp;b=2" rel="noopener noreferrer">Konto</a>'
        '<a rel="noopener noreferrer">böse</a></p>'
    )


@pytest.mark.rule("R-XC-28", "R-TM-01")
async def test_a_link_leads_to_an_absolute_web_address(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    assert (await create(alpha, "LINK", ("de", "https://alpha.test", True)))["textModule"]["type"] == "LINK"
    for bad, type_ in (("alpha.test", "LINK"), ("/konto", "LINK"), ('<a href="/konto">x</a>', "HTML_TEXT")):
        refused = await create(alpha, type_, ("de", bad, True))
        assert refused["violations"] == [{"code": "VALIDATION", "path": ["translations", "0", "text"]}]


async def test_one_language_is_preferred_and_another_can_take_its_place(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    refused = await create(alpha, "PLAIN_TEXT", ("de", "a", True), ("en", "b", True))
    assert refused["path"] == ["translations"]
    made = (await create(alpha, "PLAIN_TEXT", ("de", "a", True), ("en", "b", False)))["textModule"]
    wanted = [{"language": "en", "text": "c", "preferred": True}, {"language": "fr", "text": "d"}]
    given = {"textModuleId": made["id"], "expectedVersion": made["version"], "translations": wanted}
    changed = (await do(alpha, "updateTextModule", WHOLE, **given))["textModule"]
    assert changed["translations"] == [
        {"language": "en", "text": "c", "preferred": True},
        {"language": "fr", "text": "d", "preferred": False},
    ]
    assert changed["version"] == made["version"] + 1
    listed = await house.data(
        alpha.admin, '{ textModules(filter: {internalTitle: {startsWith: "HIN"}}) { nodes { id } } }'
    )
    assert listed["textModules"]["nodes"] == [{"id": made["id"]}]


@pytest.mark.rule("R-XC-41")
async def test_a_changed_text_is_what_the_target_reads_next_on_the_offer_that_shows_it(house: House) -> None:
    partners = await connected(await house.found("Alpha Verlag"), await house.found("Beta Medien"))
    made = (await create(partners.source, "LINK", ("de", "https://alt.test", True)))["textModule"]
    given = {"textModuleId": made["id"], "translations": [{"language": "de", "text": "https://neu.test"}]}
    await partners.offer(draft(hint=UUID(made["id"].removeprefix("txt_"))))
    await do(partners.source, "updateTextModule", WHOLE, **given, expectedVersion=made["version"])
    seen = await house.data(partners.target.admin, "{ allExternalOffers { nodes { hints { text } } } }")
    assert seen["allExternalOffers"]["nodes"] == [{"hints": [{"text": "https://neu.test"}]}]


@pytest.mark.rule("R-00-01")
async def test_another_tenants_text_module_does_not_exist(house: House) -> None:
    alpha, beta = await house.found("Alpha Verlag"), await house.found("Beta Medien")
    made = (await create(alpha, "PLAIN_TEXT", ("de", "a", True)))["textModule"]
    given = {"textModuleId": made["id"], "expectedVersion": made["version"], "internalTitle": "Geklaut"}
    assert (await do(beta, "updateTextModule", WHOLE, **given))["code"] == "NOT_FOUND"
    seen = await house.data(beta.admin, "query ($id: ID!) { textModule(id: $id) { id } }", id=made["id"])
    assert seen == {"textModule": None}
