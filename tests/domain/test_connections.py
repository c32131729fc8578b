"""Connections: the status that follows from two halves, and who may do what from where."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from domain.connections import (
    Act,
    ConnectionStatus,
    ModuleNotActive,
    Party,
    booked,
    inviting,
    permitted,
    reachable,
    status,
    unblocking,
)
from domain.refusals import InvalidStatusTransition, NotOwner, RefusalCode, ValidationFailed

SOME_DAY = datetime(2026, 3, 1, tzinfo=UTC)
INVITED, ACTIVE, DECLINED, BLOCKED, WITHDRAWN = ConnectionStatus


@dataclass(frozen=True)
class Source:
    invited: bool = True
    blocked_at: datetime | None = None


@dataclass(frozen=True)
class Target:
    accepted: bool = True
    blocked_at: datetime | None = None


TRUTH = [
    (Source(), None, INVITED),
    (Source(invited=False), None, WITHDRAWN),
    (Source(), Target(accepted=False), DECLINED),
    (Source(), Target(), ACTIVE),
    (Source(blocked_at=SOME_DAY), Target(), BLOCKED),
    (Source(), Target(blocked_at=SOME_DAY), BLOCKED),
    (Source(blocked_at=SOME_DAY), Target(blocked_at=SOME_DAY), BLOCKED),
    (Source(blocked_at=SOME_DAY), Target(accepted=False), DECLINED),
]


@pytest.mark.parametrize(("half", "answer", "expected"), TRUTH)
def test_the_status_follows_from_the_two_halves(
    half: Source, answer: Target | None, expected: ConnectionStatus
) -> None:
    assert status(half, answer) is expected


ALLOWED = {
    (Act.ACCEPT, INVITED, Party.TARGET),
    (Act.DECLINE, INVITED, Party.TARGET),
    (Act.WITHDRAW, INVITED, Party.SOURCE),
    (Act.SWITCH_ACCESS, ACTIVE, Party.SOURCE),
    (Act.BLOCK, ACTIVE, Party.SOURCE),
    (Act.BLOCK, ACTIVE, Party.TARGET),
    (Act.UNBLOCK, BLOCKED, Party.SOURCE),
    (Act.UNBLOCK, BLOCKED, Party.TARGET),
}


@pytest.mark.rule("R-XC-04", "R-XC-05", "R-XC-06", "R-XC-10")
@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("at", ConnectionStatus)
@pytest.mark.parametrize("by", Party)
def test_only_the_steps_of_the_table_lead_on(act: Act, at: ConnectionStatus, by: Party) -> None:
    if (act, at, by) in ALLOWED:
        permitted(act, at, by)
    else:
        with pytest.raises((InvalidStatusTransition, NotOwner)):
            permitted(act, at, by)


@pytest.mark.rule("R-XC-04")
@pytest.mark.parametrize(
    ("act", "by"), [(Act.ACCEPT, Party.SOURCE), (Act.DECLINE, Party.SOURCE), (Act.WITHDRAW, Party.TARGET)]
)
def test_the_wrong_party_is_told_that_it_is_not_its_half(act: Act, by: Party) -> None:
    with pytest.raises(NotOwner, match="Only the tenant"):
        permitted(act, INVITED, by)


def test_only_the_tenant_that_blocked_takes_it_back() -> None:
    unblocking(SOME_DAY)
    with pytest.raises(NotOwner):
        unblocking(None)


@pytest.mark.rule("R-XC-02")
def test_a_tenant_cannot_be_connected_with_itself() -> None:
    me = uuid4()
    with pytest.raises(ValidationFailed) as refused:
        inviting(me, me, None)
    assert refused.value.code is RefusalCode.VALIDATION
    assert refused.value.path == ("targetTenantId",)


@pytest.mark.parametrize("address", ["/callback", "ftp://x.test/a", "javascript:alert(1)", "https://", "http://a b"])
def test_a_callback_is_an_absolute_address(address: str) -> None:
    with pytest.raises(ValidationFailed, match="callback"):
        inviting(uuid4(), uuid4(), address)
    inviting(uuid4(), uuid4(), "https://source.test/kontor")


@pytest.mark.rule("R-XC-07")
def test_a_company_without_the_module_connects_nobody() -> None:
    booked(module=True)
    with pytest.raises(ModuleNotActive):
        booked(module=False)


@pytest.mark.rule("R-XC-08")
def test_tenants_of_two_companies_need_a_callback_and_those_of_one_do_not() -> None:
    ours, theirs = uuid4(), uuid4()
    reachable(None, ours, ours)
    reachable("https://source.test/kontor", ours, theirs)
    with pytest.raises(ValidationFailed, match="callbackUrl"):
        reachable(None, ours, theirs)
