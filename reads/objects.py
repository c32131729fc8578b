"""Objects of an answer: each becomes a sub-select over its row whose columns are named by response keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from graphql import FieldNode, GraphQLObjectType

from reads import permissions, scalars
from reads.build import Build
from reads.row import Row, key

TYPENAME = "__typename"
LONGEST_NAME = 63
"""PostgreSQL cuts longer names off, so longer response keys must be data, not names."""


@dataclass(frozen=True)
class Shape:
    """A response object: what stands behind SELECT, and what its row's JSON then is."""

    selected: str
    row: str

    def one(self, source: str) -> str:
        """A scalar sub-select: the object of the first row of `source` (FROM …), or null."""
        json = "row_to_json(r)" if self.row == "r" else self.row
        return f"(select {json} from (select {self.selected}{source}) r)"

    def many(self, source: str) -> str:
        """A scalar sub-select: the list of objects of all rows of `source`."""
        return f"(select coalesce(json_agg({self.row}), '[]'::json) from (select {self.selected}{source}) r)"


def shape(columns: Sequence[tuple[str, str]]) -> Shape:
    """A response object of these keys and values, in this order."""
    if all(len(name) <= LONGEST_NAME for name, _ in columns):
        return Shape(", ".join(f"{sql} as {key(name)}" for name, sql in columns), "r")
    pairs = ", ".join(f"({i}, {scalars.literal(name)}, to_json({sql}))" for i, (name, sql) in enumerate(columns))
    return Shape(f"(select json_object_agg(k, v order by i) from (values {pairs}) p (i, k, v)) as o", "r.o")


def columns(
    build: Build, type_: GraphQLObjectType, nodes: Sequence[FieldNode], row: Row | None
) -> list[tuple[str, str]]:
    """The response keys of an object and the SQL of their values over its row."""
    build.charge()
    found = []
    for name, group in build.selection.of(type_, nodes).items():
        with build.within(name):
            found.append((name, value(build, type_, group, row)))
    return found


def value(build: Build, type_: GraphQLObjectType, group: Sequence[FieldNode], row: Row | None) -> str:
    """The SQL of one field of an object."""
    name = group[0].name.value
    if name == TYPENAME:
        return f"{scalars.literal(type_.name)}::text"
    field = build.catalogue.fields(type_)[name]
    if build.path in build.refused:
        return build.refuse(*build.refused[build.path])
    refusal = permissions.refusal(build, type_, field)
    if refusal is not None:
        return refusal
    compiler = build.compilers[type(field.source)]
    return compiler(build, type_, field, group, row)
