"""Connections: a source tenant lets a target tenant sell its offers, once the target has agreed (A-3)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.refusals import InvalidStatusTransition, NotOwner, Refusal, RefusalCode, ValidationFailed, Violation
from domain.texts import is_absolute_url


class ConnectionStatus(StrEnum):
    """Where a connection stands; derived from its two halves, stored nowhere."""

    INVITED = "INVITED"
    ACTIVE = "ACTIVE"
    DECLINED = "DECLINED"
    BLOCKED = "BLOCKED"
    WITHDRAWN = "WITHDRAWN"


FINAL = frozenset({ConnectionStatus.DECLINED, ConnectionStatus.WITHDRAWN})
"""From here nothing leads on; a new invitation is a new round (R-XC-09)."""


class Party(StrEnum):
    """Which end of a directed connection a tenant is."""

    SOURCE = "SOURCE"
    TARGET = "TARGET"


class Act(StrEnum):
    """What a party does to a connection that exists."""

    ACCEPT = "ACCEPT"
    DECLINE = "DECLINE"
    WITHDRAW = "WITHDRAW"
    SWITCH_ACCESS = "SWITCH_ACCESS"
    BLOCK = "BLOCK"
    UNBLOCK = "UNBLOCK"


class EventKind(StrEnum):
    """What one tenant did that the other must know of."""

    CONNECTION_INVITED = "CONNECTION_INVITED"
    CONNECTION_ACCEPTED = "CONNECTION_ACCEPTED"
    CONNECTION_DECLINED = "CONNECTION_DECLINED"
    CONNECTION_WITHDRAWN = "CONNECTION_WITHDRAWN"
    CONNECTION_BLOCKED = "CONNECTION_BLOCKED"
    CONNECTION_UNBLOCKED = "CONNECTION_UNBLOCKED"
    ACCESS_OPENED = "ACCESS_OPENED"
    ACCESS_CLOSED = "ACCESS_CLOSED"
    OFFER_CREATED = "OFFER_CREATED"
    OFFER_CHANGED = "OFFER_CHANGED"
    OFFER_ARCHIVED = "OFFER_ARCHIVED"
    OFFER_REACTIVATED = "OFFER_REACTIVATED"


class SourceHalf(Protocol):
    """The half that the source writes."""

    @property
    def invited(self) -> bool:
        """False once the source has withdrawn."""

    @property
    def blocked_at(self) -> datetime | None:
        """Since when the source blocks."""


class TargetHalf(Protocol):
    """The half that the target writes."""

    @property
    def accepted(self) -> bool:
        """What the target answered."""

    @property
    def blocked_at(self) -> datetime | None:
        """Since when the target blocks."""


class ConnectionExists(Refusal):
    """There is an open or standing connection from this source to this target (R-XC-09)."""

    code = RefusalCode.ALREADY_EXISTS


class ModuleNotActive(Refusal):
    """The contracting company has not booked the module (R-XC-07, R-00-10)."""

    code = RefusalCode.MODULE_NOT_ACTIVE


class NoActiveConnection(Refusal):
    """There is no active connection to sell over (R-XC-01, R-XC-25)."""

    code = RefusalCode.NO_ACTIVE_CONNECTION


def status(half: SourceHalf, answer: TargetHalf | None) -> ConnectionStatus:
    """The status that follows from the two halves; `persistence.connections.status` says the same in SQL."""
    if not half.invited:
        return ConnectionStatus.WITHDRAWN
    if answer is None:
        return ConnectionStatus.INVITED
    if not answer.accepted:
        return ConnectionStatus.DECLINED
    if half.blocked_at is not None or answer.blocked_at is not None:
        return ConnectionStatus.BLOCKED
    return ConnectionStatus.ACTIVE


_ACTS: Mapping[Act, tuple[ConnectionStatus, frozenset[Party], str]] = {
    Act.ACCEPT: (
        ConnectionStatus.INVITED,
        frozenset({Party.TARGET}),
        "Only the tenant that was invited accepts an invitation.",
    ),
    Act.DECLINE: (
        ConnectionStatus.INVITED,
        frozenset({Party.TARGET}),
        "Only the tenant that was invited declines an invitation.",
    ),
    Act.WITHDRAW: (
        ConnectionStatus.INVITED,
        frozenset({Party.SOURCE}),
        "Only the tenant that invited withdraws an invitation.",
    ),
    Act.SWITCH_ACCESS: (
        ConnectionStatus.ACTIVE,
        frozenset({Party.SOURCE}),
        "Only the tenant whose offers they are opens or closes access to them.",
    ),
    Act.BLOCK: (ConnectionStatus.ACTIVE, frozenset(Party), ""),
    Act.UNBLOCK: (ConnectionStatus.BLOCKED, frozenset(Party), ""),
}
"""The table of A-3: each act with the status it starts from and who does it."""


def permitted(act: Act, at: ConnectionStatus, by: Party) -> None:
    """Let an act pass that A-3 knows.

    Raises:
        NotOwner: the half that would change is the other tenant's (R-XC-04, R-XC-06).
        InvalidStatusTransition: the act does not start from this status (R-XC-10).
    """
    start, parties, whose = _ACTS[act]
    if by not in parties:
        raise NotOwner(whose)
    if at is not start:
        raise InvalidStatusTransition(f"The connection is {at}; this starts from {start} only.")


def unblocking(own_blocked_at: datetime | None) -> None:
    """Let only the tenant that blocked unblock. Raises NotOwner."""
    if own_blocked_at is None:
        raise NotOwner("The other tenant blocked the connection; only it can take that back.")


def inviting(source_tenant_id: UUID, target_tenant_id: UUID, callback_url: str | None) -> None:
    """Let an invitation pass that joins two different tenants (R-XC-02).

    Raises:
        ValidationFailed: source and target are the same, or the callback is no absolute http(s) address.
    """
    violations = []
    if source_tenant_id == target_tenant_id:
        violations.append(
            Violation(
                RefusalCode.VALIDATION,
                "A connection joins two different tenants; this is your own.",
                ("targetTenantId",),
            )
        )
    if callback_url is not None and not is_absolute_url(callback_url):
        violations.append(
            Violation(
                RefusalCode.VALIDATION,
                "A callback address begins with http:// or https:// and names a host.",
                ("callbackUrl",),
            )
        )
    if violations:
        raise ValidationFailed(violations)


def booked(*, module: bool) -> None:
    """Let only companies pass that booked the module (R-XC-07); each side asks for its own. Raises ModuleNotActive."""
    if not module:
        raise ModuleNotActive(
            "Your contracting company has not booked the module for connections between tenants; ask its administrator."
        )


def reachable(callback_url: str | None, source_company_id: UUID, target_company_id: UUID) -> None:
    """Tenants of two contracting companies share no customers: the source must be called back (R-XC-08).

    The target's acceptance asks, since only then both companies are known. Raises ValidationFailed.
    """
    if callback_url is None and source_company_id != target_company_id:
        raise ValidationFailed(
            [
                Violation(
                    RefusalCode.REQUIRED,
                    "The inviting tenant is of another contracting company and must name a callbackUrl: "
                    "ask it to withdraw the invitation and to invite again with one.",
                    ("callbackUrl",),
                )
            ]
        )
