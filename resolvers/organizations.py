"""What happens to organizations and to the trees they stand in."""

from dataclasses import dataclass
from uuid import UUID

from domain import organizations as rules
from domain.names import sort_key
from domain.organizations import OrganizationInactive, OrganizationInUse, OrganizationTree
from persistence import organizations
from persistence.changes import found, to_change
from persistence.organizations import Organization
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.scopes import tenant_wide
from tenancy.work import Work


@dataclass(frozen=True)
class NewOrganization:
    """What an organization starts with; `parent_id` None makes it the root of the structure."""

    code: str
    name: str
    structure: str = "SALES"
    parent_id: UUID | None = None


@writes(Permission.ORGANIZATIONS_EDIT)
async def create_organization(work: Work, new: NewOrganization) -> UUID:
    """Create an organization and put it into a structure (R-256, R-257)."""
    tenant_wide(work.caller, Permission.ORGANIZATIONS_EDIT)
    organization = Organization(code=new.code, name=new.name, name_key=sort_key(new.name))
    work.session.add(organization)
    await work.session.flush()
    await _place(work, new.structure, organization.id, new.parent_id)
    return organization.id


@writes(Permission.ORGANIZATIONS_EDIT)
async def place_organization(work: Work, organization_id: UUID, structure: str, parent_id: UUID | None) -> UUID:
    """Put an existing organization into another structure as well (R-256, E10)."""
    tenant_wide(work.caller, Permission.ORGANIZATIONS_EDIT)
    await found(work.session, Organization, organization_id, what="organization")
    await _place(work, structure, organization_id, parent_id)
    return organization_id


@writes(Permission.ORGANIZATIONS_EDIT)
async def move_organization(
    work: Work, organization_id: UUID, parent_id: UUID, structure: str, expected_version: int
) -> UUID:
    """Hang an organization, with all below it, under another parent of the same structure (E01, E02)."""
    tenant_wide(work.caller, Permission.ORGANIZATIONS_EDIT)
    organization = await to_change(work.session, Organization, organization_id, expected_version, what="organization")
    tree = await organizations.tree_to_change(work.session, structure)
    after = rules.moved(tree, organization_id, parent_id)
    await organizations.move(work.session, structure, organization_id, parent_id)
    await organizations.keep_closure(work.session, structure, rules.closure(after))
    organization.updated_at = work.now
    return organization_id


@writes(Permission.ORGANIZATIONS_EDIT)
async def rename_organization(work: Work, organization_id: UUID, name: str, expected_version: int) -> UUID:
    """Give an organization another name."""
    tenant_wide(work.caller, Permission.ORGANIZATIONS_EDIT)
    organization = await to_change(work.session, Organization, organization_id, expected_version, what="organization")
    organization.name, organization.name_key = name, sort_key(name)
    return organization_id


@writes(Permission.ORGANIZATIONS_EDIT)
async def deactivate_organization(
    work: Work, organization_id: UUID, expected_version: int, *, cascade: bool = False
) -> UUID:
    """Close an organization for acting, documents and editing; with `cascade` those below it too (E05)."""
    tenant_wide(work.caller, Permission.ORGANIZATIONS_EDIT)
    organization = await to_change(work.session, Organization, organization_id, expected_version, what="organization")
    if await organizations.is_root(work.session, organization_id):
        raise OrganizationTree("The root cannot be deactivated.")
    below = await organizations.active_below(work.session, organization_id)
    if below and not cascade:
        raise OrganizationInUse(
            f"{len(below)} active organizations stand below it; deactivate them first, or set cascade."
        )
    organization.active = False
    for lower in below:
        lower.active, lower.deactivated_with_id = False, organization_id
    return organization_id


@writes(Permission.ORGANIZATIONS_EDIT)
async def activate_organization(work: Work, organization_id: UUID, expected_version: int) -> UUID:
    """Open an organization again, with those that were closed by the same act (E06)."""
    tenant_wide(work.caller, Permission.ORGANIZATIONS_EDIT)
    organization = await to_change(work.session, Organization, organization_id, expected_version, what="organization")
    organization.active, organization.deactivated_with_id = True, None
    for lower in await organizations.deactivated_with(work.session, organization_id):
        lower.active, lower.deactivated_with_id = True, None
    return organization_id


async def _place(work: Work, structure: str, organization_id: UUID, parent_id: UUID | None) -> None:
    tree = await organizations.tree_to_change(work.session, structure)
    after = rules.placed(tree, organization_id, parent_id)
    if parent_id is not None:
        parent = await found(work.session, Organization, parent_id, what="organization")
        if not parent.active:
            raise OrganizationInactive("The parent is not active.", path=("parentId",))
    organizations.place(work.session, structure, organization_id, parent_id)
    await organizations.keep_closure(work.session, structure, rules.closure(after))
