"""A request runs the text it sends, or the trusted document it names."""

import hashlib

import httpx2
import pytest

from tenancy.caller import Caller
from tests.web.toy_endpoint import ADLER, BUSSARD, Toy, caller
from web import documents
from web.documents import Documents
from web.http.bodies import Parameters
from web.http.problems import Problem

HELLO = "{ hello }"
HASH = hashlib.sha256(HELLO.encode()).hexdigest()


class Register:
    """Documents registered by tenant."""

    def __init__(self) -> None:
        self.texts: dict[tuple[object, str], str] = {(ADLER, HASH): HELLO}
        self.asked = 0

    async def __call__(self, who: Caller, digest: str) -> str | None:
        self.asked += 1
        return self.texts.get((who.tenant_id, digest))


async def code(found: Documents, asked: Parameters, who: Caller | None = None) -> str:
    with pytest.raises(Problem) as refused:
        await found.find(who or caller(), asked)
    assert refused.value.status == 400
    return refused.value.code


async def test_a_registered_document_is_run_by_its_hash() -> None:
    toy = Toy(registered=Register(), only_trusted=True)
    async with toy.client() as client:
        posted = await client.post("/graphql", json={"documentId": f"sha256:{HASH}"})
        got = await client.get("/graphql", params={"documentId": f"sha256:{HASH}"})
    for answer in (posted, got):
        assert answer.json()["data"] == {"hello": "Hello world"}
    assert toy.endpoint.asked[0].document_id == f"sha256:{HASH}"


async def test_where_only_trusted_documents_are_answered_a_text_is_not() -> None:
    toy = Toy(registered=Register(), only_trusted=True)
    async with toy.client() as client:
        refused = await client.post("/graphql", json={"query": HELLO})
    assert (refused.status_code, _code(refused)) == (400, "TRUSTED_DOCUMENTS_ONLY")
    assert toy.endpoint.asked == []


async def test_a_document_of_another_tenant_is_like_none_also_after_its_owner_used_it() -> None:
    found = Documents(Register())
    asked = Parameters(document_id=f"sha256:{HASH}")
    await found.find(caller(), asked)
    assert await code(found, asked, caller(BUSSARD)) == "DOCUMENT_NOT_FOUND"


async def test_a_withdrawn_document_stops_working() -> None:
    register, now = Register(), [0.0]
    found = Documents(register, remember=30, clock=lambda: now[0])
    asked = Parameters(document_id=f"sha256:{HASH}")
    for _ in range(3):
        await found.find(caller(), asked)
    assert register.asked == 1
    register.texts.clear()
    now[0] = 31
    assert await code(found, asked) == "DOCUMENT_NOT_FOUND"


async def test_a_text_that_does_not_have_its_hash_is_not_run() -> None:
    register = Register()
    register.texts[ADLER, HASH] = "{ somethingElse }"
    assert await code(Documents(register), Parameters(document_id=f"sha256:{HASH}")) == "DOCUMENT_NOT_FOUND"


@pytest.mark.parametrize("document_id", ["", HASH, "sha256:", f"sha256:{HASH.upper()}", f"sha256:{HASH}\n", "md5:1"])
async def test_a_document_id_has_one_spelling(document_id: str) -> None:
    assert await code(Documents(Register()), Parameters(document_id=document_id)) == "BAD_REQUEST"


async def test_a_request_names_one_document() -> None:
    both = Parameters(query=HELLO, document_id=f"sha256:{HASH}")
    assert await code(Documents(Register()), both) == "BAD_REQUEST"
    assert await code(Documents(Register()), Parameters()) == "BAD_REQUEST"


async def test_the_memory_of_texts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "REMEMBERED_TEXTS", 10)
    found = Documents(Register())
    for number in range(50):
        await found.find(caller(), Parameters(query=f"{{ a{number} }}"))
    await found.find(caller(), Parameters(query="{ a } #" + "x" * 20_000))
    assert len(found._sent) == 10
    assert max(map(len, found._sent)) < 20_000


def _code(response: httpx2.Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])
