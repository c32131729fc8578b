"""Whose data count for a customer at an organization, and who may keep, change or take over them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from domain.customers.refusals import (
    ConfirmationRequired,
    CustomerDataInherited,
    NoSourceData,
    OwnDataNotAllowed,
    OwnDataPresent,
)
from domain.customers.values import Mode, Source
from domain.organizations import OrganizationInactive
from domain.refusals import (
    NotEditable,
)


def nearest_own(levels: Mapping[UUID, str], path: Sequence[UUID]) -> Source | None:
    """The nearest level with own data on the way up; `path` begins with the asked organization (R-233).

    Levels without a row and inherited ones are passed; the record is taken as a whole (4.3).
    """
    for hops, organization_id in enumerate(path):
        if levels.get(organization_id) == Mode.OWN:
            return Source(organization_id, hops)
    return None


def check_editable(mode: str | None, source: Source | None, *, active: bool, covered: bool) -> None:
    """Let pass who may edit the data of a level (4.4, R-244, R-245).

    Raises:
        NotEditable: the caller's right does not reach the level (R-229).
        OrganizationInactive: the level is closed (E05).
        CustomerDataInherited: the level has no data of its own.
    """
    check_reach(active=active, covered=covered)
    if mode != Mode.OWN:
        raise CustomerDataInherited(source.organization_id if source else None)


def check_reach(*, active: bool, covered: bool) -> None:
    """Let pass who may change what stands at a level at all. Raises NotEditable, OrganizationInactive."""
    if not covered:
        raise NotEditable("Your rights do not reach this organization.", path=("organizationId",))
    if not active:
        raise OrganizationInactive("The organization is not active.", path=("organizationId",))


def check_own_allowed(maintenance: str) -> None:
    """Refuse own data where the parent maintains them (4.7). Raises OwnDataNotAllowed."""
    if maintenance != "OWN_ALLOWED":
        raise OwnDataNotAllowed(
            "This organization has no customer data of its own; they are kept above it.", path=("organizationId",)
        )


def check_creation(mode: str | None, source: Source | None) -> None:
    """Refuse to create data where the level or one above it has some (R-255).

    Raises:
        OwnDataPresent: the level has data of its own.
        CustomerDataInherited: it inherits; take over the editing instead.
    """
    if mode == Mode.OWN:
        raise OwnDataPresent("The organization has data of this customer already.", path=("organizationId",))
    if source is not None:
        raise CustomerDataInherited(source.organization_id)


def taken_over(mode: str | None, above: Source | None, *, confirmed: bool) -> bool:
    """Whether taking over changes the level (4.6).

    Raises:
        NoSourceData: nothing above has own data; at the root never (R-248).
        ConfirmationRequired: own data would be discarded and nobody confirmed it (R-247).
    """
    if above is None:
        raise NoSourceData("No organization above this one has data of this customer.", path=("organizationId",))
    if mode == Mode.OWN and not confirmed:
        raise ConfirmationRequired(
            "The organization's own data would be set aside; confirm with confirmDiscard.", path=("confirmDiscard",)
        )
    return mode != Mode.INHERITED


def editing_source(source: Source | None) -> Source:
    """Where the own data of a level are copied from (4.7). Raises NoSourceData."""
    if source is None:
        raise NoSourceData(
            "Neither this organization nor one above it has data of this customer; create them instead.",
            path=("organizationId",),
        )
    return source


def affected(organization: UUID, below: Mapping[UUID, Sequence[UUID]], levels: Mapping[UUID, str]) -> list[UUID]:
    """The organizations below that took their data from this one (R-247).

    `below` maps each of them to its path to the root.
    """
    found = []
    for descendant, path in below.items():
        source = nearest_own(levels, path)
        if source is not None and source.organization_id == organization:
            found.append(descendant)
    return found
