"""The payout list: what tenants owe each other for sales of shared offers (two-tenants, 6)."""

from persistence.payouts.booking import Counterpart, Payment, book, counterparts, next_number, seen, settle
from persistence.payouts.rows import PairCounter, PayoutEntry, PayoutEntryItem
from persistence.payouts.shown import i_am, is_party, settled_by, visible

__all__ = [
    "Counterpart",
    "PairCounter",
    "Payment",
    "PayoutEntry",
    "PayoutEntryItem",
    "book",
    "counterparts",
    "i_am",
    "is_party",
    "next_number",
    "seen",
    "settle",
    "settled_by",
    "visible",
]
