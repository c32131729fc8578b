"""What the command line looks up in a tenant: who is there, which roles, places and keys, by the names people use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.organizations import Organization
from persistence.users import ApiKey, Membership, MembershipRole, Role


@dataclass(frozen=True)
class Member:
    """Somebody with an account, and the codes of the roles it holds."""

    id: UUID
    name: str
    email: str | None
    kind: str
    roles: tuple[str, ...]
    disabled_at: datetime | None


@dataclass(frozen=True)
class Key:
    """An API key, without its secret."""

    id: UUID
    name: str
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    version: int


async def members(session: AsyncSession) -> Sequence[Member]:
    """Everybody with an account, by name."""
    codes = (
        select(func.array_agg(Role.code))
        .join(MembershipRole, MembershipRole.role_id == Role.id)
        .where(MembershipRole.membership_id == Membership.id)
        .correlate(Membership)
        .scalar_subquery()
    )
    found = await session.execute(
        select(Membership.id, Membership.name, Membership.email, Membership.kind, codes, Membership.disabled_at)
        .where(Membership.kind != "API_KEY")
        .order_by(Membership.name, Membership.id)
    )
    return [
        Member(member_id, name, email, kind, tuple(sorted(held or ())), disabled_at)
        for member_id, name, email, kind, held, disabled_at in found
    ]


async def roles(session: AsyncSession) -> dict[str, UUID]:
    """The roles by code."""
    return {row.code: row.id for row in await session.execute(select(Role.code, Role.id))}


async def organizations(session: AsyncSession) -> dict[str, UUID]:
    """The organizations by code."""
    return {row.code: row.id for row in await session.execute(select(Organization.code, Organization.id))}


async def keys(session: AsyncSession) -> Sequence[Key]:
    """All API keys, those that end first first."""
    found = await session.execute(
        select(
            ApiKey.id, ApiKey.name, ApiKey.expires_at, ApiKey.revoked_at, ApiKey.last_used_at, ApiKey.version
        ).order_by(ApiKey.expires_at, ApiKey.id)
    )
    return [Key(*row) for row in found]
