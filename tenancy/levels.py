"""At which organization a customer's data may be kept or changed, and whether this caller may."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from domain import customers as rules
from domain.customers import CustomerDataInherited, Source
from domain.organizations import OrganizationNotInStructure
from domain.refusals import NotFound
from persistence import customers, users, visibility
from persistence.changes import conflict, found
from persistence.customers import CustomerData
from persistence.organizations import Organization
from persistence.partners import Partner
from tenancy.permissions import Permission
from tenancy.work import Work


@dataclass(frozen=True)
class Place:
    """An organization of the sales structure; `path` begins with itself and ends with the root."""

    organization: Organization
    path: tuple[UUID, ...]


@dataclass(frozen=True)
class Level:
    """A customer at an organization: what stands there, and whose data count there."""

    partner: Partner
    place: Place
    rows: dict[UUID, CustomerData]

    @property
    def organization_id(self) -> UUID:
        """The organization."""
        return self.place.organization.id

    @property
    def here(self) -> CustomerData | None:
        """The row of the organization itself."""
        return self.rows.get(self.organization_id)

    @property
    def mode(self) -> str | None:
        """Whether the organization has own data, inherits explicitly, or has nothing."""
        return None if self.here is None else self.here.mode

    @property
    def source(self) -> Source | None:
        """The level whose data count here."""
        return rules.nearest_own(self.modes, self.place.path)

    @property
    def above(self) -> Source | None:
        """The level whose data would count here without own ones."""
        return rules.nearest_own(self.modes, self.place.path[1:])

    @property
    def modes(self) -> dict[UUID, str]:
        """Every level's mode."""
        return {organization_id: row.mode for organization_id, row in self.rows.items()}


async def place_of(work: Work, organization_id: UUID | None) -> Place:
    """The organization that was named, by default the acting one; the root where content does not count (R-242).

    Raises:
        NotFound: there is no such organization.
        OrganizationNotInStructure: it does not sell.
        Forbidden: none was named and none acts (R-164).
    """
    if organization_id is None or not work.caller.content_based:
        organization_id = work.caller.acting()
    organization = await found(work.session, Organization, organization_id, what="organization")
    path = await users.ancestors_of(work.session, organization_id)
    if not path:
        raise OrganizationNotInStructure(
            "This organization does not stand in the sales structure.", path=("organizationId",)
        )
    return Place(organization, tuple(path))


async def maintaining(work: Work, wanted: UUID | None) -> Place:
    """Where a new customer's own data are kept: here, at the wanted place, or in single-site at the root (R-237).

    Raises:
        NotEditable, OrganizationInactive, OwnDataNotAllowed: the caller may not keep data there.
    """
    settings = await customers.settings_of(work.session)
    place = await place_of(work, wanted)
    if not settings.multi_site:
        place = await place_of(work, place.path[-1])
    rules.check_reach(
        active=place.organization.active,
        covered=work.caller.covers(Permission.CUSTOMERS_CREATE, place.organization.id),
    )
    rules.check_own_allowed(place.organization.maintenance)
    return place


async def level_to_change(work: Work, customer_id: UUID, organization_id: UUID | None) -> Level:
    """The customer at the organization, locked; whoever changes any level of it waits.

    Raises:
        NotFound: the caller does not see such a customer (R-229).
    """
    partner = await visibility.customer_to_change(work.session, work.caller, customer_id)
    place = await place_of(work, organization_id)
    return Level(partner, place, await customers.levels_of(work.session, customer_id))


async def own_data_to_change(
    work: Work, customer_id: UUID, organization_id: UUID | None, expected_version: int
) -> tuple[Level, CustomerData]:
    """The level with its own data, if this caller may edit them (4.4).

    Raises:
        NotFound, NotEditable, OrganizationInactive, CustomerDataInherited, VersionConflict.
    """
    level = await level_to_change(work, customer_id, organization_id)
    active = level.place.organization.active
    async with source_told(work):
        rules.check_editable(level.mode, level.source, active=active, covered=covered(work, level))
    data = level.here
    if data is None:
        raise NotFound("The customer has no data here.", path=("organizationId",))
    if data.version != expected_version:
        raise conflict(data, "customer's data at this organization")
    return level, data


@asynccontextmanager
async def source_told(work: Work) -> AsyncIterator[None]:
    """Let a refusal of inherited data name its source as a record."""
    try:
        yield
    except CustomerDataInherited as refused:
        if refused.source_organization_id is not None:
            refused.source = await found(
                work.session, Organization, refused.source_organization_id, what="organization"
            )
        raise


def covered(work: Work, level: Level) -> bool:
    """Whether the caller's right to edit customers reaches the level."""
    return work.caller.covers(Permission.CUSTOMERS_EDIT, level.organization_id)
