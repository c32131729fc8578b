"""Organizations as the client sees them: what they are, and where they stand in which structure."""

from typing import Any

import strawberry

from domain.structures import Structure
from persistence import organizations as stored
from reads import (
    TextFilter,
    by_key,
    column,
    filter_column,
    filter_input,
    many,
    one,
    order_by,
    ordering,
    page,
    row_by,
    rows,
)
from resolvers import organizations
from resolvers.organizations import NewOrganization
from schema.base import Connection, MutationInput, Node, UpdateInput, enumeration, key, mutation
from tenancy.operation import Call
from tenancy.permissions import Permission

enumeration(
    Structure,
    "The task area of a tree (Organisationsstruktur).",
    name="OrganizationStructure",
    SALES="Sales (Vertrieb).",
    PROCUREMENT="Procurement (Beschaffung).",
    WAREHOUSE_LOGISTICS="Warehouse and logistics (Lagerlogistik).",
    ACCOUNTING="Accounting (Rechnungswesen).",
)


@rows(stored.OrganizationNode, permission=Permission.ORGANIZATIONS_SEE)
@strawberry.type(description="The place of an organization in one structure (Einordnung).")
class OrganizationPlace:
    """R-256."""

    structure: Structure = column("The structure (Struktur).")
    parent: "Organization | None" = one("The organization above, null for the root.", on={"id": "parent_id"})
    organization: "Organization" = one("The organization that stands here.", on={"id": "organization_id"})


@rows(stored.Organization, prefix="org", permission=Permission.ORGANIZATIONS_SEE)
@strawberry.type(description="A part of the tenant that sells, buys, ships or keeps books (Organisation).")
class Organization(Node):
    """R-002, R-256."""

    code: str = column("Short code, unique in the tenant (Kürzel).")
    name: str = column("Name.")
    active: bool = column("Whether it can be acted for (aktiv).")
    maintenance: str = column("OWN_ALLOWED or PARENT_ONLY: may the level have own customer data (Pflege).")
    version: int = column("Counts the changes (Fassung).")
    places: list[OrganizationPlace] = many(
        "Where it stands.", on={"organization_id": "id"}, order_by=("structure",), size=2
    )
    children: list[OrganizationPlace] = many(
        "What stands directly below, in every structure.", on={"parent_id": "id"}, order_by=("structure", "id")
    )


@filter_input(description="Which organizations.")
class OrganizationFilter:
    """Conditions on organizations."""

    code: TextFilter | None = filter_column("The code.")


OrganizationOrder = ordering(
    "OrganizationOrder",
    "How organizations are ordered.",
    NAME=order_by("name_key", "By name, as in a German list."),
    CODE=order_by("code", "By code."),
)


@strawberry.type
class OrganizationQuery:
    """Reading organizations."""

    organization: Organization | None = row_by(
        "One organization (Organisation).", permission=Permission.ORGANIZATIONS_SEE
    )
    organizations: Connection[Organization] | None = page(
        "The tenant's organizations (Organisationen).",
        filter=OrganizationFilter,
        order=OrganizationOrder,
        default_order=("name_key",),
        permission=Permission.ORGANIZATIONS_SEE,
    )


@strawberry.input(description="A new organization and its place.")
class CreateOrganizationInput(MutationInput):
    """R-256."""

    code: str = strawberry.field(description="Short code, unique in the tenant (Kürzel).")
    name: str = strawberry.field(description="Name.")
    structure: Structure = strawberry.field(default=Structure.SALES, description="The structure it is put into.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="What it stands under; null: the root."
    )


@strawberry.input(description="Another place for an existing organization.")
class PlaceOrganizationInput(MutationInput):
    """R-256, E10."""

    organization_id: strawberry.ID = strawberry.field(description="The organization.")
    structure: Structure = strawberry.field(description="The structure it is put into.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="What it stands under; null: the root."
    )


@strawberry.input(description="Another parent for an organization.")
class MoveOrganizationInput(UpdateInput):
    """E01, E02."""

    organization_id: strawberry.ID = strawberry.field(description="The organization; all below it moves along.")
    parent_id: strawberry.ID = strawberry.field(description="The new parent.")
    structure: Structure = strawberry.field(default=Structure.SALES, description="In which structure.")


@strawberry.input(description="Another name for an organization.")
class RenameOrganizationInput(UpdateInput):
    """The new name."""

    organization_id: strawberry.ID = strawberry.field(description="The organization.")
    name: str = strawberry.field(description="The new name.")


@strawberry.input(description="Which organization is closed.")
class DeactivateOrganizationInput(UpdateInput):
    """E05."""

    organization_id: strawberry.ID = strawberry.field(description="The organization.")
    cascade: bool = strawberry.field(default=False, description="Close all below it too.")


@strawberry.input(description="Which organization is opened again.")
class ActivateOrganizationInput(UpdateInput):
    """E06."""

    organization_id: strawberry.ID = strawberry.field(description="The organization.")


@rows(None)
@strawberry.type(description="The new organization.")
class CreateOrganizationPayload:
    """What was created."""

    organization: Organization = by_key("The organization.")


@rows(None)
@strawberry.type(description="The organization with its new place.")
class PlaceOrganizationPayload:
    """What was placed."""

    organization: Organization = by_key("The organization.")


@rows(None)
@strawberry.type(description="The organization at its new place.")
class MoveOrganizationPayload:
    """What was moved."""

    organization: Organization = by_key("The organization.")


@rows(None)
@strawberry.type(description="The renamed organization.")
class RenameOrganizationPayload:
    """What was renamed."""

    organization: Organization = by_key("The organization.")


@rows(None)
@strawberry.type(description="The closed organization.")
class DeactivateOrganizationPayload:
    """What was closed."""

    organization: Organization = by_key("The organization.")


@rows(None)
@strawberry.type(description="The opened organization.")
class ActivateOrganizationPayload:
    """What was opened."""

    organization: Organization = by_key("The organization.")


@strawberry.type
class OrganizationMutation:
    """Changing organizations."""

    @mutation(organizations.create_organization, payload=CreateOrganizationPayload)
    def create_organization(self, input: CreateOrganizationInput) -> Call[Any]:
        """Create an organization and put it into a structure (Organisation anlegen)."""
        parent = None if input.parent_id is None else key("org", input.parent_id)
        return organizations.create_organization(NewOrganization(input.code, input.name, input.structure, parent))

    @mutation(organizations.place_organization, payload=PlaceOrganizationPayload)
    def place_organization(self, input: PlaceOrganizationInput) -> Call[Any]:
        """Put an organization into another structure as well (Organisation einordnen)."""
        parent = None if input.parent_id is None else key("org", input.parent_id)
        return organizations.place_organization(key("org", input.organization_id), input.structure, parent)

    @mutation(organizations.move_organization, payload=MoveOrganizationPayload)
    def move_organization(self, input: MoveOrganizationInput) -> Call[Any]:
        """Hang an organization under another parent (Organisation umhängen)."""
        return organizations.move_organization(
            key("org", input.organization_id), key("org", input.parent_id), input.structure, input.expected_version
        )

    @mutation(organizations.rename_organization, payload=RenameOrganizationPayload)
    def rename_organization(self, input: RenameOrganizationInput) -> Call[Any]:
        """Give an organization another name (Organisation umbenennen)."""
        return organizations.rename_organization(key("org", input.organization_id), input.name, input.expected_version)

    @mutation(organizations.deactivate_organization, payload=DeactivateOrganizationPayload)
    def deactivate_organization(self, input: DeactivateOrganizationInput) -> Call[Any]:
        """Close an organization (Organisation deaktivieren)."""
        return organizations.deactivate_organization(
            key("org", input.organization_id), input.expected_version, cascade=input.cascade
        )

    @mutation(organizations.activate_organization, payload=ActivateOrganizationPayload)
    def activate_organization(self, input: ActivateOrganizationInput) -> Call[Any]:
        """Open an organization again (Organisation aktivieren)."""
        return organizations.activate_organization(key("org", input.organization_id), input.expected_version)
