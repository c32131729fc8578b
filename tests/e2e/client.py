"""Somebody who asks an installation over HTTP, as a single-page application or a portal does."""

from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self

import httpx2

Answer = dict[str, Any]


class Asker(Protocol):
    """One person who sends documents and gets answers, by whatever way; what is expected of the answer is said here."""

    def acting(self, organization_id: str) -> Self:
        """The same person acting for another of its organizations."""

    async def answer(self, document: str, variables: Answer) -> tuple[int, Answer]:
        """Send a document, and hand back the status and the body."""

    async def ask(self, document: str, **variables: Any) -> Answer:
        """The answer with its errors, of a request that was taken."""
        status, body = await self.answer(document, variables)
        assert "data" in body, (status, body)
        return body

    async def data(self, document: str, **variables: Any) -> Answer:
        """The data of an answer without errors."""
        body = await self.ask(document, **variables)
        assert "errors" not in body, body["errors"]
        data: Answer = body["data"]
        return data

    async def do(self, document: str, **variables: Any) -> Answer:
        """The payload of a document's only mutation."""
        [result] = (await self.data(document, **variables)).values()
        assert result["__typename"].endswith("Payload"), result
        payload: Answer = result
        return payload

    async def refused(self, document: str, **variables: Any) -> Answer:
        """The refusal of a document's only mutation."""
        [result] = (await self.data(document, **variables)).values()
        assert "code" in result, result
        refusal: Answer = result
        return refusal

    async def forbidden(self, document: str, **variables: Any) -> list[str]:
        """The codes of the errors of a document that gives nothing else."""
        body = await self.ask(document, **variables)
        assert body["data"] is None or not any(body["data"].values()), body
        return [error["extensions"]["code"] for error in body["errors"]]

    async def turned_away(self, document: str, status: int, **variables: Any) -> Answer:
        """The first error of a request that was refused as a whole."""
        got, body = await self.answer(document, variables)
        assert (got, "data" in body) == (status, False), body
        error: Answer = body["errors"][0]
        return error


@dataclass(frozen=True)
class Client(Asker):
    """One person at one of the two doors: a bearer token, an address, and maybe the organization that acts."""

    http: httpx2.AsyncClient = field(repr=False)
    token: str = field(repr=False)
    door: str = "/graphql"
    organization: str | None = None

    def acting(self, organization_id: str) -> "Client":
        """The same person acting for another of its organizations."""
        return replace(self, organization=organization_id)

    async def send(self, document: str, variables: Answer | None = None) -> httpx2.Response:
        """Send a document, and hand back the answer as it came."""
        headers = {"authorization": f"Bearer {self.token}", "accept": "application/graphql-response+json"}
        if self.organization is not None:
            headers["x-kontor-organization"] = self.organization
        body = {"query": document, "variables": variables or {}}
        return await self.http.post(self.door, json=body, headers=headers)

    async def answer(self, document: str, variables: Answer) -> tuple[int, Answer]:
        """Send a document, and hand back the status and the body."""
        response = await self.send(document, variables)
        return response.status_code, response.json()
