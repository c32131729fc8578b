"""What happens to relationships between partners, and to the types that a tenant has of its own."""

from datetime import date
from uuid import UUID

from domain import partners as partner_rules
from domain import relationships as rules
from domain.refusals import FieldNotAvailable, NotFound
from domain.relationships import FixedType, Listed, NewRelationship
from domain.validity import check_period
from persistence import partners, relationships, users, visibility
from persistence.changes import to_change
from persistence.partners import Partner
from persistence.relationships import PartnerRelationship, RelationshipType
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.scopes import tenant_wide
from tenancy.work import Work


@writes(Permission.TENANT_EDIT)
async def deliver_relationship_types(work: Work) -> None:
    """Give a new tenant the fixed relationship types (R-175)."""
    tenant_wide(work.caller, Permission.TENANT_EDIT)
    relationships.deliver(work.session)


@writes(Permission.TENANT_EDIT)
async def create_relationship_type(work: Work, code: str, name: str, *, time_dependent: bool) -> UUID:
    """Define a type of relationship of the tenant's own (R-174)."""
    tenant_wide(work.caller, Permission.TENANT_EDIT)
    code, name = rules.check_type(code, name)
    created = RelationshipType(code=code, name=name, fixed=False, time_dependent=time_dependent)
    work.session.add(created)
    await work.session.flush()
    return created.id


@writes(Permission.PARTNERS_EDIT)
async def add_relationship(work: Work, new: NewRelationship) -> UUID:
    """Link a partner to another; the other end finds the link by itself (R-173, R-174)."""
    partner = await _to_change(work, new.partner_id)
    if not await visibility.seen_partners(work.session, work.caller, {new.target_partner_id}):
        raise NotFound("There is no such partner.", path=("targetPartnerId",))
    kind = await relationships.type_of(work.session, new.type_code)
    rules.check_new(new, time_dependent=kind.time_dependent, customers_own=new.type_code in set(FixedType))
    old = await relationships.between(work.session, new.partner_id, new.target_partner_id, new.type_code)
    rules.check_list([*old, Listed(new.target_partner_id, valid_from=new.valid_from, valid_to=new.valid_to)], "")
    created = PartnerRelationship(
        partner_id=new.partner_id,
        target_partner_id=new.target_partner_id,
        type_code=new.type_code,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
    )
    work.session.add(created)
    await work.session.flush()
    partners.touch(partner)
    return created.id


@writes(Permission.PARTNERS_EDIT)
async def end_relationship(work: Work, relationship_id: UUID, valid_to: date | None, expected_version: int) -> UUID:
    """End a link on a day, by default today; one without periods goes altogether. Returns its partner (R-174)."""
    link = await to_change(work.session, PartnerRelationship, relationship_id, expected_version, what="relationship")
    partner = await _to_change(work, link.partner_id)
    rules.check_ending(link.type_code, customers_own=link.customer_data_id is not None)
    kind = await relationships.type_of(work.session, link.type_code)
    if kind.time_dependent:
        link.valid_to = valid_to or work.today
        check_period(link)
    elif valid_to is not None:
        raise FieldNotAvailable(f"The type {kind.code} is not time-dependent: it has no period.", path=("validTo",))
    else:
        await work.session.delete(link)
    partners.touch(partner)
    return link.partner_id


async def _to_change(work: Work, partner_id: UUID) -> Partner:
    partner = await visibility.partner_to_change(work.session, work.caller, partner_id)
    responsible = await users.ancestors_of(work.session, partner.responsible_organization_id)
    partner_rules.check_editable(
        lambda place: work.caller.covers(Permission.PARTNERS_EDIT, place),
        responsible or [partner.responsible_organization_id],
    )
    return partner
