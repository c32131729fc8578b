"""Connections between two tenants: the source's half and the target's half (two-tenants, 1)."""

from persistence.connections.pairs import (
    Halves,
    Pair,
    Side,
    halves,
    next_round,
    own_side,
    pair,
    sources_of,
    standing_to,
)
from persistence.connections.rows import Connection, ConnectionAnswer
from persistence.connections.shown import (
    active,
    active_between,
    blocked_by,
    blocked_since,
    from_sources,
    has_status,
    i_am,
    of_answer,
    same_company,
    status,
    version,
)

__all__ = [
    "Connection",
    "ConnectionAnswer",
    "Halves",
    "Pair",
    "Side",
    "active",
    "active_between",
    "blocked_by",
    "blocked_since",
    "from_sources",
    "halves",
    "has_status",
    "i_am",
    "next_round",
    "of_answer",
    "own_side",
    "pair",
    "same_company",
    "sources_of",
    "standing_to",
    "status",
    "version",
]
