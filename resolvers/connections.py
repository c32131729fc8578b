"""What happens to connections between tenants; each party changes its own half only."""

from uuid import UUID

from domain import connections as rules
from domain.connections import Act, ConnectionExists, EventKind, Party
from persistence import connections, cost_centers, events, offers
from persistence.base import new_id
from persistence.connections import Connection, ConnectionAnswer, Halves
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.scopes import tenant_wide
from tenancy.work import Work


@writes(Permission.CONNECTIONS_EDIT, joint=True)
async def invite_tenant(work: Work, target_tenant_id: UUID, callback_url: str | None = None) -> UUID:
    """Invite another tenant to sell this tenant's offers (R-XC-02, R-XC-03, R-XC-07, R-XC-09)."""
    tenant_wide(work.caller, Permission.CONNECTIONS_EDIT)
    me = work.caller.tenant_id
    rules.inviting(me, target_tenant_id, callback_url)
    side = await connections.own_side(work.session, me)
    rules.booked(module=side.module_booked)
    if await connections.standing_to(work.session, me, target_tenant_id) is not None:
        raise ConnectionExists("There is a connection to this tenant already.", path=("targetTenantId",))
    half = Connection(
        id=new_id(),
        source_tenant_id=me,
        target_tenant_id=target_tenant_id,
        round=await connections.next_round(work.session, me, target_tenant_id),
        source_name=side.name,
        source_self_service_url=side.self_service_url,
        source_company_id=side.company_id,
        callback_url=callback_url,
        invited=True,
        access_to_offers=False,
    )
    work.session.add(half)
    await work.session.flush()
    events.tell(work.session, Halves(half, None, Party.SOURCE).pair, EventKind.CONNECTION_INVITED, at=work.now)
    return half.id


@writes(Permission.CONNECTIONS_EDIT, joint=True)
async def accept_connection(work: Work, connection_id: UUID, expected_version: int) -> UUID:
    """Accept an invitation; from now on the source may read the cost centers' codes (R-XC-04, R-XC-07, R-XC-08)."""
    found = await _to_change(work, connection_id, expected_version, Act.ACCEPT)
    side = await connections.own_side(work.session, work.caller.tenant_id)
    rules.booked(module=side.module_booked)
    rules.reachable(found.half.callback_url, found.half.source_company_id, side.company_id)
    await _answer(work, found, accepted=True)
    await cost_centers.show_to(work.session, work.caller.tenant_id, found.half.source_tenant_id)
    return connection_id


@writes(Permission.CONNECTIONS_EDIT, joint=True)
async def decline_connection(work: Work, connection_id: UUID, expected_version: int) -> UUID:
    """Decline an invitation, for good (R-XC-04)."""
    found = await _to_change(work, connection_id, expected_version, Act.DECLINE)
    await _answer(work, found, accepted=False)
    return connection_id


@writes(Permission.CONNECTIONS_EDIT, joint=True)
async def withdraw_connection(work: Work, connection_id: UUID, expected_version: int) -> UUID:
    """Take back an invitation that was not answered yet, for good (R-XC-04)."""
    found = await _to_change(work, connection_id, expected_version, Act.WITHDRAW)
    found.half.invited = False
    events.tell(work.session, found.pair, EventKind.CONNECTION_WITHDRAWN, at=work.now)
    return connection_id


@writes(Permission.CONNECTIONS_EDIT, joint=True)
async def set_access_to_offers(work: Work, connection_id: UUID, access: bool, expected_version: int) -> UUID:
    """Open the source's offers to the target, or close them; saying it again changes nothing (R-XC-06)."""
    found = await _to_change(work, connection_id, expected_version, Act.SWITCH_ACCESS)
    if found.half.access_to_offers == access:
        return connection_id
    if access:
        found.half.access_to_offers = True
        await work.session.flush()
        await offers.show_to_target(work.session, found.pair)
    else:
        await offers.hide_from_target(work.session, found.pair)
        found.half.access_to_offers = False
    kind = EventKind.ACCESS_OPENED if access else EventKind.ACCESS_CLOSED
    events.tell(work.session, found.pair, kind, at=work.now)
    return connection_id


@writes(Permission.CONNECTIONS_EDIT, joint=True)
async def block_connection(work: Work, connection_id: UUID, expected_version: int) -> UUID:
    """Stop all new sales over the connection; running subscriptions go on (R-XC-05, E-A3)."""
    found = await _to_change(work, connection_id, expected_version, Act.BLOCK)
    if found.i_am is Party.SOURCE:
        await offers.hide_from_target(work.session, found.pair)
        found.half.blocked_at = work.now
    elif found.answer is not None:
        found.answer.blocked_at = work.now
        await cost_centers.hide_from(work.session, work.caller.tenant_id, found.half.source_tenant_id)
    events.tell(work.session, found.pair, EventKind.CONNECTION_BLOCKED, at=work.now)
    return connection_id


@writes(Permission.CONNECTIONS_EDIT, joint=True)
async def unblock_connection(work: Work, connection_id: UUID, expected_version: int) -> UUID:
    """Take back the own block; the other tenant's block, if there is one, stands (A-3)."""
    found = await _to_change(work, connection_id, expected_version, Act.UNBLOCK)
    own = found.half if found.i_am is Party.SOURCE else found.answer
    rules.unblocking(own.blocked_at if own else None)
    if found.i_am is Party.SOURCE:
        found.half.blocked_at = None
        await work.session.flush()
        if found.half.access_to_offers:
            await offers.show_to_target(work.session, found.pair)
    elif found.answer is not None:
        found.answer.blocked_at = None
        await cost_centers.show_to(work.session, work.caller.tenant_id, found.half.source_tenant_id)
    events.tell(work.session, found.pair, EventKind.CONNECTION_UNBLOCKED, at=work.now)
    return connection_id


async def _to_change(work: Work, connection_id: UUID, expected_version: int, act: Act) -> Halves:
    """Both halves, the own one locked, if the act leads on from where they stand."""
    tenant_wide(work.caller, Permission.CONNECTIONS_EDIT)
    found = await connections.halves(work.session, work.caller.tenant_id, connection_id, expected_version)
    rules.permitted(act, found.status, found.i_am)
    return found


async def _answer(work: Work, found: Halves, *, accepted: bool) -> None:
    """Write the target's half and tell the source."""
    side = await connections.own_side(work.session, work.caller.tenant_id)
    work.session.add(
        ConnectionAnswer(
            source_tenant_id=found.half.source_tenant_id,
            connection_id=found.half.id,
            target_tenant_id=work.caller.tenant_id,
            target_name=side.name,
            target_self_service_url=side.self_service_url,
            target_company_id=side.company_id,
            invited=True,
            accepted=accepted,
        )
    )
    await work.session.flush()
    kind = EventKind.CONNECTION_ACCEPTED if accepted else EventKind.CONNECTION_DECLINED
    events.tell(work.session, found.pair, kind, at=work.now)
