"""Changing offers: only their owner does."""

from typing import Any

import strawberry

from domain.offers import Archiving, OfferChanges
from reads import by_key, rows
from resolvers import offers
from schema.base import given, mutation
from schema.offers.inputs import (
    ArchiveOfferInput,
    CopyOfferInput,
    CreateCrossClientOfferInput,
    CreateOfferInput,
    ReactivateOfferInput,
    UpdateOfferInput,
    hint_of,
    offer_key,
    optional_key,
)
from schema.offers.refusals import CostCenterProblem
from schema.offers.types import Offer
from tenancy.operation import Call

PLAIN = (
    "internal_title",
    "term_months",
    "accounting_period_months",
    "cancellation_period_days",
    "multiple_purchases",
    "invoice_address_mandatory",
    "delivery_address_mandatory",
    "folder",
)
"""What an update takes from its input as it is."""


@rows(None)
@strawberry.type(description="The new offer.")
class CreateOfferPayload:
    """What was created."""

    offer: Offer = by_key("The offer.")


@rows(None)
@strawberry.type(description="The new cross-client offer.")
class CreateCrossClientOfferPayload:
    """What was created."""

    offer: Offer = by_key("The offer.")


@rows(None)
@strawberry.type(description="The changed offer.")
class UpdateOfferPayload:
    """What was changed."""

    offer: Offer = by_key("The offer.")


@rows(None)
@strawberry.type(description="The copy.")
class CopyOfferPayload:
    """What was made."""

    offer: Offer = by_key("The new offer.")


@rows(None)
@strawberry.type(description="The archived offer.")
class ArchiveOfferPayload:
    """What was archived."""

    offer: Offer = by_key("The offer.")


@rows(None)
@strawberry.type(description="The offer that is active again.")
class ReactivateOfferPayload:
    """What was reactivated."""

    offer: Offer = by_key("The offer.")


@strawberry.type
class OfferMutation:
    """Changing offers."""

    @mutation(offers.create_offer, payload=CreateOfferPayload, refusals=(CostCenterProblem,))
    def create_offer(self, input: CreateOfferInput) -> Call[Any]:
        """Create an offer that the own tenant sells (Angebot anlegen)."""
        return offers.create_offer(input.read(), input.target())

    @mutation(offers.create_cross_client_offer, payload=CreateCrossClientOfferPayload, refusals=(CostCenterProblem,))
    def create_cross_client_offer(self, input: CreateCrossClientOfferInput) -> Call[Any]:
        """Create an offer that one connected tenant sells (Cross-Client-Angebot anlegen)."""
        return offers.create_cross_client_offer(input.read(), input.target())

    @mutation(offers.update_offer, payload=UpdateOfferPayload, refusals=(CostCenterProblem,))
    def update_offer(self, input: UpdateOfferInput) -> Call[Any]:
        """Change an own offer, whoever sells it (Angebot ändern)."""
        return offers.update_offer(offer_key(input.offer_id), _changes(input), input.expected_version)

    @mutation(offers.copy_offer, payload=CopyOfferPayload, refusals=(CostCenterProblem,))
    def copy_offer(self, input: CopyOfferInput) -> Call[Any]:
        """Make a new offer like an own one, sold by the same tenant (Angebot kopieren)."""
        return offers.copy_offer(offer_key(input.offer_id), input.internal_title)

    @mutation(offers.archive_offer, payload=ArchiveOfferPayload)
    def archive_offer(self, input: ArchiveOfferInput) -> Call[Any]:
        """Archive an own offer; running subscriptions go on (Angebot archivieren)."""
        how = Archiving(
            input.mode,
            optional_key("txt", input.text_module_id),
            optional_key("off", input.successor_offer_id),
        )
        return offers.archive_offer(offer_key(input.offer_id), how, input.expected_version)

    @mutation(offers.reactivate_offer, payload=ReactivateOfferPayload)
    def reactivate_offer(self, input: ReactivateOfferInput) -> Call[Any]:
        """Put an archived offer back among the active ones (Angebot reaktivieren)."""
        return offers.reactivate_offer(offer_key(input.offer_id), input.expected_version)


def _changes(input: UpdateOfferInput) -> OfferChanges:
    """What an update changes. Raises ValidationFailed for a hint both chosen and written."""
    changes: Any = given(input, *PLAIN)
    for name in ("translations", "products"):
        for listed in given(input, name).values():
            changes[name] = tuple(one.read() for one in listed)
    hint = given(input, "self_service_hint_id", "self_service_hint")
    if hint:
        changes["hint"] = hint_of(hint.get("self_service_hint_id"), hint.get("self_service_hint"))
    typed: OfferChanges = changes
    return typed
