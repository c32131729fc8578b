"""The operators of filters, one input type per kind of value, and the making of filter and order inputs."""

import datetime as dt
import decimal
from collections.abc import Callable
from enum import Enum
from typing import Any, Generic, TypeVar

import strawberry
from strawberry.types.unset import UNSET

from reads.relay import OrderDirection
from reads.specs import FILTERS, OrderColumn, Ordering

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

EQ = "Equal to this."
IN = "Equal to one of these, at most 250."
GTE = "At least this."
LTE = "At most this."
IS_NULL = "True: has no value; false: has one."


def _option(description: str, name: str | None = None) -> Any:
    return strawberry.field(description=description, default=UNSET, name=name)


@strawberry.input(description="Conditions on a text.")
class TextFilter:
    """Operators on text."""

    eq: str | None = _option(EQ)
    in_: list[str] | None = _option(IN, "in")
    starts_with: str | None = _option("Begins with this.")
    is_null: bool | None = _option(IS_NULL)


@strawberry.input(description="Conditions on an id.")
class IdFilter:
    """Operators on global ids."""

    eq: strawberry.ID | None = _option(EQ)
    in_: list[strawberry.ID] | None = _option(IN, "in")
    is_null: bool | None = _option(IS_NULL)


@strawberry.input(description="Conditions on a truth value.")
class BooleanFilter:
    """Operators on booleans."""

    eq: bool | None = _option(EQ)
    is_null: bool | None = _option(IS_NULL)


@strawberry.input(description="Conditions on a whole number.")
class IntFilter:
    """Operators on integers."""

    eq: int | None = _option(EQ)
    in_: list[int] | None = _option(IN, "in")
    gte: int | None = _option(GTE)
    lte: int | None = _option(LTE)
    is_null: bool | None = _option(IS_NULL)


@strawberry.input(description="Conditions on a decimal number.")
class DecimalFilter:
    """Operators on decimals."""

    eq: decimal.Decimal | None = _option(EQ)
    gte: decimal.Decimal | None = _option(GTE)
    lte: decimal.Decimal | None = _option(LTE)
    is_null: bool | None = _option(IS_NULL)


@strawberry.input(description="Conditions on a day.")
class DateFilter:
    """Operators on days."""

    eq: dt.date | None = _option(EQ)
    gte: dt.date | None = _option(GTE)
    lte: dt.date | None = _option(LTE)
    is_null: bool | None = _option(IS_NULL)


@strawberry.input(description="Conditions on a moment.")
class DateTimeFilter:
    """Operators on moments."""

    gte: dt.datetime | None = _option(GTE)
    lte: dt.datetime | None = _option(LTE)
    is_null: bool | None = _option(IS_NULL)


@strawberry.input(name="Filter", description="Conditions on one of a fixed set of values.")
class EnumFilter(Generic[E]):
    """Operators on an enumeration; `EnumFilter[PartnerType]` becomes `PartnerTypeFilter`."""

    eq: E | None = _option(EQ)
    in_: list[E] | None = _option(IN, "in")
    is_null: bool | None = _option(IS_NULL)


def filter_input(*, description: str, name: str | None = None, rows: Any = None) -> Callable[[type[T]], type[T]]:
    """Make a filter input of a class whose fields are `filter_column`, `filter_related` or `filter_where`.

    `and`, `or` and `not` are added. `rows` names the type whose rows are filtered when it is not the
    connection's node (checked at start-up).
    """

    def decorate(cls: type[T]) -> type[T]:
        own = f"list[{cls.__name__}] | None"
        for attribute, text, annotation in (
            ("and_", "All of these hold.", own),
            ("or_", "At least one of these holds.", own),
            ("not_", "This does not hold.", f"{cls.__name__} | None"),
        ):
            cls.__annotations__[attribute] = annotation
            setattr(cls, attribute, _option(text, attribute[:-1]))
        made: type[T] = strawberry.input(cls, name=name, description=description)
        setattr(made, FILTERS, rows or made)
        return made

    return decorate


def ordering(name: str, description: str, **keys: OrderColumn) -> Ordering:
    """The orderings of a connection: an enumeration `<name>Field` and an input `<name>`.

    Each keyword is the API's name of a key (`NUMBER=order_by("number", "…")`).
    """
    members = {key: strawberry.enum_value(key.lower(), description=k.description) for key, k in keys.items()}
    make: Any = Enum
    fields = strawberry.enum(make(f"{name}Field", members), name=f"{name}Field", description=f"{description} The keys.")
    namespace = {
        "__annotations__": {"field": fields, "direction": OrderDirection},
        "field": strawberry.field(description="The key to order by."),
        "direction": strawberry.field(description="Which way.", default=OrderDirection.ASC),
        "__doc__": description,
        "__module__": __name__,
    }
    made = strawberry.input(type(name, (), namespace), name=name, description=description)
    return Ordering(made, keys)
