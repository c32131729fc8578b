"""Who runs on a data folder: one process at a time, named in a file that only counts while it is locked."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from cli.errors import CommandFailed
from persistence.embedded import locks

FILE = "running.json"


@dataclass(frozen=True)
class Holder:
    """The process that serves from a data folder, and where it is reached."""

    pid: int
    url: str


@contextmanager
def held(data_dir: Path, url: str) -> Iterator[None]:
    """Be the one that serves from this folder. Raises CommandFailed when another process is."""
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = locks.take_alone(data_dir / FILE)
    if lock is None:
        raise CommandFailed(_taken(data_dir))
    try:
        os.ftruncate(lock, 0)
        os.write(lock, json.dumps(asdict(Holder(os.getpid(), url))).encode())
        yield
    finally:
        os.ftruncate(lock, 0)
        os.close(lock)


def holder(data_dir: Path) -> Holder | None:
    """Who serves from this folder now."""
    file = data_dir / FILE
    if not file.exists() or not locks.is_held(file):
        return None
    try:
        return Holder(**json.loads(file.read_text()))
    except ValueError:
        return None  # it is just beginning, or just ending


def _taken(data_dir: Path) -> str:
    who = holder(data_dir)
    where = "" if who is None else f" at {who.url} (process {who.pid})"
    return f"Kontor already runs on {data_dir}{where}: use that one, `kontor stop` it, or name another --data."
