"""What a client can do with a customer, and what it is answered."""

from datetime import date
from typing import Any

import strawberry

from domain.customers import Block
from domain.relationships import Listed
from reads import by_key, rows, value
from resolvers import customers
from resolvers.customers import NewCustomerData
from schema.base import given, key, mutation
from schema.customers.inputs import (
    CreateCustomerDataInput,
    CreateCustomerInput,
    CustomerDataInput,
    SetCustomerRepresentativesInput,
    SetCustomerStatusInput,
    SetInvoiceRecipientsInput,
    SetPartnerAccountingInput,
    TakeOverCustomerDataEditingInput,
    TakeOverCustomerDataInput,
    UpdateCustomerDataInput,
)
from schema.customers.refusals import CustomerDataInherited
from schema.customers.types import Customer
from schema.customers.words import CustomerStatus
from schema.money import read
from schema.organizations import Organization
from schema.partners import Partner
from tenancy.operation import Call


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
