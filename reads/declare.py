"""What a type of the schema says about its data, once: which rows, columns, relations, pages.

    @rows(Partner, prefix="par", permission=Permission.PARTNERS_SEE, scope=partners.visible)
    @strawberry.type(description="…")
    class Partner(Node):
        number: str = column("Number (Nummer).")
        display: str = computed("Name as people write it.", partners.display)
        addresses: list[Address] = many("…", on={"partner_id": "id"}, order_by=("position",))

Every function answers a Strawberry field; nobody writes resolvers. The wording of descriptions is the
schema's; where a permission is named, it is added to the description.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.types.unset import UNSET

from reads import specs
from reads.specs import KEY, ROWS, Argument, Branch, Condition, Expression, Link, Ordering, Source
from tenancy.permissions import Permission

T = TypeVar("T", bound=type)

Order = Sequence[str | Expression]


def rows(
    model: Any,
    *,
    prefix: str | None = None,
    permission: Permission | None = None,
    scope: Condition | None = None,
    tenant: str | Sequence[str] | None = "tenant_id",
) -> Callable[[T], T]:
    """Say where the rows of a type stand; written above `@strawberry.type`.

    `model` is a mapped class or a table, or None for a type that has no rows of its own (`embedded`).
    `prefix` stands before the uuid in ids. `permission` is needed to see any row of the type, wherever it
    appears. `scope(row, context)` says which rows, wherever the type appears. `tenant` names the column (or
    columns: one branch each) that holds the caller's tenant; None for tables that are not of one tenant.
    """
    columns = (tenant,) if isinstance(tenant, str) else tuple(tenant or ())

    def decorate(cls: T) -> T:
        setattr(cls, ROWS, specs.Rows(model, prefix, permission, scope, columns))
        return cls

    return decorate


def argument(
    type_: Any, description: str, *, default: Any = None, required: bool = False, name: str | None = None
) -> Argument:
    """An argument of a field: its Python type as in an annotation, and its default.

    A required argument has no default. An absent optional argument is None in `args` of the expression.
    """
    return Argument(type_, description, default, required, name)


def column(
    description: str,
    *,
    of: str | None = None,
    prefix: str | None = None,
    always: bool = False,
    permission: Permission | None = None,
    deprecated: str | None = None,
) -> Any:
    """A column of the row, of the field's own name or of `of`.

    An `ID` takes the prefix of its type when it is the type's `id`; for the id of another type, `prefix`.
    `always` lets a field be non-null on a nullable column that the rows of this type always have (say by a CHECK).
    """
    return _field(description, specs.Column(permission, of=of, prefix=prefix, always=always), deprecated)


def computed(
    description: str,
    expression: Expression,
    *,
    args: Mapping[str, Argument] | None = None,
    prefix: str | None = None,
    permission: Permission | None = None,
    deprecated: str | None = None,
) -> Any:
    """An SQL expression of persistence over the row: `(row, context)`, with `args` `(row, context, args)`.

    `args` answers binds by Python name, None for what was not given.
    """
    source = specs.Computed(permission, dict(args or {}), expression=expression, prefix=prefix)
    return _field(description, source, deprecated)


def embedded(
    description: str,
    *,
    null_when: str | None = None,
    permission: Permission | None = None,
    deprecated: str | None = None,
    **renames: str,
) -> Any:
    """An object made of the same row: `minor="total_minor"` lets its fields read `total_minor` as `minor`.

    Null where the column `null_when` is null. On a root type: an object without any row.
    """
    source = specs.Embedded(permission, renames=renames, null_when=null_when)
    return _field(description, source, deprecated)


def one(
    description: str,
    *,
    on: Mapping[str, str] | None = None,
    where: Condition | None = None,
    order_by: Order = (),
    cross_tenant: Mapping[str, str] | None = None,
    args: Mapping[str, Argument] | None = None,
    always: bool = False,
    permission: Permission | None = None,
    deprecated: str | None = None,
) -> Any:
    """At most one row of the field's type: `on` child column → parent column, or `where(parent, child, context, args)`.

    The tenant joins by itself unless `cross_tenant` says which child column equals which parent column
    instead. With `order_by` the first of several. On a root type there is no parent (None). `always` lets a
    field be non-null although its column is nullable, where the rows of this type always have it.
    """
    link = _link(on, where, cross_tenant, order_by)
    return _field(description, specs.One(permission, dict(args or {}), link=link, always=always), deprecated)


def many(
    description: str,
    *,
    on: Mapping[str, str] | None = None,
    where: Condition | None = None,
    order_by: Order,
    cross_tenant: Mapping[str, str] | None = None,
    args: Mapping[str, Argument] | None = None,
    size: int = 10,
    limit: int | None = None,
    permission: Permission | None = None,
    deprecated: str | None = None,
) -> Any:
    """All rows of the list's type that belong to the row, ordered; a name with `-` before it is descending.

    `size` is how many the cost counts; `limit` how many are given at most.
    """
    link = _link(on, where, cross_tenant, order_by)
    source = specs.Many(permission, dict(args or {}), link=link, size=size, limit=limit)
    return _field(description, source, deprecated)


def link(
    *,
    on: Mapping[str, str] | None = None,
    where: Condition | None = None,
    order_by: Order = (),
    cross_tenant: Mapping[str, str] | None = None,
) -> Link:
    """One way from a row to another, for `either` and `filter_related`."""
    return _link(on, where, cross_tenant, order_by)


def either(
    description: str, *, permission: Permission | None = None, deprecated: str | None = None, **links: Link
) -> Any:
    """For a field of a union or interface: GraphQL type name → link; the first that finds a row is it."""
    return _field(description, specs.Either(permission, links=links), deprecated)


def row_by(
    description: str,
    *columns: str,
    where: Condition | None = None,
    one_of: Any = None,
    permission: Permission | None = None,
    deprecated: str | None = None,
) -> Any:
    """A root field: the row by unique columns, each an argument (default `id: ID!`); null when there is none.

    `one_of` is a `@strawberry.input(one_of=True)` class whose fields are named like columns, or are a
    `filter_column` that names the column and prepares the text: then the only argument is `by`.
    """
    names = columns or ("id",)
    source = specs.RowBy(permission, columns=names, where=where, one_of=one_of)
    return _field(description, source, deprecated)


def page(
    description: str,
    *,
    filter: Any = None,
    order: Ordering | None = None,
    default_order: Sequence[str] = ("id",),
    branches: Sequence[Branch] | None = None,
    on: Mapping[str, str] | None = None,
    cross_tenant: Mapping[str, str] | None = None,
    where: Condition | None = None,
    first: int = 25,
    most: int = 100,
    permission: Permission | None = None,
    deprecated: str | None = None,
) -> Any:
    """A connection, on a root type or (with `on`) below a row; `id` is added to every ordering.

    `where(parent, child, context, args)` narrows it (parent None at the root). `branches` are disjoint
    sources put together: names of columns that hold the caller's tenant, or `(row, context)` conditions;
    default: the type's own `tenant` columns.
    """
    source = specs.Page(
        permission,
        filter=filter,
        order=order,
        default_order=tuple(default_order),
        branches=None if branches is None else tuple(branches),
        link=None if on is None and cross_tenant is None else _link(on, None, cross_tenant, ()),
        where=where,
        first=first,
        most=most,
    )
    return _field(description, source, deprecated)


def node_by_id(description: str = "Anything with an id, or null (Datensatz).") -> Any:
    """The root field `node(id: ID!): Node`."""
    return _field(description, specs.NodeById(), None)


def nodes_by_ids(description: str = "Several things by their ids, each or null, in the ids' order.") -> Any:
    """The root field `nodes(ids: [ID!]!): [Node]!`, at most 100 ids."""
    return _field(description, specs.NodesByIds(), None)


def by_key(description: str, key: str = "id", *, permission: Permission | None = None) -> Any:
    """In a payload: the row (or for a list type the rows) whose uuid the operation's result holds under `key`.

    The mutation's permission has decided that its caller may see the result, so neither the type's
    permission nor its scope is asked again; those of nested fields are.
    """
    return _field(description, specs.ByKey(permission, key=key), None)


def value(description: str, key: str, *, prefix: str | None = None, permission: Permission | None = None) -> Any:
    """In a payload: a plain value of the operation's result, serialised like any other of its type.

    `prefix` makes a uuid the global id of a type.
    """
    return _field(description, specs.Value(permission, key=key, prefix=prefix), None)


def python(
    description: str,
    function: Callable[..., Any],
    *,
    requires: Sequence[str] = (),
    permission: Permission | None = None,
    deprecated: str | None = None,
) -> Any:
    """The exception: a value made by `function(values)` after the statement, from the columns `requires`.

    `values` maps those columns to what JSON has for them. Name each use in the decision log.
    """
    source = specs.PythonField(permission, function=function, requires=tuple(requires))
    return _field(description, source, deprecated)


def resolved(description: str, *, permission: Permission | None = None) -> Callable[[Any], Any]:
    """Above a resolver of a root type: a field that Python answers, by graphql-core, beside the compiled rest."""
    text = description if permission is None else f"{description} Needs `{permission}`."
    decorate: Any = strawberry.field(description=text, metadata={KEY: specs.Resolved(permission)})

    def field(resolver: Any) -> Any:
        return decorate(resolver)

    return field


def filter_column(
    description: str,
    of: str | None = None,
    *,
    normal: Callable[[str], str] | None = None,
    prefix: str | None = None,
    permission: Permission | None = None,
) -> Any:
    """In a filter: conditions on a column (default: of the field's name); `normal` prepares given texts.

    The field's type is one of `TextFilter`, `IdFilter`, `EnumFilter[…]`, `DateFilter`, … or None.
    """
    spec = specs.FilterColumn(of, None, normal, permission, prefix)
    return strawberry.field(description=description, default=UNSET, metadata={KEY: spec})


def filter_where(
    description: str,
    expression: Expression,
    *,
    permission: Permission | None = None,
) -> Any:
    """In a filter: a plain scalar argument that an SQL condition takes, `(row, context, value)` → boolean."""
    spec = specs.FilterColumn(None, expression, None, permission, None)
    return strawberry.field(description=description, default=UNSET, metadata={KEY: spec})


def filter_related(
    description: str,
    rows_of: Any,
    *,
    on: Mapping[str, str] | None = None,
    where: Condition | None = None,
    cross_tenant: Mapping[str, str] | None = None,
    of: str | None = None,
    normal: Callable[[str], str] | None = None,
    prefix: str | None = None,
    permission: Permission | None = None,
) -> Any:
    """In a filter: at least one related row of the type `rows_of` (a `@rows` class, or a callable answering it).

    The field's type is another filter input, or with `of` an operator input on that column of the related
    rows. The related type's permission and scope hold.
    """
    spec = specs.FilterRelated(rows_of, _link(on, where, cross_tenant, ()), of, normal, permission, prefix)
    return strawberry.field(description=description, default=UNSET, metadata={KEY: spec})


def order_by(of: str, description: str, *, permission: Permission | None = None) -> specs.OrderColumn:
    """A key of an `ordering`: an indexed column."""
    return specs.OrderColumn(of, description, permission)


def _link(
    on: Mapping[str, str] | None,
    where: Condition | None,
    cross_tenant: Mapping[str, str] | None,
    order: Order,
) -> Link:
    return Link(dict(on or {}), where, None if cross_tenant is None else dict(cross_tenant), tuple(order))


def _field(description: str, source: Source, deprecated: str | None) -> Any:
    if source.permission is not None:
        description = f"{description} Needs `{source.permission}`."
    made: Any = strawberry.field(description=description, deprecation_reason=deprecated, metadata={KEY: source})
    field: StrawberryField = made
    field.arguments = _arguments(source)
    return field


def _arguments(source: Source) -> list[StrawberryArgument]:
    match source:
        case specs.RowBy():
            arguments = _row_by_arguments(source)
        case specs.Page():
            arguments = _page_arguments(source)
        case specs.NodeById():
            arguments = {"id": argument(strawberry.ID, "The id.", required=True)}
        case specs.NodesByIds():
            arguments = {"ids": argument(list[strawberry.ID], "The ids, at most 100.", required=True)}
        case _:
            arguments = dict(source.args)
    return [_strawberry_argument(name, a) for name, a in arguments.items()]


def _strawberry_argument(name: str, a: Argument) -> StrawberryArgument:
    annotation = a.type if a.required or a.default is not None else a.type | None
    return StrawberryArgument(
        python_name=name,
        graphql_name=a.name,
        type_annotation=StrawberryAnnotation(annotation),
        description=a.description,
        default=UNSET if a.default is None else a.default,
    )


def _row_by_arguments(source: specs.RowBy) -> dict[str, Argument]:
    if source.one_of is not None:
        return {"by": argument(source.one_of, "Exactly one of the keys.", required=True)}
    return {
        name: argument(strawberry.ID if name == "id" else str, f"The {name}.", required=True) for name in source.columns
    }


def _page_arguments(source: specs.Page) -> dict[str, Argument]:
    arguments = {}
    if source.filter is not None:
        arguments["filter"] = argument(source.filter, "Only those that fulfil this.")
    if source.order is not None:
        input_type: Any = source.order.input
        arguments["order_by"] = argument(list[input_type], "The order; the id decides between equals.")
    most, count = source.most, source.first
    arguments["first"] = argument(int, f"How many, from the front; 1 to {most}, {count} when nothing is said.")
    arguments["after"] = argument(str, "Only those behind this cursor.")
    arguments["last"] = argument(int, f"How many, from the back; 1 to {most}.")
    arguments["before"] = argument(str, "Only those before this cursor.")
    return arguments
