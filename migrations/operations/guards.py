"""Guard a table: row level security, its policies, and who is granted what."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from alembic.operations import MigrateOperation, Operations

from migrations.operations.sql import execute, grantee, quoted

PolicyRow: TypeAlias = tuple[str, str, str, str | None, str | None]
"""name, command, role, USING, WITH CHECK"""

Grants: TypeAlias = Mapping[str, Sequence[str]]
"""role to privileges, such as `select` or `update(title, version)`"""

PRIVILEGE = re.compile(r"(?P<act>[a-z]+)(\((?P<columns>[^)]*)\))?")


class UnknownPrivilegeError(ValueError):
    """A grant is neither a privilege nor a privilege with its columns."""


def columns_of(privilege: str) -> tuple[str, tuple[str, ...]]:
    """`update(title, version)` as ("update", ("title", "version")); without columns the tuple is empty."""
    match = PRIVILEGE.fullmatch(privilege.strip())
    if match is None:
        raise UnknownPrivilegeError(f"'{privilege}' is not a privilege.")
    names = match["columns"] or ""
    return match["act"], tuple(name.strip() for name in names.split(",") if name.strip())


def policy_statement(table: str, policy: PolicyRow) -> str:
    """CREATE POLICY, always permissive: restrictive ones turn permissive on the shards of a cluster."""
    name, command, role, using, check = policy
    words = [f"CREATE POLICY {quoted(name)} ON {quoted(table)} FOR {command.upper()} TO {grantee(role)}"]
    if using is not None:
        words.append(f"USING ({using})")
    if check is not None:
        words.append(f"WITH CHECK ({check})")
    return " ".join(words)


def grant_statements(table: str, grants: Grants) -> Iterable[str]:
    """One GRANT per role and privilege."""
    for role, privileges in grants.items():
        for privilege in privileges:
            act, columns = columns_of(privilege)
            of = f" ({', '.join(quoted(column) for column in columns)})" if columns else ""
            yield f"GRANT {act.upper()}{of} ON {quoted(table)} TO {grantee(role)}"


def revoke_statements(table: str, grants: Grants) -> Iterable[str]:
    """Take every privilege of the roles back, those by column too."""
    return (f"REVOKE ALL ON {quoted(table)} FROM {grantee(role)}" for role in grants)


@Operations.register_operation("guard")
class Guard(MigrateOperation):
    """Enable and force row level security, with these policies and these grants. Lock: ACCESS EXCLUSIVE."""

    def __init__(self, table: str, policies: Sequence[PolicyRow], grants: Grants) -> None:
        self.table, self.policies, self.grants = table, tuple(policies), grants

    @classmethod
    def guard(cls, operations: Operations, table: str, *, policies: Sequence[Any], grants: Mapping[str, Any]) -> Any:
        """Guard a table: its rows are for nobody but those whom a policy and a grant admit."""
        return operations.invoke(cls(table, policies, grants))

    def reverse(self) -> MigrateOperation:
        """What a downgrade does."""
        return Unguard(self.table, self.policies, self.grants)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """How Alembic lists it."""
        return ("guard", self.table)

    def statements(self) -> Iterable[str]:
        """The SQL, one statement each."""
        yield f"ALTER TABLE {quoted(self.table)} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {quoted(self.table)} FORCE ROW LEVEL SECURITY"
        yield from (policy_statement(self.table, policy) for policy in self.policies)
        yield from grant_statements(self.table, self.grants)


@Operations.register_operation("unguard")
class Unguard(MigrateOperation):
    """Take policies, grants and row level security away: before a new guard, or in a downgrade."""

    def __init__(self, table: str, policies: Sequence[PolicyRow], grants: Grants) -> None:
        self.table, self.policies, self.grants = table, tuple(policies), grants

    @classmethod
    def unguard(cls, operations: Operations, table: str, *, policies: Sequence[Any], grants: Mapping[str, Any]) -> Any:
        """Take the guard away; `policies` and `grants` are those that stand. Lock: ACCESS EXCLUSIVE."""
        return operations.invoke(cls(table, policies, grants))

    def reverse(self) -> MigrateOperation:
        """What a downgrade does."""
        return Guard(self.table, self.policies, self.grants)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """How Alembic lists it."""
        return ("unguard", self.table)

    def statements(self) -> Iterable[str]:
        """The SQL, one statement each."""
        yield from revoke_statements(self.table, self.grants)
        for policy in self.policies:
            yield f"DROP POLICY {quoted(policy[0])} ON {quoted(self.table)}"
        yield f"ALTER TABLE {quoted(self.table)} NO FORCE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {quoted(self.table)} DISABLE ROW LEVEL SECURITY"


@Operations.register_operation("grant")
class Grant(MigrateOperation):
    """Privileges on a table that is no tenant's, such as Alembic's own."""

    def __init__(self, table: str, grants: Grants) -> None:
        self.table, self.grants = table, grants

    @classmethod
    def grant(cls, operations: Operations, table: str, *, grants: Mapping[str, Any]) -> Any:
        """Grant privileges without a guard."""
        return operations.invoke(cls(table, grants))

    def reverse(self) -> MigrateOperation:
        """What a downgrade does."""
        return Revoke(self.table, self.grants)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """How Alembic lists it."""
        return ("grant", self.table)

    def statements(self) -> Iterable[str]:
        """The SQL, one statement each."""
        return grant_statements(self.table, self.grants)


@Operations.register_operation("revoke")
class Revoke(MigrateOperation):
    """Take all privileges of roles back."""

    def __init__(self, table: str, grants: Grants) -> None:
        self.table, self.grants = table, grants

    @classmethod
    def revoke(cls, operations: Operations, table: str, *, grants: Mapping[str, Any]) -> Any:
        """Revoke all privileges of these roles; `grants` are those that stand."""
        return operations.invoke(cls(table, grants))

    def reverse(self) -> MigrateOperation:
        """What a downgrade does."""
        return Grant(self.table, self.grants)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """How Alembic lists it."""
        return ("revoke", self.table)

    def statements(self) -> Iterable[str]:
        """The SQL, one statement each."""
        return revoke_statements(self.table, self.grants)


@Operations.implementation_for(Guard)
@Operations.implementation_for(Unguard)
@Operations.implementation_for(Grant)
@Operations.implementation_for(Revoke)
def _run(operations: Operations, operation: Guard | Unguard | Grant | Revoke) -> None:
    execute(operations, operation.statements())
