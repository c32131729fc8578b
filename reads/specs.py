"""What the declarations on the types are made of: where a value comes from, as plain frozen data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tenancy.permissions import Permission

KEY = "reads"
"""The key of a field's metadata under which its source stands."""

ROWS = "__reads_rows__"
FILTERS = "__reads_filters__"

Expression = Callable[..., Any]
"""`(row, context)` or `(row, context, args)` → a SQLAlchemy expression."""

Condition = Callable[..., Any]
"""`(row, context)` or `(parent, child, context, args)` → a SQLAlchemy boolean, or None for no condition."""

Branch = str | Condition


@dataclass(frozen=True)
class Rows:
    """Where the rows of a type stand, under which prefix of ids, and who sees which of them."""

    model: Any
    prefix: str | None = None
    permission: Permission | None = None
    scope: Condition | None = None
    tenant: tuple[str, ...] = ("tenant_id",)


@dataclass(frozen=True)
class Argument:
    """An argument of a declared field."""

    type: Any
    description: str
    default: Any = field(default=None)
    required: bool = False
    name: str | None = None


@dataclass(frozen=True)
class Source:
    """What every declared field has: the permission it needs and the arguments it takes."""

    permission: Permission | None = None
    args: Mapping[str, Argument] = field(default_factory=dict)


@dataclass(frozen=True)
class Column(Source):
    """A column of the type's own row."""

    of: str | None = None
    prefix: str | None = None
    always: bool = False


@dataclass(frozen=True)
class Computed(Source):
    """An SQL expression over the type's own row."""

    expression: Expression = field(kw_only=True)
    prefix: str | None = None


@dataclass(frozen=True)
class Embedded(Source):
    """An object without a row of its own: it reads the same row, under other column names."""

    renames: Mapping[str, str] = field(default_factory=dict)
    null_when: str | None = None


@dataclass(frozen=True)
class Link:
    """How a child row is found from its parent."""

    on: Mapping[str, str] = field(default_factory=dict)
    where: Condition | None = None
    cross_tenant: Mapping[str, str] | None = None
    order_by: tuple[str | Expression, ...] = ()


@dataclass(frozen=True)
class One(Source):
    """At most one row of another type."""

    link: Link = field(kw_only=True)
    always: bool = False


@dataclass(frozen=True)
class Many(Source):
    """All rows of another type that belong to this one; `size` is what the cost counts."""

    link: Link = field(kw_only=True)
    size: int = 10
    limit: int | None = None


@dataclass(frozen=True)
class Either(Source):
    """The first of several links that finds a row, for fields of a union or interface type."""

    links: Mapping[str, Link] = field(kw_only=True)


@dataclass(frozen=True)
class RowBy(Source):
    """A root field: the row with the given values of unique columns."""

    columns: tuple[str, ...] = ("id",)
    where: Condition | None = None
    one_of: Any = None


@dataclass(frozen=True)
class Page(Source):
    """A connection: a page of rows by a key, forwards or backwards."""

    filter: Any = None
    order: Any = None
    default_order: tuple[str, ...] = ("id",)
    branches: tuple[Branch, ...] | None = None
    link: Link | None = None
    where: Condition | None = None
    first: int = 25
    most: int = 100


@dataclass(frozen=True)
class NodeById(Source):
    """The root field `node(id:)`."""


@dataclass(frozen=True)
class NodesByIds(Source):
    """The root field `nodes(ids:)`."""

    most: int = 100


@dataclass(frozen=True)
class ByKey(Source):
    """In a payload: the row whose id stands in the operation's result under `key`."""

    key: str = field(kw_only=True)
    many: bool = False


@dataclass(frozen=True)
class Value(Source):
    """In a payload: a plain value of the operation's result."""

    key: str = field(kw_only=True)
    prefix: str | None = None


@dataclass(frozen=True)
class PythonField(Source):
    """A value that Python makes after the statement, from columns it declares."""

    function: Callable[..., Any] = field(kw_only=True)
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resolved(Source):
    """A root field that Python resolves; only its permission is declared."""


@dataclass(frozen=True)
class FilterColumn:
    """A filter over a column, or over an expression that an index serves."""

    of: str | None = None
    expression: Expression | None = None
    normal: Callable[[str], str] | None = None
    permission: Permission | None = None
    prefix: str | None = None


@dataclass(frozen=True)
class FilterRelated:
    """A filter over related rows: true when at least one of them fulfils it."""

    rows: Any
    link: Link
    of: str | None = None
    normal: Callable[[str], str] | None = None
    permission: Permission | None = None
    prefix: str | None = None


@dataclass(frozen=True)
class OrderColumn:
    """A key to order by; null values stand last in ascending order."""

    of: str
    description: str
    permission: Permission | None = None


@dataclass(frozen=True)
class Ordering:
    """The keys a connection can be ordered by, and the input type that names them."""

    input: Any
    keys: Mapping[str, OrderColumn]
