"""Plans: the statement of an operation for one shape of its variables and one kind of caller."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from graphql import FieldNode, GraphQLObjectType

from reads import links, objects, pages, payloads, permissions, roots, scalars, values
from reads.arguments import Values
from reads.build import Build, Getter
from reads.catalogue import Catalogue
from reads.context import Facts
from reads.cursors import Cursors
from reads.documents import Operation
from reads.errors import BAD_INPUT, RequestRefused
from reads.objects import TYPENAME, shape, value
from reads.selection import Selection
from reads.specs import (
    ByKey,
    Column,
    Computed,
    Either,
    Embedded,
    Many,
    NodeById,
    NodesByIds,
    One,
    Page,
    PythonField,
    Resolved,
    RowBy,
    Value,
)
from tenancy.caller import Caller

COMPILERS: Mapping[type, Callable[..., str]] = {
    Column: values.column,
    Computed: values.computed,
    Embedded: values.embedded,
    PythonField: values.python,
    One: links.one,
    Many: links.many,
    Either: links.either,
    RowBy: roots.row_by,
    NodeById: roots.node,
    NodesByIds: roots.nodes,
    Page: pages.page,
    ByKey: payloads.by_key,
    Value: payloads.value,
}
"""Which function compiles which kind of source."""

RIGHTS = "(select version from tenant_rights where tenant_id = {tenant})"
"""The version of the tenant's rights, returned beside the answer."""

INTROSPECTION = frozenset({"__schema", "__type"})

Refused = Mapping[tuple[str, ...], tuple[str, str]]


@dataclass(frozen=True)
class Plan:
    """A compiled operation; nothing of a tenant is in it.

    `sql` is None when the answer needs no database: then it is `constant`. `core` are the response keys that
    graphql-core answers, `keys` all of them in order. `marked` answers hold markers that must be completed.
    """

    sql: bytes | None
    getters: tuple[Getter, ...]
    cost: int
    keys: tuple[str, ...]
    core: tuple[str, ...] = ()
    marked: bool = False
    functions: tuple[Callable[..., Any], ...] = ()
    constant: bytes = b"{}"
    introspects: bool = False

    def parameters(self, caller: Caller, given: Values, result: Any = None) -> list[bytes | None]:
        """The statement's parameters in PostgreSQL's text form.

        Raises:
            FieldRefused: a value cannot be taken where it was given.
            RequestRefused: a text holds what PostgreSQL cannot store (U+0000, half a surrogate pair).
        """
        try:
            found = [
                None if text is None else text.encode()
                for text in [getter(caller, given, result) for getter in self.getters]
            ]
        except UnicodeEncodeError as error:
            raise _unstorable() from error
        if any(text is not None and b"\0" in text for text in found):
            raise _unstorable()
        return found


def _unstorable() -> RequestRefused:
    return RequestRefused.because(BAD_INPUT, "A text holds a character that cannot be stored.")


@dataclass(frozen=True)
class Compiled:
    """A plan and what it must be found again by."""

    plan: Plan
    baked: set[str]
    asked: Mapping[str, Any]


class Compiler:
    """Compiles operations of one schema."""

    def __init__(self, catalogue: Catalogue, cursors: Cursors, rights: str | None = RIGHTS) -> None:
        self.catalogue, self._cursors, self._rights = catalogue, cursors, rights

    def build(self, operation: Operation, given: Values, caller: Caller, refused: Refused) -> Build:
        """The state of a new compilation."""
        selection = Selection(self.catalogue.graphql, operation.fragments, given)
        return Build(self.catalogue, selection, given, Facts(caller), self._cursors, refused, COMPILERS)

    def query(self, operation: Operation, given: Values, caller: Caller, refused: Refused | None = None) -> Compiled:
        """The plan of a query."""
        build = self.build(operation, given, caller, refused or {})
        root = self.catalogue.graphql.query_type
        if root is None:
            message = "the schema has no queries"
            raise LookupError(message)
        groups = build.selection.root(root, [operation.node.selection_set])
        columns, core = _root(build, root, groups)
        plan = self._plan(build, columns, tuple(groups), tuple(core))
        plan = replace(plan, introspects=bool(core) and all(groups[k][0].name.value in INTROSPECTION for k in core))
        return Compiled(plan, build.baked, build.facts.asked)

    def payload(
        self, operation: Operation, given: Values, caller: Caller, nodes: Sequence[FieldNode], declared: type
    ) -> Compiled:
        """The plan of a mutation's payload: the object that its field's nodes select, over the result."""
        build = self.build(operation, given, caller, {})
        type_ = self.catalogue.type_of(declared)
        columns = objects.columns(build, type_, nodes, None)
        return Compiled(self._plan(build, columns, (), (), alone=True), build.baked, build.facts.asked)

    def _plan(
        self,
        build: Build,
        columns: Sequence[tuple[str, str]],
        keys: tuple[str, ...],
        core: tuple[str, ...],
        *,
        alone: bool = False,
    ) -> Plan:
        constant = _constant(build, columns)
        if constant is not None:
            return Plan(None, (), build.cost, keys, core, build.marked, (), constant)
        rights = "" if self._rights is None or alone else ", " + self._rights.format(tenant=build.tenant)
        sql = statement(columns, rights)
        functions = tuple(build.functions)
        return Plan(sql, tuple(build.getters), build.cost, keys, core, build.marked, functions)


def statement(columns: Sequence[tuple[str, str]], more: str = "") -> bytes:
    """The whole statement: one row with the answer's text (and the rights' version)."""
    made = shape(columns)
    json = "row_to_json(r)" if made.row == "r" else made.row
    return f"select {json}::text{more} from (select {made.selected}) r".encode()


def _root(build: Build, root: GraphQLObjectType, groups: Mapping[str, Any]) -> tuple[list[tuple[str, str]], list[str]]:
    columns, core = [], []
    fields = build.catalogue.fields(root)
    for key, nodes in groups.items():
        name = nodes[0].name.value
        declared = None if name == TYPENAME else fields.get(name)
        by_core = name != TYPENAME and (
            declared is None or declared.source is None or isinstance(declared.source, Resolved)
        )
        with build.within(key):
            refusal = None if declared is None or not by_core else permissions.refusal(build, root, declared)
            if by_core and refusal is None:
                core.append(key)
                continue
            columns.append((key, refusal or value(build, root, nodes, None)))
    return columns, core


def _constant(build: Build, columns: Sequence[tuple[str, str]]) -> bytes | None:
    """The answer itself when it holds only names of types and refusals."""
    if build.getters:
        return None
    found = {}
    for key, sql in columns:
        text = scalars.literal_text(sql)
        if text is None:
            return None
        found[key] = orjson.loads(text[0]) if text[1] == "json" else text[0]
    return orjson.dumps(found)
