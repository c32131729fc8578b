"""File locks that the kernel releases when their holders end, however they end."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE_SECONDS = 0.02


@contextmanager
def held(path: Path, *, patience: float) -> Iterator[None]:
    """Hold the lock alone; raises `TimeoutError` when others hold it for longer than `patience` seconds."""
    descriptor = _open(path)
    try:
        deadline = time.monotonic() + patience
        while not _lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{path} has been locked by another process for {patience:.0f} seconds.")
            time.sleep(PAUSE_SECONDS)
        yield
    finally:
        os.close(descriptor)


def take_alone(path: Path) -> int | None:
    """Take the lock alone and answer the open file that holds it, or None while anybody else has it."""
    return _take(path, fcntl.LOCK_EX)


def take_shared(path: Path) -> int | None:
    """Take the lock beside others and answer the open file that holds it, or None while one has it alone."""
    return _take(path, fcntl.LOCK_SH)


def is_held(path: Path) -> bool:
    """Whether any process holds the lock, alone or shared."""
    descriptor = take_alone(path)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def _take(path: Path, kind: int) -> int | None:
    descriptor = _open(path)
    if _lock(descriptor, kind):
        return descriptor
    os.close(descriptor)
    return None


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
