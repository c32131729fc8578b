"""Keys of mutations that were answered, so that a repeat gets the first answer (R-00-12)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, LargeBinary, and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from persistence.base import Base, Guard, InTenant, Policy, utc_now

OWN_KEYS = "tenant_id = current_tenant() AND caller_id = current_membership()"


class IdempotencyKey(InTenant, Base):
    """One key of one caller and mutation, with the fingerprint of its input and the answer's bytes."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        CheckConstraint("length(key) between 1 and 255", name="length"),
        Index(None, "tenant_id", "created_at"),
    )
    __guard__ = Guard(
        (
            Policy("own", "all", "kontor_app", OWN_KEYS, OWN_KEYS),
            Policy("own_portal", "all", "kontor_portal", OWN_KEYS, OWN_KEYS),
        ),
        {
            "kontor_app": ("select", "insert", "update(answer)", "delete"),
            "kontor_portal": ("select", "insert", "update(answer)"),
        },
    )

    caller_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


@dataclass(frozen=True)
class Earlier:
    """A key that was used before: for which input, and what was answered."""

    fingerprint: bytes
    answer: bytes | None


async def take(
    session: AsyncSession, caller_id: UUID | None, operation: str, key: str, fingerprint: bytes
) -> Earlier | None:
    """Take the key for this transaction; if it was taken before, wait for that transaction and say how it ended."""
    taken = await session.scalar(
        insert(IdempotencyKey)
        .values(
            tenant_id=session.info["tenant_id"],
            caller_id=caller_id,
            operation=operation,
            key=key,
            fingerprint=fingerprint,
        )
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if taken is not None:
        return None
    row = (
        await session.execute(
            select(IdempotencyKey.fingerprint, IdempotencyKey.answer).where(_of(session, caller_id, operation, key))
        )
    ).one()
    return Earlier(bytes(row.fingerprint), None if row.answer is None else bytes(row.answer))


async def keep(session: AsyncSession, caller_id: UUID | None, operation: str, key: str, answer: bytes | None) -> None:
    """Keep the answer with its key."""
    await session.execute(
        update(IdempotencyKey)
        .where(_of(session, caller_id, operation, key))
        .values(answer=answer)
        .execution_options(synchronize_session=False)
    )


def _of(session: AsyncSession, caller_id: UUID | None, operation: str, key: str) -> ColumnElement[bool]:
    return and_(
        IdempotencyKey.tenant_id == session.info["tenant_id"],
        IdempotencyKey.caller_id == caller_id,
        IdempotencyKey.operation == operation,
        IdempotencyKey.key == key,
    )
