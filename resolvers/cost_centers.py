"""What happens to cost centers; nobody deletes one (R-CC-03)."""

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from domain import cost_centers as rules
from domain.cost_centers import CostCenter as NewCostCenter
from domain.cost_centers import CostCenterChanges
from persistence import connections, cost_centers
from persistence.changes import to_change
from persistence.cost_centers import CostCenter, CostCenterInternal
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.work import Work


@writes(Permission.ACCOUNTING_EDIT, joint=True)
async def create_cost_center(work: Work, new: NewCostCenter) -> UUID:
    """Create a cost center; tenants whose offers this one may sell can read its code (R-CC-01, R-CC-02, R-CC-04)."""
    kept = rules.checked(new)
    center = CostCenter(shared_tenant_ids=await connections.sources_of(work.session, work.caller.tenant_id))
    _write(center, kept)
    work.session.add(center)
    await work.session.flush()
    work.session.add(CostCenterInternal(id=center.id, description=kept.description))
    return center.id


@writes(Permission.ACCOUNTING_EDIT)
async def update_cost_center(
    work: Work, cost_center_id: UUID, changes: CostCenterChanges, expected_version: int
) -> UUID:
    """Change a cost center, or deactivate it so that nobody chooses it newly (R-CC-01, R-CC-02, R-CC-03)."""
    center = await to_change(work.session, CostCenter, cost_center_id, expected_version, what="cost center")
    internal = await cost_centers.internal_of(work.session, center)
    before = NewCostCenter(center.code, center.purchase_number, center.short_description, internal.description)
    active = changes.get("active", center.active)
    texts = cast("dict[str, Any]", {name: value for name, value in changes.items() if name != "active"})
    kept = rules.checked(replace(before, **texts))
    _write(center, kept)
    center.active = active
    center.updated_at = work.now
    internal.description = kept.description
    return center.id


def _write(center: CostCenter, kept: NewCostCenter) -> None:
    center.code = kept.code
    center.purchase_number = kept.purchase_number
    center.short_description = kept.short_description
    center.label = rules.label(kept)
