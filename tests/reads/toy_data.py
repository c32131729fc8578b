"""The rows of the toy's three tenants: odd characters, empty lists, nulls, big numbers, shared books."""

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from tenancy.caller import Caller, CallerKind
from tenancy.permissions import Scope
from tests.reads import toy

Rows = list[dict[str, Any]]
ALL = {toy.SEE: Scope.TENANT, toy.SALARY: Scope.TENANT, toy.LOANS: Scope.TENANT, toy.BOOKS: Scope.TENANT}

ODD = [
    "plain",
    'quote " and \\ backslash',
    "line\nfeed\ttab\rreturn",
    "Ümläut ß — “typographic”",
    "emoji 👩‍👩‍👧 and 𝔘𝔫𝔦",
    "null \x01 \x1f control",
    "% _ ' -- ; /* */ $1 :name %(x)s",
    "",
    " lead and trail ",
    "\u200fright to left\u202e",
    "</script><b>&amp;",
    "\u2028\u2029",
]


@dataclass
class Tenant:
    id: UUID
    company_id: UUID
    places: tuple[UUID, ...]
    mark: str


@dataclass
class World:
    tenants: list[Tenant]
    rows: dict[str, Rows] = field(default_factory=dict)

    def of(self, table: str, tenant: Tenant) -> Rows:
        return [row for row in self.rows[table] if row["tenant_id"] == tenant.id]


def uuid(random_: random.Random) -> UUID:
    return UUID(int=random_.getrandbits(128), version=4)


def world(authors: int = 40) -> World:
    random_ = random.Random(20261121)
    tenants = [
        Tenant(uuid(random_), uuid(random_), tuple(uuid(random_) for _ in range(4)), mark)
        for mark in ("Aa", "Bb", "Cc")
    ]
    made = World(tenants, {"author": [], "book": [], "chapter": [], "loan": [], "tenant_rights": []})
    for index, tenant in enumerate(tenants):
        made.rows["tenant_rights"].append({"tenant_id": tenant.id, "version": 7})
        for number in range(authors):
            _author(made, tenant, tenants[index - 1], number, random_)
    for tenant, other in zip(tenants, tenants[1:] + tenants[:1], strict=True):
        for author in made.of("author", tenant)[::3]:
            _loans(made, tenant, other, author, random_)
    return made


def _author(made: World, tenant: Tenant, other: Tenant, number: int, random_: random.Random) -> None:
    odd = ODD[number % len(ODD)]
    fee = random_.choice([0, 1, 99, 12345, 10**15, -250])
    bonus = random_.choice([None, 5, 100_000])
    author = {
        "tenant_id": tenant.id,
        "id": uuid(random_),
        "number": f"{tenant.mark}{number:04d}",
        "name": f"{odd} {tenant.mark}",
        "name_key": f"{odd} {tenant.mark}".casefold(),
        "kind": random_.choice(["poet", "novel'ist", "CRITIC"]),
        "place_id": tenant.places[number % 4],
        "email": random_.choice([None, f"{tenant.mark}{number}@example.com"]),
        "born_on": random_.choice([None, dt.date(1900 + number, 2, 28), dt.date(1999, 12, 31)]),
        "seen_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        + dt.timedelta(days=number, microseconds=random_.choice([0, 100000, 123456, 7])),
        "rating": Decimal(random_.choice(["0.0000", "12.5000", "99999999.9999", "-0.0001"])),
        "fee_minor": fee,
        "fee_currency": "EUR",
        "bonus_minor": bonus,
        "bonus_currency": None if bonus is None else "CHF",
        "active": random_.random() < 0.7,
        "tags": random_.sample(ODD, random_.randint(0, 3)),
        "kinds": random_.sample(["poet", "novel'ist", "CRITIC"], random_.randint(0, 3)),
        "salary": random_.randint(0, 2**31 - 1),
    }
    made.rows["author"].append(author)
    for position in range(random_.randint(0, 5)):
        _book(made, tenant, other, author, position, random_)


def _book(made: World, tenant: Tenant, other: Tenant, author: Any, position: int, random_: random.Random) -> None:
    shared = other.id if random_.random() < 0.4 else None
    book = {
        "tenant_id": tenant.id,
        "id": uuid(random_),
        "author_id": author["id"],
        "position": position,
        "title": f"{tenant.mark} {random_.choice(ODD)} {random_.randint(0, 99)}",
        "pages": random_.choice([None, 10, 100, 1000]),
        "shared_tenant_id": shared,
    }
    made.rows["book"].append(book)
    for chapter in range(random_.randint(0, 3)):
        made.rows["chapter"].append(
            {
                "tenant_id": tenant.id,
                "id": uuid(random_),
                "book_id": book["id"],
                "position": chapter,
                "title": f"{tenant.mark} chapter {chapter}",
                "shared_tenant_id": shared,
            }
        )


def _loans(made: World, tenant: Tenant, other: Tenant, author: Any, random_: random.Random) -> None:
    own = made.of("book", tenant)
    shown = [b for b in made.of("book", other) if b["shared_tenant_id"] == tenant.id]
    hidden = [b for b in made.of("book", other) if b["shared_tenant_id"] is None]
    for book in (random_.choice(own), random_.choice(shown), random_.choice(hidden)):
        mine = book["tenant_id"] == tenant.id
        made.rows["loan"].append(
            {
                "tenant_id": tenant.id,
                "id": uuid(random_),
                "author_id": author["id"],
                "book_id": book["id"] if mine else None,
                "source_tenant_id": None if mine else other.id,
                "external_book_id": None if mine else book["id"],
            }
        )


def caller(tenant: Tenant, **more: Any) -> Caller:
    """Somebody of the tenant who may do everything, unless more is said."""
    defaults: dict[str, Any] = {
        "kind": CallerKind.STAFF,
        "subject": "somebody",
        "membership_id": UUID(int=1),
        "grants": ALL,
        "organization_id": tenant.places[0],
        "path": tenant.places[:2],
        "rights_version": 7,
    }
    return Caller(tenant_id=tenant.id, company_id=tenant.company_id, **{**defaults, **more})


def create(connection: psycopg.Connection[Any], made: World) -> None:
    """Tables, policies, grants, rows."""
    connection.execute(
        "create function current_tenant() returns uuid language sql stable parallel safe"
        " return nullif(current_setting('app.tenant_id', true), '')::uuid"
    )
    dialect = postgresql.dialect()
    for table in toy.metadata.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
        name = table.name
        connection.execute(f"alter table {name} enable row level security")
        connection.execute(f"alter table {name} force row level security")
        connection.execute(
            f"create policy own on {name} to kontor_app, kontor_owner using (tenant_id = current_tenant())"
            " with check (true)"
        )
        connection.execute(f"grant select, insert, update, delete on {name} to kontor_app")
        if "shared_tenant_id" in table.c:
            connection.execute(
                f"create policy shown on {name} for select to kontor_app using (shared_tenant_id = current_tenant())"
            )
    for name, rows in made.rows.items():
        for row in rows:
            columns = ", ".join(row)
            marks = ", ".join(["%s"] * len(row))
            connection.execute(f"insert into {name} ({columns}) values ({marks})", list(row.values()))
