"""Plain statements, and SQL scripts of a library, statement by statement."""

import re
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any

from alembic.operations import MigrateOperation, Operations

from migrations.operations.sql import execute

TOKEN = re.compile(r"--[^\n]*|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|'(?:[^']|'')*'|;", re.DOTALL)
COMMENT = re.compile(r"^\s*--[^\n]*\n", re.MULTILINE)


@Operations.register_operation("script")
class Script(MigrateOperation):
    """Statements that no other operation knows, one after the other."""

    def __init__(self, statements: Iterable[str]) -> None:
        self.statements = tuple(statements)

    @classmethod
    def script(cls, operations: Operations, statements: Iterable[str]) -> Any:
        """Run the statements; each is sent alone."""
        return operations.invoke(cls(statements))

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """How Alembic lists it."""
        return ("script", len(self.statements))


@Operations.implementation_for(Script)
def _run(operations: Operations, operation: Script) -> None:
    execute(operations, operation.statements)


def statements(script: str) -> Iterator[str]:
    """The statements of a script; a semicolon in a comment, a text or a body in dollar quotes ends none."""
    begun = 0
    for token in TOKEN.finditer(f"{script};"):
        if token[0] == ";":
            statement = COMMENT.sub("", script[begun : token.start()]).strip()
            if statement:
                yield statement
            begun = token.end()


def of_library(package: str, *files: str) -> Iterator[str]:
    """The statements of these files of an installed package, which never change once they are published."""
    folder = resources.files(package)
    for file in files:
        yield from statements(folder.joinpath(file).read_text("utf-8"))
