"""What an operation changed, gathered from the session while it is flushed, so that no story forgets it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.audit import Occasion, keep
from persistence.base import Base
from persistence.engine import watch_changes
from persistence.trips import Statement
from tenancy.caller import Caller

UNREMARKABLE = frozenset(
    {
        "tenant_id",
        "version",
        "created_at",
        "updated_at",
        "created_by",
        "created_by_kind",
        "updated_by",
        "updated_by_kind",
    }
)
SECRET = frozenset({"secret_hash"})
UNWATCHED = frozenset({"audit_entry", "audit_values", "idempotency_key", "joint_event", "organization_closure"})


@dataclass(frozen=True)
class Change:
    """One row that was created, changed or removed, with the values that differ."""

    action: str
    subject_type: str
    subject_id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def plain(value: object) -> Any:
    """The value as JSON keeps it without losing digits."""
    match value:
        case None | bool() | int() | str():
            return value
        case UUID() | Decimal():
            return str(value)
        case date() | datetime():
            return value.isoformat()
        case list() | tuple():
            return [plain(item) for item in value]
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case _:
            return str(value)


def _values(row: Base) -> dict[str, Any]:
    columns = inspect(type(row)).column_attrs
    return {
        column.key: plain(getattr(row, column.key))
        for column in columns
        if column.key not in UNREMARKABLE | SECRET and column.key in row.__dict__
    }


def _subject(row: Base) -> UUID:
    """What names the row: its id, or the id of what it belongs to."""
    for name in ("id", "connection_id", "tenant_id"):
        found = getattr(row, name, None)
        if isinstance(found, UUID):
            return found
    raise LookupError(f"{type(row).__name__} has nothing to be named by")


def _updated(row: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in inspect(row).attrs:
        history = attribute.history
        if attribute.key in UNREMARKABLE | SECRET or not history.has_changes():
            continue
        if attribute.key in inspect(type(row)).relationships:
            continue
        before[attribute.key] = plain(history.deleted[0]) if history.deleted else None
        after[attribute.key] = plain(history.added[0]) if history.added else None
    return before, after


def changes_of(new: list[Base], dirty: list[Base], deleted: list[Base]) -> Iterator[Change]:
    """The changes of one flush."""
    for row in new:
        if row.__tablename__ not in UNWATCHED:
            yield Change("CREATED", row.__tablename__, _subject(row), None, _values(row))
    for row in dirty:
        before, after = _updated(row)
        if after and row.__tablename__ not in UNWATCHED:
            yield Change("CHANGED", row.__tablename__, _subject(row), before, after)
    for row in deleted:
        if row.__tablename__ not in UNWATCHED:
            yield Change("REMOVED", row.__tablename__, _subject(row), _values(row), None)


def watch(session: AsyncSession) -> list[Change]:
    """Collect the changes of all flushes of this session into the list that is returned."""
    found: list[Change] = []

    def collect(new: list[Base], dirty: list[Base], deleted: list[Base]) -> None:
        found.extend(changes_of(new, dirty, deleted))

    watch_changes(session, collect)
    return found


def kept(caller: Caller, operation: str, reason: str | None, changes: Sequence[Change]) -> list[Statement]:
    """What keeps one entry, with its values apart, for every change; nothing when nothing changed."""
    if not changes:
        return []
    occasion = Occasion(
        caller.tenant_id, caller.now, operation, caller.membership_id, caller.kind, caller.on_behalf_of, reason
    )
    return [keep(occasion, [vars(change) for change in changes])]
