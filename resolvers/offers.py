"""What happens to offers: made, changed, copied, archived and reactivated by their owner alone (R-XC-20, R-XC-40)."""

from dataclasses import replace
from uuid import UUID

from domain import offers as rules
from domain import texts as text_rules
from domain.connections import EventKind
from domain.offers import Archiving, Draft, OfferChanges, OfferState
from domain.refusals import ValidationFailed
from domain.texts import TextModule as NewTextModule
from persistence import connections, cost_centers, events, html, offers, texts
from persistence.changes import found
from persistence.connections import Pair
from persistence.offers import Offer, Whole
from persistence.texts import TextModule
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.work import Work


@writes(Permission.OFFERS_EDIT)
async def create_offer(work: Work, draft: Draft, target_tenant_id: UUID | None = None) -> UUID:
    """Create an offer that this tenant sells itself (R-XC-21, R-XC-24, R-XC-31, R-XC-35, R-XC-36)."""
    draft = rules.checked(draft)
    rules.of_one_tenant(draft, target_tenant_id)
    return await _create(work, draft, None)


@writes(Permission.OFFERS_EDIT, joint=True)
async def create_cross_client_offer(work: Work, draft: Draft, target_tenant_id: UUID | None) -> UUID:
    """Create an offer that one connected tenant sells (R-XC-01, R-XC-20 to R-XC-30, R-XC-34)."""
    draft = rules.checked(draft)
    target = rules.shareable(draft, target_tenant_id)
    pair = await _pair_to(work, target)
    return await _create(work, draft, pair)


@writes(Permission.OFFERS_EDIT, joint=True)
async def update_offer(work: Work, offer_id: UUID, changes: OfferChanges, expected_version: int) -> UUID:
    """Change an own offer, whoever sells it; the target reads the change at once (R-XC-37, R-XC-40 to R-XC-42)."""
    pair = await _pair_of(work, offer_id)
    standing = await offers.whole_to_change(work.session, offer_id, expected_version)
    before = standing.draft()
    draft = rules.checked(replace(before, **changes))
    rules.same_products(standing.offer.offer_type, [row.id for row in standing.products], draft.products)
    if pair is None:
        rules.of_one_tenant(draft, None)
    else:
        rules.with_cost_centers(draft.products)
    await _keep(work, standing, draft, pair)
    _tell(work, standing.offer, pair, EventKind.OFFER_CHANGED)
    return offer_id


@writes(Permission.OFFERS_EDIT, joint=True)
async def copy_offer(work: Work, offer_id: UUID, internal_title: str) -> UUID:
    """Make a new offer like an own one, sold by the same tenant, under another internal title (R-XC-48)."""
    like = await offers.whole(work.session, await found(work.session, Offer, offer_id, what="offer"))
    products = tuple(replace(product, id=None) for product in like.draft().products)
    draft = rules.checked(replace(like.draft(), internal_title=internal_title, products=products))
    target = like.offer.target_tenant_id
    return await _create(work, draft, None if target is None else await _pair_to(work, target))


@writes(Permission.OFFERS_EDIT, joint=True)
async def archive_offer(work: Work, offer_id: UUID, how: Archiving, expected_version: int) -> UUID:
    """Take an own offer out of the list of active ones (R-XC-60, R-XC-61); subscriptions run on (R-XC-63)."""
    pair = await _pair_of(work, offer_id)
    standing = await offers.whole_to_change(work.session, offer_id, expected_version)
    successor = None
    if how.successor_offer_id is not None:
        successor = await found(work.session, Offer, how.successor_offer_id, what="successor")
    if how.text_module_id is not None:
        await found(work.session, TextModule, how.text_module_id, what="text module")
    standing.offer.on_sale = rules.archived(standing.offer, how, successor)
    standing.offer.state = OfferState.ARCHIVED
    standing.internal.archive_mode = how.mode
    standing.internal.archive_text_module_id = how.text_module_id
    standing.internal.successor_offer_id = how.successor_offer_id
    _tell(work, standing.offer, pair, EventKind.OFFER_ARCHIVED)
    return offer_id


@writes(Permission.OFFERS_EDIT, joint=True)
async def reactivate_offer(work: Work, offer_id: UUID, expected_version: int) -> UUID:
    """Put an archived offer back among the active ones (R-XC-62)."""
    pair = await _pair_of(work, offer_id)
    standing = await offers.whole_to_change(work.session, offer_id, expected_version)
    rules.reactivated(standing.offer)
    standing.offer.state = OfferState.ACTIVE
    standing.offer.on_sale = True
    standing.internal.archive_mode = None
    standing.internal.archive_text_module_id = None
    standing.internal.successor_offer_id = None
    _tell(work, standing.offer, pair, EventKind.OFFER_REACTIVATED)
    return offer_id


async def _pair_to(work: Work, target_tenant_id: UUID) -> Pair:
    """The active connection to a target, the own half locked."""
    me = work.caller.tenant_id
    standing = await connections.standing_to(work.session, me, target_tenant_id)
    return rules.connected(await connections.pair(work.session, me, standing.id) if standing else None)


async def _pair_of(work: Work, offer_id: UUID) -> Pair | None:
    """The connection of an own offer, the own half locked before the offer; None if the offer has none."""
    connection_id = await offers.connection_of(work.session, offer_id)
    if connection_id is None:
        return None
    return await connections.pair(work.session, work.caller.tenant_id, connection_id)


async def _create(work: Work, draft: Draft, pair: Pair | None) -> UUID:
    rules.known_products((), draft.products)
    standing = await offers.begin(work.session, draft, pair)
    await _keep(work, standing, draft, pair)
    _tell(work, standing.offer, pair, EventKind.OFFER_CREATED)
    return standing.offer.id


async def _keep(work: Work, standing: Whole, draft: Draft, pair: Pair | None) -> None:
    """Check what the draft refers to, and keep it."""
    own = await cost_centers.own_of(work.session, _named(draft, "cost_center_id", "target_cost_center_id"))
    rules.chosen_of_own(draft.products, own, standing.cost_centers())
    shown = {}
    if pair is not None:
        chosen = _named(draft, "target_cost_center_id")
        shown = await cost_centers.shown_by(work.session, pair.target_tenant_id, chosen)
        kept = standing.target_cost_centers()
        rules.chosen_of_target(draft.products, shown, own, kept=kept, status=pair.status)
    draft, hint = await _with_hint(work, draft)
    await offers.keep(work.session, standing, draft, shown, at=work.now)
    await offers.keep_hint(work.session, standing.offer, hint)


async def _with_hint(work: Work, draft: Draft) -> tuple[Draft, NewTextModule | None]:
    """The draft with its hint as an own text module, and what that says (R-XC-26, R-XC-27, R-XC-28)."""
    if draft.hint is None:
        return draft, None
    if isinstance(draft.hint, NewTextModule):
        wanted = text_rules.checked(draft.hint, clean=html.cleaned, path=("selfServiceHint",))
        module = await texts.add(work.session, wanted)
        return replace(draft, hint=module.id), wanted
    module = await found(work.session, TextModule, draft.hint, what="text module")
    hint = (await texts.whole(work.session, module)).value()
    if unfit := rules.unfit_as_hint(hint.type):
        raise ValidationFailed(unfit)
    return draft, hint


def _named(draft: Draft, *fields: str) -> set[UUID]:
    """The cost centers that the draft's products name in these fields."""
    named: set[UUID | None] = {getattr(product, field) for product in draft.products for field in fields}
    return {one for one in named if one is not None}


def _tell(work: Work, offer: Offer, pair: Pair | None, kind: EventKind) -> None:
    """Tell the target about an offer that it may see."""
    if pair is not None and offer.shared_tenant_id is not None:
        events.tell(work.session, pair, kind, at=work.now, subject_id=offer.id)
