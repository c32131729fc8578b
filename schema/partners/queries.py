"""Which partners are listed, and how."""

import strawberry

from domain.names import sort_key
from domain.partners import number_key
from persistence import partners as stored
from reads import (
    EnumFilter,
    IdFilter,
    TextFilter,
    filter_column,
    filter_input,
    filter_related,
    order_by,
    ordering,
    page,
    row_by,
)
from schema.base import Connection
from schema.partners.types import Partner, PartnerAddress, PartnerCommunication, PartnerRole
from schema.partners.words import PartnerRoleKind, PartnerType
from tenancy.permissions import Permission


@filter_input(description="Which roles.")
class PartnerRoleFilter:
    """Conditions on a role."""

    role: EnumFilter[PartnerRoleKind] | None = filter_column("The role.")


@filter_input(description="Which partners (Partnerfilter).")
class PartnerFilter:
    """Conditions on partners."""

    id: IdFilter | None = filter_column("By id.")
    number: TextFilter | None = filter_column("The number; case does not count.", "number_key", normal=number_key)
    name: TextFilter | None = filter_column(
        "The name as it is sorted, a person's last name first; case and accents do not count.",
        "name_key",
        normal=sort_key,
    )
    search_term: TextFilter | None = filter_column(
        "The search term; case and accents do not count.", "search_key", normal=sort_key
    )
    type: EnumFilter[PartnerType] | None = filter_column("Person or organization.")
    responsible_organization_id: IdFilter | None = filter_column("The responsible organization.", prefix="org")
    role: EnumFilter[PartnerRoleKind] | None = filter_related(
        "A role that it plays.", lambda: PartnerRole, where=stored.playing, of="role"
    )
    city: TextFilter | None = filter_related(
        "A city of one of its addresses.",
        lambda: PartnerAddress,
        on={"partner_id": "id"},
        of="city_key",
        normal=sort_key,
    )
    postal_code: TextFilter | None = filter_related(
        "A postal code of one of its addresses.", lambda: PartnerAddress, on={"partner_id": "id"}, of="postal_code"
    )
    communication: TextFilter | None = filter_related(
        "A number or address by which it is reached; case does not count.",
        lambda: PartnerCommunication,
        on={"partner_id": "id"},
        of="value_key",
        normal=sort_key,
    )


PartnerOrder = ordering(
    "PartnerOrder",
    "How partners are ordered.",
    NAME=order_by("name_key", "By name, as in a German list."),
    NUMBER=order_by("number_key", "By number."),
    SEARCH_TERM=order_by("search_key", "By search term."),
)


@strawberry.input(one_of=True, description="One key of a partner (Schlüssel).")
class PartnerKey:
    """By id or by number."""

    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="The id.")
    number: strawberry.Maybe[str] = filter_column("The number; case does not count.", "number_key", normal=number_key)


@strawberry.type
class PartnerQuery:
    """Reading partners."""

    partner: Partner | None = row_by("One partner (Partner).", permission=Permission.PARTNERS_SEE)
    partner_by: Partner | None = row_by(
        "One partner by one of its keys (Partner nach Schlüssel).",
        one_of=PartnerKey,
        permission=Permission.PARTNERS_SEE,
    )
    partners: Connection[Partner] | None = page(
        "The partners that the caller sees at the acting organization (Partner).",
        filter=PartnerFilter,
        order=PartnerOrder,
        default_order=("name_key",),
        permission=Permission.PARTNERS_SEE,
    )
