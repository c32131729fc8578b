"""The only way to change or ask: an operation checks its permission, then runs as one transaction of one tenant.

    permission → begin, bind → rights still the same? → key → story → flush → answer → audit, key → commit

A story that raises leaves nothing behind. Nobody else writes `commit`.
"""

import asyncio
import hashlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.refusals import IdempotencyKeyRequired, IdempotencyKeyReused
from persistence import idempotency, tenants
from persistence.conflicts import refusal_of
from persistence.engine import Database
from persistence.idempotency import Key
from persistence.trips import Statement, together
from tenancy import audit
from tenancy.caller import Caller
from tenancy.errors import Forbidden
from tenancy.permissions import Permission
from tenancy.work import Work

P = ParamSpec("P")
R = TypeVar("R")
Story = Callable[Concatenate[Work, P], Awaitable[R]]
Answer = Callable[[Work, R], Awaitable[bytes]]
Reload = Callable[[Caller], Awaitable[Caller]]

COMMIT = Statement("commit", {})
"""The end of every change; it goes out with what is said last."""

RETRIES = 3
RETRIED = frozenset({"40001", "40P01"})
"""Serialization failure and deadlock: the transaction left nothing behind and may be run again."""


@dataclass(frozen=True)
class Contract:
    """What a client may ask of any mutation beside its input (api: one mutation contract).

    `fingerprint` identifies input and selection; a key is good for one fingerprint only.
    """

    idempotency_key: str | None = None
    fingerprint: bytes = b""
    dry_run: bool = False
    keys_required: bool = False

    def key(self) -> str | None:
        """The key that counts: a dry run ignores it."""
        return None if self.dry_run else self.idempotency_key


@dataclass(frozen=True)
class Outcome(Generic[R]):
    """How an operation ended: its result, or the bytes of an earlier answer to the same key."""

    result: R | None
    data: bytes | None = None
    replayed: bool = False


class StaleRights(Exception):
    """The tenant's rights changed since the caller was read."""


@dataclass(frozen=True)
class Operation(Generic[P, R]):
    """A story with the permission it needs; calling it with the story's arguments makes a `Call`."""

    story: Story[P, R]
    permission: Permission
    read_only: bool
    joint: bool = False
    money: bool = False
    name: str = field(default="")

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> "Call[R]":
        """The story with its arguments, waiting for a caller."""
        return Call(self, args, kwargs)


@dataclass(frozen=True)
class Call(Generic[R]):
    """An operation with its arguments, not yet run."""

    operation: Operation[..., R]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def writes(
    permission: Permission, *, joint: bool = False, money: bool = False
) -> Callable[[Story[P, R]], Operation[P, R]]:
    """An operation that changes something: all of it, or nothing.

    `joint` operations may set the columns by which another tenant reads; `money` operations need an
    idempotency key from clients (R-00-12).
    """

    def operation(story: Story[P, R]) -> Operation[P, R]:
        return Operation(story, permission, read_only=False, joint=joint, money=money, name=_name(story))

    return operation


def reads(permission: Permission) -> Callable[[Story[P, R]], Operation[P, R]]:
    """An operation that only looks; PostgreSQL itself refuses it a write."""

    def operation(story: Story[P, R]) -> Operation[P, R]:
        return Operation(story, permission, read_only=True, name=_name(story))

    return operation


def _name(story: Callable[..., Any]) -> str:
    return f"{story.__module__.removeprefix('resolvers.')}.{story.__name__}"


class Operations:
    """Runs calls: the one place where transactions begin and end."""

    def __init__(self, database: Database, reload: Reload) -> None:
        self._database = database
        self._reload = reload

    async def run(self, caller: Caller, call: Call[R]) -> R:
        """Run the call for a caller inside the house (command line, jobs) and return the story's result."""
        outcome = await self.perform(caller, call, Contract())
        return outcome.result  # type: ignore[return-value]  # without a key nothing is replayed

    async def perform(
        self, caller: Caller, call: Call[R], contract: Contract, answer: Answer[R] | None = None
    ) -> Outcome[R]:
        """Run the call as one transaction; again after a deadlock, and once more when rights changed.

        Raises:
            Forbidden: the caller lacks the permission, or only looks on behalf of somebody else.
            Refusal: a rule said no; nothing was changed.
        """
        _permit(caller, call.operation)
        if call.operation.money and contract.keys_required and contract.key() is None and not contract.dry_run:
            raise IdempotencyKeyRequired(
                "Send an idempotencyKey: money moves or an order is made, and a repeat must be recognised.",
                path=("idempotencyKey",),
            )
        try:
            return await self._repeated(caller, call, contract, answer)
        except StaleRights:
            fresh = await self._reload(caller)
            _permit(fresh, call.operation)
            return await self._repeated(fresh, call, contract, answer)

    async def _repeated(
        self, caller: Caller, call: Call[R], contract: Contract, answer: Answer[R] | None
    ) -> Outcome[R]:
        for attempt in range(RETRIES + 1):
            try:
                return await self._once(caller, call, contract, answer)
            except IntegrityError as error:
                raise refusal_of(error) or error from error
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if state not in RETRIED or attempt == RETRIES:
                    raise
                await asyncio.sleep(random.uniform(0.005, 0.05) * (attempt + 1))  # noqa: S311 - jitter
        raise AssertionError("unreachable")

    async def _once(self, caller: Caller, call: Call[R], contract: Contract, answer: Answer[R] | None) -> Outcome[R]:
        operation = call.operation
        key = None if operation.read_only else _key(caller, operation, contract)
        first = [tenants.rights_version(caller.tenant_id), *([key.take(contract.fingerprint)] if key else [])]
        async with self._database.opened(caller.context(), *first, read_only=operation.read_only) as (session, found):
            if (found[0] or (0,))[0] != caller.rights_version:
                raise StaleRights
            if key is not None and found[1] is None:
                return _replay(await idempotency.earlier(session, key), contract)
            session.info["joint"] = operation.joint
            changes = audit.watch(session)
            work = Work(session, caller, caller.today, caller.now, joint=operation.joint)
            result = await operation.story(work, *call.args, **call.kwargs)
            await session.flush()
            data = await answer(work, result) if answer is not None else None
            if contract.dry_run or operation.read_only:
                await session.rollback()
                return Outcome(result, data)
            last = audit.kept(caller, operation.name, work.stated_reason, [*changes, *work.noted])
            await together(session, [*last, *([key.keep(data)] if key else []), COMMIT])
            await session.commit()  # PostgreSQL has committed; now the session knows, too
            return Outcome(result, data)


def _key(caller: Caller, operation: Operation[..., Any], contract: Contract) -> Key | None:
    key = contract.key()
    return None if key is None else Key(caller.tenant_id, caller.membership_id, operation.name, key)


def _permit(caller: Caller, operation: Operation[..., Any]) -> None:
    caller.require(operation.permission)
    if caller.read_only and not operation.read_only:
        raise Forbidden("FORBIDDEN", "You are viewing as somebody else; nothing can be changed in this view.")


def _replay(earlier: idempotency.Earlier, contract: Contract) -> Outcome[Any]:
    if earlier.fingerprint != contract.fingerprint:
        raise IdempotencyKeyReused(
            "This idempotencyKey was used before with another input or selection; take a new key.",
            path=("idempotencyKey",),
        )
    return Outcome(None, earlier.answer, replayed=True)


def fingerprint(*parts: bytes) -> bytes:
    """The identity of an input and a selection; the order of the parts counts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def on_behalf(caller: Caller, viewer: Caller) -> Caller:
    """The caller as somebody else sees the tenant, for looking only; the viewer stays named in the audit."""
    return replace(caller, read_only=True, on_behalf_of=viewer.membership_id)
