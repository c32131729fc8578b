"""Everything that can be selected below a type, cut into documents that are small enough to be asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

DEEP = 4
"""How many objects below each other are looked into."""

LONG = 300
"""How many names a document has at most."""

PAGE_PARTS = frozenset({"edges", "nodes", "pageInfo"})


@dataclass
class Selection:
    """Leaves and objects of one type; `on` are the types of a union or interface."""

    type: Any
    leaves: list[str] = field(default_factory=list)
    objects: dict[str, "Selection"] = field(default_factory=dict)
    on: dict[str, "Selection"] = field(default_factory=dict)

    def text(self) -> str:
        """The selection as GraphQL."""
        parts = ["__typename", *self.leaves]
        parts += [f"{name} {selection.text()}" for name, selection in self.objects.items()]
        parts += [f"... on {name} {selection.text()}" for name, selection in self.on.items()]
        return "{ " + " ".join(parts) + " }"

    def size(self) -> int:
        """How many names it has."""
        inner = (*self.objects.values(), *self.on.values())
        return 1 + len(self.leaves) + sum(one.size() + 1 for one in inner)


def whole(schema: GraphQLSchema, type_: Any, *, deep: int = DEEP, without: frozenset[str] = frozenset()) -> Selection:
    """Everything that can be selected of a type, no type below itself; of an interface what all its types have."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLInterfaceType):
        return Selection(named, [name for name, one in named.fields.items() if is_leaf_type(get_named_type(one.type))])
    if isinstance(named, GraphQLUnionType):
        possible = sorted(schema.get_possible_types(named), key=lambda one: one.name)
        return Selection(named, on={one.name: whole(schema, one, deep=deep, without=without) for one in possible})
    made = Selection(named)
    for name, declared in sorted(named.fields.items()):
        target = get_named_type(declared.type)
        if is_leaf_type(target):
            made.leaves.append(name)
            continue
        deeper = deep if name in PAGE_PARTS else deep - 1
        if target.name in without and "id" in target.fields and deeper > 0:
            made.objects[name] = Selection(target, ["id"])
        elif deeper > 0 and target.name not in without and not _returns(name, target, without):
            made.objects[name] = whole(schema, target, deep=deeper, without=without | {named.name})
    return made


def _returns(name: str, target: Any, without: frozenset[str]) -> bool:
    """Whether a page or an edge leads back to a type that is being looked into; nodes are read as `nodes`."""
    if name == "edges":
        return False
    if isinstance(target, GraphQLObjectType) and "nodes" in target.fields:
        return get_named_type(target.fields["nodes"].type).name in without
    return False


def chunks(selection: Selection, most: int = LONG) -> Iterator[Selection]:
    """The selection in parts that are small enough; together they are all of it."""
    if selection.size() <= most:
        yield selection
        return
    base = Selection(selection.type, selection.leaves)
    now = Selection(selection.type, list(selection.leaves))
    for kind in ("objects", "on"):
        for name, inner in getattr(selection, kind).items():
            for part in chunks(inner, most - base.size() - 1):
                if now.size() + part.size() > most or name in getattr(now, kind):
                    yield now
                    now = Selection(selection.type)
                getattr(now, kind)[name] = part
    yield now


def light(type_: Any) -> Selection:
    """What tells which rows there are: ids, numbers, cursors."""
    named = get_named_type(type_)
    if "nodes" not in named.fields:
        return Selection(named, [name for name, one in named.fields.items() if is_leaf_type(get_named_type(one.type))])
    node = get_named_type(named.fields["nodes"].type)
    leaves = [name for name, one in node.fields.items() if is_leaf_type(get_named_type(one.type)) and not one.args]
    wanted = ["id"] if "id" in leaves else leaves
    made = Selection(named, ["totalCount"] if "totalCount" in named.fields else [])
    made.objects["nodes"] = Selection(node, wanted)
    made.objects["pageInfo"] = Selection(None, ["hasNextPage", "hasPreviousPage", "endCursor"])
    return made
