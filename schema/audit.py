"""The audit: who changed what, when, why; and why the caller may or may not do something."""

import datetime as dt

import strawberry

from persistence import audit as stored
from persistence import users as members
from reads import (
    EnumFilter,
    IdFilter,
    TextFilter,
    argument,
    column,
    computed,
    filter_column,
    filter_input,
    many,
    one,
    order_by,
    ordering,
    page,
    rows,
)
from schema.base import Connection, Node, enumeration
from tenancy.permissions import Permission

enumeration(
    stored.AuditAction,
    "What was done to a record (Art der Änderung).",
    CREATED="It was created (angelegt).",
    CHANGED="It was changed (geändert).",
    REMOVED="It was removed (gelöscht).",
    VIEWED="Somebody began to look at the tenant as this account (angesehen als).",
)


@rows(members.Membership)
@strawberry.type(description="Who acted (handelnde Person).")
class Actor:
    """An account as the audit names it."""

    id: strawberry.ID = column("The id of the user.", prefix="usr")
    name: str = column("Name.")
    kind: str = column("STAFF, REPRESENTATIVE, PORTAL or API_KEY (Benutzerart).")


@rows(stored.AuditEntry, prefix="aud", permission=Permission.AUDIT_SEE)
@strawberry.type(description="One changed record within one operation (Protokolleintrag).")
class AuditEntry(Node):
    """Never changed, never removed."""

    at: dt.datetime = column("When.")
    operation: str = column("By which operation, such as `carts.add_item`.")
    action: stored.AuditAction = column("What was done.")
    subject_type: str = column("What kind of record it was, such as `cart`.")
    subject_id: str = computed("Which record: its id without the prefix.", stored.subject_text)
    actor: Actor | None = one("Who did it; null for the operator and jobs.", on={"id": "actor_id"})
    actor_kind: str = column("What kind of caller it was, such as STAFF, OPERATOR or JOB.")
    on_behalf_of: Actor | None = one("Who looked on as the actor, if somebody did.", on={"id": "on_behalf_of"})
    reason: str | None = column("Why, if it was stated.")
    before: str | None = computed("The values before, as JSON; null for a new record.", stored.before_text)
    after: str | None = computed("The values after, as JSON; null for a removed record.", stored.after_text)


@filter_input(description="Which audit entries.")
class AuditFilter:
    """Conditions on audit entries."""

    subject_type: TextFilter | None = filter_column("The kind of record.")
    subject_id: IdFilter | None = filter_column("The record, by its id with or without prefix.")
    operation: TextFilter | None = filter_column("The operation.")
    action: EnumFilter[stored.AuditAction] | None = filter_column("What was done.")


AuditOrder = ordering("AuditOrder", "How audit entries are ordered.", AT=order_by("at", "By time."))


@rows(members.Role)
@strawberry.type(description="A role that the caller holds.")
class OwnRole:
    """As `explainAccess` names it."""

    code: str = column("Short code.")
    name: str = column("Name.")


@rows(members.RoleGrant)
@strawberry.type(
    description="A reason why the caller holds a permission: a role and its reach (Herkunft eines Rechts)."
)
class AccessReason:
    """R-258, R-162."""

    role: OwnRole = one("The role that grants it.", on={"id": "role_id"})
    scope: str = column("How far this role lets it reach; of several roles the widest counts.")


@strawberry.type
class AuditQuery:
    """Reading the audit."""

    audit_entries: Connection[AuditEntry] | None = page(
        "Who changed what, the newest first unless ordered otherwise (Protokoll).",
        filter=AuditFilter,
        order=AuditOrder,
        default_order=("-at",),
        permission=Permission.AUDIT_SEE,
    )
    explain_access: list[AccessReason] = many(
        "Why the caller holds a permission: the roles that grant it. Empty: it is not held (Rechteauskunft).",
        where=members.granting,
        order_by=("role_id",),
        args={"permission": argument(Permission, "The permission that is asked about.", required=True)},
        size=3,
    )
