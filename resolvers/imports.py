"""What happens when many partners are taken in at once, as from another system: all of them, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain import customers as customer_rules
from domain import partners as rules
from domain.customers import CustomerChanges, CustomerStatus
from domain.names import sort_key
from domain.organizations import OrganizationInactive
from domain.partners import NewPartner, NumberRequired, NumberTaken, PartnerRoleKind, PartnerType
from domain.refusals import NotEditable, RefusalCode, ValidationFailed, Violation
from persistence import customers, imports, number_ranges, partners
from persistence.base import new_id
from persistence.changes import found
from persistence.organizations import Organization
from persistence.partners import Partner
from tenancy.levels import Place, maintaining
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.work import Work

MOST = 250
"""How many partners are taken in at once."""


@dataclass(frozen=True)
class OwnData:
    """The data that a partner starts with as a customer; without an organization at the acting one (R-237)."""

    organization_id: UUID | None = None
    status: CustomerStatus | None = None
    blocked_until: date | None = None
    changes: CustomerChanges | None = None


@dataclass(frozen=True)
class ImportedPartner:
    """A partner as it is taken in, and its data as a customer if it is one."""

    partner: NewPartner
    customer: OwnData | None = None

    @property
    def roles(self) -> frozenset[str]:
        """The roles that it will hold (R-167 to R-169)."""
        held: frozenset[str] = frozenset()
        wanted = (*self.partner.roles, *([PartnerRoleKind.CUSTOMER] if self.customer is not None else []))
        for role in dict.fromkeys(wanted):
            held = rules.roles_after(self.partner.type, held, role)
        return held


@dataclass(frozen=True)
class Imported:
    """The new partners, in the order of the list."""

    ids: tuple[UUID, ...]


@writes(Permission.PARTNERS_CREATE)
async def import_partners(work: Work, rows: Sequence[ImportedPartner]) -> Imported:
    """Enter up to 250 partners by the rules that count for a single one (R-001, R-010, R-171, R-182, R-237)."""
    if not 1 <= len(rows) <= MOST:
        message = f"A list has 1 to {MOST} partners."
        raise ValidationFailed([Violation(RefusalCode.VALIDATION, message, ("partners",))])
    numbers = await _numbers(work, [row.partner for row in rows])
    responsible = await _responsible(work, [row.partner for row in rows])
    new = [
        _partner(row.partner, number, organization_id)
        for row, number, organization_id in zip(rows, numbers, responsible, strict=True)
    ]
    work.session.add_all(new)
    await work.session.flush()
    settings = await customers.settings_of(work.session)
    places = await _places(work, rows)
    for row, partner in zip(rows, new, strict=True):
        _keep_lists(work, partner.id, row.partner)
        partners.put_roles(work.session, partner.id, {}, row.roles, status=settings.default_status, now=work.now)
        if PartnerRoleKind.CUSTOMER in row.roles:
            own = row.customer or OwnData()
            _begin(work, partner.id, own, places[own.organization_id], settings.default_status)
    return Imported(tuple(partner.id for partner in new))


def _partner(new: NewPartner, number: str, responsible: UUID) -> Partner:
    return Partner(
        id=new_id(),
        type=new.type,
        number=number,
        number_key=rules.number_key(number),
        language=rules.check_language(new.language),
        affiliation=new.affiliation,
        responsible_organization_id=responsible,
        **rules.named(new.type, new.names),
    )


async def _numbers(work: Work, rows: Sequence[NewPartner]) -> list[str]:
    """The number of each partner: its own, or the next of the range."""
    own = [rules.check_number(new.number) for new in rows if new.number is not None]
    keys = [rules.number_key(number) for number in own]
    if len(set(keys)) < len(keys) or await imports.taken(work.session, own):
        raise NumberTaken("A number of the list is taken, or stands in it twice.", path=("number",))
    unnumbered = [new for new in rows if new.number is None]
    if not unnumbered:
        return own
    range_id = await number_ranges.range_for_partners(work.session)
    if range_id is None:
        raise NumberRequired("There is no number range for partners: give each a number.", path=("number",))
    parameters = [{"TYPE": "P" if new.type == PartnerType.PERSON else "O"} for new in unnumbered]
    given = iter(await imports.next_numbers(work.session, range_id, parameters, on=work.today))
    named = iter(own)
    return [next(given) if new.number is None else next(named) for new in rows]


async def _responsible(work: Work, rows: Sequence[NewPartner]) -> list[UUID]:
    """Who is in charge of each partner; the caller's right must reach them all (R-243)."""
    wanted = [new.responsible_organization_id or work.caller.acting() for new in rows]
    for organization_id in dict.fromkeys(wanted):
        organization = await found(work.session, Organization, organization_id, what="organization")
        if not work.caller.covers(Permission.PARTNERS_CREATE, organization_id):
            raise NotEditable("Your rights do not reach this organization.", path=("responsibleOrganizationId",))
        if not organization.active:
            raise OrganizationInactive("The organization is not active.", path=("responsibleOrganizationId",))
    return wanted


async def _places(work: Work, rows: Sequence[ImportedPartner]) -> Mapping[UUID | None, Place]:
    """Where the customers' data will stand, each place looked at once (R-237)."""
    own = [row.customer or OwnData() for row in rows if PartnerRoleKind.CUSTOMER in row.roles]
    if own:
        work.caller.require(Permission.CUSTOMERS_CREATE)
    wanted = dict.fromkeys(each.organization_id for each in own)
    return {organization_id: await maintaining(work, organization_id) for organization_id in wanted}


def _keep_lists(work: Work, partner_id: UUID, new: NewPartner) -> None:
    addresses = [(each, sort_key(each.city)) for each in rules.check_addresses(new.addresses)]
    communication = [(each, sort_key(each.value)) for each in rules.check_communication(new.communication)]
    imports.put_lists(work.session, partner_id, addresses, communication)


def _begin(work: Work, partner_id: UUID, own: OwnData, place: Place, default_status: str) -> None:
    block = customer_rules.new_block(own.status, own.blocked_until, default=default_status, on=work.today)
    data = customers.begin(work.session, partner_id, place.organization.id, block)
    for name, value in _values(own.changes or {}).items():
        setattr(data, name, value)


def _values(changes: CustomerChanges) -> dict[str, object]:
    values = customer_rules.check_texts(changes, rules.camel)
    if "minimum_order_value" in changes:
        minimum = customer_rules.check_minimum(changes["minimum_order_value"])
        del values["minimum_order_value"]
        values["minimum_order_value_minor"] = None if minimum is None else minimum.minor
        values["minimum_order_value_currency"] = None if minimum is None else minimum.currency
    return values
