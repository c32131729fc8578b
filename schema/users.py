"""Users, roles and API keys as the client sees them, and the caller itself."""

from datetime import date, datetime
from enum import Enum
from typing import Any

import strawberry

from persistence import users as stored
from reads import (
    EmailAddress,
    TextFilter,
    by_key,
    column,
    filter_column,
    filter_input,
    many,
    one,
    order_by,
    ordering,
    page,
    row_by,
    rows,
    value,
)
from resolvers import users
from resolvers.users import NewUser
from schema.base import Connection, MutationInput, Node, UpdateInput, enumeration, key, keys, mutation
from schema.organizations import Organization
from tenancy.operation import Call
from tenancy.permissions import READ, WRITE, Area, Permission, Scope, united


class UserKind(Enum):
    """What kind of user can be created."""

    STAFF = "STAFF"
    REPRESENTATIVE = "REPRESENTATIVE"
    PORTAL = "PORTAL"


class Access(Enum):
    """How much of an area a user group is given (R-00-05)."""

    NONE = "NONE"
    READ = "READ"
    READ_WRITE = "READ_WRITE"


enumeration(
    UserKind,
    "What kind of user it is (Benutzerart).",
    STAFF="Staff of the tenant (Mitarbeiter).",
    REPRESENTATIVE="A sales representative, who sees the own customers (Vertreter).",
    PORTAL="A customer in the self-service portal (Portalkunde).",
)
enumeration(
    Access,
    "How much of an area is given (Recht je Bereich).",
    NONE="Nothing: the area is hidden (R-00-06).",
    READ="Reading.",
    READ_WRITE="Reading and writing.",
)
enumeration(
    Area,
    "An area of rights (Bereich).",
    PROCESSES="Users, organizations, connections, settings (Prozesse).",
    CUSTOMERS="Partners and customers (Kunden).",
    PRODUCTS="Offers and carts (Produkte).",
    ACCOUNTING="Cost centers and accounting data (Buchhaltung).",
    TRANSACTIONS="Orders, invoices, subscriptions, payout list (Transaktionen).",
    CHECKOUT="Selling for a customer (Verkauf).",
)
enumeration(
    Permission,
    "What may be done, in one area (Berechtigung).",
    **{permission.name: f"The permission `{permission}`." for permission in Permission},
)
enumeration(
    Scope,
    "How far a right reaches (Reichweite).",
    OWN_CUSTOMERS="The own customers of a representative.",
    ORGANIZATION="The acting organization.",
    ORGANIZATION_AND_DESCENDANTS="The acting organization and those below.",
    TENANT="The whole tenant.",
)


@rows(stored.RoleGrant, permission=Permission.USERS_SEE)
@strawberry.type(description="One permission of a role, and how far it reaches (Einzelrecht).")
class Grant:
    """R-258."""

    permission: str = column("The permission, `area:act`.")
    scope: str = column("How far it reaches.")


@rows(stored.Role, prefix="rol", permission=Permission.USERS_SEE)
@strawberry.type(description="A bundle of permissions (Berechtigungsrolle, Benutzergruppe).")
class Role(Node):
    """R-258, R-00-05."""

    code: str = column("Short code, unique in the tenant.")
    name: str = column("Name.")
    delivered: bool = column("Whether every tenant starts with it (R-260).")
    version: int = column("Counts the changes (Fassung).")
    grants: list[Grant] = many("What it permits.", on={"role_id": "id"}, order_by=("permission",), size=20)


@rows(stored.MembershipRole, permission=Permission.USERS_SEE)
@strawberry.type(description="A role that a user holds (Rollenzuordnung).")
class HeldRole:
    """R-162."""

    role: Role = one("The role.", on={"id": "role_id"})


@rows(stored.MembershipOrganization, permission=Permission.USERS_SEE)
@strawberry.type(description="An organization that a user may act for (Organisationszuordnung).")
class Assignment:
    """R-240."""

    organization: Organization | None = one("The organization.", on={"id": "organization_id"})
    is_primary: bool = column("Whether it acts when none is named.")
    valid_from: date | None = column("First day, null: since ever.")
    valid_to: date | None = column("Last day, null: for ever.")


@rows(stored.Membership, prefix="usr", permission=Permission.USERS_SEE)
@strawberry.type(description="A person's or key's place in the tenant (Benutzer).")
class User(Node):
    """A membership."""

    kind: str = column("STAFF, REPRESENTATIVE, PORTAL or API_KEY (Benutzerart).")
    name: str = column("Name.")
    email: EmailAddress | None = column("E-mail address.")
    disabled_at: datetime | None = column("Since when the account is closed, null: open.")
    version: int = column("Counts the changes (Fassung).")
    roles: list[HeldRole] = many("The roles held.", on={"membership_id": "id"}, order_by=("id",), size=2)
    organizations: list[Assignment] = many(
        "Where the user may act.", on={"membership_id": "id"}, order_by=("id",), size=2
    )


@rows(stored.ApiKey, prefix="key", permission=Permission.USERS_SEE)
@strawberry.type(description="A key of a machine; its secret is never shown again (API-Schlüssel).")
class ApiKey(Node):
    """Hashed, expiring."""

    name: str = column("What it is for.")
    expires_at: datetime = column("When it ends.")
    revoked_at: datetime | None = column("When it was ended before that.")
    last_used_at: datetime | None = column("When it was used last, to the hour.")
    version: int = column("Counts the changes (Fassung).")


@filter_input(description="Which users.")
class UserFilter:
    """Conditions on users."""

    email: TextFilter | None = filter_column("The e-mail address.")


UserOrder = ordering("UserOrder", "How users are ordered.", NAME=order_by("name_key", "By name, as in a German list."))


@strawberry.type
class UserQuery:
    """Reading users, roles and keys."""

    user: User | None = row_by("One user (Benutzer).", permission=Permission.USERS_SEE)
    users: Connection[User] | None = page(
        "The tenant's users (Benutzer).",
        filter=UserFilter,
        order=UserOrder,
        default_order=("name_key",),
        permission=Permission.USERS_SEE,
    )
    role: Role | None = row_by("One role (Rolle).", permission=Permission.USERS_SEE)
    roles: Connection[Role] | None = page(
        "The tenant's roles (Rollen).", default_order=("code",), permission=Permission.USERS_SEE
    )
    api_keys: Connection[ApiKey] | None = page("The tenant's API keys.", permission=Permission.USERS_SEE)


@strawberry.input(description="One permission with its reach.")
class GrantInput:
    """R-258."""

    permission: Permission = strawberry.field(description="The permission, `area:act`.")
    scope: Scope = strawberry.field(description="How far it reaches.")


@strawberry.input(description="One area with its access.")
class AreaInput:
    """R-00-05."""

    area: Area = strawberry.field(description="The area.")
    access: Access = strawberry.field(description="How much of it.")


@strawberry.input(description="A new user.")
class CreateUserInput(MutationInput):
    """R-00-05."""

    kind: UserKind = strawberry.field(default=UserKind.STAFF, description="What kind of user it is.")
    issuer: str = strawberry.field(description="Who vouches for the person: the OIDC issuer.")
    subject: str = strawberry.field(description="The issuer's name for the person (`sub`).")
    name: str = strawberry.field(description="Name.")
    email: EmailAddress | None = strawberry.field(default=None, description="E-mail address.")
    role_ids: list[strawberry.ID] = strawberry.field(description="The roles, at least one.")
    organization_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Where the user may act; the first acts when none is named."
    )
    partner_id: strawberry.ID | None = strawberry.field(
        default=None, description="The partner that a representative or portal customer is."
    )


@strawberry.input(description="Other roles for a user.")
class SetUserRolesInput(UpdateInput):
    """R-00-05, R-261."""

    user_id: strawberry.ID = strawberry.field(description="The user.")
    role_ids: list[strawberry.ID] = strawberry.field(description="All roles from now on, at least one.")


@strawberry.input(description="Which account is closed.")
class DisableUserInput(UpdateInput):
    """R-00-08."""

    user_id: strawberry.ID = strawberry.field(description="The user.")


@strawberry.input(description="Which account is opened again.")
class EnableUserInput(UpdateInput):
    """The reverse of closing."""

    user_id: strawberry.ID = strawberry.field(description="The user.")


@strawberry.input(description="Where a user may act.")
class AssignUserToOrganizationInput(MutationInput):
    """R-241."""

    user_id: strawberry.ID = strawberry.field(description="The user.")
    organization_id: strawberry.ID = strawberry.field(description="The organization.")
    primary: bool = strawberry.field(default=False, description="Whether it acts when none is named.")
    valid_from: date | None = strawberry.field(default=None, description="First day, null: since ever.")
    valid_to: date | None = strawberry.field(default=None, description="Last day, null: for ever.")


@strawberry.input(description="Where a user may act no longer.")
class RemoveUserFromOrganizationInput(MutationInput):
    """R-241."""

    user_id: strawberry.ID = strawberry.field(description="The user.")
    organization_id: strawberry.ID = strawberry.field(description="The organization.")


@strawberry.input(description="A new role, by permissions or by areas.")
class CreateRoleInput(MutationInput):
    """R-258."""

    code: str = strawberry.field(description="Short code, unique in the tenant.")
    name: str = strawberry.field(description="Name.")
    grants: list[GrantInput] = strawberry.field(default_factory=list, description="Single permissions.")
    areas: list[AreaInput] = strawberry.field(
        default_factory=list, description="Whole areas, for the whole tenant (R-00-05)."
    )


@strawberry.input(description="Other permissions for a role.")
class UpdateRoleInput(UpdateInput):
    """R-258."""

    role_id: strawberry.ID = strawberry.field(description="The role.")
    name: str = strawberry.field(description="Name.")
    grants: list[GrantInput] = strawberry.field(default_factory=list, description="Single permissions.")
    areas: list[AreaInput] = strawberry.field(
        default_factory=list, description="Whole areas, for the whole tenant (R-00-05)."
    )


@strawberry.input(description="Which role is removed.")
class DeleteRoleInput(UpdateInput):
    """R-00-07."""

    role_id: strawberry.ID = strawberry.field(description="The role.")


@strawberry.input(description="A new API key.")
class IssueApiKeyInput(MutationInput):
    """Hashed, expiring."""

    name: str = strawberry.field(description="What it is for.")
    role_ids: list[strawberry.ID] = strawberry.field(description="The roles it acts with, at least one.")
    expires_at: datetime = strawberry.field(description="When it ends.")


@strawberry.input(description="Which key ends now.")
class RevokeApiKeyInput(UpdateInput):
    """Ends a key."""

    api_key_id: strawberry.ID = strawberry.field(description="The key.")


@rows(None)
@strawberry.type(description="The new user.")
class CreateUserPayload:
    """What was created."""

    user: User = by_key("The user.")


@rows(None)
@strawberry.type(description="The user with the new roles.")
class SetUserRolesPayload:
    """What was changed."""

    user: User = by_key("The user.")


@rows(None)
@strawberry.type(description="The closed account.")
class DisableUserPayload:
    """What was closed."""

    user: User = by_key("The user.")


@rows(None)
@strawberry.type(description="The opened account.")
class EnableUserPayload:
    """What was opened."""

    user: User = by_key("The user.")


@rows(None)
@strawberry.type(description="The user with the new assignment.")
class AssignUserToOrganizationPayload:
    """What was assigned."""

    user: User = by_key("The user.")


@rows(None)
@strawberry.type(description="The user without the assignment.")
class RemoveUserFromOrganizationPayload:
    """What was removed."""

    user: User = by_key("The user.")


@rows(None)
@strawberry.type(description="The new role.")
class CreateRolePayload:
    """What was created."""

    role: Role = by_key("The role.")


@rows(None)
@strawberry.type(description="The changed role.")
class UpdateRolePayload:
    """What was changed."""

    role: Role = by_key("The role.")


@rows(None)
@strawberry.type(description="The role is gone.")
class DeleteRolePayload:
    """What was removed."""

    role_id: strawberry.ID = value("The id of the removed role.", "id")


@rows(None)
@strawberry.type(description="The new key, with its secret.")
class IssueApiKeyPayload:
    """What was issued."""

    api_key: ApiKey = by_key("The key.")
    secret: str = value("The secret to send as a bearer token; it is shown this once.", "secret")


@rows(None)
@strawberry.type(description="The ended key.")
class RevokeApiKeyPayload:
    """What was ended."""

    api_key: ApiKey = by_key("The key.")


@strawberry.type
class UserMutation:
    """Changing users, roles and keys."""

    @mutation(users.create_user, payload=CreateUserPayload)
    def create_user(self, input: CreateUserInput) -> Call[Any]:
        """Give a person an account with roles and organizations (Benutzer anlegen)."""
        return users.create_user(
            NewUser(
                kind=input.kind.value,
                issuer=input.issuer,
                subject=input.subject,
                name=input.name,
                email=input.email,
                role_ids=keys("rol", input.role_ids),
                organization_ids=keys("org", input.organization_ids),
                partner_id=None if input.partner_id is None else key("par", input.partner_id),
            )
        )

    @mutation(users.set_user_roles, payload=SetUserRolesPayload)
    def set_user_roles(self, input: SetUserRolesInput) -> Call[Any]:
        """Give a user exactly these roles, none beyond the own rights (Rollen zuordnen)."""
        return users.set_user_roles(key("usr", input.user_id), keys("rol", input.role_ids), input.expected_version)

    @mutation(users.disable_user, payload=DisableUserPayload)
    def disable_user(self, input: DisableUserInput) -> Call[Any]:
        """Close an account, from its next request on (Benutzer sperren)."""
        return users.disable_user(key("usr", input.user_id), input.expected_version)

    @mutation(users.enable_user, payload=EnableUserPayload)
    def enable_user(self, input: EnableUserInput) -> Call[Any]:
        """Open an account again (Benutzer entsperren)."""
        return users.enable_user(key("usr", input.user_id), input.expected_version)

    @mutation(users.assign_to_organization, payload=AssignUserToOrganizationPayload)
    def assign_user_to_organization(self, input: AssignUserToOrganizationInput) -> Call[Any]:
        """Let a user act for an organization (Organisation zuordnen)."""
        return users.assign_to_organization(
            key("usr", input.user_id),
            key("org", input.organization_id),
            primary=input.primary,
            valid_from=input.valid_from,
            valid_to=input.valid_to,
        )

    @mutation(users.remove_from_organization, payload=RemoveUserFromOrganizationPayload)
    def remove_user_from_organization(self, input: RemoveUserFromOrganizationInput) -> Call[Any]:
        """End an assignment (Organisationszuordnung entfernen)."""
        return users.remove_from_organization(key("usr", input.user_id), key("org", input.organization_id))

    @mutation(users.create_role, payload=CreateRolePayload)
    def create_role(self, input: CreateRoleInput) -> Call[Any]:
        """Put permissions together into a role, none beyond the own rights (Rolle anlegen)."""
        return users.create_role(input.code, input.name, _grants(input.grants, input.areas))

    @mutation(users.update_role, payload=UpdateRolePayload)
    def update_role(self, input: UpdateRoleInput) -> Call[Any]:
        """Change what a role permits (Rolle ändern)."""
        grants = _grants(input.grants, input.areas)
        return users.update_role(key("rol", input.role_id), input.name, grants, input.expected_version)

    @mutation(users.delete_role, payload=DeleteRolePayload)
    def delete_role(self, input: DeleteRoleInput) -> Call[Any]:
        """Remove a role that nobody holds (Rolle löschen)."""
        return users.delete_role(key("rol", input.role_id), input.expected_version)

    @mutation(users.issue_key, payload=IssueApiKeyPayload)
    def issue_api_key(self, input: IssueApiKeyInput) -> Call[Any]:
        """Make an API key; its secret is shown once (API-Schlüssel ausstellen)."""
        return users.issue_key(input.name, keys("rol", input.role_ids), input.expires_at)

    @mutation(users.revoke_key, payload=RevokeApiKeyPayload)
    def revoke_api_key(self, input: RevokeApiKeyInput) -> Call[Any]:
        """Let an API key end now (API-Schlüssel widerrufen)."""
        return users.revoke_key(key("key", input.api_key_id), input.expected_version)


def _grants(single: list[GrantInput], areas: list[AreaInput]) -> dict[Permission, Scope]:
    """The permissions meant by single grants and whole areas together, each with its widest reach."""
    pairs = [(grant.permission, grant.scope.name) for grant in single]
    for given in areas:
        permissions = () if given.access is Access.NONE else READ[given.area]
        written = WRITE[given.area] if given.access is Access.READ_WRITE else ()
        pairs += [(permission, Scope.TENANT.name) for permission in (*permissions, *written)]
    return united(pairs)
