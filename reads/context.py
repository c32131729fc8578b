"""What a declaration may ask of the caller: values bound at run time, and facts that shape the statement."""

from typing import Any, cast

from sqlalchemy import ARRAY, BindParameter, Date, DateTime, Text, Uuid, bindparam
from sqlalchemy.types import TypeEngine

from tenancy.caller import Caller
from tenancy.permissions import Permission, Scope

IDS: TypeEngine[Any] = ARRAY(Uuid(as_uuid=True))
TEXTS: TypeEngine[Any] = ARRAY(Text())
CALLER = "caller:"
"""Prefix of the names of binds that a caller fills."""

_TYPES: dict[str, TypeEngine[Any]] = {
    "tenant_id": Uuid(),
    "company_id": Uuid(),
    "membership_id": Uuid(),
    "partner_id": Uuid(),
    "organization_id": Uuid(),
    "kind": Text(),
    "subject": Text(),
    "today": Date(),
    "now": DateTime(timezone=True),
    "path": IDS,
    "below": IDS,
    "connected": IDS,
    "permissions": TEXTS,
}


class Context:
    """Bind expressions of the caller, for SQL expressions that persistence declares.

    Attributes such as `tenant_id`, `partner_id`, `membership_id`, `organization_id`, `today`, `now`, `path`,
    `below`, `connected` and `permissions` are binds: their values never stand in a plan. `scope`, `may` and
    `kind_is` answer at compile time; what they were asked becomes part of the plan's key.
    """

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts

    def __getattr__(self, name: str) -> BindParameter[Any]:
        if name not in _TYPES:
            raise AttributeError(name)
        return bindparam(CALLER + name, type_=_TYPES[name], required=True)

    def seen(self, permission: Permission) -> BindParameter[Any]:
        """The organizations that the permission shows, as `uuid[]`: compare with `== any_(context.seen(p))`."""
        return bindparam(f"{CALLER}seen:{permission}", type_=IDS, required=True)

    def scope(self, permission: Permission) -> Scope | None:
        """How far the caller's permission reaches, or None; known while compiling."""
        return self._facts.scope(permission)

    def may(self, permission: Permission) -> bool:
        """Whether the caller holds the permission; known while compiling."""
        return self._facts.scope(permission) is not None

    def kind_is(self, *kinds: str) -> bool:
        """Whether the caller is of one of these kinds; known while compiling."""
        return self._facts.kind() in kinds


KIND = ""
"""The fact that stands for the caller's kind among the permissions of a plan's key."""


class Facts:
    """What a compilation asked about its caller: the answers, so that a plan is reused only where they hold."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.asked: dict[str, Any] = {}

    def apart(self) -> "Facts":
        """Facts about the same caller, with nothing asked yet."""
        return Facts(self._caller)

    def scope(self, permission: Permission) -> Scope | None:
        """The reach of a permission, or None when it is not held."""
        held: Scope | None = self.ask(permission)
        return held

    def kind(self) -> str:
        """The kind of caller."""
        return str(self.ask(KIND))

    def ask(self, name: str) -> Any:
        """The answer to a question by its name, which is noted."""
        if name not in self.asked:
            self.asked[name] = fact(self._caller, name)
        return self.asked[name]


def facts(caller: Caller, names: tuple[str, ...]) -> tuple[Any, ...]:
    """The answers to all of these, in their order."""
    found: tuple[Any, ...] | None = caller.kept.get(names)
    if found is None:
        found = caller.kept[names] = tuple(fact(caller, name) for name in names)
    return found


def settings(caller: Caller) -> tuple[bytes, ...]:
    """What row security is told of the caller, as it is sent."""
    found: tuple[bytes, ...] | None = caller.kept.get(settings)
    if found is None:
        found = caller.kept[settings] = tuple(value.encode() for value in caller.context().settings().values())
    return found


def fact(caller: Caller, name: str) -> Any:
    """One answer about a caller that shapes statements."""
    return caller.kind if name == KIND else caller.scope(cast("Permission", name))
