"""Offers: their rows, how they are kept and shared, and which of them may be sold by whom."""

from persistence.offers.rows import (
    Offer,
    OfferHint,
    OfferInternal,
    OfferProduct,
    OfferProductInternal,
    OfferTranslation,
)
from persistence.offers.sharing import hide_from_target, show_to_target

__all__ = [
    "Offer",
    "OfferHint",
    "OfferInternal",
    "OfferProduct",
    "OfferProductInternal",
    "OfferTranslation",
    "hide_from_target",
    "show_to_target",
]
