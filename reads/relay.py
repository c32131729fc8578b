"""The shapes of Relay that every schema shares: nodes, connections, edges, page information."""

from enum import Enum
from typing import Generic, TypeVar

import strawberry

T = TypeVar("T")


@strawberry.interface(description="A thing with an id of its own, found again by `node` (Datensatz).")
class Node:
    """Implemented by every type with a prefix."""

    id: strawberry.ID = strawberry.field(description="The global id (Kennung); opaque: keep it, never take it apart.")


@strawberry.type(description="Where a page stands in its list (Seiteninformation).")
class PageInfo:
    """Relay's page information."""

    has_next_page: bool = strawberry.field(description="Whether more follow after this page.")
    has_previous_page: bool = strawberry.field(description="Whether some stand before this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first edge, null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last edge, null on an empty page.")


@strawberry.type(description="One element of a page, with its cursor.")
class Edge(Generic[T]):
    """Relay's edge."""

    cursor: str = strawberry.field(description="Where this element stands; pass it as `after` or `before`.")
    node: T = strawberry.field(description="The element itself.")


@strawberry.type(description="A page of a list (Seite).")
class Connection(Generic[T]):
    """Relay's connection; `nodes` spares the edges to whom needs no cursors of single elements."""

    edges: list[Edge[T]] = strawberry.field(description="The elements with their cursors.")
    nodes: list[T] = strawberry.field(description="The elements alone.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")
    total_count: int = strawberry.field(description="How many there are in all; counted only when asked for.")


@strawberry.enum(description="Which way a list is ordered (Sortierrichtung).")
class OrderDirection(Enum):
    """Ascending or descending."""

    ASC = strawberry.enum_value("asc", description="From small to large, missing values last.")
    DESC = strawberry.enum_value("desc", description="From large to small, missing values first.")
