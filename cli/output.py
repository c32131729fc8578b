"""What a command says: tables and progress for people, JSON for programs; results on stdout, the rest on stderr."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO, TypeAlias

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

Tell: TypeAlias = Callable[[float, str], None]
"""Says how far something is (0 to 1) and what is being done."""

PLAIN_EVERY_SECONDS = 2.0
PAPER = 200
"""Signs in a line where nobody looks at it on a terminal."""


def say(text: str) -> None:
    """A sentence for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


def result(text: str) -> None:
    """What the command was asked for."""
    print(text, flush=True)


def rows(title: str, columns: Sequence[str], found: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """A list: a table with these columns for people, all values for programs."""
    if as_json:
        result(json.dumps([dict(row) for row in found], ensure_ascii=False, indent=1, default=str))
        return
    shown = table(title, columns, ([_text(row[column]) for column in columns] for row in found))
    console(sys.stdout).print(shown)


def table(title: str, columns: Sequence[str], lines: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> Table:
    """A table for people."""
    made = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for column in columns:
        made.add_column(column.replace("_", " "), overflow="fold")
    for line in lines:
        made.add_row(*line)
    return made


def made(what: Mapping[str, Any], sentence: str, as_json: bool) -> None:
    """Something new: its id for programs, a sentence and the id for people."""
    if as_json:
        result(json.dumps(dict(what), default=str))
        return
    say(sentence)
    result(str(what["id"]))


COLOURS = {"good": "green", "bad": "red", "info": "blue"}


def findings(found: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """What a doctor found: a coloured word for people."""
    if as_json:
        rows("", (), found, as_json=True)
        return
    to = console(sys.stdout)
    for one in found:
        to.print(f"{one['state']:<5}", style=COLOURS[one["state"]], end="")
        to.print(f" {one['what']}: {one['said']}", markup=False, highlight=False)


def to_people(shown: Table) -> None:
    """A table that is not the result of the command."""
    console(sys.stderr).print(shown)


def console(to: TextIO) -> Console:
    """Where tables are written; a file or a pipe has no width to fit into."""
    return Console(file=to, width=None if to.isatty() else PAPER)


@contextmanager
def progress() -> Iterator[Tell]:
    """Show how far long work is: a bar on a terminal, else a line now and then."""
    if not sys.stderr.isatty():
        yield _Lines().tell
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console(sys.stderr),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=1.0)
        yield lambda share, what: bar.update(task, completed=share, description=what)


class _Lines:
    """Progress as plain lines."""

    def __init__(self) -> None:
        self._last = float("-inf")

    def tell(self, share: float, what: str) -> None:
        """Say it, unless something was said a moment ago."""
        now = time.monotonic()
        if now - self._last >= PLAIN_EVERY_SECONDS or share >= 1:
            self._last = now
            say(f"{share:4.0%}  {what}")


def _text(value: object) -> str:
    return "" if value is None else str(value)
