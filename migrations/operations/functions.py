"""Define an SQL function: the context that policies read, and vetted searches."""

from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from alembic.operations import MigrateOperation, Operations

from migrations.operations.sql import execute, grantee, quoted


@dataclass(frozen=True)
class Definition:
    """All that a function is; `execute` names who may call it, empty means everybody."""

    name: str
    arguments: str = ""
    _: KW_ONLY
    returns: str
    body: str
    volatility: str = "stable"
    security_definer: bool = False
    search_path: str | None = None
    execute: tuple[str, ...] = ()

    @property
    def signature(self) -> str:
        """The name with its arguments."""
        return f"{quoted(self.name)}({self.arguments})"

    def creation(self, schema: str = "public") -> str:
        """CREATE OR REPLACE: policies and defaults that call the function stay."""
        words = [f"CREATE OR REPLACE FUNCTION {schema}.{self.signature} RETURNS {self.returns}"]
        words.append(f"LANGUAGE sql {self.volatility.upper()} PARALLEL SAFE")
        if self.security_definer:
            words.append("SECURITY DEFINER")
        if self.search_path:
            words.append(f"SET search_path = {self.search_path}")
        return " ".join([*words, f"AS $sql${self.body}$sql$"])

    def rights(self, formerly: Sequence[str] = (), schema: str = "public") -> Iterable[str]:
        """Who may call it, and that those who formerly might no longer do."""
        before, now = formerly or ("public",), self.execute or ("public",)
        for role in before:
            if role not in now:
                yield f"REVOKE ALL ON FUNCTION {schema}.{self.signature} FROM {grantee(role)}"
        for role in now:
            if role not in before:
                yield f"GRANT EXECUTE ON FUNCTION {schema}.{self.signature} TO {grantee(role)}"


@Operations.register_operation("function")
@dataclass(eq=False)
class Function(MigrateOperation):
    """Define a function, or replace it; `previous` is what a downgrade restores."""

    definition: Definition
    previous: Definition | None = None
    formerly: Sequence[str] = field(default=())

    @classmethod
    def function(cls, operations: Operations, name: str, *, formerly: Sequence[str] = (), **parts: Any) -> Any:
        """Define a function; `formerly` names who might call the one it replaces (default: everybody)."""
        parts["execute"] = tuple(parts.get("execute", ()))
        return operations.invoke(cls(Definition(name, **parts), formerly=formerly))

    def reverse(self) -> MigrateOperation:
        """What a downgrade does."""
        if self.previous is None:
            return DropFunction(self.definition)
        return Function(self.previous, self.definition, self.definition.execute)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """How Alembic lists it."""
        return ("function", self.definition.signature)


@Operations.register_operation("drop_function")
@dataclass(eq=False)
class DropFunction(MigrateOperation):
    """Drop a function that nothing calls any more."""

    definition: Definition

    @classmethod
    def drop_function(cls, operations: Operations, name: str, arguments: str = "") -> Any:
        """Drop a function by name and arguments."""
        return operations.invoke(cls(Definition(name, arguments, returns="", body="")))

    def reverse(self) -> MigrateOperation:
        """What a downgrade does."""
        return Function(self.definition)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """How Alembic lists it."""
        return ("drop_function", self.definition.signature)


@Operations.implementation_for(Function)
def _define(operations: Operations, operation: Function) -> None:
    definition = operation.definition
    execute(operations, [definition.creation(), *definition.rights(operation.formerly)])


@Operations.implementation_for(DropFunction)
def _drop(operations: Operations, operation: DropFunction) -> None:
    execute(operations, [f"DROP FUNCTION public.{operation.definition.signature}"])
