"""Subscriptions as staff sees them: those sold here, and the mirrors of those that other tenants sold."""

from datetime import date, datetime
from typing import Any

import strawberry

from domain.sales import CancellationKind, CrossClientRole, SubscriptionStatus
from domain.subscriptions import Cancellation
from domain.subscriptions import ManagedByOtherTenant as Managed
from domain.texts import TextType
from persistence import subscriptions as stored
from reads import (
    URL,
    DateFilter,
    IdFilter,
    LanguageCode,
    TextFilter,
    argument,
    by_key,
    column,
    computed,
    filter_column,
    filter_input,
    one,
    order_by,
    ordering,
    page,
    row_by,
    rows,
    value,
)
from resolvers import subscriptions
from schema import sales  # noqa: F401 - names the enumerations
from schema.base import Connection, MutationInput, Node, UpdateInput, key, mutation
from schema.customers import Customer
from schema.orders import OrderItem
from schema.refusals import Refusal, refusal
from tenancy.operation import Call
from tenancy.permissions import Permission

LANGUAGE = {"language": argument(LanguageCode, "The reader's language; without one the preferred text (Sprache).")}


@rows(
    stored.Subscription,
    prefix="sub",
    permission=Permission.SUBSCRIPTIONS_SEE,
    scope=stored.visible,
    tenant=("tenant_id", "source_tenant_id"),
)
@strawberry.type(description="A repeated right of a customer; the tenant that sold it manages it (Abonnement).")
class Subscription(Node):
    """R-SC-31 to R-SC-39."""

    number: str = column("Its number in the tenant that sold it (Abonummer).")
    title: str = column("What was bought (Titel).")
    status: SubscriptionStatus = computed("Whether it grants its right today (Abostatus).", stored.status)
    cross_client_role: CrossClientRole = computed("What it is to this tenant (Rolle).", stored.cross_client_role)
    customer: Customer | None = one(
        "The own customer; of a mirror the linked one, null until then (Kunde).",
        where=stored.customer_of,
        cross_tenant={},
    )
    sold_by_tenant_id: strawberry.ID = column("Who sold and manages it (Zielmandant).", of="tenant_id", prefix="ten")
    sold_by: str = column("Its name.", of="target_name")
    source_tenant_id: strawberry.ID | None = column(
        "Whose offer it is, if not the seller's (Quellmandant).", prefix="ten"
    )
    order_item: OrderItem | None = one(
        "What was ordered; null for the tenant that provides (Bestellposition).",
        where=stored.order_of,
        cross_tenant={},
        permission=Permission.ORDERS_SEE,
    )
    starts_on: date = column("Its first day (Beginn).")
    ends_on: date | None = column("Its last day, null: it goes on (Ende).")
    renews: bool = column("Whether it goes on by terms until it is cancelled (verlängert sich).")
    term_months: int | None = column("How long a term is, in months (Laufzeit).")
    accounting_period_months: int | None = column("How often it is paid, in months (Abrechnungszeitraum).")
    cancellation_period_days: int | None = column("Days of notice (Kündigungsfrist).")
    cancellation: CancellationKind | None = column("How it was cancelled, null: it was not (Kündigungsart).")
    cancelled_at: datetime | None = column("When it was cancelled (gekündigt am).")
    manageable: bool = computed("Whether this tenant manages it (verwaltbar).", stored.manageable)
    manage_url: URL | None = column("Where the customer manages it (Kundenportal).")
    self_service_hint: str | None = computed(
        "What the customer reads where it is only provided; null where this tenant manages (Hinweis im Self Service).",
        stored.hint,
        args=LANGUAGE,
    )
    self_service_hint_type: TextType | None = computed("What kind of text that is.", stored.hint_type, args=LANGUAGE)
    version: int = column("Counts the changes (Fassung).")


@filter_input(description="Which subscriptions.")
class SubscriptionFilter:
    """Conditions on subscriptions."""

    number: TextFilter | None = filter_column("The number.")
    customer_id: IdFilter | None = filter_column("Who bought here.", "partner_id", prefix="cus")
    source_tenant_id: IdFilter | None = filter_column("Whose offer it is.", prefix="ten")
    sold_by_tenant_id: IdFilter | None = filter_column("Who sold it.", "tenant_id", prefix="ten")
    starts_on: DateFilter | None = filter_column("Its first day.")


SubscriptionOrder = ordering(
    "SubscriptionOrder", "How subscriptions are ordered.", STARTS_ON=order_by("starts_on", "By the first day.")
)


@strawberry.type
class SubscriptionQuery:
    """Reading subscriptions."""

    subscription: Subscription | None = row_by(
        "One subscription (Abonnement).", permission=Permission.SUBSCRIPTIONS_SEE
    )
    subscriptions: Connection[Subscription] | None = page(
        "The subscriptions sold here and the mirrors of those sold elsewhere, the latest first (Abonnements).",
        filter=SubscriptionFilter,
        order=SubscriptionOrder,
        default_order=("-starts_on",),
        permission=Permission.SUBSCRIPTIONS_SEE,
    )


@refusal(Managed)
@rows(None)
@strawberry.type(description="The tenant that sold the subscription manages it (fremd verwaltet).")
class ManagedByOtherTenant(Refusal):
    """R-SC-35."""

    manage_url: URL | None = value("Where the customer manages it (Kundenportal).", "manage_url")


@strawberry.input(description="Which subscription is cancelled, and how.")
class CancelSubscriptionInput(UpdateInput):
    """R-SC-39."""

    subscription_id: strawberry.ID = strawberry.field(description="The subscription.")
    kind: CancellationKind = strawberry.field(
        default=CancellationKind.REGULAR, description="To the end of its term, to a date, or at once (Kündigungsart)."
    )
    ends_on: date | None = strawberry.field(default=None, description="With DATE: the last day (Ende).")


@strawberry.input(description="Whose cancellation is taken back.")
class UndoCancellationInput(UpdateInput):
    """R-SC-39."""

    subscription_id: strawberry.ID = strawberry.field(description="The subscription.")


@strawberry.input(description="Which own customer bought at another tenant.")
class LinkProvidedCustomerInput(MutationInput):
    """R-SC-34."""

    subscription_id: strawberry.ID = strawberry.field(description="The subscription, sold by another tenant.")
    customer_id: strawberry.ID = strawberry.field(description="The own customer.")


@rows(None)
@strawberry.type(description="The cancelled subscription.")
class CancelSubscriptionPayload:
    """What was cancelled."""

    subscription: Subscription = by_key("The subscription.")


@rows(None)
@strawberry.type(description="The subscription that goes on.")
class UndoCancellationPayload:
    """What goes on."""

    subscription: Subscription = by_key("The subscription.")


@rows(None)
@strawberry.type(description="The subscription with its customer.")
class LinkProvidedCustomerPayload:
    """What was linked."""

    subscription: Subscription = by_key("The subscription.", "subscription_id")


@strawberry.type
class SubscriptionMutation:
    """Changing subscriptions."""

    @mutation(subscriptions.cancel_subscription, payload=CancelSubscriptionPayload, refusals=(ManagedByOtherTenant,))
    def cancel_subscription(self, input: CancelSubscriptionInput) -> Call[Any]:
        """Cancel a subscription that this tenant sold; the mirror ends with it (Kündigung)."""
        return subscriptions.cancel_subscription(
            key("sub", input.subscription_id), Cancellation(input.kind, input.ends_on), input.expected_version
        )

    @mutation(subscriptions.undo_cancellation, payload=UndoCancellationPayload, refusals=(ManagedByOtherTenant,))
    def undo_cancellation(self, input: UndoCancellationInput) -> Call[Any]:
        """Take a cancellation back while the subscription runs (Kündigung zurücknehmen)."""
        return subscriptions.undo_cancellation(key("sub", input.subscription_id), input.expected_version)

    @mutation(subscriptions.link_provided_customer, payload=LinkProvidedCustomerPayload)
    def link_provided_customer(self, input: LinkProvidedCustomerInput) -> Call[Any]:
        """Say which own customer bought at a tenant of another company; access is granted then (Kunden zuordnen)."""
        return subscriptions.link_provided_customer(key("sub", input.subscription_id), key("cus", input.customer_id))
