"""What each permission opens and how far each scope reaches, measured through the schemas."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from tenancy.caller import Caller
from tenancy.permissions import PORTAL, STAFF, Permission, Scope
from tests.isolation import answers
from tests.isolation.answers import Given
from tests.isolation.asks import PAGE, Ask
from tests.isolation.twins import Twins

FILE = Path(__file__).with_name("rights.json")
REACH = Path(__file__).with_name("reach.json")

KINDS = ("staff", "portal")
EVERY = "with every scope"
FULL = "a full page"
DONE = "done"
WORDS = {FULL, DONE}

Rights = dict[str, dict[str, list[str]]]
Reach = dict[str, dict[str, str]]
Seen = dict[str, dict[Scope, set[str]]]


def of_audience(kind: str) -> frozenset[Permission]:
    """The permissions that count in a schema."""
    return STAFF if kind == "staff" else PORTAL


def somebody(twins: Twins, kind: str, grants: Iterable[Permission]) -> Caller:
    """Somebody who may do this in the whole tenant."""
    who = twins.caller("administrator" if kind == "staff" else "customer")
    return replace(who, grants=dict.fromkeys(grants, Scope.TENANT))


def placed(twins: Twins, scope: Scope) -> Caller:
    """Somebody in the north with all rights of staff as far as a scope, who represents customers too."""
    who = twins.caller("manager of the north")
    return replace(who, grants=dict.fromkeys(STAFF, scope), partner_id=twins.world.a.own["representative"])


def shown(twins: Twins, kind: str, some: Iterable[str] = ()) -> Sequence[Ask]:
    """All that can be selected, and every mutation with own records; of these root fields, or of all."""
    fields = frozenset(some)
    asks = [one for one in twins.asks[kind] if _everything(one) or one.label.endswith(" own")]
    return [one for one in asks if not fields or field_of(one) in fields]


def _everything(one: Ask) -> bool:
    """Whether a query asks for all of a field; among several ids there are always foreign ones."""
    several = one.label.startswith("nodes ")
    return one.document.startswith("query") and (several or not (one.foreign or one.detail))


def field_of(one: Ask) -> str:
    """The root field that is asked for."""
    kind = "Mutation" if one.document.startswith("mutation") else "Query"
    return f"{kind}.{one.label.split()[0]}"


async def rights(twins: Twins) -> dict[str, Rights]:
    """What is refused without each permission, and what is shown to those who have none."""
    return {
        "refused without": {kind: await refused_without(twins, kind, of_audience(kind)) for kind in KINDS},
        "shown without any": {kind: await shown_without_any(twins, kind) for kind in KINDS},
    }


async def refused_without(
    twins: Twins, kind: str, permissions: Iterable[Permission], some: Iterable[str] = ()
) -> dict[str, list[str]]:
    """For each permission the fields that are refused to those who have all others; of these root fields or of all."""
    found: dict[str, list[str]] = {}
    for permission in sorted(permissions):
        caller = somebody(twins, kind, of_audience(kind) - {permission})
        names: set[str] = set()
        for one in shown(twins, kind, some):
            names |= set(refused(one, await twins.ask(caller, one)))
        found[str(permission)] = sorted(names)
    return found


async def shown_without_any(twins: Twins, kind: str) -> dict[str, list[str]]:
    """For each root field what it shows to somebody without a single permission."""
    nobody = somebody(twins, kind, ())
    found: dict[str, set[str]] = {}
    for one in shown(twins, kind):
        given = await twins.ask(nobody, one)
        leaves = {where for where, _ in answers.leaves(_data(given), field_of(one).split(".")[0], "data")}
        if leaves:
            found.setdefault(field_of(one), set()).update(leaves)
    return {field: sorted(leaves) for field, leaves in found.items()}


async def astray(twins: Twins, kind: str) -> list[str]:
    """What is shown by an own id that stands behind the prefix of another type."""
    found = []
    for one in twins.asks[kind]:
        if "(id: $id)" in one.document and not one.foreign and field_of(one) != "Query.node":
            prefix, _, uuid = str(one.variables["id"]).partition("_")
            other = "aud" if prefix != "aud" else "par"
            given = await twins.ask(
                somebody(twins, kind, of_audience(kind)), replace(one, variables={"id": f"{other}_{uuid}"})
            )
            found += [one.label for value in _data(given).values() if value is not None]
    return found


def refused(one: Ask, given: Given) -> Iterator[str]:
    """The fields that were refused for want of a permission; each is null where the error points to."""
    for error in orjson.loads(given.errors):
        if error["extensions"]["code"] != "FORBIDDEN":
            continue
        value, name = _data(given), field_of(one).split(".")[0]
        for step in error["path"]:
            if isinstance(step, str):
                name = f"{value.get('__typename', name)}.{step}"
            value = value[step]
        if value is not None:
            raise AssertionError(f"{one.label}: {error['path']} is refused and shown")
        yield name


async def reach(twins: Twins, some: Iterable[str] = ()) -> dict[str, Reach]:
    """What every scope lets somebody in the north see and do: by root field, and by type wherever it appears.

    Of these root fields, or of all.
    """
    fields: Seen = {}
    types: Seen = {}
    for scope in Scope:
        for one in shown(twins, "staff", some):
            given = await twins.ask(placed(twins, scope), one)
            field = field_of(one)
            outcome = _acted(given) if field.startswith("Mutation") else _rows(twins, given)
            fields.setdefault(field, {}).setdefault(scope, set()).update(outcome)
            if field.startswith("Query"):
                _gather(twins, _data(given), one.label, types, scope)
    return {"fields": _told(twins, fields), "types": _told(twins, types)}


def _acted(given: Given) -> set[str]:
    """The kind of answer to a mutation."""
    errors = orjson.loads(given.errors)
    if errors and not _data(given):
        return {str(errors[0]["extensions"]["code"])}
    [result] = _data(given).values()
    return {"FORBIDDEN" if result is None else str(result.get("code", DONE))}


def _rows(twins: Twins, given: Given) -> set[str]:
    """The rows that a root field shows: their ids, else their values."""
    [value] = _data(given).values() or [None]
    if isinstance(value, dict) and "nodes" in value:
        value = value["nodes"]
    rows = [row for row in (value if isinstance(value, list) else [value]) if row is not None]
    if len(rows) == PAGE:
        return {FULL}
    return set().union(*(_named(twins, one) for one in rows))


def _gather(twins: Twins, value: Any, within: str, types: Seen, scope: Scope) -> None:
    """All objects of types that a scope narrows, wherever in the answer; without an id by their place and values."""
    if isinstance(value, list):
        for inner in value:
            _gather(twins, inner, within, types, scope)
    elif isinstance(value, dict):
        within = value.get("id", within)
        if _is_narrowed(twins, value):
            seen = types.setdefault(value["__typename"], {each: set() for each in Scope})
            seen[scope] |= {one if one == within else f"{within}: {one}" for one in _named(twins, value)}
        for name, inner in value.items():
            _gather(twins, inner, f"{within} {name}", types, scope)


def _is_narrowed(twins: Twins, value: Mapping[str, Any]) -> bool:
    """Whether the object is of a type whose rows a scope narrows."""
    catalogue = twins.house.endpoints.staff.engine.catalogue
    type_ = catalogue.graphql.type_map.get(value.get("__typename", ""))
    rows = None if type_ is None else catalogue.rows(type_)
    return rows is not None and rows.scope is not None


def _named(twins: Twins, row: Mapping[str, Any]) -> set[str]:
    """By what an object is told from others: its id; where its type has none its values, else what is in it."""
    type_: Any = twins.house.endpoints.staff.engine.catalogue.graphql.type_map.get(row.get("__typename", ""))
    if type_ is None or "id" in type_.fields:
        return {str(row["id"])} if "id" in row else set()
    plain = {name: one for name, one in row.items() if name != "__typename" and not isinstance(one, dict | list)}
    inner = [one for one in row.values() if isinstance(one, dict)]
    return {str(plain)} if plain else set().union(*(_named(twins, one) for one in inner))


def _told(twins: Twins, seen: Seen) -> Reach:
    """The table in words: one line where every scope reaches the same."""
    found: Reach = {}
    for field, scopes in seen.items():
        words = {scope.name: _words(twins, one) for scope, one in scopes.items()}
        same = len(set(words.values())) == 1
        found[field] = {EVERY: next(iter(words.values()))} if same else words
    return found


def _words(twins: Twins, seen: set[str]) -> str:
    """What was seen, by the names of the world; how many others have none."""
    twin = twins.world.a
    names = {str(value): name for name, value in sorted(twin.own.items())} | {str(twin.id): "own tenant"}
    names |= {str(value): f"organization {code}" for code, value in twin.home.organizations.items()}
    found = [one if one in WORDS or one.isupper() else names.get(one.rpartition("_")[2]) for one in seen]
    named = sorted({word for word in found if word is not None})
    return ", ".join([*named, *([f"{found.count(None)} more"] if None in found else [])]) or "nothing"


def _data(given: Given) -> Any:
    return orjson.loads(given.data or b"{}") or {}


def kept(path: Path) -> Any:
    """The checked-in table."""
    return json.loads(path.read_text(encoding="utf-8"))


def keep(path: Path, table: Mapping[str, Any]) -> None:
    """Check a table in."""
    path.write_text(json.dumps(table, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
