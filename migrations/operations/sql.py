"""How operations write SQL: identifiers, roles, literals, and one statement per execute."""

import re
from collections.abc import Iterable

from alembic.operations import Operations
from sqlalchemy import text

PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
SINGLE_COLON = re.compile(r"(?<!:):(?!:)")


def quoted(name: str) -> str:
    """An identifier, safe in a statement; plain lower-case names stay as they are."""
    return name if PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def grantee(role: str) -> str:
    """A role, or everybody."""
    return "PUBLIC" if role == "public" else quoted(role)


def literal(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def execute(operations: Operations, statements: Iterable[str]) -> None:
    """Run the statements one by one (a cluster takes no more at a time); colons in them are no parameters."""
    for statement in statements:
        operations.execute(text(SINGLE_COLON.sub(r"\\:", statement)))
