"""The trees that organizations stand in: one root, one parent each, no rings, twenty levels at most (R-256)."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from domain.refusals import Refusal, RefusalCode

DEEPEST = 20


class OrganizationTree(Refusal):
    """The tree would have two roots, a node twice, or more than twenty levels (R-256)."""

    code = RefusalCode.ORGANIZATION_TREE


class OrganizationCycle(Refusal):
    """The organization would stand below itself (E01)."""

    code = RefusalCode.ORGANIZATION_CYCLE


class OrganizationInUse(Refusal):
    """Something still stands at or below the organization (E05, E07)."""

    code = RefusalCode.ORGANIZATION_IN_USE


class OrganizationInactive(Refusal):
    """An inactive organization cannot be acted for or placed below (E05)."""

    code = RefusalCode.ORGANIZATION_INACTIVE


class OrganizationNotInStructure(Refusal):
    """The organization stands nowhere in the structure that is asked about."""

    code = RefusalCode.ORGANIZATION_NOT_IN_STRUCTURE


Parents = Mapping[UUID, UUID | None]
"""The tree of one structure: organization → parent, None for the root."""


def placed(tree: Parents, organization: UUID, parent: UUID | None) -> Parents:
    """The tree with the organization put under the parent, or as the root.

    Raises:
        OrganizationTree: there is a root already, the organization stands there already, or it would be too deep.
        OrganizationNotInStructure: the parent is not in the tree.
    """
    if organization in tree:
        raise OrganizationTree("The organization stands in this structure already; move it instead.")
    if parent is None and tree:
        raise OrganizationTree("The structure has a root already; name a parent.", path=("parentId",))
    if parent is not None and parent not in tree:
        raise OrganizationNotInStructure("The parent does not stand in this structure.", path=("parentId",))
    return _fitting({**tree, organization: parent})


def moved(tree: Parents, organization: UUID, parent: UUID) -> Parents:
    """The tree with the organization, and all below it, hung under another parent (E02).

    Raises:
        OrganizationTree: it is the root, or the tree would be too deep (E04).
        OrganizationCycle: the parent is the organization itself or stands below it (E01).
        OrganizationNotInStructure: one of them is not in the tree.
    """
    if organization not in tree or parent not in tree:
        raise OrganizationNotInStructure("Both must stand in this structure.", path=("parentId",))
    if tree[organization] is None:
        raise OrganizationTree("The root cannot be moved.")
    if organization in path(tree, parent):
        raise OrganizationCycle("An organization cannot stand below itself.", path=("parentId",))
    return _fitting({**tree, organization: parent})


def path(tree: Parents, organization: UUID) -> Sequence[UUID]:
    """The organization, its parent, and so on up to the root."""
    found = [organization]
    while (above := tree[found[-1]]) is not None:
        found.append(above)
    return found


def closure(tree: Parents) -> Collection[tuple[UUID, UUID, int]]:
    """Every pair of ancestor and descendant with the steps between them, each with itself at 0."""
    return [
        (ancestor, organization, distance)
        for organization in tree
        for distance, ancestor in enumerate(path(tree, organization))
    ]


def _fitting(tree: Parents) -> Parents:
    if max(len(path(tree, organization)) for organization in tree) > DEEPEST:
        raise OrganizationTree(f"A structure has {DEEPEST} levels at most.", path=("parentId",))
    return tree
