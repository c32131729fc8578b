"""Which customers are listed, and how."""

import strawberry

from domain.names import sort_key
from domain.partners import number_key
from persistence import customers as stored
from reads import (
    IdFilter,
    TextFilter,
    filter_column,
    filter_input,
    filter_related,
    filter_where,
    order_by,
    ordering,
    page,
    row_by,
)
from schema.base import Connection
from schema.customers.types import Customer
from schema.customers.words import AbcClass, CustomerStatus
from schema.partners import PartnerAddress
from tenancy.permissions import Permission


@filter_input(description="Which customers (Kundenfilter).")
class CustomerFilter:
    """Conditions on customers; those on data count what is effective at the acting organization."""

    id: IdFilter | None = filter_column("By id.")
    number: TextFilter | None = filter_column("The number; case does not count.", "number_key", normal=number_key)
    name: TextFilter | None = filter_column(
        "The name as it is sorted; case and accents do not count.", "name_key", normal=sort_key
    )
    status: CustomerStatus | None = filter_where(
        "What somebody set, also when the block has ended (Status).", stored.acting_status
    )
    blocked: bool | None = filter_where("Whether any block is effective today (gesperrt).", stored.acting_blocked)
    abc_class: AbcClass | None = filter_where("How important it is (ABC-Klassifizierung).", stored.acting_abc_class)
    city: TextFilter | None = filter_related(
        "A city of one of its addresses.",
        lambda: PartnerAddress,
        on={"partner_id": "id"},
        of="city_key",
        normal=sort_key,
    )


CustomerOrder = ordering(
    "CustomerOrder",
    "How customers are ordered.",
    NAME=order_by("name_key", "By name, as in a German list."),
    NUMBER=order_by("number_key", "By number."),
)


@strawberry.type
class CustomerQuery:
    """Reading customers."""

    customer: Customer | None = row_by("One customer (Kunde).", permission=Permission.CUSTOMERS_SEE)
    customers: Connection[Customer] | None = page(
        "The customers that the caller sees at the acting organization (Kunden).",
        filter=CustomerFilter,
        order=CustomerOrder,
        default_order=("name_key",),
        permission=Permission.CUSTOMERS_SEE,
    )
