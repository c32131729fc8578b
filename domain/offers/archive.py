"""How an offer leaves the list of active ones and comes back; archiving never ends a subscription (R-XC-63)."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.offers.checks import invalid
from domain.offers.kinds import ArchiveMode, OfferState
from domain.refusals import InvalidStatusTransition, RefusalCode, ValidationFailed, Violation


@dataclass(frozen=True)
class Archiving:
    """How an offer is archived (R-XC-60)."""

    mode: ArchiveMode
    text_module_id: UUID | None = None
    successor_offer_id: UUID | None = None


class Archivable(Protocol):
    """An offer as a row."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def state(self) -> str:
        """ACTIVE or ARCHIVED."""

    @property
    def target_tenant_id(self) -> UUID | None:
        """Who sells it, if another tenant does."""


def archived(offer: Archivable, how: Archiving, successor: Archivable | None) -> bool:
    """Whether the offer may still be bought once it is archived this way (R-XC-60).

    Raises:
        InvalidStatusTransition: it is archived already.
        ValidationFailed: SUCCESSOR without an active successor that the same tenant sells (R-XC-61), another
            mode with one, or a text module with another mode than BLOCKED.
    """
    if offer.state == OfferState.ARCHIVED:
        raise InvalidStatusTransition("The offer is archived already.")
    violations = []
    if how.mode is ArchiveMode.SUCCESSOR:
        violations += _unfit_successor(offer, successor)
    elif how.successor_offer_id is not None:
        violations.append(invalid("Only the mode SUCCESSOR names one.", ("successorOfferId",)))
    if how.text_module_id is not None and how.mode is not ArchiveMode.BLOCKED:
        violations.append(invalid("Only the mode BLOCKED shows a text.", ("textModuleId",)))
    if violations:
        raise ValidationFailed(violations)
    return how.mode is ArchiveMode.STILL_SOLD


def reactivated(offer: Archivable) -> None:
    """Only an archived offer is made active again (R-XC-62). Raises InvalidStatusTransition."""
    if offer.state == OfferState.ACTIVE:
        raise InvalidStatusTransition("The offer is active.")


def _unfit_successor(offer: Archivable, successor: Archivable | None) -> list[Violation]:
    path = ("successorOfferId",)
    if successor is None:
        return [Violation(RefusalCode.REQUIRED, "The mode SUCCESSOR needs another offer of yours.", path)]
    if successor.id == offer.id or successor.state != OfferState.ACTIVE:
        return [invalid("The successor is another offer, and active.", path)]
    if successor.target_tenant_id != offer.target_tenant_id:
        return [invalid("The successor is sold by the same tenant.", path)]
    return []
