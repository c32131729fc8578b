"""The built data: found again from an earlier run, or built now."""

import asyncio
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import filling, founding
from benchmarks.data.founding import Founded
from benchmarks.data.server import Server, running
from benchmarks.options import Scale
from migrations import run
from persistence import embedded

NOTE = "built.json"


@dataclass(frozen=True)
class Data:
    """What stands in the database, and its tenants in the order of their numbers."""

    server: Server
    scale: Scale
    folder: Path
    tenants: list[Founded]


@contextmanager
def built(folder: Path, scale: Scale, say: Callable[[str], None]) -> Iterator[Data]:
    """The data of this size, with their server as long as the block. Data of other tables are built anew."""
    home = folder.absolute() / scale.name
    _forget_other(home, _mark(scale))
    with running(home) as server:
        if not (home / NOTE).exists():
            _build(server, home, scale, say)
        yield Data(server, scale, home, _tenants(server))


def _build(server: Server, home: Path, scale: Scale, say: Callable[[str], None]) -> None:
    began = time.monotonic()
    say(f"founding {scale.tenants} tenants")
    asyncio.run(founding.found(server.urls, home, scale.tenants))
    filling.fill(server, scale, say)
    (home / NOTE).write_text(json.dumps(_mark(scale)))
    say(f"built in {time.monotonic() - began:.0f} s")


def _mark(scale: Scale) -> dict[str, str]:
    """What decides how the data look: a run with another mark builds anew."""
    statements = hash_of(" ".join(" ".join(filling.STEPS).split()))
    return {"tables": run.fingerprint(), "scale": repr(scale), "statements": statements}


def hash_of(text: str) -> str:
    """A short name for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _forget_other(home: Path, mark: dict[str, str]) -> None:
    """Remove data that are not of this mark, or that were never finished."""
    if not home.exists():
        return
    note = home / NOTE
    if note.exists() and json.loads(note.read_text()) == mark:
        return
    embedded.destroy(home)
    shutil.rmtree(home, ignore_errors=True)


def _tenants(server: Server) -> list[Founded]:
    with server.as_admin() as connection:
        rows = connection.execute(
            "select id, substring(domain from '^t(\\d+)\\.')::int from tenant where domain like 't%.bench.example' "
            "order by 2"
        ).fetchall()
    return [Founded(id_, number) for id_, number in rows]  # type: ignore[arg-type]  # a uuid and a number
