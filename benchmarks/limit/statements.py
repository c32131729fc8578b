"""One fixed text for each query; the first parameter is always the tenant."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from benchmarks.documents import DOCUMENTS

Values = list[bytes | None]
Variables = Mapping[str, Any]

MOMENT = """to_char({} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def _json(inner: str) -> str:
    return f"select row_to_json(r)::text from (select {inner}) r"


def _object(inner: str) -> str:
    return f"(select row_to_json(x) from ({inner}) x)"


def _list(inner: str) -> str:
    return f"(select coalesce(json_agg(x), '[]'::json) from ({inner}) x)"


def _cursor(row: str) -> str:
    text = f"json_build_array({row}.key, {row}.id)::text"
    return f"translate(encode(convert_to({text}, 'UTF8'), 'base64'), E'\\n', '')"


def _page(of: str, node: str, *, key: str, where: str) -> str:
    """Fifty rows after a key and an id, and whether there are more."""
    return f"""
    (with page as materialized (
       select *, {key} as key, row_number() over () as n from (
         select * from {of} where {where} and ({key}, id) > ($2::text, $3::uuid) order by {key}, id limit 51) o)
     select row_to_json(c) from (select
       {_list(f"select {node} from page where n <= 50 order by n")} as nodes,
       {
        _object(f'''select (select count(*) > 50 from page) as "hasNextPage",
         (select {_cursor("page")} from page where n <= 50 order by n desc limit 1) as "endCursor"''')
    } as "pageInfo") c)"""


Q1 = _json(
    _object(
        f"""select 'par_' || id as id, number, type, display_name as "displayName", first_name as "firstName",
            last_name as "lastName", name, search_term as "searchTerm", language, affiliation, blocked,
            {MOMENT.format("created_at")} as "createdAt"
            from partner where tenant_id = $1::uuid and id = $2::uuid and archived_at is null"""
    )
    + " as partner"
)
ADDRESSES = _list(
    """select position, street, postal_code as "postalCode", city, country_code as "countryCode"
       from partner_address a where a.tenant_id = $1::uuid and a.partner_id = page.id order by position"""
)
Q2 = _json(
    _page(
        "partner",
        f"""'par_' || id as id, number, type, display_name as "displayName", search_term as "searchTerm", language,
            blocked, version, {MOMENT.format("created_at")} as "createdAt", {ADDRESSES} as addresses""",
        key="name_key",
        where="tenant_id = $1::uuid and archived_at is null",
    )
    + " as partners"
)
PRICE = _object("select (p.price_minor * 0.01)::text as amount, p.currency")
PRODUCTS = _list(
    f"""select 'opr_' || p.id as id, p.position, p.internal_title as "internalTitle", p.product_type as "productType",
        p.quantity, {PRICE} as price
        from offer_product p where p.tenant_id = o.tenant_id and p.offer_id = o.id order by p.position"""
)
ACTIVE = """exists (select from connection h join connection_answer a on a.source_tenant_id = h.source_tenant_id
  and a.connection_id = h.id where h.source_tenant_id = o.tenant_id and h.id = o.connection_id and h.invited
  and h.blocked_at is null and a.accepted and a.blocked_at is null)"""


def _offer(prefix: str, where: str) -> str:
    return _object(
        f"""select '{prefix}' || o.id as id, o.internal_title as "internalTitle", o.currency,
            o.term_months as "termMonths", {PRODUCTS} as products from offer o where {where}"""
    )


ITEMS = _list(
    f"""select 'cit_' || i.id as id, i.position, i.option,
        {_offer("off_", "o.tenant_id = $1::uuid and o.id = i.offer_id")} as offer,
        {
        _offer(
            "xof_",
            "o.shared_tenant_id = $1::uuid and o.tenant_id = i.source_tenant_id and o.id = i.external_offer_id"
            f" and {ACTIVE}",
        )
    } as "externalOffer"
        from cart_item i where i.tenant_id = $1::uuid and i.cart_id = c.id order by i.position"""
)
Q3 = _json(
    _object(
        f"""select 'car_' || c.id as id, c.internal_title as "internalTitle", c.currency, c.state,
            {MOMENT.format("c.created_at")} as "createdAt", {ITEMS} as items
            from cart c where c.tenant_id = $1::uuid and c.id = $2::uuid"""
    )
    + " as cart"
)
OF_FEED = _list(
    f"""select p.position, p.internal_title as "internalTitle", p.quantity, {PRICE} as price
        from offer_product p where p.shared_tenant_id = $1::uuid and p.tenant_id = page.tenant_id
        and p.offer_id = page.id order by p.position"""
)
F = _json(
    _page(
        "offer o",
        f"""'xof_' || id as id, internal_title as "internalTitle", offer_type as "offerType", currency,
            term_months as "termMonths", on_sale as sellable, {OF_FEED} as products""",
        key="title_key",
        where=f"shared_tenant_id = $1::uuid and state = 'ACTIVE' and {ACTIVE}",
    )
    + ' as "allExternalOffers"'
)
M1 = """
with i as (
  insert into cart_item (tenant_id, id, cart_id, position, offer_id)
  values ($1::uuid, uuidv7(), $2::uuid,
          (select max(position) + 1 from cart_item where tenant_id = $1::uuid and cart_id = $2::uuid), $3::uuid)
  returning *)
select row_to_json(r)::text from (select (select row_to_json(x) from (
  select 'AddCartItemPayload' as __typename,
         (select row_to_json(y) from (select 'cit_' || i.id as id, i.position, i.option) y) as item,
         (select row_to_json(y) from (select 'car_' || c.id as id, c.version) y) as cart
    from i join cart c on c.tenant_id = i.tenant_id and c.id = i.cart_id) x) as "addCartItem") r
"""


@dataclass(frozen=True)
class Statement:
    """A text, the name under which every connection prepares it, and what of the variables it needs."""

    name: bytes
    sql: bytes
    values: Callable[[Variables], Values]


def _id(variables: Variables) -> Values:
    return [_uuid(variables["id"])]


def _after(variables: Variables) -> Values:
    after = variables.get("after")
    if after is None:
        return [b"", b"00000000-0000-0000-0000-000000000000"]
    key, id_ = orjson.loads(base64.b64decode(after))
    return [key.encode(), id_.encode()]


def _item(variables: Variables) -> Values:
    given = variables["input"]
    return [_uuid(given["cartId"]), _uuid(given["offerId"])]


def _uuid(id_: str) -> bytes:
    return id_.partition("_")[2].encode()


STATEMENTS: Mapping[str, Statement] = {
    DOCUMENTS[name]: Statement(name.encode(), sql.encode(), values)
    for name, sql, values in (
        ("Q1", Q1, _id),
        ("Q2", Q2, _after),
        ("Q3", Q3, _id),
        ("F", F, _after),
        ("M1", M1, _item),
    )
}
"""By the document that asks for it."""

TYPENAME = DOCUMENTS["Q4"]
