"""Subscriptions; one of an external offer is at the same time the source's mirror (two-tenants, 5)."""

from persistence.subscriptions.keeping import (
    Seller,
    begin,
    customer_facts,
    grant,
    grant_to_change,
    granted,
    mirror_of,
    own_to_change,
)
from persistence.subscriptions.rows import ProvidedGrant, Subscription
from persistence.subscriptions.shown import (
    access_rights,
    cross_client_role,
    customer_of,
    grant_status,
    hint,
    hint_type,
    manageable,
    order_of,
    portal_hint,
    portal_hint_type,
    status,
    unmanageable,
    visible,
)

__all__ = [
    "ProvidedGrant",
    "Seller",
    "Subscription",
    "access_rights",
    "begin",
    "cross_client_role",
    "customer_facts",
    "customer_of",
    "grant",
    "grant_status",
    "grant_to_change",
    "granted",
    "hint",
    "hint_type",
    "manageable",
    "mirror_of",
    "order_of",
    "own_to_change",
    "portal_hint",
    "portal_hint_type",
    "status",
    "unmanageable",
    "visible",
]
