"""Which roles a partner takes and gives up, and who may edit it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from uuid import UUID

from domain.partners.refusals import PartnerRoleMissing, RoleAlreadyAssigned, RoleInUse, RoleNotAllowedForType
from domain.partners.values import PartnerRoleKind, PartnerType
from domain.refusals import InUse, NotEditable

FOR_PERSONS_ONLY = frozenset({PartnerRoleKind.EMPLOYEE, PartnerRoleKind.CONTACT_PERSON})


def check_role(type: str, role: PartnerRoleKind, path: Sequence[str] = ("role",)) -> None:
    """Refuse a role that the type cannot take (R-169).

    Raises:
        RoleNotAllowedForType: an organization as employee or contact person.
    """
    if type == PartnerType.ORGANIZATION and role in FOR_PERSONS_ONLY:
        raise RoleNotAllowedForType(f"An organization cannot take the role {role}.", path=path)


def roles_after(type: str, held: Collection[str], added: PartnerRoleKind) -> frozenset[str]:
    """The roles that a partner holds after it was given one more; CONTACT alone gives way (R-167, R-168).

    Raises:
        RoleNotAllowedForType: the type cannot take it (R-169).
        RoleAlreadyAssigned: the partner holds it already.
    """
    check_role(type, added)
    if added in held:
        raise RoleAlreadyAssigned(f"The partner holds the role {added} already.", path=("role",))
    if set(held) == {PartnerRoleKind.CONTACT}:
        return frozenset({added})
    return frozenset({*held, added})


def check_removal(role: PartnerRoleKind, held: Collection[str], uses: Sequence[str]) -> None:
    """Refuse to take a role away that the partner does not hold, or that open documents use (R-172).

    `uses` says what uses it, each as a plural noun (`open orders`).

    Raises:
        PartnerRoleMissing, RoleInUse.
    """
    if role not in held:
        raise PartnerRoleMissing(f"The partner does not hold the role {role}.", path=("role",))
    if uses:
        raise RoleInUse(f"The partner is used as {role} by {', '.join(uses)}; finish those first.", path=("role",))


def check_archiving(uses: Sequence[str]) -> None:
    """Refuse to archive a partner that open documents use (R-172). Raises InUse."""
    if uses:
        raise InUse(f"The partner is used by {', '.join(uses)}; finish those first.", path=("partnerId",))


def check_editable(covers: Callable[[UUID], bool], responsible: Iterable[UUID]) -> None:
    """Let pass who may edit at the responsible organization or at one above it (R-243).

    `responsible` are the responsible organization and its ancestors.

    Raises:
        NotEditable: none of them is covered (R-229).
    """
    if not any(covers(organization_id) for organization_id in responsible):
        raise NotEditable(
            "You see this partner, but you may not edit its base data: "
            "your rights reach neither its responsible organization nor one above it."
        )
