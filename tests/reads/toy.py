"""A toy schema over toy tables: one of everything that can be declared."""

import datetime as dt
import enum
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
import strawberry
from sqlalchemy import any_, func, select
from strawberry.schema.config import StrawberryConfig

from reads import (
    SCALARS,
    BooleanFilter,
    Connection,
    CurrencyCode,
    DateFilter,
    DateTimeFilter,
    EnumFilter,
    IdFilter,
    IntFilter,
    Node,
    TextFilter,
    argument,
    by_key,
    column,
    computed,
    either,
    embedded,
    filter_column,
    filter_input,
    filter_related,
    filter_where,
    link,
    many,
    node_by_id,
    nodes_by_ids,
    one,
    order_by,
    ordering,
    page,
    python,
    row_by,
    rows,
    value,
)

metadata = sa.MetaData()
C_TEXT = sa.Text(collation="C")


def table(name: str, *columns: Any) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("tenant_id", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        *columns,
    )


author_table = table(
    "author",
    sa.Column("number", C_TEXT, nullable=False),
    sa.Column("name", C_TEXT, nullable=False),
    sa.Column("name_key", C_TEXT, nullable=False),
    sa.Column("kind", C_TEXT, nullable=False),
    sa.Column("place_id", sa.Uuid, nullable=False),
    sa.Column("email", C_TEXT),
    sa.Column("born_on", sa.Date),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("rating", sa.Numeric(12, 4), nullable=False),
    sa.Column("fee_minor", sa.BigInteger, nullable=False),
    sa.Column("fee_currency", C_TEXT, nullable=False),
    sa.Column("bonus_minor", sa.BigInteger),
    sa.Column("bonus_currency", C_TEXT),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("tags", sa.ARRAY(sa.Text), nullable=False),
    sa.Column("kinds", sa.ARRAY(sa.Text), nullable=False),
    sa.Column("salary", sa.BigInteger, nullable=False),
    sa.Index("ix_author_number", "tenant_id", "number", unique=True),
    sa.Index("ix_author_name_key", "tenant_id", "name_key"),
    sa.Index("ix_author_born_on", "tenant_id", "born_on"),
    sa.Index("ix_author_kind", "tenant_id", "kind"),
    sa.Index("ix_author_seen_at", "tenant_id", "seen_at"),
    sa.Index("ix_author_active", "tenant_id", "active"),
    sa.Index("ix_author_salary", "tenant_id", "salary"),
)
book_table = table(
    "book",
    sa.Column("author_id", sa.Uuid, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("title", C_TEXT, nullable=False),
    sa.Column("pages", sa.BigInteger),
    sa.Column("shared_tenant_id", sa.Uuid),
    sa.Index("ix_book_author", "tenant_id", "author_id", "position"),
    sa.Index("ix_book_title", "tenant_id", "title"),
    sa.Index("ix_book_pages", "tenant_id", "pages"),
    sa.Index("ix_book_shared", "shared_tenant_id", "id"),
    sa.Index("ix_book_shared_title", "shared_tenant_id", "title"),
)
chapter_table = table(
    "chapter",
    sa.Column("book_id", sa.Uuid, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("title", C_TEXT, nullable=False),
    sa.Column("shared_tenant_id", sa.Uuid),
    sa.Index("ix_chapter_book", "tenant_id", "book_id", "position"),
)
loan_table = table(
    "loan",
    sa.Column("author_id", sa.Uuid, nullable=False),
    sa.Column("book_id", sa.Uuid),
    sa.Column("source_tenant_id", sa.Uuid),
    sa.Column("external_book_id", sa.Uuid),
    sa.Index("ix_loan_author", "tenant_id", "author_id"),
)
rights_table = sa.Table(
    "tenant_rights",
    metadata,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
)

SEE, SALARY, LOANS, BOOKS = "authors:see", "salary:see", "loans:see", "books:see"


@strawberry.enum(description="What an author writes.")
class Kind(enum.Enum):
    POET = strawberry.enum_value("poet", description="Poems.")
    NOVELIST = strawberry.enum_value("novel'ist", description="Novels.")
    CRITIC = strawberry.enum_value("CRITIC", description="Criticism.")


def visible(row: Any, context: Any) -> Any:
    """Authors of the places that the permission shows; everybody with the widest reach."""
    if context.scope(SEE) == 4:
        return None
    return row.place_id == any_(context.seen(SEE))


def display(row: Any, context: Any) -> Any:
    return row.number + " " + row.name


def book_count(row: Any, context: Any, args: Any) -> Any:
    counted = select(func.count()).where(book_table.c.tenant_id == row.tenant_id, book_table.c.author_id == row.id)
    if args.min_pages is not None:
        counted = counted.where(book_table.c.pages >= args.min_pages)
    return counted.scalar_subquery()


def amount(row: Any, context: Any) -> Any:
    return sa.cast(row.minor, sa.Numeric) * sa.literal_column("0.01")


def first_book(parent: Any, child: Any, context: Any, args: Any) -> Any:
    return sa.and_(child.author_id == parent.id, child.pages >= args.pages)


def long(row: Any, context: Any, value: Any) -> Any:
    return (func.length(row.name) > 7) == value


@strawberry.type(description="Money.")
class Money:
    amount: Decimal = computed("How much.", amount)
    currency: CurrencyCode = column("Of what.")


@rows(chapter_table)
@strawberry.type(description="A chapter.")
class Chapter:
    position: int = column("Its place.")
    title: str = column("Its title.")


@rows(book_table, prefix="boo", permission=BOOKS)
@strawberry.type(description="A book of one's own.")
class Book(Node):
    title: str = column("Its title.")
    pages: int | None = column("How long.")
    chapters: list[Chapter] = many("Its chapters.", on={"book_id": "id"}, order_by=("position",))
    author: Annotated["Author", strawberry.lazy("tests.reads.toy")] | None = one(
        "Who wrote it.", on={"id": "author_id"}
    )


@rows(book_table, prefix="xbo", permission=BOOKS, tenant="shared_tenant_id")
@strawberry.type(description="A book that another tenant shows.")
class ExternalBook(Node):
    title: str = column("Its title.")
    chapters: list[Chapter] = many("Its chapters.", on={"book_id": "id"}, order_by=("-position",))


AnyBook = Annotated[Book | ExternalBook, strawberry.union("AnyBook", description="A book, own or shown.")]


@rows(loan_table, prefix="loa", permission=LOANS)
@strawberry.type(description="A loan.")
class Loan(Node):
    book: AnyBook | None = either(
        "The book lent.",
        Book=link(on={"id": "book_id"}),
        ExternalBook=link(
            on={"id": "external_book_id"},
            cross_tenant={"tenant_id": "source_tenant_id"},
        ),
    )


@filter_input(description="Which books.")
class BookFilter:
    title: TextFilter | None = filter_column("By title.")
    pages: IntFilter | None = filter_column("By length.")


@rows(author_table, prefix="aut", permission=SEE, scope=visible)
@strawberry.type(description="An author.")
class Author(Node):
    number: str = column("Number.")
    name: str = column("Name.")
    kind: Kind = column("Kind.")
    place_id: UUID = column("Place.")
    email: str | None = column("E-mail.")
    born_on: dt.date | None = column("Birthday.")
    seen_at: dt.datetime = column("Seen.")
    rating: Decimal = column("Rating.")
    active: bool = column("Active.")
    tags: list[str] = column("Tags.")
    kinds: list[Kind] = column("Kinds.")
    salary: int | None = column("Salary.", permission=SALARY)
    fee: Money = embedded("Fee.", minor="fee_minor", currency="fee_currency")
    bonus: Money | None = embedded("Bonus.", minor="bonus_minor", currency="bonus_currency", null_when="bonus_minor")
    display: str = computed("Number and name.", display)
    book_count: int = computed(
        "How many books.", book_count, args={"min_pages": argument(int, "Of at least so many pages.")}
    )
    books: list[Book] | None = many("Books.", on={"author_id": "id"}, order_by=("position",))
    long_book: Book | None = one(
        "The first of at least so many pages.",
        where=first_book,
        order_by=("position",),
        args={"pages": argument(int, "Pages.", default=100)},
    )
    book_page: Connection[Book] | None = page(
        "Books, page by page.", on={"author_id": "id"}, default_order=("position",), filter=BookFilter
    )
    loans: list[Loan] | None = many("Loans.", on={"author_id": "id"}, order_by=("id",))
    shout: str = python("The name, loud.", lambda values: values["name"].upper(), requires=("name",))


@filter_input(description="Which authors.")
class AuthorFilter:
    id: IdFilter | None = filter_column("By id.")
    number: TextFilter | None = filter_column("By number.")
    name: TextFilter | None = filter_column("By name.", "name_key", normal=str.casefold)
    kind: EnumFilter[Kind] | None = filter_column("By kind.")
    born_on: DateFilter | None = filter_column("By birthday.")
    seen_at: DateTimeFilter | None = filter_column("By moment.")
    active: BooleanFilter | None = filter_column("By activity.")
    salary: IntFilter | None = filter_column("By salary.", permission=SALARY)
    book: BookFilter | None = filter_related("By a book.", lambda: Book, on={"author_id": "id"})
    book_title: TextFilter | None = filter_related("By a title.", lambda: Book, on={"author_id": "id"}, of="title")
    long_named: bool | None = filter_where("By the length of the name.", long)


AuthorOrder = ordering(
    "AuthorOrder",
    "How authors are ordered.",
    NUMBER=order_by("number", "By number."),
    NAME=order_by("name_key", "By name."),
    BORN=order_by("born_on", "By birthday."),
    SALARY=order_by("salary", "By salary.", permission=SALARY),
)


@strawberry.type(description="Who asks.")
class Me:
    tenant: str = computed("The tenant.", lambda row, context: sa.cast(context.tenant_id, sa.Text))
    permissions: list[str] = computed("The rights.", lambda row, context: context.permissions)


@rows(book_table, prefix="shb", permission=BOOKS, tenant=("tenant_id", "shared_tenant_id"))
@strawberry.type(description="A book, own or shown.")
class ShelfBook(Node):
    title: str = column("Its title.")


BookOrder = ordering("BookOrder", "How books are ordered.", TITLE=order_by("title", "By title."))


@strawberry.input(one_of=True, description="One key of an author.")
class AuthorKey:
    id: strawberry.Maybe[strawberry.ID]
    number: strawberry.Maybe[str]


@strawberry.type
class Query:
    me: Me = embedded("Who asks.")
    author: Author | None = row_by("An author.")
    author_by: Author | None = row_by("An author.", one_of=AuthorKey)
    authors: Connection[Author] | None = page(
        "Authors.", filter=AuthorFilter, order=AuthorOrder, default_order=("number",)
    )
    book: Book | None = row_by("A book.")
    external_books: Connection[ExternalBook] | None = page("Books shown by others.", default_order=("title",))
    shelf: Connection[ShelfBook] | None = page("All books.", order=BookOrder, default_order=("title",))
    node: Node | None = node_by_id()
    nodes: list[Node | None] = nodes_by_ids()


@strawberry.type(description="An author was renamed.")
class RenameAuthorPayload:
    author: Author = by_key("The author.", "author_id")
    changed: bool = value("Whether anything changed.", "changed")


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Rename.")
    def rename_author(self, name: str) -> RenameAuthorPayload:
        raise NotImplementedError


schema = strawberry.Schema(Query, Mutation, types=[ShelfBook], config=StrawberryConfig(scalar_map=dict(SCALARS)))
