"""What each kind of caller may do with each kind of row, asked of the database itself.

A cell is (table, context, relation of the rows to the context, command) → what came of it:

    all, some, nothing   so many of the rows were reached
    walled, refused      row security refused it, or the command is not granted

`peek` and `tamper` select and update a column that is not granted, `move` gives rows to another tenant.
Contexts are database roles with what they bind. A row is `own` when its tenant writes it, `read` when a column
names the context's tenant as a reader, else `foreign`. The relation `*` asks without naming rows, as whoever
may not see them could: its outcome names the relations that were reached.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from persistence.base import Joint
from persistence.engine import SETTINGS
from tests.isolation.samples import Row, Rows, models

Cell: TypeAlias = tuple[str, str, str, str]
"""table, context, relation, command"""

Cells = dict[Cell, str]
RoleName = Literal["app", "portal", "owner"]

WRITERS = {"connection": "source_tenant_id", "connection_answer": "target_tenant_id", "tenant": "id"}
"""The column of the writing tenant where it is not `tenant_id`."""

SETTLED = "settlement_status = 'SETTLED', settled_at = now(), settled_by_tenant_id = {}"
CHANGES: Mapping[str, str] = {"payout_entry": SETTLED.format("current_tenant()")}
"""Changes that say something, where not every change is let through."""

CHEATS: Mapping[str, Mapping[str, str]] = {
    "payout_entry": {
        "settle in another's name": SETTLED.format("'00000000-0000-4000-8000-000000000007'"),
        "open again": "settlement_status = 'OPEN', settled_at = null, settled_by_tenant_id = null",
    }
}
"""Changes that nobody may make, by name."""

ORDER = ("own", "own, of the customer", "read", "foreign")
"""Relations, the closest first."""

BY_NAME: Mapping[str, str] = {"see": "select", "change": "update", "remove": "delete"}
"""What is asked without naming rows, as it is asked with their names."""

WALL = "ExecWithCheckOptions"
"""Where the server refuses a row; it refuses a command that is not granted somewhere else."""

WALLED, REFUSED, STOPPED = -1, -2, -3
OUTCOMES = {0: "nothing", WALLED: "walled", REFUSED: "refused", STOPPED: "stopped by a key"}


@dataclass(frozen=True)
class Context:
    """One kind of caller: its database role and what its transaction binds."""

    name: str
    role: RoleName
    tenant_id: UUID | str | None = None
    company_id: UUID | str | None = None
    partner_id: UUID | str | None = None
    membership_id: UUID | str | None = None
    subject: str | None = None

    def settings(self) -> dict[str, str]:
        """The context's settings as policies read them."""
        return {name: str(getattr(self, name) or "") for name in SETTINGS}


def contexts(rows: Rows) -> list[Context]:
    """The kinds of callers, over the rows of two tenants."""
    first, second = (row["id"] for row in rows["tenant"][:2])
    company = rows["tenant"][0]["company_id"]
    partner = next(row["id"] for row in rows["partner"] if row["tenant_id"] == first)
    member = next(row["caller_id"] for row in rows["idempotency_key"] if row["tenant_id"] == first)
    subject = next(row["subject"] for row in rows["membership"] if row["tenant_id"] == first)
    return [
        Context("staff", "app", first, company, None, member),
        Context("staff of another tenant", "app", second, uuid4(), None, uuid4()),
        Context("staff of a stranger", "app", uuid4(), uuid4(), None, uuid4()),
        Context("signing in", "app", subject=subject),
        Context("nobody", "app"),
        Context("customer", "portal", first, company, partner, member),
        Context("another customer", "portal", first, company, uuid4(), uuid4()),
        Context("customer of another tenant", "portal", second, uuid4(), partner, member),
        Context("customer of a stranger", "portal", uuid4(), uuid4(), partner, member),
        Context("nobody in the portal", "portal"),
        Context("owner of the tables", "owner"),
    ]


@dataclass
class _Table:
    """What the matrix knows of a table from the catalogue."""

    name: str
    keys: list[str]
    columns: list[str]


class Matrix:
    """Measures cells over connections of the three roles; every attempt is undone."""

    def __init__(self, connections: Mapping[str, "psycopg.Connection[Any]"], rows: Rows) -> None:
        self._connections, self._rows = connections, rows
        self._contexts = contexts(rows)
        self._tables = {table: self._table(table) for table in rows}
        self._other = str(rows["tenant"][1]["id"])
        self._plans: dict[tuple[str, str], list[tuple[str, str, list[str]]]] = {}

    def measure(self, table: str) -> Cells:
        """All cells of a table."""
        return dict(self.cells(table))

    def differs(self, table: str, right: Cells, roles: Sequence[str] = ("app", "portal", "owner")) -> bool:
        """Whether any cell of these roles is another one; ends with the first."""
        with closing(self.cells(table, roles)) as cells:
            return any(right.get(cell) != outcome for cell, outcome in cells)

    def cells(self, table: str, roles: Sequence[str] = ("app", "portal", "owner")) -> Iterator[tuple[Cell, str]]:
        """The cells of a table, one by one."""
        for context in self._contexts:
            if context.role not in roles:
                continue
            with self._as(context) as connection:
                for relation, command, outcome in self._outcomes(connection, context, self._tables[table]):
                    yield (table, context.name, relation, command), outcome

    def _outcomes(
        self, connection: "psycopg.Connection[Any]", context: Context, table: _Table
    ) -> Iterator[tuple[str, str, str]]:
        if (table.name, context.name) not in self._plans:
            self._plans[table.name, context.name] = list(self._planned(connection, context, table))
        related, partly = self._related(table.name, context), set()
        for relation, command, statements in self._plans[table.name, context.name]:
            counts = [_count(connection, statement) for statement in statements]
            if relation == "*":
                # rows that are reached in part when they are named may be as many as all of another relation
                whole = {name: rows for name, rows in related.items() if (name, BY_NAME.get(command)) not in partly}
                yield relation, command, _which(counts[0], related, whole)
            elif command == "insert":
                yield relation, command, _of_each(counts)
            else:
                outcome = _of(counts[0], len(related[relation]))
                partly |= {(relation, command)} if outcome == "some" else set()
                yield relation, command, outcome

    def _planned(
        self, connection: "psycopg.Connection[Any]", context: Context, table: _Table
    ) -> Iterator[tuple[str, str, list[str]]]:
        """The attempts of one context, written out once."""
        guarded = _granted(table, context)
        for relation, rows in self._related(table.name, context).items():
            yield (
                relation,
                "insert",
                [self._insert(table, row).as_string(connection) for row in _told_apart(table, rows)],
            )
            for command, statement in self._named(table, rows, guarded):
                yield relation, command, [statement.as_string(connection)]
        for command, statement in self._unnamed(table, self._rows[table.name], guarded):
            yield "*", command, [statement.as_string(connection)]

    def _related(self, table: str, context: Context) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self._rows[table]:
            found.setdefault(_relation(table, row, context), []).append(row)
        return dict(sorted(found.items(), key=lambda one: ORDER.index(one[0])))

    @contextmanager
    def _as(self, context: Context) -> Iterator["psycopg.Connection[Any]"]:
        connection = self._connections[context.role]
        bind = sql.SQL(", ").join(
            sql.SQL("set_config({}, {}, true)").format(f"app.{name}", value)
            for name, value in context.settings().items()
        )
        with connection.transaction(force_rollback=True):
            connection.execute(sql.SQL("select ") + bind)
            yield connection

    def _named(self, table: _Table, rows: Sequence[Row], guarded: "_Granted") -> Iterator[tuple[str, sql.Composable]]:
        name, where = sql.Identifier(table.name), _are(table, rows)
        yield "select", sql.SQL("select from {} where {}").format(name, where)
        yield "update", sql.SQL("update {} set {} where {}").format(name, _change(table, guarded), where)
        yield "delete", sql.SQL("delete from {} where {}").format(name, where)
        if guarded.unseen:
            column = sql.Identifier(guarded.unseen)
            yield "peek", sql.SQL("select {} from {} where {}").format(column, name, where)
        if guarded.unchanged:
            column = sql.Identifier(guarded.unchanged)
            yield "tamper", sql.SQL("update {0} set {1} = {1} where {2}").format(name, column, where)
        for cheat, changes in CHEATS.get(table.name, {}).items():
            yield cheat, sql.SQL("update {} set {} where {}").format(name, sql.SQL(changes), where)  # type: ignore[arg-type]  # our own words

    def _unnamed(self, table: _Table, rows: Sequence[Row], guarded: "_Granted") -> Iterator[tuple[str, sql.Composable]]:
        name = sql.Identifier(table.name)
        yield "see", sql.SQL("select from {}").format(name)
        yield "change", sql.SQL("update {} set {}").format(name, _blind_change(table, rows[0], guarded))
        yield "remove", sql.SQL("delete from {}").format(name)
        writer = sql.Identifier(WRITERS.get(table.name, "tenant_id"))
        if table.name != "contracting_company":
            yield "move", sql.SQL("update {} set {} = {}").format(name, writer, sql.Literal(self._other))

    def _insert(self, table: _Table, row: Row) -> sql.Composable:
        """The same row once more, under another id where it has one."""
        values = {name: row[name] for name in table.columns}
        if "id" in values and table.name != "tenant":
            values["id"] = str(uuid4())
        names = sql.SQL(", ").join(map(sql.Identifier, values))
        return sql.SQL("insert into {0} ({1}) select {1} from jsonb_populate_record(null::{0}, {2})").format(
            sql.Identifier(table.name), names, sql.Literal(psycopg.types.json.Jsonb(values))
        )

    def _table(self, table: str) -> _Table:
        keys = (
            "select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid"
            " and a.attnum = any(i.indkey) where i.indrelid = %s::regclass and i.indisprimary"
        )
        columns = (
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
            " and attgenerated = '' order by attnum"
        )
        owner = self._connections["owner"]
        return _Table(
            table,
            [str(name) for (name,) in owner.execute(keys, [table])],
            [str(name) for (name,) in owner.execute(columns, [table])],
        )


@dataclass(frozen=True)
class _Granted:
    """What the model grants a role on a table: a column it may change, and columns that it may not see or change."""

    change: str
    unseen: str | None
    unchanged: str | None


def _granted(table: _Table, context: Context) -> _Granted:
    grants = models()[table.name].__guard__.grants.get(f"kontor_{context.role}", ())
    seen, changed = (_columns(table, grants, act) for act in ("select", "update"))
    free = [name for name in table.columns if name in changed and name not in table.keys]
    return _Granted(
        (free or [name for name in table.columns if name in changed] or table.columns)[-1],
        next((name for name in table.columns if name not in seen), None) if seen else None,
        next((name for name in table.columns if name not in changed), None) if changed else None,
    )


def _columns(table: _Table, grants: Sequence[str], act: str) -> set[str]:
    for grant in grants:
        if grant == act:
            return set(table.columns)
        if grant.startswith(f"{act}("):
            return {name.strip() for name in grant[len(act) + 1 : -1].split(",")}
    return set()


def _change(table: _Table, guarded: _Granted) -> sql.Composable:
    if table.name in CHANGES:
        return sql.SQL(CHANGES[table.name])  # type: ignore[arg-type]  # our own words
    return sql.SQL("{0} = {0}").format(sql.Identifier(guarded.change))


def _blind_change(table: _Table, row: Row, guarded: _Granted) -> sql.Composable:
    """A change that reads no column, so that nothing but the policy of the command decides."""
    if table.name in CHANGES:
        return sql.SQL(CHANGES[table.name])  # type: ignore[arg-type]  # our own words
    value = sql.SQL("(select x.{} from jsonb_populate_record(null::{}, {}) x)").format(
        sql.Identifier(guarded.change),
        sql.Identifier(table.name),
        sql.Literal(psycopg.types.json.Jsonb(dict(row))),
    )
    return sql.SQL("{} = {}").format(sql.Identifier(guarded.change), value)


def _are(table: _Table, rows: Sequence[Row]) -> sql.Composable:
    """The rows by their primary key."""
    keys = sql.SQL(", ").join(map(sql.Identifier, table.keys))
    values = [sql.SQL("({})").format(sql.SQL(", ").join(sql.Literal(row[key]) for key in table.keys)) for row in rows]
    return sql.SQL("({}) in ({})").format(keys, sql.SQL(", ").join(values))


def _told_apart(table: _Table, rows: Sequence[Row]) -> Sequence[Row]:
    """One row for each combination of values that a policy tells apart when a row comes in."""
    checks = " ".join(str(policy.check) for policy in models()[table.name].__guard__.policies)
    names = set(re.findall(r"\w+", checks)) & set(table.columns)
    return list({tuple(str(row[name]) for name in sorted(names)): row for row in rows}.values())


def _count(connection: "psycopg.Connection[Any]", statement: str) -> int:
    """How many rows were reached; or by whom it was refused, or that a key stopped what the wall had let pass."""
    try:
        cursor = connection.execute(f"savepoint attempt; {statement}; rollback to attempt")  # type: ignore[call-overload]  # our own words
        cursor.nextset()
        return int(cursor.rowcount)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.IntegrityError) as error:
        connection.execute("rollback to attempt")
        if isinstance(error, psycopg.errors.IntegrityError):
            return STOPPED
        return WALLED if error.diag.source_function == WALL else REFUSED


def _relation(table: str, row: Row, context: Context) -> str:
    tenant = str(context.tenant_id)
    if row.get(WRITERS.get(table, "tenant_id")) == tenant:
        ours = row.get("partner_id", row.get("id") if table in {"partner", "customer"} else None)
        mine = context.partner_id is not None and ours == str(context.partner_id)
        return "own, of the customer" if mine else "own"
    readers = [row[name] for name in Joint.READER_COLUMNS | {"sharing_tenant_id"} if row.get(name) is not None]
    return "read" if any(tenant == reader or tenant in reader for reader in readers) else "foreign"


def _of(reached: int, rows: int) -> str:
    return "all" if reached == rows else OUTCOMES.get(reached, "some")


def _of_each(counts: Sequence[int]) -> str:
    """What came of one attempt for each row."""
    passed = [count in (1, STOPPED) for count in counts]
    return "all" if all(passed) else "some" if any(passed) else OUTCOMES[max(counts)]


def _which(reached: int, related: Mapping[str, Sequence[Row]], whole: Mapping[str, Sequence[Row]]) -> str:
    """The relations whose rows, of those that may be reached whole, are as many as were reached; else `some`."""
    if reached in OUTCOMES or reached == sum(map(len, related.values())):
        return OUTCOMES.get(reached, "every row")
    near = [name for name in whole if name != "foreign"]
    for size in range(1, len(near) + 1):
        for names in itertools.combinations(near, size):
            if reached == sum(len(related[name]) for name in names):
                return " and ".join(names)
    return "some"


@contextmanager
def connections(urls: Mapping[str, str]) -> Iterator[dict[str, "psycopg.Connection[Any]"]]:
    """A connection for each role."""
    opened = {role: psycopg.connect(url, autocommit=True) for role, url in urls.items()}
    try:
        yield opened
    finally:
        for connection in opened.values():
            connection.close()
