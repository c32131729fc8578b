"""How one mutation field is answered: input → call → operation, and its payload or refusal written out.

The payload is compiled and read inside the operation's transaction, so that it shows what is about to be
committed, or what a dry run would keep. A refusal is written after the roll-back.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import strawberry
from graphql import FieldNode, GraphQLError, get_argument_values, print_ast
from strawberry.types.arguments import convert_arguments

from domain.refusals import Refusal, RefusalCode, ValidationFailed, Violation
from reads.documents import Operation
from reads.engine import ReadEngine
from reads.errors import BAD_INPUT, RequestRefused
from schema.base import LONGEST_LIST, MUTATION, MutationInput, MutationSpec
from schema.refusals import type_of
from schema.writing import Writer
from tenancy.caller import Caller
from tenancy.operation import Contract, Operations, fingerprint
from tenancy.work import Work

LONGEST_KEY = 255


@dataclass(frozen=True)
class Field:
    """One root field of a mutation document: its response key, its nodes, its declaration and its type."""

    key: str
    nodes: Sequence[FieldNode]
    spec: MutationSpec
    arguments: Mapping[str, Any]


class Mutations:
    """Runs the mutation fields of one schema."""

    def __init__(self, schema: strawberry.Schema, engine: ReadEngine, operations: Operations) -> None:
        self._strawberry, self._engine, self._operations = schema, engine, operations
        self._schema: Any = engine.catalogue.graphql
        definition: Any = None if self._schema.mutation_type is None else self._schema.mutation_type.extensions
        fields = [] if definition is None else definition["strawberry-definition"].fields
        names = schema.config.name_converter
        self._declared = {names.get_graphql_name(field): field for field in fields}

    def fields(self, groups: Mapping[str, Sequence[FieldNode]], variables: Any) -> list[Field]:
        """The mutation fields of a document, with their arguments checked.

        Raises:
            RequestRefused: an argument cannot be taken, or two fields move money.
        """
        found = [self._field(key, nodes, variables) for key, nodes in groups.items()]
        if sum(field.spec.operation.money for field in found) > 1:
            raise RequestRefused.because(BAD_INPUT, "Only one mutation of a document may move money.")
        return found

    async def answer(
        self, caller: Caller, operation: Operation, field: Field, given: Any
    ) -> tuple[bytes, list[dict[str, Any]]]:
        """Run the mutation; the JSON of its field, and the errors inside its payload.

        Raises:
            Forbidden: the caller may not.
        """
        caller.require(field.spec.operation.permission)
        errors: list[dict[str, Any]] = []
        try:
            made = self._input(field)
            call = field.spec.call(None, made)
            contract = self._contract(operation, field, made)
            payload = self._payload(caller, operation, field, given, errors)
            outcome = await self._operations.perform(caller, call, contract, payload)
        except Refusal as refusal:
            return await self._refused(caller, operation, field, given, refusal), []
        return outcome.data or b"null", errors

    def _field(self, key: str, nodes: Sequence[FieldNode], variables: Any) -> Field:
        name = nodes[0].name.value
        spec: MutationSpec = self._declared[name].metadata[MUTATION]
        try:
            arguments = get_argument_values(self._schema.mutation_type.fields[name], nodes[0], variables)
        except GraphQLError as error:
            raise RequestRefused([{**error.formatted, "extensions": {"code": BAD_INPUT}}]) from error
        _check_values(arguments, ())
        return Field(key, nodes, spec, arguments)

    def _input(self, field: Field) -> Any:
        declared = self._declared[field.nodes[0].name.value]
        converter = self._strawberry.schema_converter
        found = convert_arguments(
            dict(field.arguments), declared.arguments, converter.scalar_registry, self._strawberry.config
        )
        return found["input"]

    def _contract(self, operation: Operation, field: Field, made: MutationInput) -> Contract:
        key = made.idempotency_key
        if key is not None and not 1 <= len(key) <= LONGEST_KEY:
            raise ValidationFailed(
                [Violation(RefusalCode.TOO_LONG, f"A key has 1 to {LONGEST_KEY} characters.", ("idempotencyKey",))]
            )
        if key is None or made.dry_run:
            return Contract(None, b"", made.dry_run, keys_required=True)
        return Contract(key, self._fingerprint(operation, field), made.dry_run, keys_required=True)

    def _fingerprint(self, operation: Operation, field: Field) -> bytes:
        """What a key stands for: the input, and what was asked of the answer."""
        values = {name: value for name, value in field.arguments["input"].items() if name != "idempotencyKey"}
        selection = [print_ast(node) for node in field.nodes]
        fragments = [print_ast(node) for _, node in sorted(operation.fragments.items())]
        return fingerprint(
            orjson.dumps(values, default=str, option=orjson.OPT_SORT_KEYS),
            "\n".join([*selection, *fragments]).encode(),
        )

    def _payload(
        self, caller: Caller, operation: Operation, field: Field, given: Any, errors: list[dict[str, Any]]
    ) -> Callable[[Work, Any], Awaitable[bytes]]:
        """What answers inside the transaction: the compiled payload over the story's result."""
        plan = self._engine.payload(caller, operation, given, field.nodes, field.spec.payload)

        async def answer(work: Work, result: Any) -> bytes:
            if plan.sql is None:
                return plan.constant
            found = await work.one_text(plan.sql, plan.parameters(work.caller, given, result))
            data, inside = self._engine.finished(plan, found, [field.key])
            errors.extend(inside)
            return data

        return answer

    async def _refused(self, caller: Caller, operation: Operation, field: Field, given: Any, refusal: Refusal) -> bytes:
        """The refusal as the selection asks for it; the present state of a record is read anew."""
        writer = Writer(self._engine, operation, given)
        return orjson.dumps(await writer.refusal(caller, type_of(refusal, field.spec.refusals), field.nodes, refusal))


def _check_values(value: Any, path: tuple[str, ...]) -> None:
    """Refuse what no column can hold and lists that are too long, wherever in the input they stand."""
    if isinstance(value, str):
        if "\0" in value or (not value.isprintable() and _has_half_character(value)):
            raise _unfit(path, "holds a character that cannot be stored")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            _check_values(inner, (*path, str(name)))
    elif isinstance(value, list | tuple):
        if len(value) > LONGEST_LIST:
            raise _unfit(path, f"has {len(value)} elements; at most {LONGEST_LIST} are taken at once")
        for place, inner in enumerate(value):
            _check_values(inner, (*path, str(place)))


def _has_half_character(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)


def _unfit(path: tuple[str, ...], what: str) -> RequestRefused:
    return RequestRefused.because(BAD_INPUT, f"{'.'.join(path)} {what}.")
