"""Reading offers: the own ones, and those of other tenants that this one may sell."""

import strawberry

from domain.names import sort_key
from domain.offers import OfferState, OfferType
from persistence import offers as stored
from reads import (
    EnumFilter,
    IdFilter,
    TextFilter,
    filter_column,
    filter_input,
    filter_where,
    order_by,
    ordering,
    page,
    row_by,
)
from schema.base import Connection
from schema.offers.external import ExternalOffer, ExternalOffersOfSource
from schema.offers.types import Offer
from tenancy.permissions import Permission


@filter_input(description="Which offers.")
class OfferFilter:
    """Conditions on own offers."""

    state: EnumFilter[OfferState] | None = filter_column("In which list it stands.")
    offer_type: EnumFilter[OfferType] | None = filter_column("What kind of sale it is.")
    internal_title: TextFilter | None = filter_column("What staff calls it.", "title_key", normal=sort_key)
    cross_client: bool | None = filter_where("Whether another tenant sells it.", stored.is_cross_client)
    target_tenant_id: IdFilter | None = filter_column("Who sells it.", prefix="ten")


@filter_input(description="Which offers of other tenants.")
class ExternalOfferFilter:
    """Conditions on external offers."""

    source_tenant_id: IdFilter | None = filter_column("Who owns it.", "tenant_id", prefix="ten")
    offer_type: EnumFilter[OfferType] | None = filter_column("What kind of sale it is.")
    internal_title: TextFilter | None = filter_column("What staff calls it.", "title_key", normal=sort_key)


OfferOrder = ordering(
    "OfferOrder", "How offers are ordered.", INTERNAL_TITLE=order_by("title_key", "By internal title.")
)


@strawberry.type
class OfferQuery:
    """Reading offers."""

    offer: Offer | None = row_by("One own offer (Angebot).", permission=Permission.OFFERS_SEE)
    offers: Connection[Offer] | None = page(
        "The tenant's own offers, whoever sells them (Angebote).",
        filter=OfferFilter,
        order=OfferOrder,
        default_order=("title_key",),
        permission=Permission.OFFERS_SEE,
    )
    external_offer: ExternalOffer | None = row_by(
        "One offer of another tenant that this one may sell (externes Angebot).", permission=Permission.OFFERS_SEE
    )
    external_offers: Connection[ExternalOffersOfSource] | None = page(
        "The offers of other tenants that this one may sell, by source tenant (externe Angebote).",
        default_order=("source_name",),
        permission=Permission.OFFERS_SEE,
    )
    all_external_offers: Connection[ExternalOffer] | None = page(
        "The same in one list, by internal title (externe Angebote).",
        filter=ExternalOfferFilter,
        order=OfferOrder,
        default_order=("title_key",),
        where=stored.listed,
        permission=Permission.OFFERS_SEE,
    )
