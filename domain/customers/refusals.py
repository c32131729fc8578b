"""How a rule about customers says no."""

from collections.abc import Sequence
from uuid import UUID

from domain.customers.values import BlockReason
from domain.refusals import (
    Refusal,
    RefusalCode,
)


class CustomerBlocked(Refusal):
    """The customer cannot be used; every reason is listed (R-019, R-188)."""

    code = RefusalCode.CUSTOMER_BLOCKED

    def __init__(self, reasons: Sequence[BlockReason], *, path: Sequence[str] = ()) -> None:
        super().__init__(f"The customer is blocked: {', '.join(reasons)}.", path=path)
        self.reasons = tuple(reasons)


class CustomerDataMissing(Refusal):
    """No level on the way to the root has data of this customer, or it was not taken over yet (R-236, R-249)."""

    code = RefusalCode.CUSTOMER_DATA_MISSING


class CustomerDataInherited(Refusal):
    """The level only inherits; its data are changed at the source, or taken over for editing first (R-244).

    `source` is the source's record, for whoever wants to show it.
    """

    code = RefusalCode.CUSTOMER_DATA_INHERITED

    def __init__(self, source_organization_id: UUID | None) -> None:
        super().__init__(
            "The customer's data are inherited here: take over their editing first (takeOverCustomerDataEditing), "
            "or change them at their source.",
            path=("organizationId",),
        )
        self.source_organization_id = source_organization_id
        self.source: object | None = None
        self.next_action = "takeOverCustomerDataEditing"


class NoSourceData(Refusal):
    """No higher level has data that could be taken over (R-248, E13)."""

    code = RefusalCode.NO_SOURCE_DATA


class OwnDataNotAllowed(Refusal):
    """The organization may not have customer data of its own (4.7)."""

    code = RefusalCode.OWN_DATA_NOT_ALLOWED


class OwnDataPresent(Refusal):
    """The level has data of this customer already (R-255)."""

    code = RefusalCode.ALREADY_EXISTS


class ConfirmationRequired(Refusal):
    """Own data would be discarded; the caller must say so (R-247)."""

    code = RefusalCode.CONFIRMATION_REQUIRED


class DateNotInFuture(Refusal):
    """A new end of a block must be a day after today (R-025)."""

    code = RefusalCode.DATE_NOT_IN_FUTURE


class OrderEntryNotAllowed(Refusal):
    """No orders are entered for this customer (R-040)."""

    code = RefusalCode.ORDER_ENTRY_NOT_ALLOWED
