"""What a client says to change a customer."""

from datetime import date

import strawberry

from reads import CurrencyCode
from schema.base import MutationInput, UpdateInput
from schema.customers.words import AbcClass, CustomerStatus, MinimumValueCheck
from schema.money import MoneyInput


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
