"""What an operator looks up in a tenant before acting in it."""

from collections.abc import Sequence
from uuid import UUID

from persistence import directory
from persistence.directory import Key, Member
from tenancy.operation import reads
from tenancy.permissions import Permission
from tenancy.work import Work


@reads(Permission.USERS_SEE)
async def members(work: Work) -> Sequence[Member]:
    """Everybody with an account."""
    return await directory.members(work.session)


@reads(Permission.USERS_SEE)
async def roles(work: Work) -> dict[str, UUID]:
    """The roles by code."""
    return await directory.roles(work.session)


@reads(Permission.ORGANIZATIONS_SEE)
async def organizations(work: Work) -> dict[str, UUID]:
    """The organizations by code."""
    return await directory.organizations(work.session)


@reads(Permission.USERS_SEE)
async def keys(work: Work) -> Sequence[Key]:
    """The API keys, without their secrets."""
    return await directory.keys(work.session)
