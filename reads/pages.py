"""Pages: a connection is a materialized common table of one row more than asked for, seen from several sides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLObjectType, get_named_type

from reads import cursors, filters, links, orderings, scalars
from reads.arguments import Given
from reads.build import Build
from reads.catalogue import Field
from reads.errors import BAD_CURSOR, BAD_PAGE_SIZE, FieldRefused
from reads.objects import TYPENAME, columns, shape
from reads.orderings import Keys
from reads.row import Row, from_clause
from reads.specs import Page, Rows

Group = Sequence[FieldNode]

NUMBER = "_n"
"""The column of the common table that numbers its rows in the order they were fetched."""


@dataclass(frozen=True)
class Window:
    """Which part of the list is asked for: how many, from which end, between which cursors."""

    count: int
    backwards: bool
    after: Given | None
    before: Given | None


@dataclass(frozen=True)
class View:
    """A page while its parts are made: the common table's row, its window and order, and its source."""

    row: Row
    window: Window
    keys: Keys
    tag: Callable[[], str]
    total: Callable[[], str]
    node: GraphQLObjectType


def page(build: Build, type_: GraphQLObjectType, field: Field, group: Group, parent: Row | None) -> str:
    """A connection, at the root or below a row; a wrong size or cursor leaves null and an error."""
    mark = build.mark()
    try:
        return _page(build, type_, field, group, parent)
    except FieldRefused as refused:
        build.back(mark)
        return build.refuse(refused.code, refused.message)


def _page(build: Build, type_: GraphQLObjectType, field: Field, group: Group, parent: Row | None) -> str:
    source = field.of(Page)
    given = build.arguments(group[0], field)
    window = _window(build, source, given)
    node: Any = build.catalogue.node_type(field.target)
    rows = build.catalogue.rows_of(node)
    by = orderings.keys(build, source, given, rows)
    branches = source.branches if source.branches is not None else rows.tenant
    name = f"{type_.name}.{field.name}"
    row = build.row(rows, foreign=len(branches) > 1)

    path = build.path

    def some() -> list[tuple[Row, list[str]]]:
        with build.at(path):
            return _branches(build, source, field, given, parent, rows)

    def total() -> str:
        counts = [f"(select count(*) from {from_clause(r)} where {' and '.join(w) or 'true'})" for r, w in some()]
        return f"({' + '.join(counts)})"

    view = View(row, window, by, lambda: _tag(build, orderings.tag(name, by)), total, node)
    parts = _parts(build, field.target, group, view)
    body = shape(parts).one("")
    if not _looks(build, field, group):
        return body
    table = _table(build, some(), view, name)
    return f"(with {row.alias} as materialized ({table}) select {body})"


def _looks(build: Build, field: Field, group: Group) -> bool:
    """Whether anything selected needs the rows of the page."""
    selected = build.selection.of(field.target, group).values()
    return any(nodes[0].name.value in {"nodes", "edges", "pageInfo"} for nodes in selected)


# -- what is asked for


def _window(build: Build, source: Page, given: dict[str, Given]) -> Window:
    first, last = (_size(build, source, given.get(name), name) for name in ("first", "last"))
    if first is not None and last is not None:
        raise FieldRefused(BAD_PAGE_SIZE, "Give first or last, not both.", build.path)
    after, before = (_present(given.get(name)) for name in ("after", "before"))
    return Window(last or first or source.first, last is not None, after, before)


def _size(build: Build, source: Page, given: Given | None, name: str) -> int | None:
    size = None if given is None else given.baked()
    if size is not None and not 1 <= size <= source.most:
        message = f"{name} must be between 1 and {source.most}, not {size}."
        raise FieldRefused(BAD_PAGE_SIZE, message, build.path)
    return None if size is None else int(size)


def _present(given: Given | None) -> Given | None:
    return None if given is None or given.sample is None else given


# -- where the rows come from


def _branches(
    build: Build, source: Page, field: Field, given: dict[str, Given], parent: Row | None, rows: Rows
) -> list[tuple[Row, list[str]]]:
    """Each disjoint source of rows under an alias of its own, with all its conditions but the cursor's."""
    link = source.link
    if link is not None:
        row, joined = links.joined(build, build.catalogue.node_type(field.target), link, parent)
        return [(row, [joined, *_narrowed(build, source, field, given, parent, row)])]
    branches = source.branches if source.branches is not None else rows.tenant
    found = []
    for index, branch in enumerate(branches or (None,)):
        row = build.row(rows, foreign=len(branches) > 1)
        where = _branch(build, row, branch, branches[:index])
        found.append((row, [*where, *links.scope(build, row), *_narrowed(build, source, field, given, parent, row)]))
    return found


def _branch(build: Build, row: Row, branch: Any, earlier: Sequence[Any]) -> list[str]:
    """The condition of one branch, and that it is none of the earlier ones."""
    if branch is None:
        return []
    if not isinstance(branch, str):
        made = build.expression(branch, [row])
        return [] if made is None else [f"({made})"]
    others = [f"{row.sql(e)} is distinct from {build.tenant}" for e in earlier if isinstance(e, str)]
    return [f"{row.sql(branch)} = {build.tenant}", *others]


def _narrowed(
    build: Build, source: Page, field: Field, given: dict[str, Given], parent: Row | None, row: Row
) -> list[str]:
    """The declaration's own condition and the request's filter."""
    found = []
    if source.where is not None:
        made = build.expression(source.where, [parent, row], field, {})
        found += [] if made is None else [f"({made})"]
    asked = _present(given.get("filter"))
    if asked is not None:
        found += filters.condition(build, get_named_type(field.args["filter"].type), asked, row)
    return found


def _table(build: Build, branches: Sequence[tuple[Row, list[str]]], view: View, name: str) -> str:
    """The common table: the rows of all branches behind the cursors, in order, one more than asked for."""
    window = view.window
    by = tuple(key.turned() for key in view.keys) if window.backwards else view.keys
    turned = tuple(key.turned() for key in view.keys)
    limit = window.count + 1
    selects = []
    for row, where in branches:
        conditions = list(where)
        for cursor, keys, argument in ((window.after, view.keys, "after"), (window.before, turned, "before")):
            if cursor is not None:
                values = _position(build, view, row, cursor, argument, orderings.tag(name, view.keys))
                conditions.append(orderings.behind(row, keys, values))
        order = orderings.order_by(row, by)
        selects.append(
            f"select {row.alias}.* from {from_clause(row)} where {' and '.join(conditions) or 'true'}"
            f" order by {order} limit {limit}"
        )
    numbered = f"select q.*, row_number() over () as {NUMBER} from"
    if len(selects) == 1:
        return f"{numbered} ({selects[0]}) q"
    union = " union all ".join(f"({s})" for s in selects)
    order = orderings.order_by(view.row.under("u"), by)
    return f"{numbered} (select u.* from ({union}) u order by {order} limit {limit}) q"


def _position(build: Build, view: View, row: Row, cursor: Given, argument: str, ordering: str) -> list[str]:
    """The key values of a cursor as parameters; a text that is no cursor refuses the field when it comes."""
    types = orderings.types(row, view.keys)
    checks = [cursors.check_of(type_) for type_, _ in types]
    read, get, path = build.cursors.read, cursor.get, build.path

    def key(index: int) -> Callable[..., str | None]:
        def getter(caller: Any, values: Any, _result: Any) -> str | None:
            try:
                return read(get(values), caller.tenant_id, ordering, checks)[index]
            except cursors.BadCursor:
                message = f"{argument} is not a cursor of this list in this order."
                raise FieldRefused(BAD_CURSOR, message, path) from None

        return getter

    return [build.bind((path, argument, index), key(index), text) for index, (_, text) in enumerate(types)]


def _tag(build: Build, ordering: str) -> str:
    tag = build.cursors.tag
    return build.bind(("tag", ordering), lambda caller, _v, _r: tag(caller.tenant_id, ordering), "text")


# -- what is seen of it


def _parts(build: Build, type_: Any, group: Group, view: View) -> list[tuple[str, str]]:
    found = []
    build.charge()
    for key, nodes in build.selection.of(type_, group).items():
        name = nodes[0].name.value
        with build.within(key):
            found.append((key, _part(build, type_, name, nodes, view)))
    return found


def _part(build: Build, type_: Any, name: str, nodes: Group, view: View) -> str:
    target = get_named_type(type_.fields[name].type) if name != TYPENAME else None
    match name:
        case "__typename":
            return f"{scalars.literal(type_.name)}::text"
        case "nodes":
            with build.times(view.window.count):
                return shape(columns(build, view.node, nodes, view.row)).many(_shown(view))
        case "edges":
            with build.times(view.window.count):
                return shape(_edge(build, target, nodes, view)).many(_shown(view))
        case "pageInfo":
            return shape(_info(build, target, nodes, view)).one("")
        case "totalCount":
            build.charge(COUNTING)
            return view.total()
        case _:
            message = f"{type_.name}.{name} is nothing a connection has"
            raise TypeError(message)


COUNTING = 10
"""What counting costs, in objects."""


def _shown(view: View) -> str:
    """The rows of the page without the one too many, in the list's order."""
    a = view.row.alias
    down = " desc" if view.window.backwards else ""
    return f" from {a} where {a}.{NUMBER} <= {view.window.count} order by {a}.{NUMBER}{down}"


def _edge(build: Build, type_: Any, group: Group, view: View) -> list[tuple[str, str]]:
    found = []
    for key, nodes in build.selection.of(type_, group).items():
        with build.within(key):
            match nodes[0].name.value:
                case "node":
                    sql = shape(columns(build, view.node, nodes, view.row)).one("")
                case "cursor":
                    sql = _cursor(view)
                case _:
                    sql = f"{scalars.literal(type_.name)}::text"
        found.append((key, sql))
    return found


def _cursor(view: View) -> str:
    texts = [cursors.key_text(view.row.sql(k.column), view.row.column(k.column).type) for k in view.keys]
    return cursors.sql(view.tag(), texts)


def _info(build: Build, type_: Any, group: Group, view: View) -> list[tuple[str, str]]:
    window, a = view.window, view.row.alias
    more = f"(select count(*) > {window.count} from {a})"
    front, back = (window.after, window.before)
    beyond_front = more if window.backwards else str(front is not None).lower()
    beyond_back = str(back is not None).lower() if window.backwards else more
    if window.backwards and front is not None:
        beyond_front = "true"
    if not window.backwards and back is not None:
        beyond_back = "true"
    low, high = f"{a}.{NUMBER}", f"{a}.{NUMBER} desc"
    ends = (high, low) if window.backwards else (low, high)
    sql = {
        "hasPreviousPage": lambda: beyond_front,
        "hasNextPage": lambda: beyond_back,
        "startCursor": lambda: _end(view, ends[0]),
        "endCursor": lambda: _end(view, ends[1]),
        TYPENAME: lambda: f"{scalars.literal(type_.name)}::text",
    }
    return [(key, sql[nodes[0].name.value]()) for key, nodes in build.selection.of(type_, group).items()]


def _end(view: View, order: str) -> str:
    a = view.row.alias
    return f"(select {_cursor(view)} from {a} where {a}.{NUMBER} <= {view.window.count} order by {order} limit 1)"
