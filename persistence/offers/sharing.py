"""Showing the offers of a connection to its target, and hiding them: in the order that the keys demand."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.connections import Pair
from persistence.joint import door
from persistence.offers.rows import Offer, OfferHint, OfferProduct, OfferTranslation

CHILDREN: tuple[Any, ...] = (OfferTranslation, OfferProduct, OfferHint)


async def show_to_target(session: AsyncSession, pair: Pair) -> None:
    """Let the target read every offer of the connection; the connection must be open to it before."""
    await _share_offers(session, pair, pair.target_tenant_id)
    for child in CHILDREN:
        await _share_children(session, child, pair, pair.target_tenant_id)


async def hide_from_target(session: AsyncSession, pair: Pair) -> None:
    """Take the target's sight of every offer of the connection; the connection is closed to it after."""
    for child in CHILDREN:
        await _share_children(session, child, pair, None)
    await _share_offers(session, pair, None)


async def _share_offers(session: AsyncSession, pair: Pair, with_whom: UUID | None) -> None:
    door(session, "Offer.shared_tenant_id")
    await session.execute(
        update(Offer)
        .where(Offer.tenant_id == pair.source_tenant_id, Offer.connection_id == pair.connection_id)
        .values(shared_tenant_id=with_whom, updated_at=Offer.updated_at)
        .execution_options(synchronize_session=False)
    )


async def _share_children(session: AsyncSession, child: Any, pair: Pair, with_whom: UUID | None) -> None:
    door(session, f"{child.__name__}.shared_tenant_id")
    offers = select(Offer.id).where(Offer.tenant_id == pair.source_tenant_id, Offer.connection_id == pair.connection_id)
    await session.execute(
        update(child)
        .where(child.tenant_id == pair.source_tenant_id, child.offer_id.in_(offers))
        .values(shared_tenant_id=with_whom)
        .execution_options(synchronize_session=False)
    )
