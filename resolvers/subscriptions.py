"""What happens to subscriptions: the tenant that sold one cancels it; the one that provides it links its customer."""

from dataclasses import dataclass
from uuid import UUID

from domain import subscriptions as rules
from domain.refusals import InvalidStatusTransition, NotEditable, NotFound, Refusal
from domain.sales import CancellationKind, SaleEvent, SubscriptionStatus
from domain.subscriptions import Cancellation, ManagedByOtherTenant
from persistence import events, subscriptions, visibility
from persistence.changes import conflict
from persistence.sold import between, sees
from persistence.subscriptions import Subscription
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.work import Work


@dataclass(frozen=True)
class Linked:
    """A mirror, and the own customer that may use what was bought."""

    subscription_id: UUID
    customer_id: UUID


@writes(Permission.SUBSCRIPTIONS_EDIT, joint=True)
async def cancel_subscription(work: Work, subscription_id: UUID, wanted: Cancellation, expected_version: int) -> UUID:
    """Cancel a subscription that this tenant sold, to the end of its term or now (R-SC-35, R-SC-38, R-SC-39)."""
    return _cancel(work, await _sold_here(work, subscription_id, expected_version), wanted)


@writes(Permission.PORTAL_BUY, joint=True)
async def cancel_own_subscription(
    work: Work, subscription_id: UUID, wanted: Cancellation, expected_version: int
) -> UUID:
    """Cancel an own subscription; one that another tenant sold is managed there (R-SC-35, R-SC-37)."""
    return _cancel(work, await _to_change(work, subscription_id, expected_version), wanted)


@writes(Permission.SUBSCRIPTIONS_EDIT, joint=True)
async def undo_cancellation(work: Work, subscription_id: UUID, expected_version: int) -> UUID:
    """Take a cancellation back while the subscription runs (R-SC-39)."""
    return _undo(work, await _sold_here(work, subscription_id, expected_version))


@writes(Permission.PORTAL_BUY, joint=True)
async def undo_own_cancellation(work: Work, subscription_id: UUID, expected_version: int) -> UUID:
    """Take the cancellation of an own subscription back while it runs (R-SC-37, R-SC-39)."""
    return _undo(work, await _to_change(work, subscription_id, expected_version))


@writes(Permission.SUBSCRIPTIONS_EDIT, joint=True)
async def link_provided_customer(work: Work, subscription_id: UUID, customer_id: UUID) -> Linked:
    """Say which own customer bought at a tenant of another company; from now on access is granted (R-SC-34)."""
    mirror = await subscriptions.mirror_of(work.session, work.caller.tenant_id, subscription_id)
    if mirror is None:
        raise NotFound("No other tenant sold such a subscription of yours.", path=("subscriptionId",))
    if not await visibility.sees_customer(work.session, work.caller, customer_id):
        raise NotFound("There is no such customer.", path=("customerId",))
    grant = await subscriptions.grant_to_change(work.session, mirror)
    if grant is None:
        subscriptions.grant(work.session, mirror, customer_id)
    elif grant.partner_id in (None, customer_id):
        grant.partner_id = customer_id
    else:
        raise InvalidStatusTransition("The subscription is linked to another customer.", path=("customerId",))
    return Linked(subscription_id, customer_id)


def _cancel(work: Work, row: Subscription, wanted: Cancellation) -> UUID:
    row.ends_on = rules.end_of_cancelled(row, wanted, work.today)
    row.cancellation, row.cancelled_at = wanted.kind, work.now
    if wanted.kind is CancellationKind.NOW:
        row.status = SubscriptionStatus.INACTIVE
    return _tell_changed(work, row)


def _undo(work: Work, row: Subscription) -> UUID:
    rules.undone(row, work.today)
    row.ends_on = rules.first_end(row.starts_on, row.term_months, renews=row.renews)
    row.cancellation, row.cancelled_at = None, None
    return _tell_changed(work, row)


def _tell_changed(work: Work, row: Subscription) -> UUID:
    """Tell the source, if there is one: its mirror is the same row and has changed with it."""
    pair = between(row)
    if pair is not None:
        ends_on = None if row.ends_on is None else row.ends_on.isoformat()
        events.tell(work.session, pair, SaleEvent.SUBSCRIPTION_CHANGED, at=work.now, subject_id=row.id, ends_on=ends_on)
    return row.id


async def _sold_here(work: Work, subscription_id: UUID, expected_version: int) -> Subscription:
    """A subscription that staff may change.

    Raises:
        NotFound, ManagedByOtherTenant, VersionConflict.
        NotEditable: the caller sees it, but edits other organizations (R-229).
    """
    row = await _locked(work, subscription_id)
    if not work.caller.covers(Permission.SUBSCRIPTIONS_EDIT, row.organization_id):
        if not await sees(work.session, work.caller, row, Permission.SUBSCRIPTIONS_SEE):
            raise _missing()
        raise NotEditable("Your rights do not reach the organization that sold it.", path=("subscriptionId",))
    return _as_expected(row, expected_version)


async def _to_change(work: Work, subscription_id: UUID, expected_version: int) -> Subscription:
    """A customer's own subscription; row security knows no other."""
    return _as_expected(await _locked(work, subscription_id), expected_version)


async def _locked(work: Work, subscription_id: UUID) -> Subscription:
    row = await subscriptions.own_to_change(work.session, subscription_id)
    if row is None:
        raise await _why_not(work, subscription_id)
    return row


def _as_expected(row: Subscription, expected_version: int) -> Subscription:
    if row.version != expected_version:
        raise conflict(row, "subscription")
    return row


async def _why_not(work: Work, subscription_id: UUID) -> Refusal:
    """Whoever provides what another tenant sold is told who manages it; all others know nothing of it (R-SC-35)."""
    mirror = await subscriptions.mirror_of(work.session, work.caller.tenant_id, subscription_id)
    known = mirror or await subscriptions.granted(work.session, subscription_id)
    return _missing() if known is None else ManagedByOtherTenant(known.target_name, known.manage_url)


def _missing() -> NotFound:
    return NotFound("There is no such subscription.", path=("subscriptionId",))
