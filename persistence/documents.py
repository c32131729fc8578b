"""Trusted documents: the queries that a portal in production may send, by their hash."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from persistence.base import Base, Guard, InTenant, Policy, utc_now


class TrustedDocument(InTenant, Base):
    """One registered GraphQL document of a tenant; `hash` is the SHA-256 of its text in hex."""

    __tablename__ = "trusted_document"
    __table_args__ = (
        CheckConstraint("hash ~ '^[0-9a-f]{64}$'", name="hash"),
        CheckConstraint("audience in ('staff', 'portal')", name="audience"),
    )
    __guard__ = Guard(
        (
            Policy("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()"),
            Policy("own_portal", "select", "kontor_portal", "tenant_id = current_tenant()"),
        ),
        {"kontor_app": ("select", "insert", "delete"), "kontor_portal": ("select",)},
    )

    audience: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


async def text_of(session: AsyncSession, audience: str, digest: str) -> str | None:
    """The text registered for the audience under this hash, in the tenant that the transaction is bound to."""
    return await session.scalar(
        select(TrustedDocument.text).where(TrustedDocument.audience == audience, TrustedDocument.hash == digest)
    )


async def register(session: AsyncSession, audience: str, texts: Sequence[str]) -> int:
    """Keep the documents under their hashes, and return how many were not there before."""
    by_hash = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
    known = await session.scalars(select(TrustedDocument.hash).where(TrustedDocument.audience == audience))
    new = by_hash.keys() - set(known.all())
    session.add_all(TrustedDocument(audience=audience, hash=digest, text=by_hash[digest]) for digest in sorted(new))
    return len(new)
