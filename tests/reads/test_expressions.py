"""Expressions of persistence become templates: compiled once, rendered over any alias, nothing of a caller in them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import any_, func, select

from reads.context import Facts
from reads.expressions import Templates
from reads.row import Row
from reads.specs import Rows
from tenancy.permissions import Scope
from tests.reads import toy
from tests.reads.toy_data import caller, world

BOOKS = Rows(toy.book_table)
WHO = caller(world().tenants[0])


def rendered(
    expression: Any, *rows: Row | None, given: Any = None, value: Any = None, facts: Facts | None = None
) -> Any:
    template = Templates().of(expression, rows, facts or Facts(WHO), given, value=value)
    return None if template is None else template.render(rows, lambda bind: f"<{bind.name}:{bind.type}>")


def test_a_column_stands_under_the_alias_of_its_row() -> None:
    assert rendered(lambda row, _: row.title, Row("t7", BOOKS)) == "t7.title"
    assert rendered(lambda row, _: row.c.title, Row("t7", BOOKS)) == "t7.title"
    assert rendered(lambda row, _: row["title"], Row("t7", BOOKS)) == "t7.title"


def test_an_embedded_object_sees_the_columns_by_its_own_names() -> None:
    row = Row("t1", BOOKS).renamed({"name": "title"}).renamed({"label": "name"})
    assert rendered(lambda r, _: r.label, row) == "t1.title"


def test_values_of_the_caller_are_binds_and_constants_are_written_out() -> None:
    def expression(row: Any, context: Any) -> Any:
        return sa.and_(
            row.tenant_id == context.tenant_id, row.title == "it's 100%", row.id == any_(context.seen("a:see"))
        )

    assert rendered(expression, Row("t1", BOOKS)) == (
        "t1.tenant_id = <caller:tenant_id:UUID> AND t1.title = 'it''s 100%'"
        " AND t1.id = ANY (<caller:seen:a:see:UUID[]>)"
    )


def test_a_sub_select_correlates_to_the_row_it_is_about() -> None:
    def expression(row: Any, _: Any) -> Any:
        chapter = toy.chapter_table
        return select(func.count()).where(chapter.c.book_id == row.id).scalar_subquery()

    sql = rendered(expression, Row("t1", BOOKS))
    assert " ".join(sql.split()) == "(SELECT count(*) AS count_1 FROM chapter WHERE chapter.book_id = t1.id)"


def test_two_rows_are_told_apart() -> None:
    sql = rendered(
        lambda parent, child, _c, _a: parent.id == child.author_id, Row("p", BOOKS), Row("c", BOOKS), given={}
    )
    assert sql == "p.id = c.author_id"


def test_an_argument_that_was_not_given_is_none() -> None:
    def expression(row: Any, _: Any, args: Any) -> Any:
        return row.pages if args.least is None else row.pages >= args.least

    assert rendered(expression, Row("t1", BOOKS), given={}) == "t1.pages"
    assert rendered(expression, Row("t1", BOOKS), given={"least": sa.BigInteger()}) == "t1.pages >= <arg:least:BIGINT>"


def test_the_value_of_a_filter_is_a_bind() -> None:
    sql = rendered(lambda row, _c, value: row.pages > value, Row("t1", BOOKS), value=sa.BigInteger())
    assert sql == "t1.pages > <arg:value:BIGINT>"


def test_an_expression_may_say_that_there_is_no_condition() -> None:
    assert rendered(lambda _row, _context: None, Row("t1", BOOKS)) is None


def test_what_an_expression_asks_about_its_caller_is_noted_and_makes_another_template() -> None:
    def expression(row: Any, context: Any) -> Any:
        return row.title if context.may("a:see") else row.pages

    templates = Templates()
    row = Row("t1", BOOKS)
    for grants, expected in (({}, "t1.pages"), ({"a:see": Scope.TENANT}, "t1.title"), ({}, "t1.pages")):
        facts = Facts(caller(world().tenants[0], grants=grants))
        template = templates.of(expression, [row], facts)
        assert template is not None
        assert template.render([row], lambda bind: bind.name) == expected
        assert facts.asked == {"a:see": grants.get("a:see")}


def test_an_expression_is_compiled_once_for_all_requests() -> None:
    calls = []

    def expression(row: Any, _: Any) -> Any:
        calls.append(1)
        return row.title

    templates = Templates()
    for alias in ("t1", "t2", "t3"):
        templates.of(expression, [Row(alias, BOOKS)], Facts(WHO))
    assert len(calls) == 1


def test_the_kind_of_caller_can_shape_an_expression() -> None:
    def expression(row: Any, context: Any) -> Any:
        return row.title if context.kind_is("PORTAL") else row.pages

    assert rendered(expression, Row("t1", BOOKS)) == "t1.pages"
