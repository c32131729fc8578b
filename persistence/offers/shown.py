"""What can be asked of offers within a statement: who may see them, and what stands in their unshared siblings."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from domain.offers import OfferState
from persistence import connections
from persistence.cost_centers import CostCenter
from persistence.offers.rows import OfferInternal, OfferProductInternal

Expression = Callable[[Any, object], ColumnElement[Any]]


def external(row: Any, context: Any) -> ColumnElement[bool]:
    """The offers of other tenants that the caller's tenant may see now (R-XC-06, R-XC-43, R-XC-45).

    For rows already found by their reader column, `shared_tenant_id`.
    """
    return and_(
        connections.from_sources(row.tenant_id, context.tenant_id),
        connections.active(row.tenant_id, row.connection_id),
    )


def listed(_parent: object, row: Any, _context: object, _args: object) -> ColumnElement[bool]:
    """The offers that stand in lists: an archived one is hidden, also while it is still sold (R-XC-60)."""
    active: ColumnElement[bool] = row.state == OfferState.ACTIVE.value
    return active


def opened_by_source(row: Any, _: object) -> ColumnElement[bool]:
    """The connections over which the target sees offers now (R-XC-06); over rows of the source's half."""
    return and_(row.access_to_offers, connections.active(row.source_tenant_id, row.id))


def cross_client(row: Any, _: object) -> ColumnElement[bool]:
    """Whether another tenant sells the offer."""
    shared: ColumnElement[bool] = row.target_tenant_id.is_not(None)
    return shared


def is_cross_client(row: Any, context: object, value: Any) -> ColumnElement[bool]:
    """Whether another tenant sells the offer, as the filter says."""
    same: ColumnElement[bool] = cross_client(row, context) == value
    return same


def of_offer(name: str) -> Expression:
    """A column of the offer's unshared sibling."""
    return _of_sibling(OfferInternal, name)


def of_product(name: str) -> Expression:
    """A column of the product's unshared sibling."""
    return _of_sibling(OfferProductInternal, name)


def hint_of(offer: Any, text_module: Any, _context: object, _args: object) -> ColumnElement[bool]:
    """The text module that the offer shows in the owner's self service."""
    return _is(text_module, of_offer("hint_text_module_id")(offer, None))


def archive_text_of(offer: Any, text_module: Any, _context: object, _args: object) -> ColumnElement[bool]:
    """The text module that is shown instead of a blocked offer."""
    return _is(text_module, of_offer("archive_text_module_id")(offer, None))


def successor_of(offer: Any, other: Any, _context: object, _args: object) -> ColumnElement[bool]:
    """The offer that takes the place of an archived one."""
    return _is(other, of_offer("successor_offer_id")(offer, None))


def own_cost_center(product: Any, cost_center: Any, _context: object, _args: object) -> ColumnElement[bool]:
    """The owner's cost center of a product."""
    return _is(cost_center, of_product("cost_center_id")(product, None))


def cost_center_inactive(product: Any, _: object) -> ColumnElement[bool]:
    """Whether the target has deactivated the cost center that a shared product carries (E-A6)."""
    center = aliased(CostCenter)
    return exists().where(
        center.tenant_id == product.shared_tenant_id, center.id == product.target_cost_center_id, ~center.active
    )


def _of_sibling(model: Any, name: str) -> Expression:
    def expression(row: Any, _: object) -> ColumnElement[Any]:
        sibling = aliased(model)
        found = select(getattr(sibling, name)).where(sibling.tenant_id == row.tenant_id, sibling.id == row.id)
        return found.scalar_subquery()

    return expression


def _is(row: Any, id_: ColumnElement[Any]) -> ColumnElement[bool]:
    same: ColumnElement[bool] = row.id == id_
    return same
