"""Let Alembic's autogenerate see guards and functions: what it drafts, and what `alembic check` refuses."""

from collections.abc import Iterable, Mapping

from alembic.autogenerate import comparators
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation
from alembic.operations.ops import CreateTableOp, DropTableOp, UpgradeOps
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import MetaData

from migrations import comparison, declared, rendering
from migrations.comparison import VERSION_GRANTS, VERSION_TABLE, Comparison
from migrations.operations import Distribute, DropFunction, Function, Grant, Guard, Replicate, Unguard
from migrations.operations.functions import Definition
from persistence import functions
from persistence.catalogue import InstalledFunction, InstalledTable

__all__ = ["PLUGINS", "rendering"]

PLUGINS = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]


@comparators.dispatch_for("schema", priority=DispatchPriority.LAST)
def _add_guards(context: AutogenContext, upgrade: UpgradeOps, _: object) -> PriorityDispatchResult:
    """Put our operations around Alembic's: context first, then tables with their guards, then functions."""
    if context.connection is None or not isinstance(context.metadata, MetaData):
        raise TypeError("Guards are compared with one set of models over a connection.")
    found = comparison.compare(context.connection, context.metadata, only=context.opts.get("only_tables"))
    before, after = _of_functions(found)
    changed = sorted(found.subjects("guard") & found.standing.keys() & declared.guards().keys())
    upgrade.ops[:] = [
        *before,
        *(_unguard(found.standing[table]) for table in changed),
        *(step for operation in upgrade.ops for step in _around(operation, found)),
        *(_guard(table) for table in changed),
        *_version_grants(found),
        *after,
    ]
    return PriorityDispatchResult.CONTINUE


def _around(operation: MigrateOperation, found: Comparison) -> Iterable[MigrateOperation]:
    """A new table is placed on the cluster and guarded; one that goes is unguarded before."""
    if isinstance(operation, DropTableOp) and operation.table_name in found.standing:
        yield _unguard(found.standing[operation.table_name])
    yield operation
    if isinstance(operation, CreateTableOp):
        keyed = "tenant_id" in (column.name for column in operation.to_table().columns)
        yield Distribute(operation.table_name) if keyed else Replicate(operation.table_name)
        if operation.table_name in declared.guards():
            yield _guard(operation.table_name)


def _guard(table: str) -> Guard:
    guard = declared.guards()[table]
    return Guard(table, declared.policy_rows(guard), {str(role): named for role, named in guard.grants.items()})


def _unguard(table: InstalledTable) -> Unguard:
    policies = [(name, rule.command, rule.roles[0], rule.using, rule.check) for name, rule in table.policies.items()]
    return Unguard(table.name, policies, _listed(table.grants))


def _listed(grants: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    return {role: sorted(privileges) for role, privileges in grants.items()}


def _version_grants(found: Comparison) -> Iterable[MigrateOperation]:
    if VERSION_TABLE not in found.standing or VERSION_TABLE in found.subjects("guard"):
        yield Grant(VERSION_TABLE, _listed(VERSION_GRANTS))


def _of_functions(found: Comparison) -> tuple[list[MigrateOperation], list[MigrateOperation]]:
    """The context's functions come before the tables, an area's after them."""
    before: list[MigrateOperation] = []
    after: list[MigrateOperation] = []
    context = {function.name for function in functions.CONTEXT}
    wanted = {function.name: declared.definition(function) for function in functions.declared()}
    for signature in sorted(found.subjects("function")):
        have, want = found.functions.get(signature), found.declared.functions.get(signature)
        if want is None and have is not None:
            after.append(DropFunction(_standing(have)))
        elif want is not None:
            place = before if want.name in context else after
            place.append(_function(wanted[want.name], have))
    return before, after


def _function(definition: Definition, have: InstalledFunction | None) -> Function:
    if have is None:
        return Function(definition)
    previous = _standing(have)
    return Function(definition, previous, previous.execute)


def _standing(have: InstalledFunction) -> Definition:
    path = next((said.partition("=")[2] for said in have.settings if said.startswith("search_path=")), None)
    return Definition(
        have.name,
        have.arguments,
        returns=have.returns,
        body=have.body,
        volatility=have.volatility,
        security_definer=have.security_definer,
        search_path=path,
        execute=tuple(sorted(have.execute - {"public"})),
    )
