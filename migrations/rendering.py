"""How our operations are written into a drafted migration."""

from dataclasses import MISSING, fields
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext

from migrations.operations.cluster import Distribute, Replicate, Stay
from migrations.operations.functions import Definition, DropFunction, Function
from migrations.operations.guards import Grant, Guard, Revoke, Unguard


@renderers.dispatch_for(Guard)
@renderers.dispatch_for(Unguard)
def _guard(_: AutogenContext, operation: Guard | Unguard) -> str:
    verb = type(operation).__name__.lower()
    policies = "".join(f"{policy!r}, " for policy in operation.policies)
    return f"op.{verb}({operation.table!r}, policies=[{policies}], grants={_grants(operation.grants)})"


@renderers.dispatch_for(Grant)
@renderers.dispatch_for(Revoke)
def _grant(_: AutogenContext, operation: Grant | Revoke) -> str:
    verb = type(operation).__name__.lower()
    return f"op.{verb}({operation.table!r}, grants={_grants(operation.grants)})"


@renderers.dispatch_for(Function)
def _function(_: AutogenContext, operation: Function) -> str:
    said = [repr(operation.definition.name), *_parts(operation.definition)]
    if operation.formerly:
        said.append(f"formerly={list(operation.formerly)!r}")
    return f"op.function({', '.join(said)})"


@renderers.dispatch_for(DropFunction)
def _drop_function(_: AutogenContext, operation: DropFunction) -> str:
    definition = operation.definition
    arguments = f", {definition.arguments!r}" if definition.arguments else ""
    return f"op.drop_function({definition.name!r}{arguments})"


@renderers.dispatch_for(Distribute)
def _distribute(_: AutogenContext, operation: Distribute) -> str:
    return f"op.distribute({operation.table!r}, {operation.column!r})"


@renderers.dispatch_for(Replicate)
def _replicate(_: AutogenContext, operation: Replicate) -> str:
    return f"op.replicate({operation.table!r})"


@renderers.dispatch_for(Stay)
def _stay(_: AutogenContext, __: Stay) -> list[str]:
    return []


def _parts(definition: Definition) -> list[str]:
    """The parts of a function that differ from their defaults, as keyword arguments."""
    said = ((part, getattr(definition, part.name)) for part in fields(definition) if part.name != "name")
    return [f"{part.name}={value!r}" for part, value in said if part.default is MISSING or value != part.default]


def _grants(grants: Any) -> str:
    return repr({role: list(privileges) for role, privileges in grants.items()})
