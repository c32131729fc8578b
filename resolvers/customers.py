"""What happens to customers: at which organization their data are kept, taken over, changed, and blocked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain import customers as rules
from domain import partners as partner_rules
from domain import relationships as list_rules
from domain.customers import AccountingChanges, Block, CustomerChanges, CustomerStatus, Mode
from domain.money import CURRENCY
from domain.partners import PartnerRoleKind
from domain.refusals import RefusalCode, ValidationFailed, Violation
from domain.relationships import FixedType, Listed
from persistence import customers, partners, relationships, users, visibility
from persistence.changes import conflict
from persistence.customers import COPIED, CustomerData, PartnerAccounting
from persistence.relationships import PartnerRelationship
from tenancy.audit import Change, plain
from tenancy.levels import Level, covered, level_to_change, maintaining, own_data_to_change, source_told
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.work import Work


@dataclass(frozen=True)
class NewCustomerData:
    """What a customer's data at a level start with; what is not given is the default."""

    status: CustomerStatus | None = None
    blocked_until: date | None = None
    changes: CustomerChanges | None = None


@dataclass(frozen=True)
class Blocked:
    """A status that was set: what it was before, and at which organizations it was set."""

    id: UUID
    previous_status: CustomerStatus
    previous_blocked_until: date | None
    organization_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class TakenOver:
    """A level that was taken over: whose data count now, and whose other organizations feel it."""

    id: UUID
    changed: bool
    source_organization_id: UUID
    affected_organization_ids: tuple[UUID, ...] = ()


@writes(Permission.CUSTOMERS_CREATE)
async def create_customer(
    work: Work, partner_id: UUID, new: NewCustomerData, maintaining_organization_id: UUID | None = None
) -> UUID:
    """Make a partner a customer, with own data at the acting or the maintaining organization (R-010, R-237)."""
    partner = await visibility.partner_to_change(work.session, work.caller, partner_id)
    rows = await partners.roles_of(work.session, partner_id)
    roles = partner_rules.roles_after(partner.type, partners.held(rows), PartnerRoleKind.CUSTOMER)
    place = await maintaining(work, maintaining_organization_id)
    settings = await customers.settings_of(work.session)
    block = rules.new_block(new.status, new.blocked_until, default=settings.default_status, on=work.today)
    partners.put_roles(work.session, partner_id, rows, roles, status=settings.default_status, now=work.now)
    data = customers.begin(work.session, partner_id, place.organization.id, block)
    _change(data, new.changes or {})
    partners.touch(partner)
    return partner_id


@writes(Permission.CUSTOMERS_CREATE)
async def create_customer_data(
    work: Work, customer_id: UUID, organization_id: UUID | None, new: NewCustomerData
) -> UUID:
    """Give a customer own data at an organization that has none, itself or above it (R-255)."""
    level = await level_to_change(work, customer_id, organization_id)
    rules.check_reach(
        active=level.place.organization.active,
        covered=work.caller.covers(Permission.CUSTOMERS_CREATE, level.organization_id),
    )
    rules.check_own_allowed(level.place.organization.maintenance)
    async with source_told(work):
        rules.check_creation(level.mode, level.source)
    settings = await customers.settings_of(work.session)
    block = rules.new_block(new.status, new.blocked_until, default=settings.default_status, on=work.today)
    data = level.here or customers.begin_level(work.session, customer_id, level.organization_id, block)
    data.mode, data.status, data.blocked_until = Mode.OWN, block.status, block.until
    _change(data, new.changes or {})
    return customer_id


@writes(Permission.CUSTOMERS_EDIT)
async def update_customer_data(
    work: Work, customer_id: UUID, organization_id: UUID | None, changes: CustomerChanges, expected_version: int
) -> UUID:
    """Change a customer's own data at an organization (4.4, R-244)."""
    _, data = await own_data_to_change(work, customer_id, organization_id, expected_version)
    _change(data, changes)
    return customer_id


@writes(Permission.CUSTOMERS_EDIT)
async def set_customer_status(
    work: Work,
    customer_id: UUID,
    organization_id: UUID | None,
    block: Block,
    expected_version: int,
    *,
    include_descendants: bool = False,
) -> Blocked:
    """Block or release a customer at an organization, and below where the caller may edit (R-023 ff., R-195)."""
    level, data = await own_data_to_change(work, customer_id, organization_id, expected_version)
    old = _block_of(data)
    rows = [data, *(await _editable_below(work, level) if include_descendants else ())]
    for row in rows:
        after = rules.change_block(_block_of(row), block, on=work.today)
        row.status, row.blocked_until = after.status, after.until
    return Blocked(customer_id, old.status, old.until, tuple(row.organization_id for row in rows))


@writes(Permission.CUSTOMERS_EDIT)
async def take_over_customer_data(
    work: Work,
    customer_id: UUID,
    organization_id: UUID | None,
    *,
    confirm_discard: bool = False,
    expected_version: int | None = None,
) -> TakenOver:
    """Let an organization take the data of the next higher level, read-only (R-246 to R-249)."""
    level = await _to_take_over(work, customer_id, organization_id, expected_version)
    above = level.above
    changed = rules.taken_over(level.mode, above, confirmed=confirm_discard)
    source = rules.editing_source(above)
    if not changed:
        return TakenOver(customer_id, changed=False, source_organization_id=source.organization_id)
    below = await customers.paths_below(work.session, level.organization_id)
    affected = rules.affected(level.organization_id, below, level.modes)
    if level.here is not None:
        _set_aside(work, level.here)
        await work.session.flush()
    work.session.add(CustomerData(partner_id=customer_id, organization_id=level.organization_id, mode=Mode.INHERITED))
    return TakenOver(
        customer_id,
        changed=True,
        source_organization_id=source.organization_id,
        affected_organization_ids=tuple(affected),
    )


@writes(Permission.CUSTOMERS_EDIT)
async def take_over_customer_data_editing(
    work: Work, customer_id: UUID, organization_id: UUID | None, *, expected_version: int | None = None
) -> TakenOver:
    """Give an organization an editable copy of the data that count there (R-250 to R-254)."""
    level = await _to_take_over(work, customer_id, organization_id, expected_version)
    rules.check_own_allowed(level.place.organization.maintenance)
    source = rules.editing_source(level.source)
    if level.mode == Mode.OWN:
        return TakenOver(customer_id, changed=False, source_organization_id=source.organization_id)
    copied = level.rows[source.organization_id]
    data = level.here or customers.begin_level(
        work.session, customer_id, level.organization_id, Block(CustomerStatus.RELEASED)
    )
    data.mode = Mode.OWN
    for name in COPIED:
        setattr(data, name, getattr(copied, name))
    data.copied_from_organization_id, data.copied_at = source.organization_id, work.now
    await work.session.flush()
    await relationships.copy_lists(work.session, copied.id, data.id, customer_id, work.today)
    return TakenOver(customer_id, changed=True, source_organization_id=source.organization_id)


@writes(Permission.CUSTOMERS_EDIT)
async def set_representatives(
    work: Work, customer_id: UUID, organization_id: UUID | None, rows: Sequence[Listed], expected_version: int
) -> UUID:
    """Let these be the customer's representatives at an organization (R-033 to R-037, R-245)."""
    _, data = await own_data_to_change(work, customer_id, organization_id, expected_version)
    asked = {row.target_partner_id for row in rows}
    old = await relationships.listed(work.session, data.id, FixedType.SALES_REPRESENTATIVE)
    known = await visibility.seen_partners(work.session, work.caller, asked) | relationships.targets(old)
    list_rules.check_present(rows, known, "representatives")
    holders = await partners.holders(work.session, PartnerRoleKind.SALES_REPRESENTATIVE, asked)
    list_rules.check_representatives(rows, holders | relationships.targets(old))
    list_rules.check_list(rows, "representatives")
    list_rules.check_kept_beginnings(rows, {row.id: row.valid_from for row in old}, "representatives")
    numbered = list(zip(rows, list_rules.sequenced(rows, "representatives"), strict=True))
    await _replace(work, data, FixedType.SALES_REPRESENTATIVE, old, numbered)
    return customer_id


@writes(Permission.CUSTOMERS_EDIT)
async def set_invoice_recipients(
    work: Work, customer_id: UUID, organization_id: UUID | None, rows: Sequence[Listed], expected_version: int
) -> UUID:
    """Let these be the customer's invoice recipients at an organization (R-022, R-088, R-245)."""
    _, data = await own_data_to_change(work, customer_id, organization_id, expected_version)
    asked = {row.target_partner_id for row in rows}
    old = await relationships.listed(work.session, data.id, FixedType.INVOICE_RECIPIENT)
    known = await visibility.seen_partners(work.session, work.caller, asked) | relationships.targets(old)
    list_rules.check_present(rows, known, "recipients")
    list_rules.check_customers(rows, await partners.holders(work.session, PartnerRoleKind.CUSTOMER, asked))
    list_rules.check_invoice_recipients(
        rows, customer_id, await customers.debtors(work.session, asked), relationships.targets(old)
    )
    list_rules.check_list(rows, "recipients")
    list_rules.check_kept_beginnings(rows, {row.id: row.valid_from for row in old}, "recipients")
    await _replace(work, data, FixedType.INVOICE_RECIPIENT, old, [(row, None) for row in rows])
    return customer_id


@writes(Permission.ACCOUNTING_EDIT)
async def set_partner_accounting(
    work: Work, partner_id: UUID, changes: AccountingChanges, expected_version: int
) -> UUID:
    """Change a partner's accounting data; every customer that it is invoice recipient of follows (R-093, R-191)."""
    partner = await visibility.partner_to_change(work.session, work.caller, partner_id, expected_version)
    responsible = await users.ancestors_of(work.session, partner.responsible_organization_id)
    partner_rules.check_editable(
        lambda place: work.caller.covers(Permission.ACCOUNTING_EDIT, place),
        responsible or [partner.responsible_organization_id],
    )
    values = rules.check_texts(changes, partner_rules.camel)
    _check_currency(values.get("currency"))
    accounting = await customers.accounting_of(work.session, partner_id)
    if accounting is None:
        accounting = PartnerAccounting(partner_id=partner_id)
        work.session.add(accounting)
    for name, value in values.items():
        setattr(accounting, name, value)
    partners.touch(partner)
    return partner_id


async def _to_take_over(
    work: Work, customer_id: UUID, organization_id: UUID | None, expected_version: int | None
) -> Level:
    level = await level_to_change(work, customer_id, organization_id)
    rules.check_reach(active=level.place.organization.active, covered=covered(work, level))
    if expected_version is not None and level.here is not None and level.here.version != expected_version:
        raise conflict(level.here, "customer's data at this organization")
    return level


def _set_aside(work: Work, data: CustomerData) -> None:
    """End own data of a level; the change log keeps their values in one place (R-247)."""
    before = {name: plain(getattr(data, name)) for name in COPIED}
    work.note(Change("SET_ASIDE", data.__tablename__, data.id, before, None))
    data.ended_at = work.now


async def _editable_below(work: Work, level: Level) -> list[CustomerData]:
    """The own data below the level that this caller may edit too."""
    below = await customers.paths_below(work.session, level.organization_id)
    active = await customers.active_among(work.session, list(below))
    return [
        row
        for organization_id, row in level.rows.items()
        if organization_id in active
        and row.mode == Mode.OWN
        and work.caller.covers(Permission.CUSTOMERS_EDIT, organization_id)
    ]


async def _replace(
    work: Work,
    data: CustomerData,
    type_code: FixedType,
    old: Sequence[PartnerRelationship],
    rows: Sequence[tuple[Listed, int | None]],
) -> None:
    of: dict[str, UUID | str] = {"partner_id": data.partner_id, "customer_data_id": data.id, "type_code": type_code}
    await relationships.replace_list(work.session, old, rows, of)
    partners.touch(data)


def _change(data: CustomerData, changes: CustomerChanges) -> None:
    values = rules.check_texts(changes, partner_rules.camel)
    if "minimum_order_value" in changes:
        minimum = rules.check_minimum(changes["minimum_order_value"])
        del values["minimum_order_value"]
        data.minimum_order_value_minor = None if minimum is None else minimum.minor
        data.minimum_order_value_currency = None if minimum is None else minimum.currency
    for name, value in values.items():
        setattr(data, name, value)


def _block_of(data: CustomerData) -> Block:
    return Block(CustomerStatus(data.status), data.blocked_until)


def _check_currency(currency: object) -> None:
    if currency is not None and CURRENCY.fullmatch(str(currency)) is None:
        raise ValidationFailed(
            [Violation(RefusalCode.VALIDATION, "A currency is three capital letters, such as EUR.", ("currency",))]
        )
