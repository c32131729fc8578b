"""The caller of an operation: who asks, for which tenant and organization, and what they may do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from persistence.engine import Context, DatabaseRole
from tenancy.errors import Forbidden
from tenancy.permissions import Permission, Scope

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment in UTC; tests hand in another clock."""
    return datetime.now(UTC)


ORGANIZATION_PROBLEMS = {
    "ORGANIZATION_ASSIGNMENT_REQUIRED": "You are not assigned to an active sales organization; "
    "ask an administrator to assign you to one.",
    "ACTING_ORGANIZATION_REQUIRED": "You are assigned to several organizations; "
    "name the one you act for in the header X-Kontor-Organization.",
    "ORGANIZATION_NOT_ASSIGNED": "You are not assigned to the organization that you named; "
    "choose one of those that `me` lists.",
}
"""Why a caller has no acting organization, and what to do (R-164, R-239, R-240)."""


class CallerKind(StrEnum):
    """What kind of caller a membership is; every kind passes the same door."""

    OPERATOR = "OPERATOR"
    STAFF = "STAFF"
    REPRESENTATIVE = "REPRESENTATIVE"
    API_KEY = "API_KEY"
    JOB = "JOB"
    PORTAL = "PORTAL"


@dataclass(frozen=True)
class Caller:
    """A person, a key or a job, acting for one tenant and, if it has organizations, for one of them.

    `path` holds the acting organization first and the root of the sales structure last; `below` its
    descendants. `organization_problem` says why there is no acting organization (a code of R-231).
    """

    tenant_id: UUID
    company_id: UUID
    kind: CallerKind
    subject: str
    membership_id: UUID | None = None
    partner_id: UUID | None = None
    grants: Mapping[Permission, Scope] = field(default_factory=dict)
    organization_id: UUID | None = None
    organization_problem: str | None = None
    path: tuple[UUID, ...] = ()
    below: tuple[UUID, ...] = ()
    assigned: tuple[UUID, ...] = ()
    assigned_below: frozenset[UUID] = frozenset()
    content_based: bool = True
    rights_version: int = 0
    rights_day: date | None = None
    time_zone: str = "Europe/Berlin"
    clock: Clock = field(default=system_clock, compare=False, repr=False)
    issuer: str = ""
    wished_organization_id: UUID | None = None
    on_behalf_of: UUID | None = None
    read_only: bool = False

    @cached_property
    def kept(self) -> dict[object, Any]:
        """What others worked out from this caller's rights, which do not change while this object lives."""
        return {}

    @property
    def role(self) -> DatabaseRole:
        """The database role that the caller's statements run under."""
        return "portal" if self.kind is CallerKind.PORTAL else "app"

    @property
    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self.clock()

    @cached_property
    def _rights_hold(self) -> tuple[datetime, datetime]:
        """Begin and end of the day for which the rights were read, in UTC."""
        day, zone = self.rights_day or date.min + timedelta(days=1), ZoneInfo(self.time_zone)
        begin, end = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
        return begin.astimezone(UTC), end.astimezone(UTC)

    @property
    def of_today(self) -> bool:
        """Whether the rights were read for the present day: assignments begin and end with days."""
        begin, end = self._rights_hold
        return begin <= self.now < end

    @property
    def today(self) -> date:
        """The present day in the tenant's time zone."""
        return self.now.astimezone(ZoneInfo(self.time_zone)).date()

    def context(self) -> Context:
        """What row security is told."""
        return Context(
            tenant_id=self.tenant_id,
            company_id=self.company_id,
            partner_id=self.partner_id if self.kind is CallerKind.PORTAL else None,
            membership_id=self.membership_id,
            actor_kind=self.kind,
            role=self.role,
        )

    def may(self, permission: Permission) -> bool:
        """Whether the permission is held, with whatever scope."""
        return permission in self.grants

    def require(self, permission: Permission) -> None:
        """Let pass, or raise Forbidden."""
        if permission not in self.grants:
            raise Forbidden("FORBIDDEN", f"This needs the permission {permission}.")

    def scope(self, permission: Permission) -> Scope | None:
        """How far the permission reaches; the whole tenant where content-based permissions are off (R-242)."""
        held = self.grants.get(permission)
        if held is not None and held > Scope.OWN_CUSTOMERS and not self.content_based:
            return Scope.TENANT
        return held

    def acting(self) -> UUID:
        """The acting organization.

        Raises:
            Forbidden: none is assigned, or several are and none was chosen (R-164, R-239).
        """
        if self.organization_id is None:
            code = self.organization_problem or "ORGANIZATION_ASSIGNMENT_REQUIRED"
            raise Forbidden(code, ORGANIZATION_PROBLEMS[code])
        return self.organization_id

    def seen(self, permission: Permission) -> tuple[UUID, ...]:
        """The organizations whose records the permission shows (R-238).

        They are the path to the root, and with descendant scope those below.
        """
        self.acting()
        if self.scope(permission) == Scope.ORGANIZATION_AND_DESCENDANTS:
            return (*self.path, *self.below)
        return self.path

    def covers(self, permission: Permission, organization_id: UUID) -> bool:
        """Whether the permission reaches an organization for changing what stands there (4.2).

        It counts for every organization the caller is assigned to, whichever of them acts at the moment.
        """
        match self.scope(permission):
            case Scope.TENANT:
                return True
            case Scope.ORGANIZATION_AND_DESCENDANTS:
                return organization_id in self.assigned or organization_id in self.assigned_below
            case Scope.ORGANIZATION:
                return organization_id in self.assigned
            case _:
                return False
