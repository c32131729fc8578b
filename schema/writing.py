"""Writing out a refusal as a selection asks for it: plain values, and the present state of a record."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from graphql import DocumentNode, FieldNode, print_ast

from reads.catalogue import Catalogue, Field
from reads.documents import Operation
from reads.engine import ReadEngine
from reads.selection import Selection
from reads.specs import ByKey, Value
from tenancy.caller import Caller

TYPENAME = "__typename"


class Writer:
    """Writes refusals for one operation and its variables."""

    def __init__(self, engine: ReadEngine, operation: Operation, given: Any) -> None:
        self._engine, self._operation = engine, operation
        self._catalogue = engine.catalogue
        self._selection = Selection(self._catalogue.graphql, operation.fragments, given)

    async def refusal(
        self, caller: Caller, declared: type, nodes: Sequence[FieldNode], value: object
    ) -> dict[str, Any]:
        """The fields of a refusal that the nodes select, in their order."""
        type_ = self._catalogue.type_of(declared)
        fields = self._catalogue.fields(type_)
        found: dict[str, Any] = {}
        for key, group in self._selection.of(type_, nodes).items():
            name = group[0].name.value
            if name == TYPENAME:
                found[key] = type_.name
            else:
                found[key] = await self._value(caller, fields[name], group, value)
        return found

    async def _value(self, caller: Caller, field: Field, group: Sequence[FieldNode], of: object) -> Any:
        if isinstance(field.source, ByKey):
            return await self._record(caller, field, group, getattr(of, field.source.key))
        content = getattr(of, field.of(Value).key)
        if content is None or not hasattr(field.target, "fields"):
            return plain(content)
        declared = self._catalogue.origin(field.target)
        if field.is_list:
            return [await self.refusal(caller, declared, group, each) for each in content]
        return await self.refusal(caller, declared, group, content)

    async def _record(self, caller: Caller, field: Field, group: Sequence[FieldNode], row: object) -> Any:
        """A record as it is now, by a read of its own; null where the caller may not see it."""
        id_ = global_id(self._catalogue, row)
        if id_ is None:
            return None
        selected = " ".join(print_ast(node.selection_set) for node in group if node.selection_set is not None)
        document = DocumentNode(definitions=tuple(self._operation.fragments.values()))
        one = f"node(id: $id) {{ ... on {field.target.name} {_merged(selected)} }}"
        text = f"query ($id: ID!) {{ {one} }}\n{_used(selected, document)}"
        answer = await self._engine.read(caller, text, None, {"id": id_})
        return orjson.loads(answer.data)["node"]


def global_id(catalogue: Catalogue, row: object) -> str | None:
    """The global id of a stored row; None for a row that the API shows nowhere by id."""
    node: Any = catalogue.graphql.type_map["Node"]
    for type_ in catalogue.concrete(node):
        rows = catalogue.rows(type_)
        if rows is not None and rows.model is type(row) and rows.prefix is not None:
            return f"{rows.prefix}_{getattr(row, 'id', None)}"
    return None


def plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, UUID) else value


def _merged(selected: str) -> str:
    return "{ " + selected.replace("}\n{", "\n").strip()[1:-1] + " }"


def _used(selected: str, document: DocumentNode) -> str:
    """The fragments that the selection names, with those that they name in turn."""
    texts = {str(each.name.value): print_ast(each) for each in document.definitions}  # type: ignore[attr-defined]
    found: dict[str, str] = {}
    waiting = [selected]
    while waiting:
        text = waiting.pop()
        for name, fragment in texts.items():
            if name not in found and f"...{name}" in text:
                found[name] = fragment
                waiting.append(fragment)
    return "\n".join(found.values())
