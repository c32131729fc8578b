"""Processes that are forked from one which has imported everything already: a new one is there at once.

That one process (multiprocessing's fork server) holds no connection and no thread. It starts with the
first process that is asked of it, and ends when nobody is left who could ask.
"""

import multiprocessing
from collections.abc import Sequence
from multiprocessing import parent_process

PROCESSES = multiprocessing.get_context("forkserver")


def import_first(modules: Sequence[str]) -> None:
    """Name what the processes have in common; it is imported once, before the first of them."""
    PROCESSES.set_forkserver_preload(list(modules))


def starter_lives() -> bool:
    """Whether the process that asked for this one is still there; True for one that nobody asked for."""
    starter = parent_process()
    return starter is None or starter.is_alive()
