"""Keys of mutations that were answered, so that a repeat gets the first answer (R-00-12)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from persistence.base import Base, Guard, InTenant, Policy, utc_now
from persistence.trips import Statement

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


TAKE = """
insert into idempotency_key (tenant_id, caller_id, operation, key, fingerprint, created_at)
values (%(tenant_id)s, %(caller_id)s, %(operation)s, %(key)s, %(fingerprint)s, %(created_at)s)
on conflict do nothing
returning key
"""
KEEP = """
update idempotency_key set answer = %(answer)s
 where tenant_id = %(tenant_id)s and caller_id = %(caller_id)s and operation = %(operation)s and key = %(key)s
"""


@dataclass(frozen=True)
class Earlier:
    """A key that was used before: for which input, and what was answered."""

    fingerprint: bytes
    answer: bytes | None


@dataclass(frozen=True)
class Key:
    """One key of one caller and operation."""

    tenant_id: UUID
    caller_id: UUID | None
    operation: str
    key: str

    def take(self, fingerprint: bytes) -> Statement:
        """Take it for this transaction, after waiting for one that took it before; answers nothing if it is taken."""
        return Statement(TAKE, vars(self) | {"fingerprint": fingerprint, "created_at": utc_now()})

    def keep(self, answer: bytes | None) -> Statement:
        """Keep the answer with it."""
        return Statement(KEEP, vars(self) | {"answer": answer})


async def earlier(session: AsyncSession, key: Key) -> Earlier:
    """How the transaction ended that took the key."""
    row = (
        await session.execute(
            select(IdempotencyKey.fingerprint, IdempotencyKey.answer).where(
                IdempotencyKey.tenant_id == key.tenant_id,
                IdempotencyKey.caller_id == key.caller_id,
                IdempotencyKey.operation == key.operation,
                IdempotencyKey.key == key.key,
            )
        )
    ).one()
    return Earlier(bytes(row.fingerprint), None if row.answer is None else bytes(row.answer))
