"""What a document may be at most; one scan of its text and one memoised pass over its fragments decide.

The scan costs microseconds and comes before the parser, which takes Python time for every token and for
every character of a comment or string. The pass comes before validation, whose merging of equal fields is
quadratic. Both are linear in the document.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from reads.errors import RequestRefused

CODE = "DOCUMENT_LIMIT_EXCEEDED"

_TOKEN = re.compile(
    r"[\s,\ufeff]+|(?P<comment>#[^\n\r]*)|(?P<open>[{\[(])|(?P<close>[}\])])|(?P<at>@)|(?P<dollar>\$)|(?P<name>[_A-Za-z][_0-9A-Za-z]*+)"
    r'|(?P<string>"""(?:[^"\\]|\\"""|\\|"(?!""))*+(?:""")?|"(?:[^"\\\n\r]|\\.)*+"?)'
    r"|(?P<token>[-0-9][-+.0-9A-Za-z_]*+|\.\.\.|.)"
)
"""Tokens as the lexer sees them, or a little longer; a string that never ends is one to the end."""


@dataclass(frozen=True)
class Limits:
    """The bounds; a document beyond any of them is refused before it costs anything."""

    characters: int = 65_536
    prose: int = 20_000
    tokens: int = 2_000
    selection: int = 300
    nesting: int = 64
    depth: int = 12
    introspection_depth: int = 16
    fields: int = 2_000
    root_fields: int = 30
    aliases: int = 100
    directives: int = 100
    variables: int = 300
    fragments: int = 60
    operations: int = 10
    comparisons: int = 2_000


@dataclass(frozen=True)
class Extent:
    """How far a selection goes, with its fragments spread: levels, fields, aliases, directives."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0


def refuse(limit: str, most: int, what: str) -> RequestRefused:
    """The refusal of a document that is too much."""
    return RequestRefused.because(CODE, f"The document has {what}; at most {most} are allowed.", limit=limit)


def scan(text: str, limits: Limits) -> None:
    """Refuse a text by its length, tokens, nesting, strings, directives or names in one selection, unparsed.

    Raises:
        RequestRefused: beyond a bound.
    """
    _within("characters", limits.characters, len(text), "characters")
    found = _Scan()
    for match in _TOKEN.finditer(text):
        if match.lastgroup is not None:
            found.take(match.lastgroup, match)
        if found.tokens > limits.tokens or found.nesting > limits.nesting:
            break
    for name, most, count, what in (
        ("tokens", limits.tokens, found.tokens, "tokens, or more"),
        ("nesting", limits.nesting, found.nesting, "brackets within brackets, or more"),
        ("directives", limits.directives, found.directives, "directives"),
        ("variables", limits.variables, found.variables, "mentions of variables"),
        ("prose", limits.prose, found.prose, "characters in strings and comments; send long texts as variables"),
        ("selection", limits.selection, max(found.most_names, *found.names), "names in one selection"),
    ):
        _within(name, most, count, what)


class _Scan:
    """What a text holds, counted token by token; names are counted in selections, not in arguments."""

    def __init__(self) -> None:
        self.tokens = self.directives = self.variables = self.prose = self.most_names = 0
        self.names = [0, 0]
        self._inside = 0

    @property
    def nesting(self) -> int:
        """How many brackets are open."""
        return len(self.names) - 2

    def take(self, kind: str, match: "re.Match[str]") -> None:
        """Count one token of this kind."""
        self.tokens += kind != "comment"
        if kind == "name":
            self.names[-1] += not self._inside
        elif kind == "open":
            self._inside += bool(self._inside) or match[0] != "{"
            self.names.append(0)
        elif kind == "close":
            self._close()
        elif kind == "at":
            self.directives += 1
        elif kind == "dollar":
            self.variables += 1
        elif kind != "token":
            self.prose += match.end() - match.start()

    def _close(self) -> None:
        self._inside -= bool(self._inside)
        if self.nesting > 0:
            self.most_names = max(self.most_names, self.names.pop())


def _within(name: str, most: int, found: int, what: str) -> None:
    if found > most:
        raise refuse(name, most, f"{found} {what}")


def check(document: DocumentNode, limits: Limits) -> None:
    """Refuse a parsed document by what its operations select.

    Raises:
        RequestRefused: beyond a bound, or a fragment spreads itself.
    """
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if len(fragments) > limits.fragments:
        raise refuse("fragments", limits.fragments, f"{len(fragments)} fragments")
    if len(operations) > limits.operations:
        raise refuse("operations", limits.operations, f"{len(operations)} operations")
    measure = _Measure(fragments, limits)
    for fragment in fragments:
        measure.fragment(fragment)
    for operation in operations:
        _check_operation(operation, measure, limits)


def _check_operation(operation: OperationDefinitionNode, measure: "_Measure", limits: Limits) -> None:
    extent = measure.selection(operation.selection_set)
    introspection = measure.introspects(operation.selection_set)
    depth = limits.introspection_depth if introspection else limits.depth
    for name, found, most in (
        ("depth", extent.depth, depth),
        ("fields", extent.fields, limits.fields),
        ("aliases", extent.aliases, limits.aliases),
        ("directives", extent.directives, limits.directives),
    ):
        if found > most:
            raise refuse(name, most, f"{found} {'levels' if name == 'depth' else name}")
    measure.root_fields = 0
    measure.compare([operation.selection_set], root=True)
    if measure.root_fields > limits.root_fields:
        raise refuse("root fields", limits.root_fields, f"{measure.root_fields} root fields")


class _Measure:
    """One document's selections, each fragment measured once."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], limits: Limits) -> None:
        self._fragments, self._limits = fragments, limits
        self._known: dict[str, Extent | None] = {}
        self._comparisons = 0
        self.root_fields = 0

    def fragment(self, name: str) -> Extent:
        """The extent of a fragment; of an unknown one nothing (validation says so)."""
        if name in self._known:
            known = self._known[name]
            if known is None:
                raise RequestRefused.because(CODE, f"Fragment '{name}' spreads itself.", limit="fragments")
            return known
        definition = self._fragments.get(name)
        if definition is None:
            return Extent()
        self._known[name] = None
        extent = self._known[name] = self.selection(definition.selection_set)
        return extent

    def selection(self, selection_set: SelectionSetNode) -> Extent:
        """The extent of a selection set."""
        depth = fields = aliases = directives = 0
        for node in selection_set.selections:
            directives += len(node.directives or ())
            if isinstance(node, FieldNode):
                fields += 1
                aliases += node.alias is not None
                inner = Extent() if node.selection_set is None else self.selection(node.selection_set)
                level = 1
            else:
                level = 0
                inner = self._spread(node)
            depth = max(depth, level + inner.depth)
            fields += inner.fields
            aliases += inner.aliases
            directives += inner.directives
        return Extent(depth, fields, aliases, directives)

    def _spread(self, node: Any) -> Extent:
        if isinstance(node, FragmentSpreadNode):
            return self.fragment(node.name.value)
        return self.selection(node.selection_set)

    def introspects(self, selection_set: SelectionSetNode) -> bool:
        """Whether a root selection asks about the schema itself."""
        return any(node.name.value in {"__schema", "__type"} for node in self._flat([selection_set], set()))

    def compare(self, sets: Iterable[SelectionSetNode], *, root: bool = False) -> None:
        """Count the comparisons that merging needs: of fields with the same key, pair by pair."""
        spread: set[str] = set()
        groups: dict[str, list[FieldNode]] = defaultdict(list)
        for node in self._flat(sets, spread):
            groups[node.alias.value if node.alias else node.name.value].append(node)
        if root:
            self.root_fields = len(groups)
        self._comparisons += len(spread) ** 2 // 2
        for nodes in groups.values():
            self._comparisons += len(nodes) * (len(nodes) - 1) // 2
            if self._comparisons > self._limits.comparisons:
                raise refuse("repeats", self._limits.comparisons, "more repetitions of the same fields")
            inner = [n.selection_set for n in nodes if n.selection_set is not None]
            if inner:
                self.compare(inner)

    def _flat(self, sets: Iterable[SelectionSetNode], spread: set[str]) -> Iterable[FieldNode]:
        for selection_set in sets:
            for node in selection_set.selections:
                inner: Any = node
                if isinstance(node, FieldNode):
                    yield node
                elif isinstance(node, FragmentSpreadNode):
                    name = node.name.value
                    if name not in spread and self._fragments.get(name) is not None:
                        spread.add(name)
                        yield from self._flat([self._fragments[name].selection_set], spread)
                else:
                    yield from self._flat([inner.selection_set], spread)
