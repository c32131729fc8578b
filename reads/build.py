"""The state of one compilation: binds, aliases, what was asked and baked, the cost, the path."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from graphql import FieldNode

from reads import scalars
from reads.arguments import Given, Values, arguments
from reads.catalogue import Catalogue, Field
from reads.context import CALLER, Facts
from reads.cursors import Cursors
from reads.expressions import ARGUMENT, Bind
from reads.ids import uuids
from reads.row import Row
from reads.selection import Selection
from reads.specs import Expression, Rows
from tenancy.caller import Caller

Getter = Callable[[Caller, Values, Any], str | None]
"""(caller, coerced variables, result of the operation) → a parameter in PostgreSQL's text form."""

SEEN = "seen:"


class Build:
    """One statement in the making."""

    def __init__(
        self,
        catalogue: Catalogue,
        selection: Selection,
        values: Values,
        facts: Facts,
        cursors: Cursors,
        refused: Mapping[tuple[str, ...], tuple[str, str]],
        compilers: Mapping[type, Callable[..., str]],
    ) -> None:
        self.catalogue, self.selection, self.values, self.facts = catalogue, selection, values, facts
        self.cursors, self.refused, self.compilers = cursors, refused, compilers
        self.baked: set[str] = set()
        self.getters: list[Getter] = []
        self.marked = False
        self.cost = 0
        self.path: tuple[str, ...] = ()
        self.functions: list[Callable[..., Any]] = []
        self._times = 1
        self._numbers: dict[Any, int] = {}
        self._aliases = 0

    # -- names and parameters

    def alias(self) -> str:
        """A new alias."""
        self._aliases += 1
        return f"t{self._aliases}"

    def row(self, rows: Rows | None, *, foreign: bool = False) -> Row:
        """A row source under a new alias."""
        own = rows is None or rows.tenant == ("tenant_id",)
        return Row(self.alias(), rows, foreign=foreign or not own)

    def bind(self, name: Any, getter: Getter, type_: str) -> str:
        """A parameter; the same name is the same parameter."""
        number = self._numbers.get(name)
        if number is None:
            self.getters.append(getter)
            number = self._numbers[name] = len(self.getters)
        return f"${number}::{type_}"

    def caller(self, attribute: str, type_: str = "uuid") -> str:
        """A parameter that the caller fills."""
        return self.bind(CALLER + attribute, _caller_getter(attribute), type_)

    @property
    def tenant(self) -> str:
        """The caller's tenant."""
        return self.caller("tenant_id")

    def given(self, given: Given, type_: str, convert: Callable[[Any], Any] = lambda value: value) -> str:
        """A parameter that the request fills."""
        get = given.get
        return self.bind(object(), lambda _c, values, _r: scalars.to_text(convert(get(values))), type_)

    def fill(self, arguments_: Mapping[str, Given]) -> Callable[[Bind], str]:
        """How the binds of a template become parameters."""

        def bind(bind: Bind) -> str:
            if bind.name.startswith(CALLER):
                return self.caller(bind.name.removeprefix(CALLER), bind.type)
            given = arguments_[bind.name.removeprefix(ARGUMENT)]
            convert = uuids if bind.type.startswith("UUID") else _same
            return self.given(given, bind.type, convert)

        return bind

    def expression(
        self,
        made: Expression,
        rows: Sequence[Row | None],
        field: Field | None = None,
        given: Mapping[str, Given] | None = None,
    ) -> str | None:
        """An expression of persistence over these rows, or None when it answers none.

        With `given` it takes its arguments: those that are there and not null.
        """
        present = None if given is None else {n: g for n, g in given.items() if g.sample is not None}
        types = None if present is None else {n: field.sa_type(n) for n in present} if field else {}
        template = self.catalogue.templates.of(made, rows, self.facts, types)
        return None if template is None else template.render(rows, self.fill(present or {}))

    def mark(self) -> tuple[int, dict[Any, int]]:
        """Where the parameters stand, for `back`."""
        return len(self.getters), dict(self._numbers)

    def back(self, mark: tuple[int, dict[Any, int]]) -> None:
        """Forget parameters that nothing uses: PostgreSQL cannot tell their types."""
        count, self._numbers = mark
        del self.getters[count:]

    def function(self, function: Callable[..., Any]) -> int:
        """Note a Python function that completes the answer; its number."""
        self.marked = True
        self.functions.append(function)
        return len(self.functions) - 1

    # -- where we are

    def arguments(self, node: FieldNode, field: Field) -> dict[str, Given]:
        """What a field was given, by Python names."""
        found = arguments(node, field.args, self.values, self.baked)
        return {field.arg_names.get(name, name): given for name, given in found.items()}

    @contextmanager
    def within(self, key: str) -> Iterator[None]:
        """Inside the field with this response key."""
        with self.at((*self.path, key)):
            yield

    @contextmanager
    def at(self, path: tuple[str, ...]) -> Iterator[None]:
        """At this path."""
        before, self.path = self.path, path
        try:
            yield
        finally:
            self.path = before

    @contextmanager
    def times(self, count: int) -> Iterator[None]:
        """Inside something that is there `count` times; the cost counts its objects so often."""
        before, self._times = self._times, self._times * max(count, 1)
        try:
            yield
        finally:
            self._times = before

    def charge(self, units: int = 1) -> None:
        """Count objects, as often as they are there."""
        self.cost += units * self._times

    def refuse(self, code: str, message: str) -> str:
        """JSON that stands for an error at this place; it is found and taken out of the answer."""
        self.marked = True
        return f"{scalars.literal(marker(code, message))}::json"


def marker(*content: Any) -> str:
    """An object with the one key that no response key can be: the empty one."""
    return orjson.dumps({"": content}).decode()


def _same(value: Any) -> Any:
    return value


def _seen(caller: Caller, permission: Any) -> str:
    """The organizations that a permission shows, as an array; thousands are not written out for each request."""
    key = (SEEN, permission)
    found: str | None = caller.kept.get(key)
    if found is None:
        found = caller.kept[key] = scalars.array_text(caller.seen(permission))
    return found


def _caller_getter(attribute: str) -> Getter:
    if attribute.startswith(SEEN):
        permission: Any = attribute.removeprefix(SEEN)
        return lambda caller, _v, _r: _seen(caller, permission)
    if attribute == "permissions":
        return lambda caller, _v, _r: scalars.array_text(sorted(caller.grants))
    return lambda caller, _v, _r: scalars.to_text(getattr(caller, attribute))
