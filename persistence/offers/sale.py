"""Which offers a tenant may sell: its own, and those that other tenants let it sell over an active connection."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.offers import CrossClientNotSellableByOwner, ExternalOfferNotAvailable, OfferNotOnSale
from domain.refusals import NotFound, Refusal
from persistence import connections
from persistence.offers.rows import Offer, OfferHint, OfferProduct, OfferTranslation


@dataclass(frozen=True)
class ForSale:
    """An offer that a tenant may look at in order to sell it; `for_sale` adds its products, by position, and texts.

    `problem` says why it cannot be sold now. `source_tenant_id` and `connection_id` are None for an own offer.
    """

    offer: Offer
    source_tenant_id: UUID | None
    connection_id: UUID | None
    problem: Refusal | None
    products: list[OfferProduct] = field(default_factory=list)
    translations: list[OfferTranslation] = field(default_factory=list)

    @property
    def external(self) -> bool:
        """Whether another tenant owns it."""
        return self.source_tenant_id is not None


async def sellable(session: AsyncSession, tenant_id: UUID, offer_id: UUID, *, external: bool = False) -> ForSale:
    """An offer that this tenant may sell now, own or (with `external`) shared by another tenant, without its products.

    Raises:
        NotFound: an own offer that does not exist.
        CrossClientNotSellableByOwner: an own offer that another tenant sells (R-SC-05).
        OfferNotOnSale: an own offer that is archived and not sold any more (R-XC-60).
        ExternalOfferNotAvailable: whatever keeps an external one from being sold; unseen and absent alike (R-SC-04).
    """
    look = _look_at_shared if external else _look_at_own
    one = (await look(session, tenant_id, [offer_id])).get(offer_id)
    if one is None:
        raise _external_refusal() if external else NotFound("There is no such offer.", path=("offerId",))
    if one.problem is not None:
        raise one.problem
    return one


async def for_sale(session: AsyncSession, tenant_id: UUID, offer_ids: Collection[UUID]) -> dict[UUID, ForSale]:
    """Those of the offers that this tenant may look at, own and shared, each with what keeps it from being sold.

    An external offer whose connection does not lead to this tenant, or no longer, or whose access is closed,
    is not among them.
    """
    found = await looked_at(session, tenant_id, offer_ids)
    await _load_children(session, tenant_id, found)
    return found


async def looked_at(session: AsyncSession, tenant_id: UUID, offer_ids: Collection[UUID]) -> dict[UUID, ForSale]:
    """The same without products and translations."""
    return await _look_at_own(session, tenant_id, offer_ids) | await _look_at_shared(session, tenant_id, offer_ids)


async def _look_at_own(session: AsyncSession, tenant_id: UUID, offer_ids: Collection[UUID]) -> dict[UUID, ForSale]:
    rows = await session.scalars(_own(), {"me": tenant_id, "ids": list(offer_ids)})
    return {offer.id: ForSale(offer, None, None, _own_problem(offer)) for offer in rows}


async def _look_at_shared(session: AsyncSession, tenant_id: UUID, offer_ids: Collection[UUID]) -> dict[UUID, ForSale]:
    rows = await session.execute(_shared(), {"me": tenant_id, "ids": list(offer_ids)})
    return {
        offer.id: ForSale(
            offer, offer.tenant_id, offer.connection_id, None if active and offer.on_sale else _external_refusal()
        )
        for offer, active in rows
    }


@cache
def _own() -> Select[Offer]:
    ids: BindParameter[UUID] = bindparam("ids", expanding=True)
    return select(Offer).where(Offer.tenant_id == bindparam("me", type_=Uuid()), Offer.id.in_(ids))


@cache
def _shared() -> Select[Offer, bool]:
    """Offers of other tenants with whether their connection is active; made once, since making it is dear."""
    me = bindparam("me", type_=Uuid())
    return (
        select(Offer, connections.active(Offer.tenant_id, Offer.connection_id))
        .where(
            Offer.shared_tenant_id == me,
            connections.from_sources(Offer.tenant_id, me),
            Offer.id.in_(bindparam("ids", expanding=True)),
        )
        .execution_options(across_tenants=True)
    )


async def hints_of(session: AsyncSession, offer_id: UUID) -> list[OfferHint]:
    """The self-service texts of an own cross-client offer, by language; empty if there are none (R-SC-35, R-SC-36)."""
    found = await session.scalars(select(OfferHint).where(OfferHint.offer_id == offer_id).order_by(OfferHint.language))
    return list(found)


def _own_problem(offer: Offer) -> Refusal | None:
    if offer.target_tenant_id is not None:
        return CrossClientNotSellableByOwner(
            "The offer is sold by the tenant it was made for, not by its owner.", path=("offerId",)
        )
    if not offer.on_sale:
        return OfferNotOnSale("The offer is archived and not sold any more.", path=("offerId",))
    return None


def _external_refusal() -> ExternalOfferNotAvailable:
    return ExternalOfferNotAvailable("The external offer cannot be sold by your tenant now.", path=("offerId",))


async def _load_children(session: AsyncSession, tenant_id: UUID, found: dict[UUID, ForSale]) -> None:
    """Read products and translations of own and shared offers; row security shows those that may be seen."""
    tenants = [one.source_tenant_id or tenant_id for one in found.values()]
    for model in (OfferProduct, OfferTranslation):
        rows: Any = await session.scalars(_children(model), {"tenants": list({*tenants}), "offers": list(found)})
        for row in rows:
            one = found[row.offer_id]
            if row.tenant_id == one.offer.tenant_id:
                (one.products if isinstance(row, OfferProduct) else one.translations).append(row)


@cache
def _children(model: type[OfferProduct] | type[OfferTranslation]) -> Select[Any]:
    order: Any = OfferProduct.position if model is OfferProduct else OfferTranslation.language
    return (
        select(model)
        .where(
            model.tenant_id.in_(bindparam("tenants", expanding=True)),
            model.offer_id.in_(bindparam("offers", expanding=True)),
        )
        .order_by(order)
        .execution_options(across_tenants=True)
    )
