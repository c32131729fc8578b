"""Offers: their rows, how they are kept and shared, and which of them may be sold by whom."""

from persistence.offers.keeping import Whole, begin, connection_of, hinting, keep, keep_hint, whole, whole_to_change
from persistence.offers.rows import (
    Offer,
    OfferHint,
    OfferInternal,
    OfferProduct,
    OfferProductInternal,
    OfferTranslation,
)
from persistence.offers.sale import ForSale, for_sale, hints_of, looked_at, sellable
from persistence.offers.sharing import hide_from_target, show_to_target
from persistence.offers.shown import (
    archive_text_of,
    cost_center_inactive,
    cross_client,
    external,
    hint_of,
    is_cross_client,
    listed,
    of_offer,
    of_product,
    opened_by_source,
    own_cost_center,
    successor_of,
)

__all__ = [
    "ForSale",
    "Offer",
    "OfferHint",
    "OfferInternal",
    "OfferProduct",
    "OfferProductInternal",
    "OfferTranslation",
    "Whole",
    "archive_text_of",
    "begin",
    "connection_of",
    "cost_center_inactive",
    "cross_client",
    "external",
    "for_sale",
    "hide_from_target",
    "hint_of",
    "hinting",
    "hints_of",
    "is_cross_client",
    "keep",
    "keep_hint",
    "listed",
    "looked_at",
    "of_offer",
    "of_product",
    "opened_by_source",
    "own_cost_center",
    "sellable",
    "show_to_target",
    "successor_of",
    "whole",
    "whole_to_change",
]
