"""The two schemas: one line for each area and audience."""

from functools import cache

import strawberry
from strawberry.schema.config import StrawberryConfig

from reads import SCALARS, node_by_id, nodes_by_ids
from schema.audit import AuditQuery
from schema.base import Node
from schema.carts import CartMutation, CartQuery
from schema.connections import ConnectionMutation, ConnectionQuery
from schema.cost_centers import CostCenterMutation, CostCenterQuery
from schema.customers import CustomerMutation, CustomerQuery
from schema.invoices import InvoiceMutation, InvoiceQuery
from schema.live import Subscription
from schema.number_ranges import NumberRangeMutation, NumberRangeQuery
from schema.offers import OfferMutation, OfferQuery
from schema.orders import OrderMutation, OrderQuery
from schema.organizations import OrganizationMutation, OrganizationQuery
from schema.partners import PartnerMutation, PartnerQuery
from schema.payouts import PayoutMutation, PayoutQuery
from schema.portal.carts import PortalCartQuery
from schema.portal.me import PortalMeQuery
from schema.portal.purchases import PortalPurchaseMutation, PortalPurchaseQuery
from schema.portal.subscriptions import PortalSubscriptionMutation, PortalSubscriptionQuery
from schema.portal.tenant import PortalTenantQuery
from schema.refusals import describe_codes
from schema.relationships import RelationshipMutation, RelationshipQuery
from schema.subscriptions import SubscriptionMutation, SubscriptionQuery
from schema.tenants import TenantMutation, TenantQuery
from schema.texts import TextMutation, TextQuery
from schema.users import UserMutation, UserQuery


@strawberry.type(description="Everything that can be read.")
class Query(
    TenantQuery,
    UserQuery,
    AuditQuery,
    OrganizationQuery,
    PartnerQuery,
    CustomerQuery,
    RelationshipQuery,
    NumberRangeQuery,
    ConnectionQuery,
    CostCenterQuery,
    TextQuery,
    OfferQuery,
    CartQuery,
    OrderQuery,
    InvoiceQuery,
    SubscriptionQuery,
    PayoutQuery,
):
    """The staff's queries."""

    node: Node | None = node_by_id()
    nodes: list[Node | None] = nodes_by_ids()


@strawberry.type(description="Everything that can be done.")
class Mutation(
    TenantMutation,
    UserMutation,
    OrganizationMutation,
    PartnerMutation,
    CustomerMutation,
    RelationshipMutation,
    NumberRangeMutation,
    ConnectionMutation,
    CostCenterMutation,
    TextMutation,
    OfferMutation,
    CartMutation,
    OrderMutation,
    InvoiceMutation,
    SubscriptionMutation,
    PayoutMutation,
):
    """The staff's mutations."""


@cache
def staff() -> strawberry.Schema:
    """The schema of staff, representatives, keys and jobs."""
    return strawberry.Schema(Query, Mutation, Subscription, config=_config())


@strawberry.type(name="Query", description="Everything that a customer can read.")
class PortalQuery(
    PortalMeQuery,
    PortalTenantQuery,
    PortalCartQuery,
    PortalPurchaseQuery,
    PortalSubscriptionQuery,
):
    """The portal's queries."""

    node: Node | None = node_by_id()
    nodes: list[Node | None] = nodes_by_ids()


@strawberry.type(name="Mutation", description="Everything that a customer can do.")
class PortalMutation(
    PortalPurchaseMutation,
    PortalSubscriptionMutation,
):
    """The portal's mutations."""


@cache
def portal() -> strawberry.Schema:
    """The schema of customers in the self-service portal."""
    return strawberry.Schema(PortalQuery, PortalMutation, config=_config())


def _config() -> StrawberryConfig:
    """What both schemas share; by now every area, and with it every refusal, is known."""
    describe_codes()
    return StrawberryConfig(scalar_map=SCALARS)
