"""Cost centers: the tenant's own, and what a source may read of its target's."""

from typing import Any

import strawberry

from domain.cost_centers import CostCenter as NewCostCenter
from domain.cost_centers import CostCenterChanges
from persistence import cost_centers as stored
from reads import (
    BooleanFilter,
    TextFilter,
    by_key,
    column,
    computed,
    filter_column,
    filter_input,
    page,
    row_by,
    rows,
)
from resolvers import cost_centers
from schema.base import Connection, MutationInput, Node, UpdateInput, given, key, mutation
from tenancy.operation import Call
from tenancy.permissions import Permission


@rows(stored.CostCenter, prefix="cce", permission=Permission.ACCOUNTING_SEE)
@strawberry.type(description="Where accounting finds what was sold (Kostenstelle).")
class CostCenter(Node):
    """R-CC-01 to R-CC-03."""

    code: str | None = column("Its code, at most 10 characters (Kostenstelle).")
    purchase_number: str | None = column("Its purchase number, at most 20 characters (Bestellnummer).")
    label: str = column("The code, or the purchase number where there is no code.")
    short_description: str | None = column("At most 20 characters; connected sources read it (Kurzbeschreibung).")
    description: str | None = computed("At most 400 characters, for the own tenant (Beschreibung).", stored.description)
    active: bool = column("Whether it can be chosen (aktiv).")
    version: int = column("Counts the changes (Fassung).")


@rows(stored.CostCenter.__table__, permission=Permission.OFFERS_SEE, tenant=None, scope=stored.of_targets)
@strawberry.type(description="What a source may read of a cost center of its target (Kostenstelle des Zielmandanten).")
class TargetCostCenter:
    """R-CC-04."""

    id: strawberry.ID = column("The id to name on a product.", prefix="cce")
    label: str = column("The code, or the purchase number where there is no code (Kostenstelle).")
    short_description: str | None = column("What it is for (Kurzbeschreibung).")


@filter_input(description="Which cost centers.")
class CostCenterFilter:
    """Conditions on cost centers."""

    label: TextFilter | None = filter_column("The code, or the purchase number where there is no code.")
    active: BooleanFilter | None = filter_column("Whether it can be chosen.")


@strawberry.type
class CostCenterQuery:
    """Reading cost centers."""

    cost_center: CostCenter | None = row_by("One cost center (Kostenstelle).", permission=Permission.ACCOUNTING_SEE)
    cost_centers: Connection[CostCenter] | None = page(
        "The tenant's cost centers (Kostenstellen).",
        filter=CostCenterFilter,
        default_order=("label",),
        permission=Permission.ACCOUNTING_SEE,
    )


@strawberry.input(description="A new cost center.")
class CreateCostCenterInput(MutationInput):
    """R-CC-01, R-CC-02."""

    code: str | None = strawberry.field(default=None, description="Its code, at most 10 characters (Kostenstelle).")
    purchase_number: str | None = strawberry.field(
        default=None, description="Its purchase number, at most 20 characters (Bestellnummer)."
    )
    short_description: str | None = strawberry.field(
        default=None, description="At most 20 characters; connected sources read it (Kurzbeschreibung)."
    )
    description: str | None = strawberry.field(
        default=None, description="At most 400 characters, for the own tenant (Beschreibung)."
    )


@strawberry.input(description="What changes of a cost center; what is absent stays.")
class UpdateCostCenterInput(UpdateInput):
    """R-CC-01 to R-CC-03."""

    cost_center_id: strawberry.ID = strawberry.field(description="The cost center.")
    code: strawberry.Maybe[str | None] = strawberry.field(default=None, description="Its code (Kostenstelle).")
    purchase_number: strawberry.Maybe[str | None] = strawberry.field(
        default=None, description="Its purchase number (Bestellnummer)."
    )
    short_description: strawberry.Maybe[str | None] = strawberry.field(
        default=None, description="What connected sources read (Kurzbeschreibung)."
    )
    description: strawberry.Maybe[str | None] = strawberry.field(
        default=None, description="What the own tenant reads (Beschreibung)."
    )
    active: strawberry.Maybe[bool] = strawberry.field(
        default=None, description="False: nobody chooses it newly; it stays where it stands (deaktivieren)."
    )


@rows(None)
@strawberry.type(description="The new cost center.")
class CreateCostCenterPayload:
    """What was created."""

    cost_center: CostCenter = by_key("The cost center.")


@rows(None)
@strawberry.type(description="The changed cost center.")
class UpdateCostCenterPayload:
    """What was changed."""

    cost_center: CostCenter = by_key("The cost center.")


@strawberry.type
class CostCenterMutation:
    """Changing cost centers."""

    @mutation(cost_centers.create_cost_center, payload=CreateCostCenterPayload)
    def create_cost_center(self, input: CreateCostCenterInput) -> Call[Any]:
        """Create a cost center (Kostenstelle anlegen)."""
        return cost_centers.create_cost_center(
            NewCostCenter(input.code, input.purchase_number, input.short_description, input.description)
        )

    @mutation(cost_centers.update_cost_center, payload=UpdateCostCenterPayload)
    def update_cost_center(self, input: UpdateCostCenterInput) -> Call[Any]:
        """Change a cost center, or deactivate it; none is ever deleted (Kostenstelle ändern)."""
        changes: Any = given(input, "code", "purchase_number", "short_description", "description", "active")
        typed: CostCenterChanges = changes
        return cost_centers.update_cost_center(key("cce", input.cost_center_id), typed, input.expected_version)
