"""Who changed what, when and why; written by the operation itself and never changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, ScalarSelect, Text, cast, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from persistence.base import Base, Guard, Policy, TenantOwned, new_id, utc_now
from persistence.trips import Statement


class AuditAction(StrEnum):
    """What was done to a record."""

    CREATED = "CREATED"
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"
    VIEWED = "VIEWED"


OWN_ROWS = "tenant_id = current_tenant()"


def _append_only() -> Guard:
    """Staff reads and adds, portal customers only add; nobody changes or removes."""
    return Guard(
        (
            Policy("own", "select", "kontor_app", OWN_ROWS),
            Policy("write", "insert", "kontor_app", check=OWN_ROWS),
            Policy("write_portal", "insert", "kontor_portal", check=OWN_ROWS),
        ),
        {"kontor_app": ("select", "insert"), "kontor_portal": ("insert",)},
    )


class AuditEntry(TenantOwned, Base):
    """One changed record within one operation (Protokoll)."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "tenant_id", "at", "id"),
        Index(None, "tenant_id", "operation", "at"),
        Index(None, "tenant_id", "action", "at"),
        Index(None, "tenant_id", "subject_id", "at"),
        Index(None, "tenant_id", "subject_type", "subject_id", "at"),
    )
    __guard__ = _append_only()

    at: Mapped[datetime] = mapped_column(default=utc_now)
    operation: Mapped[str]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    actor_id: Mapped[UUID | None]
    actor_kind: Mapped[str]
    on_behalf_of: Mapped[UUID | None]
    reason: Mapped[str | None]


class AuditValues(TenantOwned, Base):
    """The values before and after; apart from the entry, so that a person can be erased from them."""

    __tablename__ = "audit_values"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "entry_id"], ["audit_entry.tenant_id", "audit_entry.id"], ondelete="RESTRICT"
        ),
        Index(None, "tenant_id", "entry_id"),
    )
    __guard__ = _append_only()

    entry_id: Mapped[UUID]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


KEEP = """
with said as (
  select * from jsonb_to_recordset(%(changes)s::jsonb)
      as (id uuid, values_id uuid, action text, subject_type text, subject_id uuid, before jsonb, after jsonb)
), entries as (
  insert into audit_entry (tenant_id, id, at, operation, action, subject_type, subject_id, actor_id, actor_kind,
                           on_behalf_of, reason)
  select %(tenant_id)s, id, %(at)s, %(operation)s, action, subject_type, subject_id, %(actor_id)s::uuid,
         %(actor_kind)s, %(on_behalf_of)s::uuid, %(reason)s
    from said
)
insert into audit_values (tenant_id, id, entry_id, before, after)
select %(tenant_id)s, values_id, id, before, after from said
"""


@dataclass(frozen=True)
class Occasion:
    """What all changes of one operation have in common."""

    tenant_id: UUID
    at: datetime
    operation: str
    actor_id: UUID | None
    actor_kind: str
    on_behalf_of: UUID | None
    reason: str | None


def keep(occasion: Occasion, changes: Iterable[Mapping[str, Any]]) -> Statement:
    """Keep one entry, with its values apart, for every change: action, subject_type, subject_id, before and after."""
    said = [{"id": new_id(), "values_id": new_id(), **change} for change in changes]
    return Statement(KEEP, vars(occasion) | {"changes": orjson.dumps(said).decode()})


def subject_text(row: Any, _: object) -> ColumnElement[str]:
    """The id of the changed record as text."""
    return cast(row.subject_id, Text)


def before_text(row: Any, context: Any) -> ColumnElement[str]:
    """The values before, as JSON text."""
    return _text_of(AuditValues.before, row, context)


def after_text(row: Any, context: Any) -> ColumnElement[str]:
    """The values after, as JSON text."""
    return _text_of(AuditValues.after, row, context)


def _text_of(values: Any, row: Any, context: Any) -> ColumnElement[str]:
    found: ScalarSelect[str] = (
        select(cast(values, Text))
        .where(AuditValues.tenant_id == context.tenant_id, AuditValues.entry_id == row.id)
        .scalar_subquery()
    )
    return found
