"""What can be asked of carts within a statement: whether an item, and the whole, can be sold now, and why not.

It is `domain.carts.problems` in SQL, over the offers as row security shows them to the seller.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Subquery,
    Table,
    and_,
    case,
    exists,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)

from domain.carts import CartProblem
from domain.sales import CartState
from persistence import connections, money, taxes
from persistence.carts.rows import Cart, CartItem
from persistence.offers import Offer
from persistence.partners import PartnerAddress


def problem(item: Any, _: object = None) -> ColumnElement[Any]:
    """Why an item cannot be sold now, as a code; null when nothing speaks against it."""
    cart, leading = _table(Cart).alias(), _table(CartItem).alias()
    currency = (
        select(cart.c.currency).where(cart.c.tenant_id == item.tenant_id, cart.c.id == item.cart_id).scalar_subquery()
    )
    led = exists().where(
        leading.c.tenant_id == item.tenant_id, leading.c.id == item.leading_item_id, available(leading.c)
    )
    return case(
        (
            not_(available(item)),
            case(
                (item.external_offer_id.is_not(None), _code(CartProblem.EXTERNAL_OFFER_NOT_AVAILABLE)),
                else_=_code(CartProblem.OFFER_NOT_ON_SALE),
            ),
        ),
        (_offer_currency(item) != currency, _code(CartProblem.CURRENCY_MISMATCH)),
        (and_(item.leading_item_id.is_not(None), not_(led)), _code(CartProblem.LEADING_ITEM_NOT_AVAILABLE)),
        else_=null(),
    )


def available(item: Any, _: object = None) -> ColumnElement[bool]:
    """Whether the offer of an item can be bought now; an external one over an active connection that is open."""
    own, external = _table(Offer).alias(), _table(Offer).alias()
    return or_(
        exists(own.c.id).where(
            own.c.tenant_id == item.tenant_id,
            own.c.id == item.offer_id,
            own.c.target_tenant_id.is_(None),
            own.c.on_sale,
        ),
        exists(external.c.id).where(
            external.c.tenant_id == item.source_tenant_id,
            external.c.id == item.external_offer_id,
            external.c.shared_tenant_id == item.tenant_id,
            external.c.on_sale,
            connections.active(external.c.tenant_id, external.c.connection_id),
        ),
    )


def _offer_currency(item: Any) -> ColumnElement[Any]:
    offer = _table(Offer).alias()
    own = and_(offer.c.tenant_id == item.tenant_id, offer.c.id == item.offer_id)
    external = and_(offer.c.tenant_id == item.source_tenant_id, offer.c.id == item.external_offer_id)
    return select(offer.c.currency).where(or_(own, external)).scalar_subquery()


def _problems() -> Subquery:
    """One row for each thing that is wrong: of an item, or (without position) of the whole cart."""
    item, cart, mandatory = _table(CartItem).alias(), _table(Cart).alias(), _table(CartItem).alias()
    code = problem(item.c)
    of_items = select(item.c.tenant_id, item.c.cart_id, item.c.position, code.label("code")).where(code.is_not(None))
    archived = _of_carts(cart, CartProblem.CART_ARCHIVED).where(cart.c.state == CartState.ARCHIVED.value)
    has_mandatory = exists(mandatory.c.id).where(
        mandatory.c.tenant_id == cart.c.tenant_id, mandatory.c.cart_id == cart.c.id, not_(mandatory.c.option)
    )
    without = _of_carts(cart, CartProblem.NO_MANDATORY_ITEM).where(not_(has_mandatory))
    return union_all(of_items, archived, without).subquery("cart_problem")


def _of_carts(cart: Any, code: CartProblem) -> Any:
    position = literal(0).label("position")
    return select(cart.c.tenant_id, cart.c.id.label("cart_id"), position, _code(code))


def sellable(cart: Any, _: object = None) -> ColumnElement[bool]:
    """Whether nothing is wrong with the whole cart or with a mandatory item of it (E-A1)."""
    mandatory, wrong = _table(CartItem).alias(), _table(CartItem).alias()
    return and_(
        cart.state == literal(CartState.ACTIVE.value),
        exists(mandatory.c.id).where(
            mandatory.c.tenant_id == cart.tenant_id, mandatory.c.cart_id == cart.id, not_(mandatory.c.option)
        ),
        not_(
            exists(wrong.c.id).where(
                wrong.c.tenant_id == cart.tenant_id,
                wrong.c.cart_id == cart.id,
                not_(wrong.c.option),
                problem(wrong.c).is_not(None),
            )
        ),
    )


def _for_customers() -> Subquery:
    cart = _table(Cart)
    return select(cart.c.tenant_id, cart.c.id, cart.c.state, cart.c.currency, cart.c.hint_text_module_id).subquery(
        "cart_for_customers"
    )


def for_sale(cart: Any, _: object) -> ColumnElement[bool]:
    """The carts that a customer may buy now (R-SC-14)."""
    return sellable(cart)


def wanted(_cart: Any, item: Any, _context: object, _args: object) -> ColumnElement[bool]:
    """The items of a cart that can be bought now: an optional one that cannot drops out (E-A1)."""
    return problem(item).is_(None)


def offered(item: Any, offer: Any, _context: object, _args: object) -> ColumnElement[bool]:
    """The offer of an item, own or another tenant's."""
    own = and_(offer.tenant_id == item.tenant_id, offer.id == item.offer_id)
    external = and_(offer.tenant_id == item.source_tenant_id, offer.id == item.external_offer_id)
    return or_(own, external)


def bought(_offer: Any, product: Any, _context: object, _args: object) -> ColumnElement[bool]:
    """The products that are bought with an offer: optional ones are not."""
    mandatory: ColumnElement[bool] = not_(product.option)
    return mandatory


def tax_rate(product: Any, context: Any) -> ColumnElement[Any]:
    """The rate of the tax in a price, for the customer who looks; null without an address (E-A11)."""
    return taxes.rate(product.tax_type, _country(context), context.today)


def tax(product: Any, context: Any) -> ColumnElement[Any]:
    """The tax in a price, for the customer who looks, as a decimal."""
    return money.decimal_of(taxes.tax_in(product.price_minor, tax_rate(product, context)), product.currency)


def _country(context: Any) -> Any:
    address = _table(PartnerAddress).alias()
    return (
        select(address.c.country_code)
        .where(address.c.tenant_id == context.tenant_id, address.c.partner_id == context.partner_id)
        .order_by(address.c.position)
        .limit(1)
        .scalar_subquery()
    )


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _code(code: CartProblem) -> ColumnElement[str]:
    return literal(code.value)


PROBLEMS = _problems()
"""What keeps items and carts from being sold at this moment; `position` 0 stands for the whole cart."""

FOR_CUSTOMERS = _for_customers()
"""The carts without what only staff may read (R-SC-11); a portal's role may read no other columns."""
