"""From a known identity to a caller: membership, roles, organizations, read once and kept while they count."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, TypeAlias
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from persistence import tenants, users
from persistence.engine import Context, Database
from persistence.users import Membership
from tenancy.caller import Caller, CallerKind, Clock, system_clock
from tenancy.errors import Unauthenticated
from tenancy.permissions import PORTAL, STAFF, Permission, Scope, united


class Identified(Protocol):
    """What a door knows of the person or key before Kontor knows the membership."""

    @property
    def issuer(self) -> str:
        """Who vouches for the subject."""

    @property
    def subject(self) -> str:
        """The issuer's name for the person or key."""

    @property
    def tenant_id(self) -> UUID | None:
        """The tenant that the token names, if it names one."""


@dataclass(frozen=True)
class Known:
    """An identity that a caller was made from before."""

    issuer: str
    subject: str
    tenant_id: UUID | None


class Wish(NamedTuple):
    """As whom somebody wants to act: the audience of the schema, and the organization, if one is named."""

    portal: bool = False
    organization_id: UUID | None = None


_Key: TypeAlias = tuple[str, str, UUID | None, Wish]


class Callers:
    """Callers by identity and wish, kept in a bounded memory until the tenant's rights change."""

    def __init__(self, database: Database, *, clock: Clock = system_clock, capacity: int = 10_000) -> None:
        self.database = database
        self.clock = clock
        self._capacity = capacity
        self._known: OrderedDict[_Key, Caller] = OrderedDict()
        self._loading: dict[_Key, asyncio.Task[Caller]] = {}

    async def of(self, identity: Identified, wish: Wish) -> Caller:
        """The caller of this identity; from memory if its rights were read before.

        Raises:
            Unauthenticated: the person has no (enabled) membership here, or several and named no tenant.
        """
        key = (identity.issuer, identity.subject, identity.tenant_id, wish)
        caller = self._known.get(key)
        if caller is None or not caller.of_today:
            caller = await self._loaded(key, identity, wish)
            newer = self._known.get(key)
            if newer is None or newer.rights_version <= caller.rights_version:
                self._known[key] = caller
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return caller

    async def _loaded(self, key: _Key, identity: Identified, wish: Wish) -> Caller:
        """Read the caller once for all who ask at the same time: a page's first requests come together."""
        loading = self._loading.get(key)
        if loading is None:
            loading = self._loading[key] = asyncio.create_task(self.load(identity, wish))
            loading.add_done_callback(lambda done: self._forget_loading(key, done))
        # who hangs up does not take the others with it
        return await asyncio.shield(loading)

    def _forget_loading(self, key: _Key, done: "asyncio.Task[Caller]") -> None:
        if self._loading.get(key) is done:
            del self._loading[key]
        if not done.cancelled():
            done.exception()  # seen, also when nobody waits any more

    async def fresh(self, identity: Identified, wish: Wish) -> Caller:
        """The caller with rights as they are now, because an answer said that the known ones are old."""
        for tenant_id in (identity.tenant_id, None):
            # also a reading that is under way may have begun before the change
            self._known.pop((identity.issuer, identity.subject, tenant_id, wish), None)
            self._loading.pop((identity.issuer, identity.subject, tenant_id, wish), None)
        return await self.of(identity, wish)

    async def again(self, caller: Caller) -> Caller:
        """The same caller with rights as they are now.

        The operator has no membership: all that can be old is the count of the rights.
        """
        if caller.membership_id is None:
            asked = tenants.rights_version(caller.tenant_id)
            async with self.database.opened(caller.context(), asked, read_only=True) as (_, [version]):
                return replace(caller, rights_version=version[0] if version else 0)
        wish = Wish(caller.kind is CallerKind.PORTAL, caller.wished_organization_id)
        fresh = await self.fresh(Known(caller.issuer, caller.subject, caller.tenant_id), wish)
        return replace(fresh, on_behalf_of=caller.on_behalf_of, read_only=caller.read_only, clock=caller.clock)

    async def load(self, identity: Identified, wish: Wish) -> Caller:
        """Read the caller from the database."""
        async with self.database.transaction(Context(subject=identity.subject), read_only=True) as session:
            found = await users.memberships_of(session, identity.issuer, identity.subject)
        membership = chosen(found, identity.tenant_id, portal=wish.portal)
        async with self.database.transaction(_context_of(membership), read_only=True) as session:
            return await self._caller(session, membership, wish)

    async def _caller(self, session: AsyncSession, membership: Membership, wish: Wish) -> Caller:
        home = await tenants.home(session, membership.tenant_id)
        kind = CallerKind(membership.kind)
        caller = Caller(
            tenant_id=membership.tenant_id,
            company_id=home.company_id,
            kind=kind,
            subject=membership.subject,
            membership_id=membership.id,
            issuer=membership.issuer,
            wished_organization_id=wish.organization_id,
            partner_id=membership.partner_id,
            grants=allowed(kind, united(await users.grants_of(session, membership.id))),
            content_based=home.content_based_permissions,
            rights_version=home.rights_version,
            time_zone=home.time_zone,
            clock=self.clock,
        )
        caller = replace(caller, rights_day=caller.today)
        if kind is CallerKind.PORTAL:
            return caller
        return await _placed(session, caller, wish.organization_id)


def allowed(kind: CallerKind, grants: dict[Permission, Scope]) -> dict[Permission, Scope]:
    """The rights that a kind of caller can hold at all: portal rights and staff rights never mix.

    A representative's rights never reach beyond the own customers (R-221, R-224).
    """
    if kind is CallerKind.PORTAL:
        return {permission: Scope.OWN_CUSTOMERS for permission in grants if permission in PORTAL}
    held = {permission: scope for permission, scope in grants.items() if permission in STAFF}
    if kind is CallerKind.REPRESENTATIVE:
        return dict.fromkeys(held, Scope.OWN_CUSTOMERS)
    return held


def chosen(found: Sequence[Membership], tenant_id: UUID | None, *, portal: bool) -> Membership:
    """The one membership that counts for this request.

    Raises:
        Unauthenticated: none fits, or several do and no tenant was named.
    """
    fitting = [row for row in found if (row.kind == CallerKind.PORTAL) is portal and tenant_id in (None, row.tenant_id)]
    if not fitting:
        raise Unauthenticated("UNAUTHENTICATED", "There is no account for you here; ask an administrator.")
    if len({row.tenant_id for row in fitting}) > 1:
        raise Unauthenticated(
            "TENANT_REQUIRED", "You belong to several tenants; sign in to one of them (claim kontor_tenant)."
        )
    order = [CallerKind.STAFF, CallerKind.REPRESENTATIVE, CallerKind.API_KEY, CallerKind.JOB]
    return min(fitting, key=lambda row: order.index(CallerKind(row.kind)) if not portal else 0)


def _context_of(membership: Membership) -> Context:
    return Context(tenant_id=membership.tenant_id, membership_id=membership.id)


async def _placed(session: AsyncSession, caller: Caller, wanted: UUID | None) -> Caller:
    """The caller with its acting organization, or with the reason why it has none."""
    direct = await users.organizations_of(session, caller.membership_id, caller.today)
    assigned = tuple(row.organization_id for row in direct)
    below = await users.descendants_of(session, assigned)
    caller = replace(caller, assigned=assigned, assigned_below=frozenset(pair.descendant_id for pair in below))
    if not caller.content_based:
        root = await users.root_of(session)
        return replace(caller, organization_id=root, path=(root,) if root else ())
    acting, problem = acting_of(assigned, [row.organization_id for row in direct if row.is_primary], wanted)
    if acting is None:
        return replace(caller, organization_problem=problem)
    return replace(
        caller,
        organization_id=acting,
        path=tuple(await users.ancestors_of(session, acting)),
        below=tuple(pair.descendant_id for pair in below if pair.ancestor_id == acting),
    )


def acting_of(assigned: Sequence[UUID], primary: Sequence[UUID], wanted: UUID | None) -> tuple[UUID | None, str | None]:
    """The acting organization, or the code of why there is none (R-239, R-240).

    It is the wanted one if it is assigned directly, else the only or the primary one.
    """
    if wanted is not None:
        return (wanted, None) if wanted in assigned else (None, "ORGANIZATION_NOT_ASSIGNED")
    if not assigned:
        return None, "ORGANIZATION_ASSIGNMENT_REQUIRED"
    if len(assigned) == 1:
        return assigned[0], None
    return (primary[0], None) if primary else (None, "ACTING_ORGANIZATION_REQUIRED")
