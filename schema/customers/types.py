"""What a client sees of a customer: what counts where, its levels, its accounting data."""

from datetime import date, datetime

import strawberry

from persistence import customers as stored
from persistence import relationships as links
from persistence import visibility
from reads import CurrencyCode, argument, column, computed, embedded, many, one, rows
from schema.base import Node
from schema.customers.words import AbcClass, AccountingGap, BlockReason, CustomerStatus, MinimumValueCheck, Mode
from schema.money import Money
from schema.organizations import Organization
from schema.partners import Partner
from tenancy.permissions import Permission

WHERE = {
    "organization_id": argument(strawberry.ID, "The organization that asks; by default the acting one (Organisation).")
}


@rows(links.PartnerRelationship, prefix="rep")
@strawberry.type(description="A representative of a customer at a level (Vertreterzuordnung).")
class CustomerRepresentative:
    """R-033 to R-037."""

    id: strawberry.ID = column("The id of the row, to continue it in a new list (Kennung).")
    representative: Partner | None = one(
        "The representative, null if you do not see the partner (Vertreter).", on={"id": "target_partner_id"}
    )
    sequence: int | None = column("The order among them (Reihung).")
    valid_from: date | None = column("First day, null: since ever (gültig ab).")
    valid_to: date | None = column("Last day, null: for ever (gültig bis).")


@rows(links.PartnerRelationship, prefix="rec")
@strawberry.type(description="An invoice recipient of a customer at a level (Rechnungsempfänger).")
class InvoiceRecipient:
    """R-022, R-087."""

    id: strawberry.ID = column("The id of the row, to continue it in a new list (Kennung).")
    recipient: Partner | None = one(
        "The recipient, null if you do not see the partner (Rechnungsempfänger).", on={"id": "target_partner_id"}
    )
    preferred: bool = column("Whether it is proposed (bevorzugt).")
    valid_from: date | None = column("First day, null: since ever (gültig ab).")
    valid_to: date | None = column("Last day, null: for ever (gültig bis).")


@rows(stored.RESOLUTION, permission=Permission.CUSTOMERS_SEE, scope=visibility.resolutions)
@strawberry.type(description="What counts for a customer at an organization, taken as a whole (wirksame Kundendaten).")
class CustomerData:
    """R-233 to R-238, section 2.3."""

    source: Organization | None = one("The organization whose data they are (Herkunft).", on={"id": "organization_id"})
    inherited: bool = computed("Whether they come from above the asked organization (geerbt).", stored.inherited)
    hops: int = column("How many steps above the asked organization they stand (Ebenen).", of="distance")
    version: int = column("Counts the changes of the source's data (Fassung).")
    usable: bool = computed(
        "Whether documents of the asked organization may use the customer now (verwendbar).", stored.usable
    )
    status: CustomerStatus = column("What somebody set; see `effectiveStatus` for what counts (Status).")
    blocked_until: date | None = column("Last day of the block; null: for good, or none (gesperrt bis).")
    abc_class: AbcClass = column("How important it is (ABC-Klassifizierung).")
    order_entry_allowed: bool = column("Whether orders are entered (Auftragserfassung möglich).")
    order_confirmation_required: bool = column(
        "Whether orders are confirmed before they are delivered (Bestätigung erforderlich)."
    )
    minimum_order_value_check: MinimumValueCheck = column("Whether a minimum is checked (Mindestauftragswertprüfung).")
    minimum_order_value: Money | None = embedded(
        "The smallest net value of an order; null: the tenant's (Mindestauftragswert).",
        minor="minimum_order_value_minor",
        currency="minimum_order_value_currency",
        null_when="minimum_order_value_minor",
    )
    external_number: str | None = column("The number that the customer expects on papers (externe Nummer).")
    copied_from: Organization | None = one(
        "Where they were copied from when their editing was taken over (kopiert von).",
        on={"id": "copied_from_organization_id"},
    )
    copied_at: datetime | None = column("When they were copied (kopiert am).")
    representatives: list[CustomerRepresentative] = many(
        "Who represents us there, by sequence, equals by number (Vertreter).",
        where=stored.representatives,
        order_by=("sequence", stored.target_number),
        size=3,
    )
    invoice_recipients: list[InvoiceRecipient] = many(
        "Who gets the invoices (Rechnungsempfänger).",
        where=stored.invoice_recipients,
        order_by=(stored.target_number, "id"),
        size=2,
    )


@rows(stored.RESOLUTION, permission=Permission.CUSTOMERS_SEE, scope=visibility.resolutions)
@strawberry.type(description="Whether a customer may be used at an organization today, and why not (wirksamer Status).")
class EffectiveStatus:
    """R-188."""

    blocked: bool = computed("Whether any block is effective (gesperrt).", stored.blocked)
    status: CustomerStatus = column("What somebody set (Status).")
    blocked_until: date | None = column("Last day of the block; null: for good, or none (gesperrt bis).")
    block_reasons: list[BlockReason] = computed(
        "Every reason of an effective block (Sperrgründe).", stored.block_reasons
    )
    set_at_organization: Organization | None = one(
        "The organization where the status was set (gesetzt bei).", on={"id": "organization_id"}
    )


@rows(stored.CustomerData, permission=Permission.CUSTOMERS_SEE, scope=visibility.levels)
@strawberry.type(description="That an organization has or has taken over data of a customer (Ebene).")
class CustomerLevel:
    """4.2."""

    organization: Organization | None = one("The organization.", on={"id": "organization_id"})
    mode: Mode = column("Own data, or taken over (Pflegeart).")
    version: int = column("Counts the changes of this row (Fassung).")
    data: CustomerData | None = one(
        "What counts at the organization (wirksame Kundendaten).", where=stored.at_level, order_by=("distance",)
    )


@rows(stored.PartnerAccounting, permission=Permission.ACCOUNTING_SEE)
@strawberry.type(description="The accounting data of a partner, whatever its roles (Rechnungswesendaten).")
class PartnerAccounting:
    """R-191."""

    debtor: bool = column("Whether receivables may be booked on it (Debitor).")
    debtor_account: str | None = column("The account (Debitorenkonto).")
    payment_term: str | None = column("The payment term (Zahlungsbedingung).")
    tax_classification: str | None = column("The tax classification (Steuerklassifikation).")
    currency: CurrencyCode | None = column("The currency (Währung).")
    complete: bool = column("Whether nothing is missing (vollständig).")
    gaps: list[AccountingGap] = computed("What is missing (fehlende Angaben).", stored.accounting_gaps)


@rows(stored.NAMED, prefix="cus", permission=Permission.CUSTOMERS_SEE, scope=visibility.customers)
@strawberry.type(description="A partner in the role customer (Kunde).")
class Customer(Node):
    """R-005."""

    number: str = column("The partner's number (Partnernummer).")
    display_name: str = column("The partner's name (Name).")
    partner: Partner | None = one("The partner, null if you do not see it (Partner).", on={"id": "id"})
    effective_data: CustomerData | None = one(
        "What counts for it at an organization, null where nothing does (wirksame Kundendaten).",
        where=stored.resolved,
        order_by=("distance",),
        args=WHERE,
    )
    effective_status: EffectiveStatus | None = one(
        "Whether it may be used at an organization today, and why not (wirksamer Status).",
        where=stored.resolved,
        order_by=("distance",),
        args=WHERE,
    )
    organization_data: list[CustomerLevel] = many(
        "The organizations that have data of it or took them over, as far as you see them (Ebenen).",
        on={"partner_id": "id"},
        order_by=("organization_id",),
        size=3,
    )
