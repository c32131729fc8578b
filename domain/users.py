"""Who may be given which rights, and which accounts may be closed."""

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from domain.refusals import Refusal, RefusalCode


class OwnAccount(Refusal):
    """Nobody disables the own account (R-00-08)."""

    code = RefusalCode.OWN_ACCOUNT


class RoleRequired(Refusal):
    """Every user belongs to at least one group (R-00-05)."""

    code = RefusalCode.ROLE_REQUIRED


class RoleTooLarge(Refusal):
    """Nobody grants a right, or a reach of it, that goes beyond the own (R-261)."""

    code = RefusalCode.ROLE_TOO_LARGE


P = TypeVar("P", bound=str)


def grant(wanted: Mapping[P, int], own: Mapping[P, int]) -> None:
    """Let pass what the grantor holds at least as widely itself (R-261).

    Raises:
        RoleTooLarge: naming the first right that goes beyond.
    """
    for permission, scope in wanted.items():
        if scope > own.get(permission, 0):
            raise RoleTooLarge(f"You cannot grant {permission} with this reach: your own right does not go that far.")


def disable(account: UUID, by: UUID | None) -> None:
    """Let an account be closed by somebody else. Raises OwnAccount (R-00-08)."""
    if account == by:
        raise OwnAccount("You cannot disable your own account; ask another administrator.")


def roles_of(roles: int) -> None:
    """Let pass a user with at least one role. Raises RoleRequired (R-00-05)."""
    if roles < 1:
        raise RoleRequired("Give the user at least one role.", path=("roleIds",))
