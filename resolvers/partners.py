"""What happens to partners: they are entered, changed, given roles, and archived."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain import customers as customer_rules
from domain import partners as rules
from domain.names import sort_key
from domain.organizations import OrganizationInactive
from domain.partners import (
    Address,
    Communication,
    NewPartner,
    NumberRequired,
    NumberTaken,
    PartnerChanges,
    PartnerRoleKind,
    PartnerType,
)
from domain.refusals import NotEditable
from domain.warnings import RANGE_NEARLY_EXHAUSTED, Warned
from persistence import customers, number_ranges, open_uses, partners, users, visibility
from persistence.changes import found
from persistence.organizations import Organization
from persistence.partners import Partner
from tenancy.levels import maintaining
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.work import Work


@dataclass(frozen=True)
class CreatedPartner:
    """A new partner, and what its creator should know."""

    id: UUID
    warnings: tuple[Warned, ...]


@writes(Permission.PARTNERS_CREATE)
async def create_partner(work: Work, new: NewPartner) -> CreatedPartner:
    """Enter a partner, once for all the roles that it will play (R-001, R-171, R-182)."""
    names = rules.named(new.type, new.names)
    addresses = rules.check_addresses(new.addresses)
    communication = rules.check_communication(new.communication)
    roles: frozenset[str] = frozenset()
    for role in new.roles:
        roles = rules.roles_after(new.type, roles, role)
    responsible = new.responsible_organization_id or work.caller.acting()
    await _check_responsible(work, Permission.PARTNERS_CREATE, responsible)
    number, warnings = await _number(work, new)
    partner = Partner(
        type=new.type,
        number=number,
        number_key=rules.number_key(number),
        language=rules.check_language(new.language),
        affiliation=new.affiliation,
        responsible_organization_id=responsible,
        **names,
    )
    work.session.add(partner)
    await work.session.flush()
    await _keep_addresses(work, partner.id, addresses)
    await _keep_communication(work, partner.id, communication)
    await _put_roles(work, partner, {}, roles)
    return CreatedPartner(partner.id, warnings)


@writes(Permission.PARTNERS_EDIT)
async def update_partner(work: Work, partner_id: UUID, changes: PartnerChanges, expected_version: int) -> UUID:
    """Change a partner's base data (R-243)."""
    partner = await _to_change(work, partner_id, expected_version)
    values: dict[str, Any] = dict(changes)
    if rules.NAMES & values.keys():
        values.update(rules.renamed(partner, changes))
    if "number" in changes:
        values.update(await _other_number(work, partner, changes["number"]))
    if "language" in changes:
        rules.check_language(changes["language"])
    if "responsible_organization_id" in changes:
        await _check_responsible(work, Permission.PARTNERS_EDIT, changes["responsible_organization_id"])
    for name, value in values.items():
        setattr(partner, name, value)
    return partner_id


@writes(Permission.PARTNERS_EDIT)
async def set_addresses(work: Work, partner_id: UUID, addresses: Sequence[Address], expected_version: int) -> UUID:
    """Let these be the partner's addresses, the first one the main one (R-243)."""
    partner = await _to_change(work, partner_id, expected_version)
    await _keep_addresses(work, partner_id, rules.check_addresses(addresses))
    partners.touch(partner)
    return partner_id


@writes(Permission.PARTNERS_EDIT)
async def set_communication(
    work: Work, partner_id: UUID, communication: Sequence[Communication], expected_version: int
) -> UUID:
    """Let these be the ways to reach the partner (R-243)."""
    partner = await _to_change(work, partner_id, expected_version)
    await _keep_communication(work, partner_id, rules.check_communication(communication))
    partners.touch(partner)
    return partner_id


@writes(Permission.PARTNERS_EDIT)
async def assign_role(work: Work, partner_id: UUID, role: PartnerRoleKind, expected_version: int) -> UUID:
    """Let a partner play one more role (R-167, R-168, R-169); a customer gets its data where the caller acts."""
    partner = await _to_change(work, partner_id, expected_version)
    rows = await partners.roles_of(work.session, partner_id)
    await _put_roles(work, partner, rows, rules.roles_after(partner.type, partners.held(rows), role))
    partners.touch(partner)
    return partner_id


@writes(Permission.PARTNERS_EDIT)
async def remove_role(work: Work, partner_id: UUID, role: PartnerRoleKind, expected_version: int) -> UUID:
    """Take a role away that no open document uses; what was kept of it stays (R-172)."""
    partner = await _to_change(work, partner_id, expected_version)
    rows = await partners.roles_of(work.session, partner_id)
    rules.check_removal(role, partners.held(rows), await open_uses.of(work.session, partner_id, [role], work.today))
    await _put_roles(work, partner, rows, partners.held(rows) - {role})
    partners.touch(partner)
    return partner_id


@writes(Permission.PARTNERS_EDIT)
async def archive_partner(work: Work, partner_id: UUID, expected_version: int) -> UUID:
    """Set a partner aside that no open document uses; its number stays taken (R-171)."""
    partner = await _to_change(work, partner_id, expected_version)
    rows = await partners.roles_of(work.session, partner_id)
    rules.check_archiving(await open_uses.of(work.session, partner_id, partners.held(rows), work.today))
    await _put_roles(work, partner, rows, ())
    partner.archived_at = work.now
    return partner_id


async def _to_change(work: Work, partner_id: UUID, expected_version: int) -> Partner:
    partner = await visibility.partner_to_change(work.session, work.caller, partner_id, expected_version)
    responsible = await users.ancestors_of(work.session, partner.responsible_organization_id)
    rules.check_editable(
        lambda place: work.caller.covers(Permission.PARTNERS_EDIT, place),
        responsible or [partner.responsible_organization_id],
    )
    return partner


async def _check_responsible(work: Work, permission: Permission, organization_id: UUID) -> None:
    organization = await found(work.session, Organization, organization_id, what="organization")
    if not work.caller.covers(permission, organization_id):
        raise NotEditable("Your rights do not reach this organization.", path=("responsibleOrganizationId",))
    if not organization.active:
        raise OrganizationInactive("The organization is not active.", path=("responsibleOrganizationId",))


async def _number(work: Work, new: NewPartner) -> tuple[str, tuple[Warned, ...]]:
    if new.number is not None:
        number = rules.check_number(new.number)
        if not await partners.number_free(work.session, number):
            raise NumberTaken("This number is taken; choose another one.", path=("number",))
        return number, ()
    range_id = await number_ranges.range_for_partners(work.session)
    if range_id is None:
        raise NumberRequired("There is no number range for partners: give a number.", path=("number",))
    given = await number_ranges.give(
        work.session,
        range_id,
        on=work.today,
        parameters={"TYPE": "P" if new.type == PartnerType.PERSON else "O"},
        free=lambda number: partners.number_free(work.session, number),
    )
    return given.number, (RANGE_NEARLY_EXHAUSTED,) if given.nearly_exhausted else ()


async def _other_number(work: Work, partner: Partner, number: str) -> dict[str, str]:
    kept = rules.check_number(number)
    key = rules.number_key(kept)
    if key != partner.number_key and not await partners.number_free(work.session, kept):
        raise NumberTaken("This number is taken; choose another one.", path=("number",))
    return {"number": kept, "number_key": key}


async def _put_roles(work: Work, partner: Partner, rows: Any, wanted: Sequence[str] | frozenset[str]) -> None:
    """Let these roles count; whoever becomes a customer gets data, whoever stops being one loses them."""
    settings = await customers.settings_of(work.session)
    was, becomes = PartnerRoleKind.CUSTOMER in partners.held(rows), PartnerRoleKind.CUSTOMER in wanted
    partners.put_roles(work.session, partner.id, rows, wanted, status=settings.default_status, now=work.now)
    if becomes and not was:
        work.caller.require(Permission.CUSTOMERS_CREATE)
        place = await maintaining(work, None)
        block = customer_rules.new_block(None, None, default=settings.default_status, on=work.today)
        customers.begin(work.session, partner.id, place.organization.id, block)
    if was and not becomes:
        await customers.end(work.session, partner.id, work.now)


async def _keep_addresses(work: Work, partner_id: UUID, addresses: Sequence[Address]) -> None:
    await partners.replace_addresses(
        work.session, partner_id, [(address, sort_key(address.city)) for address in addresses]
    )


async def _keep_communication(work: Work, partner_id: UUID, communication: Sequence[Communication]) -> None:
    await partners.replace_communication(
        work.session, partner_id, [(connection, sort_key(connection.value)) for connection in communication]
    )
