"""The order of a page: its keys and directions, as ORDER BY and as the condition behind a cursor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reads import filters
from reads.arguments import Given
from reads.build import Build
from reads.row import Row, pg_type, table_of
from reads.scalars import stored
from reads.specs import Page, Rows


@dataclass(frozen=True)
class Key:
    """A column to order by; `nullable` values stand last ascending and first descending."""

    column: str
    descending: bool
    nullable: bool

    def turned(self) -> "Key":
        """The same key the other way round."""
        return Key(self.column, not self.descending, self.nullable)


Keys = tuple[Key, ...]


def keys(build: Build, source: Page, given: Mapping[str, Given], rows: Rows) -> Keys:
    """The keys asked for, or the declared ones; the id decides between equals."""
    asked = given.get("order_by")
    named = _asked(build, source, asked) if asked is not None and asked.sample else _declared(source)
    columns = table_of(rows).c
    found = [Key(name, down, bool(columns[name].nullable)) for name, down in dict(named).items()]
    unique: dict[str, Key] = {}
    for key in (*found, Key("id", found[-1].descending if found else False, nullable=False)):
        unique.setdefault(key.column, key)
    return tuple(unique.values())


def _declared(source: Page) -> list[tuple[str, bool]]:
    return [(name.removeprefix("-"), name.startswith("-")) for name in source.default_order]


def _asked(build: Build, source: Page, given: Given) -> list[tuple[str, bool]]:
    found: dict[str, bool] = {}
    for item in given.baked():
        key = source.order.keys[str(stored(item["field"])).upper()]
        filters.allowed(build, key.permission)
        found.setdefault(key.of, stored(item["direction"]) == "desc")
    return list(found.items())


def order_by(row: Row, by: Keys) -> str:
    """What stands behind ORDER BY."""
    return ", ".join(row.sql(key.column) + (" desc" if key.descending else "") for key in by)


def behind(row: Row, by: Keys, values: Sequence[str]) -> str:
    """The condition that a row stands behind the position with these values (parameters, one per key)."""
    if len({key.descending for key in by}) == 1 and not any(key.nullable for key in by):
        columns = ", ".join(row.sql(key.column) for key in by)
        return f"({columns}) {'<' if by[0].descending else '>'} ({', '.join(values)})"
    return _behind(row, by, values)


def _behind(row: Row, by: Keys, values: Sequence[str]) -> str:
    key, value = by[0], values[0]
    column = row.sql(key.column)
    further = [f"{column} {'<' if key.descending else '>'} {value}"]
    if key.nullable and key.descending:
        further.append(f"({value} is null and {column} is not null)")
    elif key.nullable:
        further.append(f"({column} is null and {value} is not null)")
    if len(by) > 1:
        same = "is not distinct from" if key.nullable else "="
        further.append(f"({column} {same} {value} and {_behind(row, by[1:], values[1:])})")
    return f"({' or '.join(further)})"


def tag(name: str, by: Keys) -> str:
    """What a cursor is bound to, beside its tenant: the list and its order."""
    return name + "|" + ",".join(("-" if key.descending else "") + key.column for key in by)


def types(row: Row, by: Keys) -> list[tuple[Any, str]]:
    """The SQL types of the keys, as objects and as text."""
    return [(row.column(key.column).type, pg_type(row.column(key.column))) for key in by]
