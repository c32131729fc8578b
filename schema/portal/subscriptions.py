"""The subscriptions of a customer: bought here and managed here, or bought elsewhere and only provided here."""

from datetime import date, datetime
from typing import Any

import strawberry

from domain.sales import CancellationKind, SubscriptionStatus
from domain.subscriptions import Cancellation
from domain.texts import TextType
from persistence import sold
from persistence import subscriptions as stored
from reads import URL, LanguageCode, argument, by_key, column, computed, page, row_by, rows
from resolvers import subscriptions
from schema import sales, texts  # noqa: F401 - name the enumerations
from schema.base import Connection, Node, UpdateInput, key, mutation
from schema.subscriptions import ManagedByOtherTenant
from tenancy.operation import Call
from tenancy.permissions import Permission

LANGUAGE = {"language": argument(LanguageCode, "The language; without one the one you are written to in (Sprache).")}


@rows(stored.Subscription, prefix="sub", permission=Permission.PORTAL_SEE, scope=sold.own)
@strawberry.type(description="A repeated right that you bought here (Abonnement).")
class Subscription(Node):
    """R-SC-31, R-SC-37."""

    number: str = column("Its number (Abonummer).")
    title: str = column("What you bought (Titel).")
    status: SubscriptionStatus = computed("Whether it runs today (Abostatus).", stored.status)
    starts_on: date = column("Its first day (Beginn).")
    ends_on: date | None = column("Its last day, null: it goes on (Ende).")
    renews: bool = column("Whether it goes on by terms until you cancel it (verlängert sich).")
    term_months: int | None = column("How long a term is, in months (Laufzeit).")
    accounting_period_months: int | None = column("How often it is paid, in months (Abrechnungszeitraum).")
    cancellation_period_days: int | None = column("Days of notice (Kündigungsfrist).")
    cancellation: CancellationKind | None = column("How it was cancelled, null: it was not (Kündigungsart).")
    cancelled_at: datetime | None = column("When it was cancelled (gekündigt am).")
    manageable: bool = computed("Always true: you manage it here (verwaltbar).", stored.manageable)
    version: int = column("The version to name when you change it (Fassung).")


@rows(stored.ProvidedGrant, prefix="prv", permission=Permission.PORTAL_SEE, scope=sold.own)
@strawberry.type(description="What you bought at another company and get from this one (Bereitstellung).")
class ProvidedSubscription(Node):
    """R-SC-32, R-SC-35, R-SC-36."""

    subscription_id: strawberry.ID = column("Its id where you bought it.", prefix="sub")
    title: str = column("What you bought (Titel).")
    status: SubscriptionStatus = computed("Whether you have access today (Abostatus).", stored.grant_status)
    sold_by: str = column("Where you bought it and manage it (Anbieter).", of="target_name")
    starts_on: date = column("Its first day (Beginn).")
    ends_on: date | None = column("Its last day, null: it goes on (Ende).")
    access_rights: list[str] = computed("What you have access to (Zugriffsrechte).", stored.access_rights)
    manageable: bool = computed("Always false: it is managed where you bought it (verwaltbar).", stored.unmanageable)
    manage_url: URL | None = column("Where you manage it (Kundenportal).")
    self_service_hint: str = computed("Where and how you manage it (Hinweis).", stored.portal_hint, args=LANGUAGE)
    self_service_hint_type: TextType = computed("What kind of text that is.", stored.portal_hint_type, args=LANGUAGE)
    version: int = column("Counts the changes (Fassung).")


@strawberry.type
class PortalSubscriptionQuery:
    """Reading subscriptions."""

    subscription: Subscription | None = row_by(
        "One of your subscriptions (Abonnement).", permission=Permission.PORTAL_SEE
    )
    subscriptions: Connection[Subscription] | None = page(
        "What you bought here, the latest first (Abonnements).",
        default_order=("-starts_on",),
        permission=Permission.PORTAL_SEE,
    )
    provided_subscriptions: Connection[ProvidedSubscription] | None = page(
        "What you bought elsewhere and get here (Bereitstellungen).", permission=Permission.PORTAL_SEE
    )


@strawberry.input(description="Which subscription you cancel, and how.")
class CancelSubscriptionInput(UpdateInput):
    """R-SC-35, R-SC-39."""

    subscription_id: strawberry.ID = strawberry.field(description="The subscription.")
    kind: CancellationKind = strawberry.field(
        default=CancellationKind.REGULAR, description="To the end of its term, to a date, or at once (Kündigungsart)."
    )
    ends_on: date | None = strawberry.field(default=None, description="With DATE: the last day (Ende).")


@strawberry.input(description="Whose cancellation you take back.")
class UndoCancellationInput(UpdateInput):
    """R-SC-39."""

    subscription_id: strawberry.ID = strawberry.field(description="The subscription.")


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


@strawberry.type
class PortalSubscriptionMutation:
    """Changing subscriptions."""

    @mutation(
        subscriptions.cancel_own_subscription, payload=CancelSubscriptionPayload, refusals=(ManagedByOtherTenant,)
    )
    def cancel_subscription(self, input: CancelSubscriptionInput) -> Call[Any]:
        """Cancel a subscription that you bought here; one bought elsewhere is cancelled there (kündigen)."""
        return subscriptions.cancel_own_subscription(
            key("sub", input.subscription_id), Cancellation(input.kind, input.ends_on), input.expected_version
        )

    @mutation(subscriptions.undo_own_cancellation, payload=UndoCancellationPayload, refusals=(ManagedByOtherTenant,))
    def undo_cancellation(self, input: UndoCancellationInput) -> Call[Any]:
        """Take a cancellation back while the subscription runs (Kündigung zurücknehmen)."""
        return subscriptions.undo_own_cancellation(key("sub", input.subscription_id), input.expected_version)
