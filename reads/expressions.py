"""SQLAlchemy expressions of persistence, compiled once each into templates that a statement is put together of.

SQLAlchemy compiles an expression against the rows it is about, as the ORDER BY of a select from these rows,
so that sub-selects in it correlate as they do anywhere. The text behind ORDER BY is cut into pieces at its
binds and row aliases; a statement then joins pieces, which takes microseconds.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect

from reads.context import Context, Facts
from reads.row import Row, View, table_of, type_text
from reads.specs import Expression

ARGUMENT = "arg:"
_PIECE = re.compile(r"\x01([^\x01]*)\x01|\bkx(\d)\b")
_ALIASES = ("kx0", "kx1")


@dataclass(frozen=True)
class Bind:
    """A value that comes at run time: a caller's (`caller:…`) or an argument's (`arg:…`), and its type."""

    name: str
    type: str


Piece = str | int | Bind


@dataclass(frozen=True)
class Template:
    """An expression in pieces: text, the number of a row, or a bind."""

    pieces: tuple[Piece, ...]

    def render(self, rows: Sequence[Row | None], bind: Callable[[Bind], str]) -> str:
        """The expression's text over these rows."""
        return "".join(_render(piece, rows, bind) for piece in self.pieces)


def _render(piece: Piece, rows: Sequence[Row | None], bind: Callable[[Bind], str]) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Bind):
        return bind(piece)
    row = rows[piece]
    if row is None:
        message = "an expression uses a row where there is none"
        raise LookupError(message)
    return row.alias


class _Compiler(PGCompiler):
    """Marks run-time binds in the text; what an expression holds as a constant is written out."""

    def visit_bindparam(self, bindparam: Any, **kw: Any) -> str:  # type: ignore[override]
        if bindparam.required:
            return f"\x01{bindparam.key}|{type_text(bindparam.type)}\x01"
        kw["literal_binds"] = True
        parent: Any = super()
        return str(parent.visit_bindparam(bindparam, **kw))


class _Dialect(PGDialect):
    statement_compiler = _Compiler
    supports_statement_cache = False


_make: Any = _Dialect
_DIALECT = _make(paramstyle="named")


class Arguments:
    """The arguments of a field inside its expression: a bind each, None for what was not given."""

    def __init__(self, types: Mapping[str, Any]) -> None:
        self._types = types

    def __getattr__(self, name: str) -> Any:
        if name not in self._types:
            return None
        return sa.bindparam(ARGUMENT + name, type_=self._types[name], required=True)


class Templates:
    """The templates of a schema's expressions: as many as there are declarations, times what they ask."""

    def __init__(self) -> None:
        self._known: dict[Any, list[tuple[Mapping[str, Any], Template | None]]] = {}

    def of(
        self,
        expression: Expression,
        rows: Sequence[Row | None],
        facts: Facts,
        given: Mapping[str, Any] | None = None,
        *,
        value: Any = None,
    ) -> Template | None:
        """The template of an expression over rows of these kinds; None where it answers None.

        With `given` (argument → SQL type) the expression takes `args` last, with `value` (an SQL type) a bind.
        """
        arguments = () if given is None else tuple((name, str(type_)) for name, type_ in given.items())
        kinds = tuple(row and (id(row.rows), tuple(row.renames.items())) for row in rows)
        variants = self._known.setdefault((expression, kinds, given is None, arguments, str(value)), [])
        for asked, template in variants:
            if all(facts.ask(name) == answer for name, answer in asked.items()):
                return template
        extras: list[Any] = [] if given is None else [Arguments(given)]
        if value is not None:
            extras.append(sa.bindparam(ARGUMENT + "value", type_=value, required=True))
        made = _made(expression, rows, facts.apart(), extras)
        variants.append(made)
        for name in made[0]:
            facts.ask(name)
        return made[1]


def _made(
    expression: Expression, rows: Sequence[Row | None], facts: Facts, extras: Sequence[Any]
) -> tuple[Mapping[str, Any], Template | None]:
    sources = [
        None if row is None or row.rows is None else table_of(row.rows).alias(alias)
        for row, alias in zip(rows, _ALIASES, strict=False)
    ]
    views = [None if r is None else View(s, r.renames) for r, s in zip(rows, sources, strict=True)]
    made = expression(*views, Context(facts), *extras)
    if made is None:
        return facts.asked, None
    text = _text(made, [source for source in sources if source is not None])
    return facts.asked, Template(_pieces(text))


def _text(made: Any, sources: Sequence[sa.FromClause]) -> str:
    plain: Any = sa.select(sa.literal_column("1")).select_from(*sources)
    before = str(plain.compile(dialect=_DIALECT)).strip()
    text = str(plain.order_by(made).compile(dialect=_DIALECT)).strip()
    return text[len(before) :].strip().removeprefix("ORDER BY ")


def _pieces(text: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    end = 0
    for match in _PIECE.finditer(text):
        pieces.append(text[end : match.start()])
        if match[2] is not None:
            pieces.append(int(match[2]))
        else:
            name, type_ = match[1].split("|", 1)
            pieces.append(Bind(name, type_))
        end = match.end()
    return (*pieces, text[end:])
