"""Offers as their owner and as the tenant that sells them see them."""

from schema.offers.external import ExternalOffer, ExternalOffersOfSource
from schema.offers.mutations import OfferMutation
from schema.offers.queries import OfferQuery
from schema.offers.types import Offer, OfferProduct

__all__ = ["ExternalOffer", "ExternalOffersOfSource", "Offer", "OfferMutation", "OfferProduct", "OfferQuery"]
