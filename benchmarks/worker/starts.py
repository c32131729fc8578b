"""How long a worker is missed: from its violent end until the one that replaces it answers."""

import json
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import monotonic
from typing import Any

from benchmarks import goals
from benchmarks.asking import Targets
from benchmarks.contestants.running import Running
from benchmarks.documents import DOCUMENTS
from benchmarks.worker.process import Line, memory

TIMES = 10

Say = Callable[[str], None]


def measure(running: Running, found: Sequence[Targets], say: Say) -> dict[str, Any]:
    """Kill the only worker several times; the medians and the worst of what came after."""
    ones = [_one(running, found, say) for _ in range(TIMES)]

    def told(name: str) -> dict[str, float]:
        values = [one[name] for one in ones]
        return {"median": round(median(values), 3), "most": round(max(values), 3)}

    return {"times": TIMES, **{name: told(name) for name in ones[0]}}


def missed(found: Mapping[str, Any]) -> list[str]:
    """What takes longer than it may, a sentence each."""
    bounds = {
        "ready_s": (goals.COLD_START_SECONDS, "s until a new worker answers"),
        "first_ms": (goals.FIRST_REQUEST_MS, "ms for its first request"),
        "rss_mb": (goals.WORKER_MB, "MB of a fresh worker"),
    }
    return [
        f"cold start: {found[name]['median']:g} {what}, at most {most:g}"
        for name, (most, what) in bounds.items()
        if found[name]["median"] > most
    ]


def _one(running: Running, found: Sequence[Targets], say: Say) -> dict[str, float]:
    body = json.dumps({"query": DOCUMENTS["Q1"], "variables": {"id": f"par_{found[0].partners[0]}"}})
    with Line(running) as line:
        worker = line.worker()
    worker.kill()
    began = monotonic()
    with Line(running) as line:
        ready = monotonic() - began
        first, second = line.ask(body, 0), line.ask(body, 0)
        fresh = memory(line.worker())
    say(f"ready after {ready:.2f} s, then {first:.1f} and {second:.1f} ms; {fresh.rss:.0f} MB, {fresh.pss:.0f} its own")
    return {"ready_s": ready, "first_ms": first, "second_ms": second, "rss_mb": fresh.rss, "pss_mb": fresh.pss}
