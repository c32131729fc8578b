"""Carts: what a tenant puts together to sell, of its own offers and of those shared with it (two-tenants, 4)."""

from persistence.carts.keeping import (
    Head,
    Standing,
    begin,
    head,
    items_of,
    offer_of,
    put,
    put_translations,
    replace_translations,
    take_out,
)
from persistence.carts.rows import Cart, CartItem, CartTranslation
from persistence.carts.shown import PROBLEMS, available, problem, sellable

__all__ = [
    "PROBLEMS",
    "Cart",
    "CartItem",
    "CartTranslation",
    "Head",
    "Standing",
    "available",
    "begin",
    "head",
    "items_of",
    "offer_of",
    "problem",
    "put",
    "put_translations",
    "replace_translations",
    "sellable",
    "take_out",
]
