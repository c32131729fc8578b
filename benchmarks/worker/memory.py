"""Whether a worker's memory stays flat: many requests over more documents than any application has."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import goals, loading
from benchmarks.asking import Targets
from benchmarks.contestants.running import ContestantError, Running
from benchmarks.loading import Load
from benchmarks.worker import documents
from benchmarks.worker.documents import Written
from benchmarks.worker.process import Line, memory

DOCUMENTS = 2_000
REQUESTS = 100_000
SLICE_SECONDS = 10.0
CONNECTIONS = 8
MOST_REFUSED = 200
SEED = 20

Say = Callable[[str], None]


def measure(running: Running, found: Sequence[Targets], folder: Path, requests: int, say: Say) -> dict[str, Any]:
    """What the worker occupies after each document was asked once, and on the way to so many requests."""
    with Line(running) as line:
        asked = list(_answered(line, found))
        worker = line.worker()
        before = memory(worker)
        say(f"after {DOCUMENTS:,} first requests: {before.rss:.0f} MB")
        load = _load(running, asked, found, folder / "documents.requests")
        count, seen = 0, []
        while count < requests:
            result = loading.run(running.url, load, seconds=SLICE_SECONDS, connections=CONNECTIONS)
            if result.void:
                raise ContestantError(f"{result.wrong} wrong, {result.lost} lost: {result.sample}")
            count += result.count
            seen.append({"requests": count, **asdict(memory(worker))})
            say(f"after {count:,} requests: {seen[-1]['rss']:.0f} MB, {result.rps:,.0f}/s")
    return {
        "documents": DOCUMENTS,
        "before": asdict(before),
        "seen": seen,
        "growth": round(seen[-1]["rss"] / before.rss, 3),
    }


def missed(found: Mapping[str, Any]) -> list[str]:
    """What is more than it may be, a sentence each."""
    times, last = found["growth"], found["seen"][-1]["rss"]
    grown = (
        [f"memory: {times:.2f} times what it was, at most {goals.GROWN_MEMORY}"] if times > goals.GROWN_MEMORY else []
    )
    large = [f"memory: {last:.0f} MB, at most {goals.WORKER_MB:.0f}"] if last > goals.WORKER_MB else []
    return grown + large


def _answered(line: Line, found: Sequence[Targets]) -> Iterator[Written]:
    """The documents that are answered, each asked once; the tenants take turns."""
    answered = refused = 0
    for written in documents.documents(SEED):
        try:
            line.ask(_body(written, found[answered % len(found)]), answered % len(found))
        except ContestantError:
            refused += 1
            if refused > MOST_REFUSED:
                raise
            continue
        answered += 1
        yield written
        if answered == DOCUMENTS:
            return


def _load(running: Running, asked: Sequence[Written], found: Sequence[Targets], path: Path) -> Load:
    """Each document by each tenant, in a file."""
    path.write_text(
        "".join(
            f"{running.tokens[tenant]}\t{_body(written, one)}\n"
            for written in asked
            for tenant, one in enumerate(found)
        )
    )
    return Load(path, '"data"', writes=False)


def _body(written: Written, of: Targets) -> str:
    ids = {"partner": f"par_{of.partners[0]}", "cart": f"car_{of.carts[0]}"}
    return json.dumps({"query": written.text, "variables": {name: ids[name] for name in written.variables}})
