"""Customers as the client sees them: what counts where, who may use them, and their accounting data."""

from datetime import date, datetime
from typing import Any

import strawberry

from domain import customers as rules
from domain.customers import AbcClass, AccountingGap, Block, BlockReason, CustomerStatus, MinimumValueCheck, Mode
from domain.names import sort_key
from domain.partners import number_key
from domain.relationships import Listed
from persistence import customers as stored
from persistence import relationships as links
from persistence import visibility
from reads import (
    CurrencyCode,
    IdFilter,
    TextFilter,
    argument,
    by_key,
    column,
    computed,
    embedded,
    filter_column,
    filter_input,
    filter_related,
    filter_where,
    many,
    one,
    order_by,
    ordering,
    page,
    row_by,
    rows,
    value,
)
from resolvers import customers
from resolvers.customers import NewCustomerData
from schema.base import Connection, MutationInput, Node, UpdateInput, enumeration, given, key, mutation
from schema.money import Money, MoneyInput, read
from schema.organizations import Organization
from schema.partners import Partner, PartnerAddress
from schema.refusals import Refusal, refusal
from tenancy.operation import Call
from tenancy.permissions import Permission

enumeration(
    CustomerStatus,
    "Whether a customer may be used, as somebody set it (Status).",
    RELEASED="It may (freigegeben).",
    BLOCKED="It may not, up to the end of the block (gesperrt).",
)
enumeration(
    BlockReason,
    "Why a customer cannot be used (Sperrgrund).",
    PARTNER_BLOCKED="The partner as a whole is blocked (Partner gesperrt).",
    MANUAL="Somebody blocked the customer (manuell gesperrt).",
    MISSING_ACCOUNTING_DATA="An invoice recipient is no debtor (Rechnungswesendaten fehlen).",
)
enumeration(
    AbcClass,
    "How important a customer is (ABC-Klassifizierung).",
    A="Most important.",
    B="Important.",
    C="Less important.",
)
enumeration(
    MinimumValueCheck,
    "Whether orders below the minimum value are refused (Mindestauftragswertprüfung).",
    BY_CUSTOMIZING="As the tenant has settled (gemäß Customizing).",
    NO_CHECK="They are not (keine Prüfung).",
    CHECK="They are (Prüfung).",
)
enumeration(
    Mode,
    "What an organization has of a customer (Pflegeart).",
    name="CustomerDataMode",
    OWN="Data of its own, which it edits (eigene Daten).",
    INHERITED="The data of the next higher organization, taken over (übernommen).",
)
enumeration(
    AccountingGap,
    "What is missing for complete accounting data (fehlende Rechnungswesendaten).",
    DEBTOR="The debtor flag (Debitor).",
    DEBTOR_ACCOUNT="The debtor account (Debitorenkonto).",
    PAYMENT_TERM="The payment term (Zahlungsbedingung).",
    TAX_CLASSIFICATION="The tax classification (Steuerklassifikation).",
    CURRENCY="The currency (Währung).",
)

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


@refusal(rules.CustomerBlocked)
@rows(None)
@strawberry.type(description="The customer cannot be used now (Kunde gesperrt).")
class CustomerBlocked(Refusal):
    """R-019."""

    reasons: list[BlockReason] = value("Every reason (Sperrgründe).", "reasons")


@refusal(rules.CustomerDataInherited)
@rows(None)
@strawberry.type(description="The organization only inherits the customer's data (Daten geerbt).")
class CustomerDataInherited(Refusal):
    """R-244."""

    source_organization: Organization | None = by_key("Whose data count there (Herkunft).", "source")
    next_action: str = value("The mutation that makes them editable (nächster Schritt).", "next_action")


@strawberry.input(description="What a customer's data at an organization start with; the rest is default.")
class CustomerDataInput:
    """Section 2.3."""

    status: CustomerStatus | None = strawberry.field(
        default=None, description="Null: what the tenant has settled (Status)."
    )
    blocked_until: date | None = strawberry.field(
        default=None, description="Last day of the block, after today; null: for good (gesperrt bis)."
    )
    abc_class: AbcClass = strawberry.field(default=AbcClass.A, description="How important it is.")
    order_entry_allowed: bool = strawberry.field(default=True, description="Whether orders are entered.")
    order_confirmation_required: bool = strawberry.field(default=False, description="Whether orders are confirmed.")
    minimum_order_value_check: MinimumValueCheck = strawberry.field(
        default=MinimumValueCheck.BY_CUSTOMIZING, description="Whether a minimum is checked."
    )
    minimum_order_value: MoneyInput | None = strawberry.field(default=None, description="The smallest net value.")
    external_number: str | None = strawberry.field(default=None, description="At most 40 characters.")


@strawberry.input(description="Which partner becomes a customer, and where.")
class CreateCustomerInput(MutationInput):
    """R-010, R-237."""

    partner_id: strawberry.ID = strawberry.field(description="The partner.")
    maintaining_organization_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where its data are kept; null: the acting organization (pflegende Organisation)."
    )
    data: CustomerDataInput | None = strawberry.field(default=None, description="What the data start with.")


@strawberry.input(description="Own data of a customer at an organization where nothing counts.")
class CreateCustomerDataInput(MutationInput):
    """R-255."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    organization_id: strawberry.ID | None = strawberry.field(
        default=None, description="The organization; null: the acting one."
    )
    data: CustomerDataInput | None = strawberry.field(default=None, description="What the data start with.")


@strawberry.input(description="What changes of a customer's data at an organization; what is absent stays.")
class UpdateCustomerDataInput(UpdateInput):
    """R-244; `expectedVersion` is the version of the data there."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    organization_id: strawberry.ID | None = strawberry.field(
        default=None, description="The organization; null: the acting one."
    )
    abc_class: strawberry.Maybe[AbcClass] = strawberry.field(description="How important it is.")
    order_entry_allowed: strawberry.Maybe[bool] = strawberry.field(description="Whether orders are entered.")
    order_confirmation_required: strawberry.Maybe[bool] = strawberry.field(description="Whether orders are confirmed.")
    minimum_order_value_check: strawberry.Maybe[MinimumValueCheck] = strawberry.field(
        description="Whether a minimum is checked."
    )
    minimum_order_value: strawberry.Maybe[MoneyInput | None] = strawberry.field(description="The smallest net value.")
    external_number: strawberry.Maybe[str | None] = strawberry.field(description="At most 40 characters.")


@strawberry.input(description="Block or release a customer at an organization.")
class SetCustomerStatusInput(UpdateInput):
    """R-023 to R-029, R-195; `expectedVersion` is the version of the data there."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    organization_id: strawberry.ID | None = strawberry.field(
        default=None, description="The organization; null: the acting one."
    )
    status: CustomerStatus = strawberry.field(description="Released or blocked (Status).")
    blocked_until: date | None = strawberry.field(
        default=None, description="Last day of the block, after today; null: for good (gesperrt bis)."
    )
    include_descendants: bool = strawberry.field(
        default=False, description="Set it also below, where own data stand that you may edit."
    )


@strawberry.input(description="Which organization takes over the data of the next higher one.")
class TakeOverCustomerDataInput(MutationInput):
    """R-246 to R-249."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    organization_id: strawberry.ID | None = strawberry.field(
        default=None, description="The organization; null: the acting one."
    )
    confirm_discard: bool = strawberry.field(
        default=False, description="Own data of the organization are set aside; needed where it has some."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="The version of the organization's own row, if it has one and you read it."
    )


@strawberry.input(description="Which organization gets an editable copy of the data that count there.")
class TakeOverCustomerDataEditingInput(MutationInput):
    """R-250 to R-254."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    organization_id: strawberry.ID | None = strawberry.field(
        default=None, description="The organization; null: the acting one."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="The version of the organization's own row, if it has one and you read it."
    )


@strawberry.input(description="One representative of a customer.")
class CustomerRepresentativeInput:
    """R-033 to R-037."""

    partner_id: strawberry.ID = strawberry.field(description="The representative.")
    id: strawberry.ID | None = strawberry.field(default=None, description="The row that this one continues.")
    sequence: int | None = strawberry.field(default=None, description="The order, 1 to 999; null: the next free one.")
    valid_from: date | None = strawberry.field(default=None, description="First day, null: since ever.")
    valid_to: date | None = strawberry.field(default=None, description="Last day, null: for ever.")


@strawberry.input(description="All representatives of a customer at an organization from now on.")
class SetCustomerRepresentativesInput(UpdateInput):
    """R-245; `expectedVersion` is the version of the data there."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    organization_id: strawberry.ID | None = strawberry.field(
        default=None, description="The organization; null: the acting one."
    )
    representatives: list[CustomerRepresentativeInput] = strawberry.field(description="The whole list.")


@strawberry.input(description="One invoice recipient of a customer.")
class InvoiceRecipientInput:
    """R-088 to R-091."""

    partner_id: strawberry.ID = strawberry.field(description="The recipient.")
    id: strawberry.ID | None = strawberry.field(default=None, description="The row that this one continues.")
    preferred: bool = strawberry.field(default=False, description="Whether it is proposed.")
    valid_from: date | None = strawberry.field(default=None, description="First day, null: since ever.")
    valid_to: date | None = strawberry.field(default=None, description="Last day, null: for ever.")


@strawberry.input(description="All invoice recipients of a customer at an organization from now on.")
class SetInvoiceRecipientsInput(UpdateInput):
    """R-245; `expectedVersion` is the version of the data there."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    organization_id: strawberry.ID | None = strawberry.field(
        default=None, description="The organization; null: the acting one."
    )
    recipients: list[InvoiceRecipientInput] = strawberry.field(description="The whole list.")


@strawberry.input(description="What changes of a partner's accounting data; what is absent stays.")
class SetPartnerAccountingInput(UpdateInput):
    """R-191; `expectedVersion` is the partner's version."""

    partner_id: strawberry.ID = strawberry.field(description="The partner.")
    debtor: strawberry.Maybe[bool] = strawberry.field(description="Whether receivables may be booked on it.")
    debtor_account: strawberry.Maybe[str | None] = strawberry.field(description="The account.")
    payment_term: strawberry.Maybe[str | None] = strawberry.field(description="The payment term.")
    tax_classification: strawberry.Maybe[str | None] = strawberry.field(description="The tax classification.")
    currency: strawberry.Maybe[CurrencyCode | None] = strawberry.field(description="The currency.")


@rows(None)
@strawberry.type(description="The new customer.")
class CreateCustomerPayload:
    """What was created."""

    customer: Customer = by_key("The customer.")


@rows(None)
@strawberry.type(description="The customer with its new data.")
class CreateCustomerDataPayload:
    """What was created."""

    customer: Customer = by_key("The customer.")


@rows(None)
@strawberry.type(description="The customer with its changed data.")
class UpdateCustomerDataPayload:
    """What was changed."""

    customer: Customer = by_key("The customer.")


@rows(None)
@strawberry.type(description="The customer with its status, and what it was before.")
class SetCustomerStatusPayload:
    """R-029, R-195."""

    customer: Customer = by_key("The customer.")
    previous_status: CustomerStatus = value("The status before (bisheriger Status).", "previous_status")
    previous_blocked_until: date | None = value(
        "The last day of the block before (bisher gesperrt bis).", "previous_blocked_until"
    )
    organizations: list[Organization] = by_key("Where the status was set (Organisationen).", "organization_ids")


@rows(None)
@strawberry.type(description="The customer as the organization sees it now.")
class TakeOverCustomerDataPayload:
    """R-246, R-247."""

    customer: Customer = by_key("The customer.")
    changed: bool = value("Whether anything changed (geändert).", "changed")
    source: Organization = by_key("Whose data count there now (Herkunft).", "source_organization_id")
    affected_organizations: list[Organization] = by_key(
        "The organizations below whose data come from higher up now (betroffene Organisationen).",
        "affected_organization_ids",
    )


@rows(None)
@strawberry.type(description="The customer with data that the organization edits itself.")
class TakeOverCustomerDataEditingPayload:
    """R-250."""

    customer: Customer = by_key("The customer.")
    changed: bool = value("Whether anything changed (geändert).", "changed")
    source: Organization = by_key("Where the data were copied from (Herkunft).", "source_organization_id")


@rows(None)
@strawberry.type(description="The customer with its representatives.")
class SetCustomerRepresentativesPayload:
    """What was changed."""

    customer: Customer = by_key("The customer.")


@rows(None)
@strawberry.type(description="The customer with its invoice recipients.")
class SetInvoiceRecipientsPayload:
    """What was changed."""

    customer: Customer = by_key("The customer.")


@rows(None)
@strawberry.type(description="The partner with its accounting data.")
class SetPartnerAccountingPayload:
    """What was changed."""

    partner: Partner = by_key("The partner.")


OWN_REFUSALS = (CustomerDataInherited,)


@strawberry.type
class CustomerMutation:
    """Changing customers."""

    @mutation(customers.create_customer, payload=CreateCustomerPayload)
    def create_customer(self, input: CreateCustomerInput) -> Call[Any]:
        """Make a partner a customer (Kunde anlegen)."""
        return customers.create_customer(
            key("par", input.partner_id), _new(input.data), _organization(input.maintaining_organization_id)
        )

    @mutation(customers.create_customer_data, payload=CreateCustomerDataPayload, refusals=OWN_REFUSALS)
    def create_customer_data(self, input: CreateCustomerDataInput) -> Call[Any]:
        """Give a customer own data at an organization where nothing counts (Kundendaten anlegen)."""
        return customers.create_customer_data(
            key("cus", input.customer_id), _organization(input.organization_id), _new(input.data)
        )

    @mutation(customers.update_customer_data, payload=UpdateCustomerDataPayload, refusals=OWN_REFUSALS)
    def update_customer_data(self, input: UpdateCustomerDataInput) -> Call[Any]:
        """Change a customer's own data at an organization (Kundendaten ändern)."""
        changes = given(
            input,
            "abc_class",
            "order_entry_allowed",
            "order_confirmation_required",
            "minimum_order_value_check",
            "minimum_order_value",
            "external_number",
        )
        if "minimum_order_value" in changes:
            changes["minimum_order_value"] = read(changes["minimum_order_value"], ("minimumOrderValue",))
        return customers.update_customer_data(
            key("cus", input.customer_id),
            _organization(input.organization_id),
            changes,  # type: ignore[arg-type]
            input.expected_version,
        )

    @mutation(customers.set_customer_status, payload=SetCustomerStatusPayload, refusals=OWN_REFUSALS)
    def set_customer_status(self, input: SetCustomerStatusInput) -> Call[Any]:
        """Block or release a customer at an organization (Kunde sperren oder freigeben)."""
        return customers.set_customer_status(
            key("cus", input.customer_id),
            _organization(input.organization_id),
            Block(input.status, input.blocked_until),
            input.expected_version,
            include_descendants=input.include_descendants,
        )

    @mutation(customers.take_over_customer_data, payload=TakeOverCustomerDataPayload)
    def take_over_customer_data(self, input: TakeOverCustomerDataInput) -> Call[Any]:
        """Let an organization take the data of the next higher one, read-only (Daten übernehmen)."""
        return customers.take_over_customer_data(
            key("cus", input.customer_id),
            _organization(input.organization_id),
            confirm_discard=input.confirm_discard,
            expected_version=input.expected_version,
        )

    @mutation(customers.take_over_customer_data_editing, payload=TakeOverCustomerDataEditingPayload)
    def take_over_customer_data_editing(self, input: TakeOverCustomerDataEditingInput) -> Call[Any]:
        """Give an organization an editable copy of the data that count there (Datenbearbeitung übernehmen)."""
        return customers.take_over_customer_data_editing(
            key("cus", input.customer_id),
            _organization(input.organization_id),
            expected_version=input.expected_version,
        )

    @mutation(customers.set_representatives, payload=SetCustomerRepresentativesPayload, refusals=OWN_REFUSALS)
    def set_customer_representatives(self, input: SetCustomerRepresentativesInput) -> Call[Any]:
        """Replace a customer's representatives at an organization (Vertreter pflegen)."""
        rows = [
            Listed(
                key("par", each.partner_id),
                each.sequence,
                valid_from=each.valid_from,
                valid_to=each.valid_to,
                id=None if each.id is None else key("rep", each.id),
            )
            for each in input.representatives
        ]
        return customers.set_representatives(
            key("cus", input.customer_id), _organization(input.organization_id), rows, input.expected_version
        )

    @mutation(customers.set_invoice_recipients, payload=SetInvoiceRecipientsPayload, refusals=OWN_REFUSALS)
    def set_invoice_recipients(self, input: SetInvoiceRecipientsInput) -> Call[Any]:
        """Replace a customer's invoice recipients at an organization (Rechnungsempfänger pflegen)."""
        rows = [
            Listed(
                key("par", each.partner_id),
                preferred=each.preferred,
                valid_from=each.valid_from,
                valid_to=each.valid_to,
                id=None if each.id is None else key("rec", each.id),
            )
            for each in input.recipients
        ]
        return customers.set_invoice_recipients(
            key("cus", input.customer_id), _organization(input.organization_id), rows, input.expected_version
        )

    @mutation(customers.set_partner_accounting, payload=SetPartnerAccountingPayload)
    def set_partner_accounting(self, input: SetPartnerAccountingInput) -> Call[Any]:
        """Change a partner's accounting data (Rechnungswesendaten pflegen)."""
        changes = given(input, "debtor", "debtor_account", "payment_term", "tax_classification", "currency")
        return customers.set_partner_accounting(
            key("par", input.partner_id),
            changes,  # type: ignore[arg-type]
            input.expected_version,
        )


def _organization(id: strawberry.ID | None) -> Any:
    return None if id is None else key("org", id)


def _new(data: CustomerDataInput | None) -> NewCustomerData:
    if data is None:
        return NewCustomerData()
    return NewCustomerData(
        data.status,
        data.blocked_until,
        {
            "abc_class": data.abc_class,
            "order_entry_allowed": data.order_entry_allowed,
            "order_confirmation_required": data.order_confirmation_required,
            "minimum_order_value_check": data.minimum_order_value_check,
            "minimum_order_value": read(data.minimum_order_value, ("data", "minimumOrderValue")),
            "external_number": data.external_number,
        },
    )
