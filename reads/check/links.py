"""Links between types: their columns exist, and an index finds the rows."""

from collections.abc import Iterator
from typing import Any

from reads.catalogue import Catalogue
from reads.check.tables import TENANT, indexed, missing
from reads.row import table_of
from reads.specs import Link, Rows


def link(catalogue: Catalogue, own: Rows | None, link: Link, target: Any) -> Iterator[str]:
    """What is wrong with a link from rows to a type."""
    rows = None if target is None else catalogue.rows(target)
    if rows is None:
        yield "leads to a type without rows"
        return
    problems = [*missing(rows, link.on), *missing(own, link.on.values())]
    crossed = link.cross_tenant or {}
    problems += [*missing(rows, crossed), *missing(own, crossed.values())]
    yield from problems
    if link.on and not problems:
        tenants = [*crossed] or ([TENANT] if TENANT in table_of(rows).c else [])
        if not indexed(rows, [*tenants, *link.on]) and not indexed(rows, [*rows.tenant, *link.on]):
            yield f"no index of {table_of(rows).name} begins with ({', '.join([*tenants, *link.on])})"
