"""What every type of the contract builds on: ids, inputs, and how a mutation is declared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, TypeVar, Union
from uuid import UUID, uuid4

import strawberry
from strawberry.types.field import StrawberryField

from reads.relay import Connection, Node
from schema.refusals import ALWAYS
from tenancy.operation import Call, Operation

__all__ = [
    "MUTATION",
    "Connection",
    "MutationInput",
    "MutationSpec",
    "Node",
    "UpdateInput",
    "enumeration",
    "given",
    "key",
    "keys",
    "mutation",
]

MUTATION = "mutation"
"""The key of a field's metadata under which its mutation stands."""

LONGEST_LIST = 250
"""How many elements a list in an input may have."""

T = TypeVar("T")


@strawberry.input(description="What every mutation takes beside its own input.")
class MutationInput:
    """The part of the mutation contract that every input shares."""

    idempotency_key: str | None = strawberry.field(
        default=None,
        description="A name for this intent, at most 255 characters: the same key with the same input gets the first "
        "answer again (Wiederholungsschlüssel). Needed where money moves or an order is made.",
    )
    dry_run: bool = strawberry.field(
        default=False,
        description="Do everything and answer, but keep nothing (Probelauf).",
    )


@strawberry.input(description="What every change of an existing record takes beside its own input.")
class UpdateInput(MutationInput):
    """The part of the mutation contract that every update shares."""

    expected_version: int = strawberry.field(
        description="The version that the caller read; another one is refused with VersionConflict (Fassung).",
    )


@dataclass(frozen=True)
class MutationSpec:
    """How a mutation is answered: the call that its input means, and the payload that its result fills."""

    operation: Operation[..., Any]
    payload: type
    call: Callable[[Any, Any], Call[Any]]
    input: type
    refusals: tuple[type, ...] = ALWAYS


def mutation(
    operation: Operation[..., Any], *, payload: type, refusals: Sequence[type] = ()
) -> Callable[[Callable[[Any, Any], Call[Any]]], Any]:
    """Declare a mutation: a function from its input to the call of an operation, its docstring the description.

    The answer is a union of the payload, of the refusals that every mutation can meet, and of `refusals` that
    are the rule's own.
    """

    def decorate(function: Callable[[Any, Any], Call[Any]]) -> Any:
        name = payload.__name__.removesuffix("Payload")
        input_type = function.__annotations__["input"]
        members = (payload, *refusals, *ALWAYS)
        union: Any = Annotated[
            Union[members],  # noqa: UP007 - made of values
            strawberry.union(f"{name}Result", description=f"What became of `{name[0].lower()}{name[1:]}`."),
        ]
        description = f"{_sentence(function)} Needs `{operation.permission}`."
        if operation.money:
            description += " Needs an `idempotencyKey`."
        field: StrawberryField = strawberry.field(
            resolver=_resolver(input_type, union),
            description=description,
            metadata={MUTATION: MutationSpec(operation, payload, function, input_type, (*refusals, *ALWAYS))},
        )
        return field

    return decorate


def _sentence(function: Callable[..., Any]) -> str:
    if function.__doc__ is None:
        raise TypeError(f"{function.__qualname__} needs a docstring: it is the mutation's description")
    return " ".join(function.__doc__.split())


def _resolver(input_type: Any, union: Any) -> Callable[..., Any]:
    """The resolver that tells Strawberry the shape.

    Operations are run by `schema.mutations`; what comes here as the root is a refusal that is only written out.
    """

    def resolve(root: Any, input: Any) -> Any:  # noqa: ARG001 - the shape
        return root

    resolve.__annotations__ = {
        "root": Any,
        "input": Annotated[input_type, strawberry.argument(description="What to do, and how (Eingabe).")],
        "return": union | None,
    }
    return resolve


def enumeration(of: type[Enum], description: str, *, name: str | None = None, **values: str) -> None:
    """Make an enumeration of the domain one of the API; `values` describe its members, every one of them."""
    strawberry.enum(of, name=name or of.__name__, description=description)
    definition: Any = of.__dict__["__strawberry_definition__"]
    for member in definition.values:
        member.description = values[member.name]


def given(input: Any, *names: str) -> dict[str, Any]:
    """The values of the `Maybe` fields that the client sent: absent ones are absent, null is None."""
    found: Mapping[str, Any] = {name: getattr(input, name) for name in names}
    return {name: maybe.value for name, maybe in found.items() if maybe is not None}


def key(prefix: str, id: str) -> UUID:
    """The uuid in a global id. A malformed one, or one of another type, becomes one that nothing has."""
    head, _, tail = id.partition("_")
    try:
        return UUID(tail) if head == prefix else uuid4()
    except ValueError:
        return uuid4()


def keys(prefix: str, ids: Sequence[str]) -> list[UUID]:
    """The uuids in several global ids."""
    return [key(prefix, each) for each in ids]
