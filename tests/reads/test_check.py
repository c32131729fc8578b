"""The start-up check: what could only fail later is refused, with a sentence that says what and where."""

from typing import Any

import pytest
import sqlalchemy as sa
import strawberry
from sqlalchemy import func, select
from strawberry.schema.config import StrawberryConfig

from reads import (
    SCALARS,
    Connection,
    IntFilter,
    Node,
    TextFilter,
    column,
    computed,
    embedded,
    filter_column,
    filter_input,
    filter_related,
    many,
    node_by_id,
    one,
    order_by,
    ordering,
    page,
    python,
    row_by,
    rows,
)
from reads.catalogue import Catalogue
from reads.check import BadDeclarations, check, problems
from tests.reads import toy
from tests.reads.toy import author_table, book_table


def schema_of(query: type, *types: type) -> strawberry.Schema:
    return strawberry.Schema(query, types=list(types), config=StrawberryConfig(scalar_map=dict(SCALARS)))


def found(query: type, *types: type) -> list[str]:
    return list(problems(Catalogue(schema_of(query, *types))))


def about(name: str, table: sa.Table = book_table, /, **fields: Any) -> list[str]:
    """The problems of one type with these fields: name → (annotation, declaration)."""
    query = root(made(name, table, **fields))
    return [problem.split(": ", 1)[1] for problem in found(query) if problem.startswith(f"{name}.")]


def made(name: str, table: Any = book_table, /, **fields: Any) -> Any:
    namespace = {field: declared for field, (_, declared) in fields.items()}
    namespace["__annotations__"] = {field: annotation for field, (annotation, _) in fields.items()}
    return rows(table)(strawberry.type(type(name, (), namespace)))


def root(type_: Any) -> Any:
    namespace = {"thing": one("It."), "__annotations__": {"thing": type_ | None}}
    return strawberry.type(type("Query", (), namespace))


class TestAGoodSchema:
    def test_passes(self) -> None:
        check(Catalogue(toy.schema))

    def test_and_a_bad_one_is_refused_with_everything_that_is_wrong(self) -> None:
        query = root(made("Bad", a=(str, column("A.")), b=(str, column("B."))))
        with pytest.raises(BadDeclarations) as refused:
            check(Catalogue(schema_of(query)))
        assert refused.value.problems == ("Bad.a: there is no column a", "Bad.b: there is no column b")


def test_a_column_must_exist() -> None:
    assert about("Bad", name=(str, column("?"))) == ["there is no column name"]


def test_a_non_null_field_on_a_nullable_column_is_refused() -> None:
    assert about("Bad", pages=(int, column("?"))) == ["is not nullable, but the column pages is"]
    assert about("Good", pages=(int | None, column("?"))) == []


def test_a_field_must_be_of_its_columns_type() -> None:
    assert about("Bad", title=(int, column("?"))) == ['is Int, which the column title (TEXT COLLATE "C") is not']
    assert about("Bad", author_table, tags=(str, column("?"))) == ["is a list, or the column tags is, but not both"]


def test_a_field_that_needs_a_permission_must_be_nullable() -> None:
    assert about("Bad", title=(str, column("?", permission="x:see"))) == ["needs a permission, so it must be nullable"]


def test_rows_that_need_a_permission_are_reached_by_nullable_fields_only() -> None:
    secret = rows(book_table, permission="x:see")(
        strawberry.type(type("Secret", (), {"__annotations__": {"title": str}}))
    )
    wrong = about("Bad", toy.chapter_table, book=(secret, one("?", on={"id": "book_id"})))
    assert wrong == ["needs a permission, so it must be nullable"]
    assert about("Good", toy.chapter_table, book=(secret | None, one("?", on={"id": "book_id"}))) == []


def test_a_python_resolver_below_the_root_is_refused() -> None:
    def resolve() -> str:
        return "x"

    declared = strawberry.field(resolver=resolve)
    assert about("Bad", slow=(str, declared)) == ["has a resolver; only root fields may, use python() instead"]


def test_the_columns_of_a_python_field_must_exist() -> None:
    assert about("Bad", loud=(str, python("?", str, requires=("name",)))) == ["there is no column name"]


def test_an_embedded_object_needs_its_columns_and_may_be_null_only_where_it_says() -> None:
    money = embedded("?", minor="fee_minor", currency="fee", null_when="bonus_minor")
    assert about("Bad", author_table, fee=(toy.Money, money)) == [
        "there is no column fee",
        "can be null (null_when), so it must be nullable",
    ]


def test_a_link_needs_an_index() -> None:
    chapter = made("Chapter", toy.chapter_table, title=(str, column("?")))
    link = many("?", on={"title": "title"}, order_by=("position",))
    assert about("Bad", chapters=(list[chapter], link)) == ["no index of chapter begins with (tenant_id, title)"]


def test_a_link_over_a_nullable_column_finds_nothing_sometimes() -> None:
    book = made("Linked", book_table, title=(str, column("?")))
    assert about("Bad", toy.loan_table, book=(book, one("?", on={"id": "book_id"}))) == [
        "hangs on a nullable column, so it must be nullable"
    ]


def test_a_link_into_a_scope_finds_nothing_sometimes() -> None:
    scoped = rows(author_table, scope=toy.visible)(
        strawberry.type(type("Scoped", (), {"__annotations__": {"name": str}}))
    )
    assert about("Bad", author=(scoped, one("?", on={"id": "author_id"}))) == [
        "may be out of the caller's scope, so it must be nullable"
    ]


def unbound(row: Any, _context: Any) -> Any:
    chapter = toy.chapter_table
    return select(func.count()).where(chapter.c.book_id == row.id).scalar_subquery()


def bound(row: Any, _context: Any) -> Any:
    chapter, book = toy.chapter_table, toy.book_table.alias()
    joined = chapter.join(book, (book.c.tenant_id == chapter.c.tenant_id) & (book.c.id == chapter.c.book_id))
    return select(func.count()).select_from(joined).where(chapter.c.tenant_id == row.tenant_id).scalar_subquery()


def test_a_sub_select_of_an_expression_must_name_its_tenant() -> None:
    assert set(about("Bad", chapters=(int, computed("?", unbound)))) == {
        "a sub-select reads chapter without its tenant"
    }
    assert about("Good", chapters=(int, computed("?", bound))) == []


def paged(**more: Any) -> list[str]:
    book = made(
        "Paged", book_table, title=(str | None, column("?", permission="t:see")), pages=(int | None, column("?"))
    )

    @strawberry.type
    class Query:
        books: Connection[book] = page("?", **more)  # type: ignore[valid-type]

    return [problem.removeprefix("Query.books: ") for problem in found(Query)]


def test_an_order_without_an_index_is_refused() -> None:
    assert paged(default_order=("position",)) == [
        "is ordered by position, which no index on (tenant_id, position) serves"
    ]
    order = ordering("BadOrder", "?", POSITION=order_by("position", "?"), PAGES=order_by("pages", "?"))
    assert paged(order=order) == ["is ordered by position, which no index on (tenant_id, position) serves"]


def test_an_order_by_what_may_not_be_seen_is_refused_unless_it_needs_the_same_permission() -> None:
    for permission, expected in ((None, ["would let order by title tell what title needs t:see for"]), ("t:see", [])):
        order = ordering(
            f"Order{permission}".replace(":", ""), "?", TITLE=order_by("title", "?", permission=permission)
        )
        assert paged(order=order) == expected


def test_filters_are_indexed_and_tell_nothing() -> None:
    @filter_input(description="?")
    class BadFilter:
        position: IntFilter | None = filter_column("?")
        title: TextFilter | None = filter_column("?")
        nothing: TextFilter | None = filter_column("?")
        plain: str | None = filter_column("?", "pages")
        undeclared: str | None = None
        chapter: TextFilter | None = filter_related("?", lambda: toy.Chapter, on={"title": "title"}, of="title")

    BadFilter.__module__ = __name__
    globals()["BadFilter"] = BadFilter
    wrong = paged(filter=BadFilter)
    assert wrong[:3] == [
        "BadFilter.position: filters by position, which no index on (tenant_id, position) serves",
        "BadFilter.title: would let filter by title tell what title needs t:see for",
        "BadFilter.nothing: there is no column nothing",
    ]
    assert "BadFilter.plain: must be one of the operator inputs" in wrong
    assert "BadFilter.undeclared: is not declared (filter_column, filter_related, filter_where)" in wrong
    assert "BadFilter.chapter: no index of chapter begins with (tenant_id, title)" in wrong


def test_a_row_is_looked_up_by_what_is_unique() -> None:
    book = made("Looked", book_table, title=(str, column("?")))

    @strawberry.type
    class Query:
        good: book | None = row_by("?")  # type: ignore[valid-type]
        bad: book | None = row_by("?", "title")  # type: ignore[valid-type]
        null: book = row_by("?")  # type: ignore[valid-type]

    assert found(Query) == [
        "Query.bad: (title) is not unique within a tenant",
        "Query.null: may find nothing, so it must be nullable",
    ]


def test_nodes_have_prefixes_of_their_own_and_are_found_by_their_id() -> None:
    def node(name: str, **more: Any) -> Any:
        return rows(**more)(strawberry.type(type(name, (Node,), {"__annotations__": {}})))

    first = node("First", model=book_table, prefix="boo")
    second = node("Second", model=book_table, prefix="boo")
    third = node("Third", model=book_table)
    fourth = node("Fourth", model=toy.chapter_table, prefix="cha", tenant="shared_tenant_id")

    @strawberry.type
    class Query:
        node: Node | None = node_by_id()

    assert sorted(found(Query, first, second, third, fourth)) == [
        "Fourth: no index on (shared_tenant_id, id) finds it by its id",
        "Second: the prefix boo is First's",
        "Third: a Node needs rows with a prefix",
    ]
