"""What happens to number ranges: they are delivered, made, and extended."""

from uuid import UUID

from domain import number_ranges as rules
from domain.number_ranges import NewNumberRange, NumberCategory, NumberRangeChanges
from persistence import number_ranges
from persistence.changes import to_change
from persistence.number_ranges import NumberRange
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.scopes import tenant_wide
from tenancy.work import Work


@writes(Permission.TENANT_EDIT)
async def deliver_number_ranges(work: Work) -> None:
    """Give a new tenant the number ranges that every tenant starts with (R-181)."""
    tenant_wide(work.caller, Permission.TENANT_EDIT)
    await number_ranges.deliver(work.session)


@writes(Permission.TENANT_EDIT)
async def create_number_range(work: Work, new: NewNumberRange, *, standard: bool) -> UUID:
    """Make a number range; the standard one is what its category takes its numbers from (R-181)."""
    tenant_wide(work.caller, Permission.TENANT_EDIT)
    new = rules.checked(new)
    created = number_ranges.create(work.session, new, standard=False)
    await work.session.flush()
    number_ranges.put_components(work.session, created.id, new.components)
    if standard:
        await number_ranges.make_standard(work.session, created)
    return created.id


@writes(Permission.TENANT_EDIT)
async def update_number_range(
    work: Work, number_range_id: UUID, changes: NumberRangeChanges, expected_version: int
) -> UUID:
    """Change a number range; its end never stands before the last number that it gave (R-186, R-187)."""
    tenant_wide(work.caller, Permission.TENANT_EDIT)
    row = await to_change(work.session, NumberRange, number_range_id, expected_version, what="number range")
    components = changes.get("components") or tuple(await number_ranges.components_of(work.session, row.id))
    rules.check_components(NumberCategory(row.category), components)
    row.last_value = changes.get("last", row.last_value)
    rules.check_bounds(components, row.first_value, row.last_value, issued=row.current_value)
    row.description = rules.check_description(changes.get("description", row.description))
    if "components" in changes:
        await number_ranges.replace_components(work.session, row.id, components)
        number_ranges.touched(row)
    return row.id
