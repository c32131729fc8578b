"""The refusals of customers that tell more than a sentence."""

import strawberry

from domain import customers as rules
from reads import by_key, rows, value
from schema.customers.words import BlockReason
from schema.organizations import Organization
from schema.refusals import Refusal, refusal


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
