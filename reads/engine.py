"""The door of compiled reads: a document and its variables in, the answer's bytes out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from graphql import FieldNode, OperationType

from reads import core
from reads.arguments import Values, whole
from reads.cache import ShareCache
from reads.catalogue import Catalogue
from reads.complete import complete
from reads.context import settings
from reads.cursors import Cursors
from reads.documents import Documents, Operation
from reads.errors import FORBIDDEN, TOO_COSTLY, Error, FieldRefused, RequestRefused
from reads.explain import EXPLAIN, explained
from reads.limits import Limits
from reads.pipeline import Pipeline
from reads.plan import RIGHTS, Compiler, Plan
from tenancy.caller import Caller

Reload = Callable[[Caller], Awaitable[Caller]]
Charge = Callable[[Caller, int], None]

MOST_COST = 20_000

TOLD = 32
"""How many answers about the schema itself are kept."""


class Answer(NamedTuple):
    """What came of a read: the JSON of `data`, the errors beside it, and what it cost.

    `rights_version` is the tenant's version of rights that the answer was made under; None when no
    statement was needed. `caller` is who it was made for (another object when rights were reloaded).
    """

    data: bytes
    errors: Sequence[Error] = ()
    rights_version: int | None = None
    cost: int = 0
    caller: Caller | None = None


class ReadEngine:
    """Reads of one schema, which its catalogue declares.

    `pipelines` by database role; `reload` fetches a caller's rights anew; `charge(caller, cost)` takes the
    cost from a budget and may raise; `secret` is the same in all worker processes; `may_introspect` decides
    about `__schema` and `__type`.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        pipelines: Mapping[str, Pipeline],
        *,
        secret: bytes,
        reload: Reload | None = None,
        charge: Charge | None = None,
        may_introspect: Callable[[Caller], bool] = lambda _: False,
        limits: Limits | None = None,
        most_cost: int = MOST_COST,
        rights: str | None = RIGHTS,
        documents: int = 2_000,
        plans: int = 4_000,
        share: float = 0.125,
    ) -> None:
        self.catalogue = catalogue
        self.documents = Documents(
            self.catalogue.graphql, limits or Limits(), capacity=documents, share=int(documents * share)
        )
        self.compiler = Compiler(self.catalogue, Cursors(secret), rights)
        self.plans: ShareCache[Plan] = ShareCache(plans, int(plans * share))
        self._told: ShareCache[tuple[Mapping[str, Any], list[Error]]] = ShareCache(TOLD, TOLD // 4)
        self._pipelines, self._reload, self._charge = pipelines, reload, charge
        self._may_introspect, self._most_cost = may_introspect, most_cost

    async def read(
        self,
        caller: Caller,
        document: str,
        operation_name: str | None = None,
        variables: Mapping[str, Any] | None = None,
        context: Any = None,
        charge: Callable[[int], None] | None = None,
    ) -> Answer:
        """Answer a query. `context` is what Python root fields get as theirs; `charge` takes this query's cost.

        Raises:
            RequestRefused: nothing of it can be answered (limits, syntax, validation, variables, cost).
            PoolExhausted, DatabaseUnavailable, StatementFailed: see `Pipeline.fetch`.
        """
        operation = self.operation(caller, document, operation_name)
        if operation.kind is not OperationType.QUERY:
            raise RequestRefused.because("NOT_A_QUERY", "Only queries are read here.")
        return await self.answer(caller, operation, variables, context, charge)

    async def answer(
        self,
        caller: Caller,
        operation: Operation,
        variables: Mapping[str, Any] | None = None,
        context: Any = None,
        charge: Callable[[int], None] | None = None,
    ) -> Answer:
        """Answer a query that is parsed and validated; see `read`."""
        given = operation.values(variables)
        plan = self.plan(caller, operation, given)
        self._pay(caller, plan.cost)
        if charge is not None:
            charge(plan.cost)
        answer = await self._answered(caller, operation, given, plan)
        if plan.core:
            return await self._merged(caller, answer, operation, given, variables, plan, context)
        return answer

    async def explain(
        self, caller: Caller, operation: Operation, variables: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Run a query once more, for how PostgreSQL runs it: `explained` has the shape.

        Raises:
            RequestRefused, PoolExhausted, DatabaseUnavailable, StatementFailed: see `read`.
        """
        given = operation.values(variables)
        plan = self.plan(caller, operation, given)
        if plan.sql is not None:
            plan, parameters = self._parameters(caller, operation, given, plan)
        if plan.sql is None:
            return explained(None, None)
        row = await self._pipelines[caller.role].fetch(settings(caller), EXPLAIN + plan.sql, parameters)
        return explained(plan.sql, row[0])

    def operation(self, caller: Caller, document: str, name: str | None = None) -> Operation:
        """An operation, parsed, measured and validated.

        Raises:
            RequestRefused: it cannot be taken.
        """
        suggest = self._may_introspect(caller)
        operation = self.documents.operation(document, name, caller.tenant_id, suggest=suggest)
        if operation.introspects and not suggest:
            raise RequestRefused.because(FORBIDDEN, "The schema may not be asked about here.")
        return operation

    def plan(self, caller: Caller, operation: Operation, given: Values) -> Plan:
        """The plan for these values and this kind of caller, compiled when it is not known yet."""
        plan = self.plans.get(operation.key(given, caller), caller.tenant_id)
        if plan is None:
            compiled = self.compiler.query(operation, given, caller)
            operation.learn(compiled.baked, compiled.asked)
            plan = compiled.plan
            self.plans.put(operation.key(given, caller), caller.tenant_id, plan)
        return plan

    def payload(
        self, caller: Caller, operation: Operation, given: Values, nodes: Sequence[FieldNode], declared: type
    ) -> Plan:
        """The plan of a mutation's payload, for the nodes of its field; run it inside the mutation's transaction.

        `plan.parameters(caller, given, result)` takes the operation's result, `finished` the statement's text.
        """
        key = nodes[0].alias.value if nodes[0].alias else nodes[0].name.value

        def found() -> tuple[object, ...]:
            return ("payload", key, *operation.key(given, caller))

        plan = self.plans.get(found(), caller.tenant_id)
        if plan is None:
            compiled = self.compiler.payload(operation, given, caller, nodes, declared)
            operation.learn(compiled.baked, compiled.asked)
            plan = compiled.plan
            self.plans.put(found(), caller.tenant_id, plan)
        return plan

    def finished(self, plan: Plan, data: bytes | None, path: Sequence[str] = ()) -> tuple[bytes, list[Error]]:
        """The payload's JSON and the errors in it, at their paths below `path`."""
        text = data or b"null"
        return complete(text, plan.functions, path) if plan.marked else (text, [])

    def _pay(self, caller: Caller, cost: int) -> None:
        if cost > self._most_cost:
            message = f"This costs {cost}; at most {self._most_cost} are allowed. Ask for smaller pages."
            raise RequestRefused.because(TOO_COSTLY, message)
        if self._charge is not None:
            self._charge(caller, cost)

    async def _answered(self, caller: Caller, operation: Operation, given: Values, plan: Plan) -> Answer:
        answer = await self._executed(caller, operation, given, plan)
        if self._reload is None or answer.rights_version in {None, caller.rights_version}:
            return answer
        fresh = await self._reload(caller)
        plan = self.plan(fresh, operation, given)
        return await self._executed(fresh, operation, given, plan)

    async def _executed(self, caller: Caller, operation: Operation, given: Values, plan: Plan) -> Answer:
        if plan.sql is None:
            return _finished(caller, plan, plan.constant, None)
        plan, parameters = self._parameters(caller, operation, given, plan)
        if plan.sql is None:
            return _finished(caller, plan, plan.constant, None)
        row = await self._pipelines[caller.role].fetch(settings(caller), plan.sql, parameters)
        version = -1 if len(row) > 1 and row[1] is None else int(row[1] or 0) if len(row) > 1 else None
        return _finished(caller, plan, row[0] or b"{}", version)

    def _parameters(
        self, caller: Caller, operation: Operation, given: Values, plan: Plan
    ) -> tuple[Plan, list[bytes | None]]:
        """The parameters; a field that refuses a value is compiled again as an error at its place."""
        refused: dict[tuple[str, ...], tuple[str, str]] = {}
        while True:
            try:
                return plan, plan.parameters(caller, given)
            except FieldRefused as found:
                if found.path in refused:
                    raise
                refused[found.path] = (found.code, found.message)
            plan = self.compiler.query(operation, given, caller, refused).plan

    async def _merged(
        self,
        caller: Caller,
        answer: Answer,
        operation: Operation,
        given: Values,
        variables: Mapping[str, Any] | None,
        plan: Plan,
        context: Any,
    ) -> Answer:
        """The compiled part and graphql-core's, in the order of the selection."""
        found, errors = await self._resolved(caller, operation, given, variables, plan, context)
        compiled = orjson.loads(answer.data)
        data = {key: found.get(key) if key in plan.core else compiled[key] for key in plan.keys}
        return Answer(orjson.dumps(data), [*answer.errors, *errors], answer.rights_version, answer.cost, answer.caller)

    async def _resolved(
        self,
        caller: Caller,
        operation: Operation,
        given: Values,
        variables: Mapping[str, Any] | None,
        plan: Plan,
        context: Any,
    ) -> tuple[Mapping[str, Any], list[Error]]:
        """graphql-core's part; what it says of the schema is always the same, and kept: it takes long."""
        schema = self.catalogue.graphql
        may = self._may_introspect(caller)
        # to whom the schema is not told, every type is like one that does not exist
        hidden = () if may else ("__type",)
        if not plan.introspects:
            return await core.resolved(schema, operation, given, variables, plan.core, context, hidden)
        key = (operation.number, may, whole(dict(given)))
        known = self._told.get(key, caller.tenant_id)
        if known is None:
            known = await core.resolved(schema, operation, given, variables, plan.core, context, hidden)
            self._told.put(key, caller.tenant_id, known)
        return known


def _finished(caller: Caller, plan: Plan, data: bytes, version: int | None) -> Answer:
    errors: list[Error] = []
    if plan.marked:
        data, errors = complete(data, plan.functions)
    return Answer(data, errors, version, plan.cost, caller)
