"""What happens on the payout list: an entry is settled, once, by either of its two tenants."""

from dataclasses import dataclass
from uuid import UUID

from domain import payouts as rules
from domain.refusals import NotFound
from domain.sales import SaleEvent, SettlementStatus
from persistence import events, payouts
from persistence.sold import between
from tenancy.audit import Change, plain
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.scopes import tenant_wide
from tenancy.work import Work


@dataclass(frozen=True)
class Settled:
    """An entry that is settled, and whether it was this call that settled it."""

    id: UUID
    changed: bool


@writes(Permission.PAYOUTS_EDIT, joint=True)
async def settle_entry(work: Work, entry_id: UUID, wanted: SettlementStatus) -> Settled:
    """Say that the tenants settled an entry outside; again changes nothing, back is refused (R-PO-10, R-PO-11)."""
    tenant_wide(work.caller, Permission.PAYOUTS_EDIT)
    entry = await payouts.seen(work.session, work.caller.tenant_id, entry_id)
    if entry is None:
        raise NotFound("There is no such entry.", path=("payoutEntryId",))
    changes = rules.settles(entry.settlement_status, wanted)
    if not changes or not await payouts.settle(work.session, entry, work.caller.membership_id, work.now):
        return Settled(entry.id, changed=False)
    pair = between(entry)
    if pair is not None:
        events.tell(work.session, pair, SaleEvent.PAYOUT_SETTLED, at=work.now, subject_id=entry.id, number=entry.number)
    before = {"settlement_status": entry.settlement_status, "settled_at": None}
    after = {"settlement_status": plain(wanted), "settled_at": plain(work.now)}
    work.note(Change("CHANGED", "payout_entry", entry.id, before, after))
    return Settled(entry.id, changed=True)
