"""Looking at the tenant as a colleague sees it: nothing can be changed, and the viewer stays named."""

from typing import Protocol
from uuid import UUID

from tenancy.caller import Caller
from tenancy.operation import on_behalf
from tenancy.permissions import Permission
from tenancy.rights import Identified, Known, Wish
from tenancy.scopes import tenant_wide


class CallersOf(Protocol):
    """Where callers come from: `tenancy.rights.Callers` is one."""

    async def of(self, identity: Identified, wish: Wish) -> Caller:
        """The caller of this identity. Raises Unauthenticated when nobody has it here."""
        ...

    async def fresh(self, identity: Identified, wish: Wish) -> Caller:
        """The caller with rights as they are now."""
        ...


async def seen_as(
    callers: CallersOf, viewer: Caller, issuer: str, subject: str, organization_id: UUID | None
) -> Caller:
    """The colleague's caller, on behalf of the viewer and for looking only.

    Raises:
        Forbidden: the viewer may not (any longer) view as others.
        Unauthenticated: the colleague's account is closed.
    """
    tenant_wide(viewer, Permission.USERS_EDIT)
    colleague = await callers.of(Known(issuer, subject, viewer.tenant_id), Wish(organization_id=organization_id))
    return on_behalf(colleague, viewer)
