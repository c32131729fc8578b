"""Asking more of a caller than holding a permission: how far it must reach."""

from tenancy.caller import Caller
from tenancy.errors import Forbidden
from tenancy.permissions import Permission, Scope


def tenant_wide(caller: Caller, permission: Permission) -> None:
    """Let pass whose permission reaches over the whole tenant (R-257). Raises Forbidden."""
    if caller.scope(permission) != Scope.TENANT:
        raise Forbidden("FORBIDDEN", f"This needs the permission {permission} for the whole tenant.")
