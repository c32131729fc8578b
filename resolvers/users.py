"""What happens to users, their roles, their organizations and their keys."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain import users as rules
from domain.names import sort_key
from domain.refusals import InUse, NotFound
from persistence import users
from persistence.changes import found, to_change
from persistence.organizations import Organization
from persistence.partners import Partner
from persistence.users import ApiKey, Membership, MembershipOrganization, MembershipRole, Role, RoleGrant
from tenancy.audit import Change
from tenancy.operation import writes
from tenancy.permissions import DELIVERED, Permission, Scope, united
from tenancy.scopes import tenant_wide
from tenancy.work import Work

Grants = Mapping[Permission, Scope]


@dataclass(frozen=True)
class NewUser:
    """What a user starts with: who it is at the issuer, which roles it holds, and where it may act.

    `kind` is STAFF, REPRESENTATIVE or PORTAL; the last two belong to a partner (R-224).
    """

    kind: str
    issuer: str
    subject: str
    name: str
    email: str | None
    role_ids: Sequence[UUID]
    organization_ids: Sequence[UUID] = ()
    partner_id: UUID | None = None


@dataclass(frozen=True)
class IssuedKey:
    """A new API key: its id, its membership, and the secret that is shown this once."""

    id: UUID
    membership_id: UUID
    secret: str


@writes(Permission.USERS_EDIT)
async def create_user(work: Work, new: NewUser) -> UUID:
    """Give a person a membership with roles and organizations (R-00-05, R-261). Raises NotFound for a foreign one."""
    tenant_wide(work.caller, Permission.USERS_EDIT)
    if new.partner_id is not None:
        await found(work.session, Partner, new.partner_id, what="partner")
    membership = Membership(
        kind=new.kind,
        issuer=new.issuer,
        subject=new.subject,
        name=new.name,
        name_key=sort_key(new.name),
        email=new.email,
        partner_id=new.partner_id,
    )
    work.session.add(membership)
    await work.session.flush()
    await _give_roles(work, membership.id, new.role_ids)
    for position, organization_id in enumerate(new.organization_ids):
        await _assign(work, membership.id, organization_id, primary=position == 0)
    return membership.id


@writes(Permission.USERS_EDIT)
async def set_user_roles(work: Work, membership_id: UUID, role_ids: Sequence[UUID], expected_version: int) -> UUID:
    """Give a user exactly these roles, at least one and none beyond the caller's own rights (R-00-05, R-261)."""
    tenant_wide(work.caller, Permission.USERS_EDIT)
    membership = await to_change(work.session, Membership, membership_id, expected_version, what="user")
    for held in await users.roles_held(work.session, membership_id):
        await work.session.delete(held)
    await work.session.flush()
    await _give_roles(work, membership_id, role_ids)
    membership.updated_at = work.now
    return membership_id


@writes(Permission.USERS_EDIT)
async def disable_user(work: Work, membership_id: UUID, expected_version: int) -> UUID:
    """Close an account, from its next request on; never the own one (R-00-08)."""
    tenant_wide(work.caller, Permission.USERS_EDIT)
    membership = await to_change(work.session, Membership, membership_id, expected_version, what="user")
    rules.disable(membership.id, by=work.caller.membership_id)
    membership.disabled_at = work.now
    return membership_id


@writes(Permission.USERS_EDIT)
async def enable_user(work: Work, membership_id: UUID, expected_version: int) -> UUID:
    """Open an account again."""
    tenant_wide(work.caller, Permission.USERS_EDIT)
    membership = await to_change(work.session, Membership, membership_id, expected_version, what="user")
    membership.disabled_at = None
    return membership_id


@writes(Permission.USERS_EDIT)
async def assign_to_organization(
    work: Work,
    membership_id: UUID,
    organization_id: UUID,
    *,
    primary: bool = False,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> UUID:
    """Let a user act for an organization, from the next request on (R-241)."""
    tenant_wide(work.caller, Permission.USERS_EDIT)
    membership = await to_change(work.session, Membership, membership_id, what="user")
    await _assign(work, membership_id, organization_id, primary=primary, valid_from=valid_from, valid_to=valid_to)
    membership.updated_at = work.now
    return membership_id


@writes(Permission.USERS_EDIT)
async def remove_from_organization(work: Work, membership_id: UUID, organization_id: UUID) -> UUID:
    """End an assignment, from the next request on (R-241)."""
    tenant_wide(work.caller, Permission.USERS_EDIT)
    membership = await to_change(work.session, Membership, membership_id, what="user")
    assignment = await users.assignment(work.session, membership_id, organization_id)
    if assignment is None:
        raise NotFound("The user is not assigned to this organization.", path=("organizationId",))
    await work.session.delete(assignment)
    membership.updated_at = work.now
    return membership_id


@writes(Permission.USERS_EDIT)
async def create_role(work: Work, code: str, name: str, grants: Grants) -> UUID:
    """Put permissions together into a role; none beyond the caller's own (R-258, R-261)."""
    tenant_wide(work.caller, Permission.USERS_EDIT)
    rules.grant(grants, work.caller.grants)
    role = Role(code=code, name=name)
    work.session.add(role)
    await work.session.flush()
    _grant(work, role.id, grants)
    return role.id


@writes(Permission.USERS_EDIT)
async def update_role(work: Work, role_id: UUID, name: str, grants: Grants, expected_version: int) -> UUID:
    """Change what a role permits, for all who hold it, from the next request on (R-258, R-261)."""
    tenant_wide(work.caller, Permission.USERS_EDIT)
    role = await to_change(work.session, Role, role_id, expected_version, what="role")
    rules.grant(grants, work.caller.grants)
    for old in await users.grants_in(work.session, role_id):
        await work.session.delete(old)
    await work.session.flush()
    _grant(work, role_id, grants)
    role.name, role.updated_at = name, work.now
    return role_id


@writes(Permission.USERS_EDIT)
async def delete_role(work: Work, role_id: UUID, expected_version: int) -> UUID:
    """Remove a role that nobody holds (R-00-07). Raises InUse."""
    tenant_wide(work.caller, Permission.USERS_EDIT)
    role = await to_change(work.session, Role, role_id, expected_version, what="role")
    holders = await users.holders(work.session, role_id)
    if holders:
        raise InUse(f"{holders} users hold this role; give them another one first.")
    await work.session.delete(role)
    return role_id


@writes(Permission.USERS_EDIT)
async def deliver_roles(work: Work) -> None:
    """Give a new tenant the roles that every tenant starts with (R-260)."""
    for code, (name, grants) in DELIVERED.items():
        role = Role(code=code, name=name, delivered=True)
        work.session.add(role)
        await work.session.flush()
        _grant(work, role.id, grants)


@writes(Permission.USERS_EDIT)
async def issue_key(work: Work, name: str, role_ids: Sequence[UUID], expires_at: datetime) -> IssuedKey:
    """Make an API key with a membership of its own; its secret is told once and kept as a hash."""
    tenant_wide(work.caller, Permission.USERS_EDIT)
    secret = secrets.token_urlsafe(32)
    membership = Membership(
        kind="API_KEY",
        issuer="kontor:keys",
        subject=secrets.token_hex(16),
        name=name,
        name_key=sort_key(name),
    )
    work.session.add(membership)
    await work.session.flush()
    await _give_roles(work, membership.id, role_ids)
    key = ApiKey(
        membership_id=membership.id,
        name=name,
        secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
        expires_at=expires_at,
    )
    work.session.add(key)
    await work.session.flush()
    return IssuedKey(key.id, membership.id, f"kontor_{work.caller.tenant_id.hex}_{secret}")


@writes(Permission.USERS_EDIT)
async def revoke_key(work: Work, key_id: UUID, expected_version: int) -> UUID:
    """Let a key end now."""
    tenant_wide(work.caller, Permission.USERS_EDIT)
    key = await to_change(work.session, ApiKey, key_id, expected_version, what="API key")
    key.revoked_at = work.now
    membership = await to_change(work.session, Membership, key.membership_id, what="user")
    membership.disabled_at = work.now
    return key_id


async def _give_roles(work: Work, membership_id: UUID, role_ids: Sequence[UUID]) -> None:
    rules.roles_of(len(role_ids))
    for role_id in dict.fromkeys(role_ids):
        await found(work.session, Role, role_id, what="role")
        grants = await users.grants_in(work.session, role_id)
        rules.grant(united([(row.permission, row.scope) for row in grants]), _grantable(work))
        work.session.add(MembershipRole(membership_id=membership_id, role_id=role_id))


def _grantable(work: Work) -> dict[Permission, int]:
    """What the caller may hand on: its own rights; whoever holds all rights may let customers into the portal."""
    portal = dict.fromkeys((Permission.PORTAL_SEE, Permission.PORTAL_BUY), Scope.OWN_CUSTOMERS)
    return {**portal, **work.caller.grants}


def _grant(work: Work, role_id: UUID, grants: Grants) -> None:
    for permission, scope in grants.items():
        work.session.add(RoleGrant(role_id=role_id, permission=permission, scope=scope.name))


async def _assign(
    work: Work,
    membership_id: UUID,
    organization_id: UUID,
    *,
    primary: bool,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> None:
    await found(work.session, Organization, organization_id, what="organization")
    existing = await users.assignment(work.session, membership_id, organization_id)
    assignment = existing or MembershipOrganization(membership_id=membership_id, organization_id=organization_id)
    assignment.is_primary, assignment.valid_from, assignment.valid_to = primary, valid_from, valid_to
    work.session.add(assignment)


@dataclass(frozen=True)
class Viewed:
    """The account that somebody looks at the tenant as."""

    issuer: str
    subject: str
    name: str
    email: str | None


@writes(Permission.USERS_EDIT)
async def view_as(work: Work, email: str) -> Viewed:
    """Begin to look at the tenant as a colleague sees it, without changing anything; it stands in the audit.

    Raises:
        NotFound: no open staff account has this address.
        RoleTooLarge: the colleague may see more than the caller (R-261).
    """
    tenant_wide(work.caller, Permission.USERS_EDIT)
    membership = await users.staff_by_email(work.session, email)
    if membership is None:
        raise NotFound("No open staff account has this address.", path=("email",))
    rights = united(await users.grants_of(work.session, membership.id))
    rules.grant(rights, work.caller.grants)
    work.note(Change("VIEWED", "membership", membership.id, None, None))
    return Viewed(membership.issuer, membership.subject, membership.name, membership.email)
