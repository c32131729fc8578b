"""The same toy, answered by graphql-core over plain Python resolvers: slow, obvious, and independent.

It is built from the printed schema, knows rows as dictionaries, and none of the compiler's code but the tag
of its cursors, which no outsider could know.
"""

import base64
import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from graphql import GraphQLError, GraphQLResolveInfo, build_schema, execute, parse

from reads.cursors import Cursors
from tenancy.caller import Caller
from tests.reads import toy
from tests.reads.toy_data import Tenant, World

SCHEMA = build_schema(toy.schema.as_str().replace("directive @oneOf on INPUT_OBJECT", ""))
KINDS = {"poet": "POET", "novel'ist": "NOVELIST", "CRITIC": "CRITIC"}
PREFIXES = {"aut": "Author", "boo": "Book", "xbo": "ExternalBook", "loa": "Loan", "shb": "ShelfBook"}
PREFIX = {name: prefix for prefix, name in PREFIXES.items()}
NEEDS = {"Author": toy.SEE, "Book": toy.BOOKS, "ExternalBook": toy.BOOKS, "ShelfBook": toy.BOOKS, "Loan": toy.LOANS}


class Thing:
    """A row as one of the types."""

    def __init__(self, type_: str, row: Mapping[str, Any]) -> None:
        self.type, self.row = type_, row


class Refused(GraphQLError):
    def __init__(self, code: str) -> None:
        super().__init__("refused", extensions={"code": code})


class Reference:
    def __init__(self, world: World, caller: Caller, cursors: Cursors) -> None:
        self.world, self.caller, self.cursors = world, caller, cursors
        self.tenant: Tenant = next(t for t in world.tenants if t.id == caller.tenant_id)

    def answer(self, document: str, variables: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        result: Any = execute(
            SCHEMA,
            parse(document),
            variable_values=dict(variables),
            field_resolver=self.resolve,
            type_resolver=lambda value, *_: value.type,
        )
        unexpected = [e for e in result.errors or [] if "code" not in (e.extensions or {})]
        if unexpected:
            raise AssertionError(document, unexpected) from unexpected[0].original_error
        return result.data, [(list(e.path or []), e.extensions["code"]) for e in result.errors or []]

    # -- rows

    def all(self, type_: str) -> list[Thing]:
        me = self.caller.tenant_id
        table = {"Author": "author", "Loan": "loan"}.get(type_, "book")
        mine = {
            "ExternalBook": lambda row: row["shared_tenant_id"] == me,
            "ShelfBook": lambda row: me in (row["tenant_id"], row["shared_tenant_id"]),
        }.get(type_, lambda row: row["tenant_id"] == me)
        found = [Thing(type_, row) for row in self.world.rows[table] if mine(row)]
        if type_ == "Author" and self.caller.scope(toy.SEE) != 4:
            seen = self.caller.seen(toy.SEE)
            found = [thing for thing in found if thing.row["place_id"] in seen]
        return found

    def may(self, *permissions: str) -> None:
        for permission in permissions:
            if permission not in self.caller.grants:
                raise Refused("FORBIDDEN")

    def first(self, things: list[Thing]) -> Thing | None:
        return things[0] if things else None

    def with_id(self, type_: str, id_: Any) -> Thing | None:
        return self.first([t for t in self.all(type_) if t.row["id"] == id_])

    # -- fields

    def resolve(self, source: Any, info: GraphQLResolveInfo, **args: Any) -> Any:
        type_, field = info.parent_type.name, info.field_name
        method = getattr(self, f"{snake(type_)}__{snake(field)}", None)
        if method is not None:
            return method(source, **{snake(name): value for name, value in args.items()})
        if isinstance(source, dict):
            value = source[field]
            return value() if callable(value) else value
        if field == "id":
            return f"{PREFIX[source.type]}_{source.row['id']}"
        return written(source.row[snake(field)])

    def query__me(self, _: Any) -> Any:
        return {"tenant": str(self.caller.tenant_id), "permissions": sorted(self.caller.grants)}

    def query__author(self, _: Any, id: str) -> Any:
        self.may(toy.SEE)
        return self._by_global("Author", id)

    def query__book(self, _: Any, id: str) -> Any:
        self.may(toy.BOOKS)
        return self._by_global("Book", id)

    def _by_global(self, type_: str, id_: str) -> Thing | None:
        prefix, _, rest = id_.rpartition("_")
        return self.with_id(type_, uuid(rest)) if prefix == PREFIX[type_] else None

    def query__author_by(self, _: Any, by: Mapping[str, Any]) -> Any:
        self.may(toy.SEE)
        if "id" in by:
            return self._by_global("Author", by["id"])
        return self.first([t for t in self.all("Author") if t.row["number"] == by["number"]])

    def query__node(self, _: Any, id: str) -> Any:
        type_ = PREFIXES.get(id.rpartition("_")[0])
        if type_ is None or uuid(id.rpartition("_")[2]) is None:
            return None
        self.may(NEEDS[type_])
        return self._by_global(type_, id)

    def query__nodes(self, _: Any, ids: list[str]) -> Any:
        def one(id_: str) -> Any:
            try:
                return self.query__node(None, id_)
            except Refused as refused:
                return refused

        return [one(id_) for id_ in ids]

    def author__salary(self, source: Thing) -> Any:
        self.may(toy.SALARY)
        return source.row["salary"]

    def author__kind(self, source: Thing) -> Any:
        return KINDS[source.row["kind"]]

    def author__kinds(self, source: Thing) -> Any:
        return [KINDS[kind] for kind in source.row["kinds"]]

    def author__fee(self, source: Thing) -> Any:
        return money(source.row["fee_minor"], source.row["fee_currency"])

    def author__bonus(self, source: Thing) -> Any:
        return money(source.row["bonus_minor"], source.row["bonus_currency"])

    def author__display(self, source: Thing) -> Any:
        return f"{source.row['number']} {source.row['name']}"

    def author__shout(self, source: Thing) -> Any:
        return source.row["name"].upper()

    def _books(self, author: Thing) -> list[Thing]:
        found = [t for t in self.all("Book") if t.row["author_id"] == author.row["id"]]
        return sorted(found, key=lambda t: t.row["position"])

    def author__books(self, source: Thing) -> Any:
        self.may(toy.BOOKS)
        return self._books(source)

    def author__book_count(self, source: Thing, min_pages: int | None = None) -> Any:
        books = self._books(source)
        if min_pages is None:
            return len(books)
        return len([b for b in books if b.row["pages"] is not None and b.row["pages"] >= min_pages])

    def author__long_book(self, source: Thing, pages: int) -> Any:
        self.may(toy.BOOKS)
        return self.first([b for b in self._books(source) if b.row["pages"] is not None and b.row["pages"] >= pages])

    def author__loans(self, source: Thing) -> Any:
        self.may(toy.LOANS)
        found = [t for t in self.all("Loan") if t.row["author_id"] == source.row["id"]]
        return sorted(found, key=lambda t: t.row["id"].bytes)

    def loan__book(self, source: Thing) -> Any:
        self.may(toy.BOOKS)
        row = source.row
        return self.with_id("Book", row["book_id"]) or self.with_id("ExternalBook", row["external_book_id"])

    def book__author(self, source: Thing) -> Any:
        self.may(toy.SEE)
        return self.with_id("Author", source.row["author_id"])

    def _chapters(self, source: Thing) -> list[Thing]:
        rows = [r for r in self.world.rows["chapter"] if r["book_id"] == source.row["id"]]
        return [Thing("Chapter", r) for r in sorted(rows, key=lambda r: r["position"])]

    def book__chapters(self, source: Thing) -> Any:
        return self._chapters(source)

    def external_book__chapters(self, source: Thing) -> Any:
        return self._chapters(source)[::-1]

    # -- pages

    def author__book_page(self, source: Thing, **args: Any) -> Any:
        self.may(toy.BOOKS)
        return self._page("Author.bookPage", self._books(source), [("position", False)], args)

    def query__authors(self, _: Any, **args: Any) -> Any:
        self.may(toy.SEE)
        self._sizes(args.get("first"), args.get("last"))
        keys = {"NUMBER": "number", "NAME": "name_key", "BORN": "born_on", "SALARY": "salary"}
        order: dict[str, bool] = {}
        for by in args.get("order_by") or []:
            if by["field"] == "SALARY":
                self.may(toy.SALARY)
            order.setdefault(keys[by["field"]], by["direction"] == "DESC")
        return self._page("Query.authors", self.all("Author"), list(order.items()) or [("number", False)], args)

    def query__external_books(self, _: Any, **args: Any) -> Any:
        self.may(toy.BOOKS)
        return self._page("Query.externalBooks", self.all("ExternalBook"), [("title", False)], args)

    def query__shelf(self, _: Any, **args: Any) -> Any:
        self.may(toy.BOOKS)
        order = [("title", by["direction"] == "DESC") for by in (args.get("order_by") or [])[:1]]
        return self._page("Query.shelf", self.all("ShelfBook"), order or [("title", False)], args)

    def _page(self, name: str, things: list[Thing], order: list[tuple[str, bool]], args: Mapping[str, Any]) -> Any:
        first, last, after, before = (args.get(n) for n in ("first", "last", "after", "before"))
        self._sizes(first, last)
        if args.get("filter") is not None:
            self._check(args["filter"])
            things = [t for t in things if self.fulfils(t, args["filter"])]
        keys = [*order, ("id", order[-1][1])]
        things = sorted(things, key=lambda t: t.row["id"].bytes, reverse=keys[-1][1])
        for key, down in reversed(order):
            things = sorted(things, key=lambda t, k=key: sortable(t.row[k]), reverse=down)
        tag = self.cursors.tag(self.caller.tenant_id, f"{name}|" + ",".join(("-" if d else "") + k for k, d in keys))

        def cursor(thing: Thing) -> str:
            parts = [tag, *(key_text(thing.row[key]) for key, _ in keys)]
            return base64.b64encode(json.dumps(parts, ensure_ascii=False).encode()).decode()

        total = len(things)
        cursors = [cursor(t) for t in things]
        low = 0
        high = len(things)
        if after is not None:
            low = cursors.index(after) + 1 if after in cursors else self._bad()
        if before is not None:
            high = cursors.index(before) if before in cursors else self._bad()
        shown = list(zip(cursors, things, strict=True))[low:high] if low < high else []
        size = last or first or 25
        more = len(shown) > size
        shown = shown[-size:] if last else shown[:size]
        return {
            "nodes": [t for _, t in shown],
            "edges": [{"cursor": c, "node": t} for c, t in shown],
            "totalCount": total,
            "pageInfo": {
                "hasNextPage": before is not None or (more and not last),
                "hasPreviousPage": after is not None or bool(more and last),
                "startCursor": shown[0][0] if shown else None,
                "endCursor": shown[-1][0] if shown else None,
            },
        }

    def _sizes(self, first: int | None, last: int | None) -> None:
        for size in (first, last):
            if size is not None and not 1 <= size <= 100:
                raise Refused("BAD_PAGE_SIZE")
        if first is not None and last is not None:
            raise Refused("BAD_PAGE_SIZE")

    def _bad(self) -> int:
        raise Refused("BAD_CURSOR")

    # -- filters

    def _check(self, filter_: Mapping[str, Any]) -> None:
        """What may not be seen may not be filtered by, whatever rows there are."""
        for name, given in filter_.items():
            if given is None:
                continue
            if name in ("and", "or"):
                for inner in given:
                    self._check(inner)
            elif name == "not":
                self._check(given)
            elif name in ("book", "bookTitle"):
                self.may(toy.BOOKS)
            elif name == "salary":
                self.may(toy.SALARY)

    def fulfils(self, thing: Thing, filter_: Mapping[str, Any]) -> bool:
        return all(self._holds(thing, name, given) for name, given in filter_.items() if given is not None)

    def _holds(self, thing: Thing, name: str, given: Any) -> bool:
        combined = {
            "and": lambda: all(self.fulfils(thing, g) for g in given),
            "or": lambda: any(self.fulfils(thing, g) for g in given),
            "not": lambda: not self.fulfils(thing, given),
            "longNamed": lambda: (len(thing.row["name"]) > 7) == given,
            "book": lambda: any(self.fulfils(book, given) for book in self._books(thing)),
            "bookTitle": lambda: any(operators(book.row["title"], given) for book in self._books(thing)),
            "name": lambda: operators(thing.row["name_key"], folded(given)),
        }.get(name)
        return combined() if combined is not None else operators(self._compared(thing, name), given)

    def _compared(self, thing: Thing, name: str) -> Any:
        if name == "id":
            return f"{PREFIX[thing.type]}_{thing.row['id']}"
        if name == "kind":
            return KINDS[thing.row["kind"]]
        return written(thing.row[snake(name)])


def folded(given: Mapping[str, Any]) -> dict[str, Any]:
    def fold(value: Any) -> Any:
        return value.casefold() if isinstance(value, str) else value

    return {name: [fold(v) for v in value] if isinstance(value, list) else fold(value) for name, value in given.items()}


def operators(value: Any, given: Mapping[str, Any]) -> bool:
    def holds(name: str, right: Any) -> bool:
        if name == "isNull":
            return (value is None) == right
        if value is None:
            return False
        return bool(
            {
                "eq": lambda: value == right,
                "in": lambda: value in right,
                "gte": lambda: value >= right,
                "lte": lambda: value <= right,
                "startsWith": lambda: value.startswith(right),
            }[name]()
        )

    return all(holds(name, right) for name, right in given.items() if right is not None)


def money(minor: int | None, currency: str | None) -> Any:
    return None if minor is None else {"amount": format(Decimal(minor).scaleb(-2), "f"), "currency": currency}


def sortable(value: Any) -> Any:
    return (value is None, value) if value is not None else (True,)


def key_text(value: Any) -> str | None:
    return None if value is None else str(written(value))


def written(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, UUID) else value


def snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


def uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if str(UUID(text)) == text else None
    except ValueError:
        return None
