"""Alembic operations of our own; importing this package registers them with `op`.

Their arguments are frozen literals in the migration files; nothing here reads a model.
"""

from migrations.operations.cluster import Distribute, Replicate
from migrations.operations.functions import DropFunction, Function
from migrations.operations.guards import Grant, Guard, Revoke, Unguard
from migrations.operations.scripts import Script

__all__ = ["Distribute", "DropFunction", "Function", "Grant", "Guard", "Replicate", "Revoke", "Script", "Unguard"]
