"""What is still open and uses a partner: asked before a role is taken away or a partner is set aside (R-172).

An area whose documents name partners adds its question here, by the role in which it names them.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.partners import PartnerRoleKind
from domain.sales import OrderStatus, SubscriptionStatus
from persistence.orders import Order
from persistence.subscriptions import Subscription

OpenUse = Callable[[UUID, date], ColumnElement[bool]]

OPEN_ORDERS = (OrderStatus.ENTRY, OrderStatus.ACCOUNTING_REVIEW, OrderStatus.BOOKED)


def _open_orders(partner_id: UUID, _today: date) -> ColumnElement[bool]:
    return and_(Order.partner_id == partner_id, Order.status.in_(OPEN_ORDERS))


def _running_subscriptions(partner_id: UUID, today: date) -> ColumnElement[bool]:
    return and_(
        Subscription.partner_id == partner_id,
        Subscription.status == SubscriptionStatus.ACTIVE,
        or_(Subscription.ends_on.is_(None), Subscription.ends_on >= today),
    )


QUESTIONS: Mapping[PartnerRoleKind, Mapping[str, OpenUse]] = {
    PartnerRoleKind.CUSTOMER: {"open orders": _open_orders, "running subscriptions": _running_subscriptions},
}
"""Role → what can be open, as a plural noun, and the question."""


async def of(session: AsyncSession, partner_id: UUID, roles: Collection[str], today: date) -> list[str]:
    """What is open and uses the partner in one of these roles, as plural nouns."""
    found = []
    for role in roles:
        for name, question in QUESTIONS.get(PartnerRoleKind(role), {}).items():
            if await _any(session, question(partner_id, today)):
                found.append(name)
    return found


async def _any(session: AsyncSession, condition: ColumnElement[bool]) -> bool:
    return bool(await session.scalar(select(exists().where(condition))))
