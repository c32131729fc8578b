"""What passes between the HTTP door and a schema: a request that is well-formed, an answer that is ready to send.

The door (`web.graphql`) knows bodies, media types and budgets; the schema knows documents, rights and data.
Neither imports the other's words: both speak these.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from tenancy.caller import Caller

Method: TypeAlias = Literal["GET", "POST"]

Charge: TypeAlias = Callable[[int], None]
"""Takes the cost of an operation from the tenant's budget before it runs.

It raises when the budget does not hold it; the schema lets that pass up to the door. What was charged stays
charged, also when the operation then times out.
"""


NOTHING: Mapping[str, Any] = MappingProxyType({})
"""No members."""


class GraphQLRequest(NamedTuple):
    """One operation somebody asks for: text of at most the permitted size, values without NUL, plain JSON types.

    `document_id` is set when the text came from a trusted document. A `GET` may only query.
    """

    query: str
    document_hash: str
    document_id: str | None = None
    operation_name: str | None = None
    variables: Mapping[str, Any] = NOTHING
    extensions: Mapping[str, Any] = NOTHING
    method: Method = "POST"


class Answer(NamedTuple):
    """What the schema says, ready to be written.

    `data` is the JSON text of the data value (None: null), sent as it is. `errors` are formatted GraphQL errors,
    each with `extensions.code`. `request_error` says that nothing was executed, so that the answer has no `data`
    member. `status` (and `retry_after`, in seconds) override what the door would choose by the first code.
    `operation` is the name of the operation that ran, for the log.
    """

    data: bytes | None = None
    errors: Sequence[Mapping[str, Any]] = ()
    extensions: Mapping[str, Any] = NOTHING
    request_error: bool = False
    status: int | None = None
    retry_after: float | None = None
    operation: str | None = None


class Endpoint(Protocol):
    """A schema that can be asked: the staff's, or the portal's."""

    async def answer(self, caller: Caller, request: GraphQLRequest, charge: Charge) -> Answer:
        """Run a query or mutation.

        A mutation asked by GET is refused with the code METHOD_NOT_ALLOWED, a subscription here with BAD_REQUEST.
        """
        ...

    async def subscribe(self, caller: Caller, request: GraphQLRequest, charge: Charge) -> AsyncGenerator[Answer, None]:
        """Begin any operation as a stream: one answer for a query or mutation, one for each event of a subscription.

        What can be said at once (the document is wrong, the cost too high) is said before this returns or as the
        first answer. Rights are looked at again for every event; the stream ends when they are gone. The door
        closes the generator when the client leaves.
        """
        ...
