"""The functions that live in the database: the context that policies read, and vetted searches."""

from dataclasses import dataclass
from typing import Literal

Volatility = Literal["immutable", "stable", "volatile"]


@dataclass(frozen=True)
class DatabaseFunction:
    """One SQL function of the schema `public`, compared with the database by `make check`.

    `arguments` and `returns` are SQL; `body` is one SELECT. The planner inlines a function without
    `search_path`; one with `security_definer` must pin it. `execute` names the roles that may call it,
    empty means everybody.
    """

    name: str
    returns: str
    body: str
    arguments: str = ""
    volatility: Volatility = "stable"
    security_definer: bool = False
    search_path: str | None = None
    execute: tuple[str, ...] = ()


def _setting(name: str, returns: str = "uuid") -> str:
    """The setting's value, null when there is none: after a transaction a setting is left empty, not null."""
    cast = "" if returns == "text" else f"::{returns}"
    return f"select nullif(pg_catalog.current_setting('app.{name}', true), ''){cast}"


CONTEXT: tuple[DatabaseFunction, ...] = (
    DatabaseFunction("current_tenant", "uuid", _setting("tenant_id")),
    DatabaseFunction("current_company", "uuid", _setting("company_id")),
    DatabaseFunction("current_partner", "uuid", _setting("partner_id")),
    DatabaseFunction("current_membership", "uuid", _setting("membership_id")),
    DatabaseFunction("current_subject", "text", _setting("subject", "text")),
    DatabaseFunction("is_staff", "boolean", f"{_setting('partner_id', 'text')} is null"),
)
"""What row policies may call; each reads one setting of the transaction (persistence.engine binds them)."""

DEFINED: list[DatabaseFunction] = []
"""Functions that areas add beside their models: `functions.define(DatabaseFunction(…))`."""


def define(function: DatabaseFunction) -> DatabaseFunction:
    """Add an area's function to what the database must have; a definer's search path must be pinned."""
    if function.security_definer and not function.search_path:
        raise ValueError(f"{function.name} runs as its owner and must pin its search_path.")
    DEFINED.append(function)
    return function


def declared() -> tuple[DatabaseFunction, ...]:
    """All functions that the imported modules declare."""
    return (*CONTEXT, *DEFINED)
