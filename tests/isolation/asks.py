"""What is asked, made from the schema: every query with every argument, every mutation with every id in its input."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLSchema,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from tests.isolation import dictionary
from tests.isolation.dictionary import NoEntry
from tests.isolation.marks import DARK_B
from tests.isolation.selections import Selection, chunks, light, whole
from tests.isolation.world import Twin, World

PAGE = 30
SMALLER = {"externalOffers": 10}
"""Pages of what has pages of its own below it: more would cost too much to be answered."""

PAGING = frozenset({"first", "last", "after", "before"})


@dataclass(frozen=True)
class Ask:
    """A document with its variables. `foreign` are values of other tenants in it, each with one that nobody has."""

    label: str
    document: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)

    @property
    def detail(self) -> bool:
        """Whether it asks in one more way for what was asked for already."""
        return any(
            word in self.label for word in (" filter ", " orderBy ", " first ", " last ", "Corvus Presse's", " mixed")
        )

    def sent(self) -> str:
        """The variables as text."""
        return json.dumps(self.variables, ensure_ascii=False)

    def with_nobodys(self) -> "Ask":
        """The same with values that nobody has in the place of the foreign ones."""
        text = self.sent()
        for foreign, nobodys in self.foreign.items():
            text = text.replace(foreign, nobodys)
        return Ask(self.label, self.document, json.loads(text))


def nobodys(*what: object) -> str:
    """A uuid that no row has, the same on every run."""
    digest = bytearray(hashlib.sha256(repr(what).encode()).digest()[:16])
    return str(UUID(bytes=bytes(digest), version=4))


@dataclass(frozen=True)
class Asks:
    """The generator over one schema; `prefixes` says which ids a type's rows have."""

    schema: GraphQLSchema
    prefixes: Mapping[str, str]
    world: World

    def queries(self) -> Iterator[Ask]:
        """Every query field: all that it shows, and each of its arguments."""
        query: Any = self.schema.query_type
        for name, declared in query.fields.items():
            if "ids" in declared.args:
                yield from self._several(name, declared)
            elif "id" in declared.args:
                yield from self._single(name, declared)
            else:
                yield from self._listed(name, declared)

    def mutations(self) -> Iterator[Ask]:
        """Every mutation with own records, then with a foreign one in the place of each."""
        mutation: Any = self.schema.mutation_type
        for name, declared in mutation.fields.items():
            yield from self._mutation(name, declared)

    def _single(self, name: str, declared: Any) -> Iterator[Ask]:
        type_: Any = get_named_type(declared.type)
        types = self.schema.get_possible_types(type_) if isinstance(type_, GraphQLInterfaceType) else [type_]
        for one in types:
            prefix = self.prefixes[one.name]
            for who, id_, foreign in self._ids(prefix, most=1 if one is not type_ else 2):
                parts = chunks(whole(self.schema, one, deep=4 if one is type_ else 2))
                for number, part in enumerate([next(parts)] if foreign else parts):
                    text = part.text() if one is type_ else f"{{ __typename id ... on {one.name} {part.text()} }}"
                    document = f"query ($id: ID!) {{ {name}(id: $id) {text} }}"
                    yield Ask(f"{name} {one.name} {who} #{number}", document, {"id": id_}, foreign)

    def _several(self, name: str, declared: Any) -> Iterator[Ask]:
        """Own and foreign ids of all types mixed in one list."""
        types = self.schema.get_possible_types(get_named_type(declared.type))  # type: ignore[arg-type]  # an interface
        ids, foreign = [], {}
        for one in sorted(types, key=lambda one: one.name):
            for _, id_, others in self._ids(self.prefixes[one.name]):
                ids.append(id_)
                foreign |= others
        for start in range(0, len(ids), 40):
            some = ids[start : start + 40]
            theirs = {key: value for key, value in foreign.items() if any(key in id_ for id_ in some)}
            document = f"query ($ids: [ID!]!) {{ {name}(ids: $ids) {{ __typename id }} }}"
            yield Ask(f"{name} mixed {start}", document, {"ids": some}, theirs)

    def _ids(self, prefix: str, *, most: int = 20) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        """Ids of this prefix: A's own, and those of others with one that nobody has."""
        named = {name for table in (dictionary.IDS, dictionary.OTHERWISE) for p, name in table.values() if p == prefix}
        names = sorted(named.union(dictionary.RECORDS.get(prefix, ())))
        if not names:
            raise NoEntry(f"no record with the prefix {prefix}")
        for name in names[:most]:
            own = dictionary.id_of(self.world.a, prefix, name)
            if own is not None:
                yield f"own {name}", own, {}
            for twin in (self.world.b, self.world.c):
                id_ = dictionary.id_of(twin, prefix, name)
                if id_ is not None and not self._is_own(id_):
                    tenant = twin.home.name
                    yield f"{tenant}'s {name}", id_, {id_.rpartition("_")[2]: nobodys(tenant, name)}

    def _is_own(self, id_: str) -> bool:
        """Whether the record is A's: what B calls its mirror is a subscription of A."""
        return UUID(id_.rpartition("_")[2]) in {*self.world.a.own.values(), self.world.a.id}

    def _listed(self, name: str, declared: Any) -> Iterator[Ask]:
        arguments = declared.args
        leaf = not hasattr(get_named_type(declared.type), "fields") and not hasattr(
            get_named_type(declared.type), "types"
        )
        selection = None if leaf else whole(self.schema, declared.type)
        required = {arg: self._required(name, arg, one) for arg, one in arguments.items() if is_non_null_type(one.type)}
        pages = {"first": SMALLER.get(name, PAGE)} if "first" in arguments else {}
        for number, part in enumerate(chunks(selection) if selection else [None]):
            yield self._ask(f"{name} #{number}", name, declared, {**required, **pages}, part)
        if selection is None or required:
            return
        yield from self._below(name, declared)
        small = light(declared.type) if "first" in arguments else selection
        for argument, declared_argument in arguments.items():
            for label, value, foreign in self._arguments(argument, declared_argument, name):
                yield self._ask(f"{name} {label}", name, declared, {argument: value}, small, foreign)

    def _below(self, name: str, declared: Any) -> Iterator[Ask]:
        """Arguments of the fields of a page's rows that take an id: with an own one and with foreign ones."""
        page: Any = get_named_type(declared.type)
        row: Any = get_named_type(page.fields["nodes"].type) if "nodes" in getattr(page, "fields", {}) else None
        for field_, inner in () if row is None else row.fields.items():
            for argument in (one for one, its in inner.args.items() if get_named_type(its.type).name == "ID"):
                prefix, record = dictionary.key_of(name, (field_, argument))
                part = f"{field_}({argument}: $id) {light(inner.type).text()}"
                document = f"query ($id: ID!) {{ {name} {{ __typename nodes {{ __typename id {part} }} }} }}"
                for twin in (self.world.a, self.world.b, self.world.c):
                    tenant, id_ = twin.home.name, str(dictionary.id_of(twin, prefix, record))
                    foreign = {} if twin is self.world.a else {id_.rpartition("_")[2]: nobodys(name, field_, tenant)}
                    yield Ask(f"{name} {field_} {tenant}'s {record}", document, {"id": id_}, foreign)

    def _required(self, name: str, argument: str, declared: Any) -> Any:
        type_ = get_named_type(declared.type)
        if isinstance(type_, GraphQLEnumType):
            return next(iter(type_.values))
        if isinstance(type_, GraphQLInputObjectType):
            first = next(iter(type_.fields))
            return {first: dictionary.VALUES.get(first) or next(self._ids(BY_KEY[name]))[1]}
        raise NoEntry(f"{name}.{argument}")

    def _arguments(self, argument: str, declared: Any, name: str) -> Iterator[tuple[str, Any, Mapping[str, str]]]:
        type_: Any = get_named_type(declared.type)
        if argument == "filter":
            yield from self._filters(type_, (name,))
        elif argument == "orderBy":
            for field_ in get_named_type(type_.fields["field"].type).values:  # type: ignore[union-attr]  # an enum
                for direction in ("ASC", "DESC"):
                    yield f"{argument} {field_} {direction}", [{"field": field_, "direction": direction}], {}
        elif argument in PAGING:
            if argument in ("first", "last"):
                yield f"{argument} 1", 1, {}
        else:
            raise NoEntry(f"{name}.{argument}")

    def _filters(
        self, type_: GraphQLInputObjectType, path: tuple[str, ...]
    ) -> Iterator[tuple[str, Any, Mapping[str, str]]]:
        """Each comparison of a filter, with own values and with foreign ones; and a negation of each field."""
        for name, declared in type_.fields.items():
            if name in {"and", "or", "not"}:
                continue
            inner: Any = get_named_type(declared.type)
            for label, value, foreign in self._comparisons(inner, (*path, name)):
                yield f"filter {name} {label}", {name: value}, foreign
                if "not" in type_.fields and foreign:
                    yield f"filter not {name} {label}", {"not": {name: value}}, foreign

    def _comparisons(self, type_: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any, Mapping[str, str]]]:
        if not isinstance(type_, GraphQLInputObjectType):
            yield "=", self._plain(type_, path), {}
            return
        for operator, declared in type_.fields.items():
            if operator == "isNull":
                yield operator, {operator: True}, {}
                continue
            for label, value, foreign in self._compared(get_named_type(declared.type), path, operator):
                yield f"{operator} {label}", {operator: [value] if operator == "in" else value}, foreign

    def _compared(
        self, type_: Any, path: tuple[str, ...], operator: str
    ) -> Iterator[tuple[str, Any, Mapping[str, str]]]:
        if type_.name == "ID":
            prefix = dictionary.key_of(path[0], path[1:])[0] if path[-1] != "id" else BY_KEY[path[0]]
            for who, id_, foreign in self._ids(prefix):
                yield who, id_, foreign
                if foreign:
                    break
        elif type_.name == "String":
            yield "own", dictionary.VALUES.get(path[-1], "Neu"), {}
            if operator != "in":
                yield "foreign", DARK_B.text, {DARK_B.text: nobodys(path)[: len(DARK_B.text)]}
        else:
            yield "=", self._plain(type_, path), {}

    def _plain(self, type_: Any, path: tuple[str, ...]) -> Any:
        if isinstance(type_, GraphQLEnumType):
            return next(iter(type_.values))
        return dictionary.value_of(path[0], path[1:], type_.name)

    def _ask(
        self,
        label: str,
        name: str,
        declared: Any,
        values: Mapping[str, Any],
        selection: Selection | None,
        foreign: Mapping[str, str] | None = None,
    ) -> Ask:
        variables = ", ".join(f"${argument}: {declared.args[argument].type}" for argument in values)
        arguments = ", ".join(f"{argument}: ${argument}" for argument in values)
        head = f"query ({variables}) " if values else "query "
        call = f"{name}({arguments})" if values else name
        document = f"{head}{{ {call} {selection.text() if selection else ''} }}"
        return Ask(label, document, dict(values), foreign or {})

    def _mutation(self, name: str, declared: Any) -> Iterator[Ask]:
        input_: Any = get_named_type(declared.args["input"].type)
        result = whole(self.schema, declared.type, deep=3)
        for one in result.on:
            if one.endswith("Payload"):
                result.on[one] = next(chunks(result.on[one], 200))
        document = f"mutation ($input: {input_.name}!) {{ {name}(input: $input) {result.text()} }}"
        base = self._input(name, input_, (), self.world.a)
        yield Ask(f"{name} own", document, {"input": base})
        for path, (prefix, record) in self._id_paths(name, input_, ()):
            for twin in (self.world.b, self.world.c):
                id_ = dictionary.id_of(twin, prefix, record)
                own = dictionary.id_of(self.world.a, prefix, record)
                if id_ is None or self._is_own(id_):
                    continue
                others = {id_.rpartition("_")[2]: nobodys(name, path, twin.home.name)}
                label = f"{name} {'.'.join(path)} {twin.home.name}'s"
                beside = dictionary.TOGETHER.get(path[-1])
                more = {} if beside is None else {beside: dictionary.id_of(self.world.a, *dictionary.IDS[beside])}
                for how, changed in _placed({**base, **more}, path, id_, own):
                    yield Ask(f"{label} {how}", document, {"input": changed}, others)

    def _input(self, mutation: str, type_: GraphQLInputObjectType, path: tuple[str, ...], twin: Twin) -> dict[str, Any]:
        left_out = dictionary.LEFT_OUT.get(mutation, frozenset())
        made = {}
        for name, declared in type_.fields.items():
            here = (*path, name)
            if ".".join(here) in left_out or (name in {"idempotencyKey", "dryRun"} and not path):
                continue
            value = self._value(mutation, declared, here, twin)
            if value is not None or is_non_null_type(declared.type):
                made[name] = value
        return made if path else {**made, "dryRun": True}

    def _value(self, mutation: str, declared: Any, path: tuple[str, ...], twin: Twin) -> Any:
        type_ = get_named_type(declared.type)
        listed = is_list_type(declared.type) or is_list_type(getattr(declared.type, "of_type", None))
        full = ".".join((mutation, *path))
        if full in dictionary.SAID:
            return dictionary.SAID[full]
        if isinstance(type_, GraphQLInputObjectType):
            value: Any = self._input(mutation, type_, path, twin)
        elif type_.name == "ID":
            value = dictionary.id_of(twin, *dictionary.key_of(mutation, path))
        elif isinstance(type_, GraphQLEnumType) and path[-1] not in dictionary.VALUES:
            value = next(iter(type_.values))
        else:
            value = dictionary.value_of(mutation, path, type_.name)
        return [value] if listed and value is not None else value

    def _id_paths(
        self, mutation: str, type_: GraphQLInputObjectType, path: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], tuple[str, str]]]:
        for name, declared in type_.fields.items():
            inner: Any = get_named_type(declared.type)
            here = (*path, name)
            if inner.name == "ID":
                yield here, dictionary.key_of(mutation, here)
            elif isinstance(inner, GraphQLInputObjectType) and inner.name not in path:
                yield from self._id_paths(mutation, inner, here)


BY_KEY: Mapping[str, str] = {"partnerBy": "par", "customers": "cus", "partners": "par"}
"""The prefix of `id` where a field is found by several keys."""


def _placed(
    base: Mapping[str, Any], path: Sequence[str], id_: str, own: str | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The input with a foreign id at a path; in a list once alone and once beside an own one."""
    alone = json.loads(json.dumps(base))
    listed = _put(alone, path, id_, None)
    yield "alone", alone
    if listed and own is not None:
        mixed = json.loads(json.dumps(base))
        _put(mixed, path, id_, own)
        yield "mixed", mixed


def _put(made: dict[str, Any], path: Sequence[str], id_: str, own: str | None) -> bool:
    """Put an id at a path; answers whether it stands in a list of ids."""
    *way, last = path
    for name in way:
        inner = made.setdefault(name, {})
        if isinstance(inner, list):
            inner = inner[0]
        made = inner
    for other in dictionary.INSTEAD.get(last, ()):
        made.pop(other, None)
    if last.endswith("Ids"):
        made[last] = [id_] if own is None else [own, id_]
        return True
    made[last] = id_
    return False
