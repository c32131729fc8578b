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
from persistence.offers.sale import ForSale, cross_client, external, for_sale, hints_of, sellable
from persistence.offers.sharing import hide_from_target, show_to_target

__all__ = [
    "ForSale",
    "Offer",
    "OfferHint",
    "OfferInternal",
    "OfferProduct",
    "OfferProductInternal",
    "OfferTranslation",
    "Whole",
    "begin",
    "connection_of",
    "cross_client",
    "external",
    "for_sale",
    "hide_from_target",
    "hinting",
    "hints_of",
    "keep",
    "keep_hint",
    "sellable",
    "show_to_target",
    "whole",
    "whole_to_change",
]
