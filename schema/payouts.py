"""The payout list as both tenants of an entry see it."""

from datetime import datetime
from typing import Any

import strawberry

from domain.connections import Party
from domain.sales import PaymentMethod, PayoutOrigin, SettlementStatus, TransactionType
from persistence import payouts as stored
from reads import (
    DateTimeFilter,
    EnumFilter,
    IdFilter,
    Percent,
    by_key,
    column,
    computed,
    embedded,
    filter_column,
    filter_input,
    filter_where,
    many,
    order_by,
    ordering,
    page,
    row_by,
    rows,
    value,
)
from resolvers import payouts
from schema import connections, sales  # noqa: F401 - name the enumerations
from schema.base import Connection, MutationInput, Node, key, mutation
from schema.money import Money
from tenancy.operation import Call
from tenancy.permissions import Permission

BOTH = ("tenant_id", "source_tenant_id")


@rows(stored.PayoutEntryItem, tenant=BOTH)
@strawberry.type(description="What one sold item adds to an entry (Position).")
class PayoutEntryItem:
    """An entry's items may have several cost centers and tax rates."""

    position: int = column("Its place in the order, from 1.")
    title: str = column("What was sold (Titel).")
    quantity: int = column("How many (Menge).")
    amount: Money = embedded(
        "What the customer paid for it, gross (Betrag).", minor="amount_minor", currency="currency"
    )
    tax_rate: Percent = column("The rate of the tax in it, in percent (Steuersatz).")
    tax: Money = embedded("The tax in it (Steuer).", minor="tax_minor", currency="currency")
    cost_center: str = column("The target's cost center (Kostenstelle).", of="cost_center_label")
    purchase_number: str | None = column("Its purchase number (Bestellnummer).")


@rows(
    stored.PayoutEntry,
    prefix="pay",
    permission=Permission.PAYOUTS_SEE,
    scope=stored.visible,
    tenant=BOTH,
)
@strawberry.type(
    description="One transaction with another tenant's offer; both tenants see it, nobody else (Eintrag der "
    "Auszahlungsliste)."
)
class PayoutEntry(Node):
    """R-PO-01 to R-PO-20."""

    number: int = column("Counts the entries of this pair of tenants (Nummer).")
    type: TransactionType = column("What the transaction did (Transaktionstyp).")
    i_am: Party = computed("Which of the two the caller's tenant is.", stored.i_am)
    source_tenant_id: strawberry.ID = column("Whose offer was sold (Quellmandant).", prefix="ten")
    source_name: str = column("Its name.")
    target_tenant_id: strawberry.ID = column("Who sold it (Zielmandant).", of="tenant_id", prefix="ten")
    target_name: str = column("Its name.")
    amount: Money = embedded(
        "What the customer paid for the source's items, gross; never negative (Betrag).",
        minor="amount_minor",
        currency="currency",
    )
    signed_amount: Money = embedded(
        "The same as the source sees it: payments add, refunds and losses take away (Betrag mit Vorzeichen).",
        minor="signed_minor",
        currency="currency",
    )
    tax_rate: Percent | None = column("The rate of the tax in it; null where its items differ (Steuersatz).")
    tax: Money = embedded("The tax in it (Steuer).", minor="tax_minor", currency="currency")
    cost_center: str = column("The target's cost centers, each named once (Kostenstelle).", of="cost_center_label")
    purchase_number: str | None = column("Their purchase numbers (Bestellnummer).")
    origin_type: PayoutOrigin = column("What caused it (Quelle).")
    order_id: strawberry.ID = column("The order, in the target (Quell-ID).", prefix="ord")
    order_number: str = column("Its number (Bestellnummer).")
    subscription_id: strawberry.ID | None = column("The subscription, if a renewal caused it.", prefix="sub")
    subscription_number: str | None = column("Its number (Abonummer).")
    invoice_id: strawberry.ID = column("The invoice, in the target.", prefix="inv")
    invoice_number: str = column("Its number (Rechnungsnummer).")
    payment_method: PaymentMethod = column("How the customer paid (Zahlungsart).")
    related_entry_id: strawberry.ID | None = column("The payment that a refund or loss belongs to.", prefix="pay")
    settlement_status: SettlementStatus = column("Whether the two tenants settled it (Zahlstatus).")
    settled_at: datetime | None = column("When it was settled (abgeschlossen am).")
    settled_by_tenant_id: strawberry.ID | None = column("Which of the two settled it.", prefix="ten")
    settled_by: strawberry.ID | None = computed(
        "Who did, if it was a user of the caller's tenant (Benutzer).", stored.settled_by, prefix="usr"
    )
    items: list[PayoutEntryItem] = many(
        "What it is made of (Positionen).",
        on={"entry_id": "id"},
        cross_tenant={"tenant_id": "tenant_id"},
        order_by=("position",),
        size=2,
    )
    created_at: datetime = column("When it was booked (angelegt am).")
    changed_at: datetime = column("When it was booked or settled (geändert am).")


@filter_input(description="Which entries.")
class PayoutEntryFilter:
    """R-PO-09."""

    type: EnumFilter[TransactionType] | None = filter_column("What the transaction did.")
    settlement_status: EnumFilter[SettlementStatus] | None = filter_column("Whether it is settled.")
    i_am: Party | None = filter_where("Only those where the caller's tenant is this one.", stored.is_party)
    source_tenant_id: IdFilter | None = filter_column("Whose offer was sold.", prefix="ten")
    target_tenant_id: IdFilter | None = filter_column("Who sold it.", "tenant_id", prefix="ten")
    order_id: IdFilter | None = filter_column("The order.", prefix="ord")
    subscription_id: IdFilter | None = filter_column("The subscription.", prefix="sub")
    invoice_id: IdFilter | None = filter_column("The invoice.", prefix="inv")
    created_at: DateTimeFilter | None = filter_column("When it was booked.")
    changed_at: DateTimeFilter | None = filter_column("When it was booked or settled.")


PayoutEntryOrder = ordering(
    "PayoutEntryOrder", "How entries are ordered.", CREATED_AT=order_by("created_at", "By the moment of booking.")
)


@strawberry.type
class PayoutQuery:
    """Reading the payout list."""

    payout_entry: PayoutEntry | None = row_by("One entry (Eintrag).", permission=Permission.PAYOUTS_SEE)
    payout_entries: Connection[PayoutEntry] | None = page(
        "What this tenant owes others and others owe it, the latest first (Log Auszahlungsliste).",
        filter=PayoutEntryFilter,
        order=PayoutEntryOrder,
        default_order=("-created_at",),
        branches=BOTH,
        permission=Permission.PAYOUTS_SEE,
    )


@strawberry.input(description="Which entry is settled.")
class SettlePayoutEntryInput(MutationInput):
    """R-PO-10, R-PO-11."""

    payout_entry_id: strawberry.ID = strawberry.field(description="The entry.")
    settlement_status: SettlementStatus = strawberry.field(
        default=SettlementStatus.SETTLED, description="SETTLED; a settled entry is never opened again."
    )


@rows(None)
@strawberry.type(description="The settled entry.")
class SettlePayoutEntryPayload:
    """What was settled."""

    payout_entry: PayoutEntry = by_key("The entry.")
    changed: bool = value("Whether this call settled it; false: it was settled before.", "changed")


@strawberry.type
class PayoutMutation:
    """Settling entries."""

    @mutation(payouts.settle_entry, payload=SettlePayoutEntryPayload)
    def settle_payout_entry(self, input: SettlePayoutEntryInput) -> Call[Any]:
        """Say that both tenants settled an entry outside; again changes nothing (abschließen)."""
        return payouts.settle_entry(key("pay", input.payout_entry_id), input.settlement_status)
