"""What every table has in common: its tenant, its id, its version, and the guard it is born with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import BigInteger, Date, DateTime, MetaData, Text, Uuid, event, func, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column

Role = Literal["kontor_app", "kontor_portal", "kontor_owner"]
Command = Literal["select", "insert", "update", "delete", "all"]
COMMANDS: tuple[Command, ...] = ("select", "insert", "update", "delete")

OWN = "tenant_id = current_tenant()"
"""The policy expression of a row that only its own tenant sees."""

OF_PARTNER = "tenant_id = current_tenant() AND partner_id = current_partner()"
"""The policy expression of a row that a portal customer sees: the own tenant's, and the own partner's."""


@dataclass(frozen=True)
class Policy:
    """One permissive row policy, compared with the database by `make check`.

    `using` and `check` are SQL over the row's own columns and the context functions; no subqueries.
    """

    name: str
    command: Command
    role: Role
    using: str | None = None
    check: str | None = None


FOUND = (
    Policy("found", "insert", "kontor_owner", check="true"),
    Policy("founded", "select", "kontor_owner", "true"),
)
"""Only the command line uses the owner role: it founds and lists companies and tenants; forced security binds it."""


@dataclass(frozen=True)
class Guard:
    """Who may do what with the rows of a table: its policies, and its grants by role.

    `grants` maps a role to its table privileges; a value such as `update(title, version)` grants by column.
    A policy for all commands counts for those that its role is granted, each as a policy of its own: so a
    privilege that somebody adds by mistake opens no row.
    """

    policies: tuple[Policy, ...]
    grants: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Narrow the policies to what is granted."""
        narrowed = tuple(narrow for policy in self.policies for narrow in self._granted(policy))
        object.__setattr__(self, "policies", narrowed)

    def _granted(self, policy: Policy) -> Iterator[Policy]:
        commands = [one for one in COMMANDS if any(act.startswith(one) for act in self.grants.get(policy.role, ()))]
        if policy.command != "all" or len(commands) in (0, len(COMMANDS)):
            yield policy
            return
        for one in commands:
            using = None if one == "insert" else policy.using
            # a changed row is checked by what found it, unless another check is stated
            states = one == "insert" or (one == "update" and policy.check != policy.using)
            yield Policy(f"{policy.name}_{one}", one, policy.role, using, policy.check if states else None)


def own(*privileges: str, portal: tuple[str, ...] = (), portal_sees: str | None = None) -> Guard:
    """The guard of an ordinary tenant table: its own tenant's staff does everything its grants allow.

    `portal` are the privileges of the portal role, `portal_sees` the rows they count for
    (default: the own partner's).
    """
    policies = [Policy("own", "all", "kontor_app", OWN, OWN)]
    grants: dict[Role, tuple[str, ...]] = {"kontor_app": privileges or ("select", "insert", "update", "delete")}
    if portal:
        rows = portal_sees or OF_PARTNER
        policies.append(Policy("own_portal", "all", "kontor_portal", rows, rows))
        grants["kontor_portal"] = portal
    return Guard(tuple(policies), grants)


def new_id() -> UUID:
    """A UUIDv7: ordered by time, so that new rows stand together in their index."""
    return uuid_utils.compat.uuid7()


def utc_now() -> datetime:
    """The present moment; only rows ask for it, rules get it as an argument."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """The root of all rows."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(as_uuid=True),
        str: Text(),
        int: BigInteger(),
        datetime: DateTime(timezone=True),
        date: Date(),
    }
    __guard__: ClassVar[Guard]


class InTenant:
    """A row that belongs to one tenant: the session says which, row security keeps it."""

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("current_tenant()"), sort_order=-20)


class TenantOwned(InTenant):
    """A row of a tenant with an id of its own."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-19)


class Versioned:
    """A record that people change: each change counts its version up, a stale one is refused (R-00-03)."""

    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=utc_now, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now, server_default=func.now())

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version, "eager_defaults": False}


class Joint:
    """A row with a column that lets another tenant read it; only joint operations set such a column."""

    READER_COLUMNS: ClassVar[frozenset[str]] = frozenset(
        {"source_tenant_id", "target_tenant_id", "shared_tenant_id", "shared_tenant_ids", "connection_id"}
    )


class Rights:
    """A row that decides what somebody may see or do; changing it counts the tenant's rights up."""


class Acted:
    """Who made the record and who changed it last; never on a row that another tenant may read."""

    created_by: Mapped[UUID | None]
    created_by_kind: Mapped[str] = mapped_column(server_default=text("'SYSTEM'"))
    updated_by: Mapped[UUID | None]
    updated_by_kind: Mapped[str] = mapped_column(server_default=text("'SYSTEM'"))


@event.listens_for(Session, "before_flush")
def _fill_in(session: Session, *_: object) -> None:
    """Write the tenant, the id and the actor of the session's work into its rows; the audit names rows by their id."""
    tenant_id, actor, kind = (session.info.get(key) for key in ("tenant_id", "actor_id", "actor_kind"))
    for row in session.new:
        if isinstance(row, InTenant) and row.tenant_id is None:
            row.tenant_id = tenant_id
        if isinstance(row, TenantOwned) and row.id is None:
            row.id = new_id()
        if isinstance(row, Acted):
            row.created_by, row.created_by_kind = actor, kind or "SYSTEM"
    for row in (*session.new, *session.dirty):
        if isinstance(row, Acted) and session.is_modified(row):
            row.updated_by, row.updated_by_kind = actor, kind or "SYSTEM"
