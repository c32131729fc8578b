"""The look-up of a machine's key by its secret's hash, and the note of its last use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.users import ApiKey, Membership

USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class KnownKey:
    """A key that exists: as whom it acts and until when."""

    id: UUID
    issuer: str
    subject: str
    membership_id: UUID
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


async def by_hash(session: AsyncSession, secret_hash: str) -> KnownKey | None:
    """The key with this hash in the tenant that the transaction is bound to."""
    rows = await session.execute(
        select(
            ApiKey.id,
            Membership.issuer,
            Membership.subject,
            ApiKey.membership_id,
            ApiKey.expires_at,
            ApiKey.revoked_at,
            ApiKey.last_used_at,
        )
        .join(Membership, (Membership.tenant_id == ApiKey.tenant_id) & (Membership.id == ApiKey.membership_id))
        .where(ApiKey.secret_hash == secret_hash)
    )
    found = rows.one_or_none()
    return None if found is None else KnownKey(*found)


async def note_use(session: AsyncSession, key: KnownKey, now: datetime) -> None:
    """Write down that the key was used, once a minute at most; no version and no right changes by that."""
    await session.execute(
        update(ApiKey)
        .where(ApiKey.id == key.id)
        .values(last_used_at=now, updated_at=ApiKey.updated_at)
        .execution_options(synchronize_session=False)
    )


def is_noted(key: KnownKey, now: datetime) -> bool:
    """Whether the last use was written down a short while ago."""
    return key.last_used_at is not None and now - key.last_used_at < USE_NOTED_EVERY
