"""A bounded cache with shares: no tenant can fill it, or push everybody else's entries out."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")

COMMON: Hashable = None
"""The group of entries that more than one tenant has used."""


class ShareCache(Generic[V]):
    """Least recently used first out, per group; a tenant's own entries are at most its share.

    An entry belongs to the tenant that put it in, until a second tenant uses it: then it is common. When the
    whole is full, the largest group gives up its oldest entry.
    """

    def __init__(self, capacity: int, share: int) -> None:
        self._capacity, self._share = capacity, share
        self._found: dict[Hashable, tuple[Hashable, V]] = {}
        """Each entry with the tenant that owns it."""
        self._groups: dict[Hashable, OrderedDict[Hashable, None]] = {COMMON: OrderedDict()}

    def __len__(self) -> int:
        return len(self._found)

    def count(self, tenant: Hashable) -> int:
        """How many entries a tenant has of its own."""
        return len(self._groups.get(tenant, ()))

    def get(self, key: Hashable, tenant: Hashable) -> V | None:
        """An entry, or None."""
        found = self._found.get(key)
        if found is None:
            return None
        owner, value = found
        if owner is COMMON or owner == tenant:
            self._groups[owner].move_to_end(key)
        else:
            self._drop(key)
            self._add(key, COMMON, value)
        return value

    def put(self, key: Hashable, tenant: Hashable, value: V) -> None:
        """Keep an entry; older ones may have to go."""
        if key in self._found:
            self._drop(key)
        group = self._groups.get(tenant)
        if group is not None and len(group) >= self._share:
            self._drop(next(iter(group)))
        self._add(key, tenant, value)

    def _add(self, key: Hashable, owner: Hashable, value: V) -> None:
        if len(self._found) >= self._capacity:
            largest = max(self._groups.values(), key=len)
            self._drop(next(iter(largest)))
        self._found[key] = (owner, value)
        self._groups.setdefault(owner, OrderedDict())[key] = None

    def _drop(self, key: Hashable) -> None:
        owner, _ = self._found.pop(key)
        group = self._groups[owner]
        del group[key]
        if not group and owner is not COMMON:
            del self._groups[owner]
