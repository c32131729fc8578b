"""Place a table on a Citus cluster: spread over its shards by tenant, or copied to every node.

On a plain PostgreSQL these operations do nothing. Written as a script (`--sql`) they appear only with
`-x citus=on`, since the script cannot ask the server.
"""

from collections.abc import Iterable
from typing import Any

from alembic import context
from alembic.operations import MigrateOperation, Operations
from sqlalchemy import text

from migrations.operations.sql import execute, literal

SEQUENTIAL = "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'"


@Operations.register_operation("distribute")
class Distribute(MigrateOperation):
    """Spread a tenant table over the shards by its tenant."""

    def __init__(self, table: str, column: str = "tenant_id") -> None:
        self.table, self.column = table, column

    @classmethod
    def distribute(cls, operations: Operations, table: str, column: str = "tenant_id") -> Any:
        """Spread a table's rows by the column."""
        return operations.invoke(cls(table, column))

    def reverse(self) -> MigrateOperation:
        """A table is dropped where it stands."""
        return Stay(self.table)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """How Alembic lists it."""
        return ("distribute", self.table)

    def statements(self) -> Iterable[str]:
        """The SQL, one statement each."""
        yield SEQUENTIAL
        yield f"SELECT create_distributed_table({literal(self.table)}, {literal(self.column)})"


@Operations.register_operation("replicate")
class Replicate(MigrateOperation):
    """Copy a global table to every node."""

    def __init__(self, table: str) -> None:
        self.table = table

    @classmethod
    def replicate(cls, operations: Operations, table: str) -> Any:
        """Make the table a reference table."""
        return operations.invoke(cls(table))

    def reverse(self) -> MigrateOperation:
        """A table is dropped where it stands."""
        return Stay(self.table)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """How Alembic lists it."""
        return ("replicate", self.table)

    def statements(self) -> Iterable[str]:
        """The SQL, one statement each."""
        yield SEQUENTIAL
        yield f"SELECT create_reference_table({literal(self.table)})"


class Stay(MigrateOperation):
    """The reverse of placing a table: nothing, since the downgrade drops it."""

    def __init__(self, table: str) -> None:
        self.table = table


@Operations.implementation_for(Distribute)
@Operations.implementation_for(Replicate)
def _place(operations: Operations, operation: Distribute | Replicate) -> None:
    if _on_cluster(operations):
        execute(operations, operation.statements())


def _on_cluster(operations: Operations) -> bool:
    if operations.get_context().as_sql:
        return context.get_x_argument(as_dictionary=True).get("citus") == "on"
    found = operations.get_bind().execute(text("select from pg_extension where extname = 'citus'"))
    return found.first() is not None
