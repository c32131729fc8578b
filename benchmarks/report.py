"""What came out: report.json for programs, REPORT.md for people."""

import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks import goals
from benchmarks.loading import Result
from benchmarks.measuring import RATE_OF_POSTGRAPHILE, Measured
from benchmarks.options import READS, Options
from benchmarks.scale import telling as scale
from benchmarks.worker import telling as worker

BAR = 30
"""Signs of the longest bar."""

OTHERS = ("postgraphile", "limit", "strawberry")
QUESTIONS: Mapping[str, str] = {
    "Q1": "one partner, 12 fields",
    "Q2": "a page of 50 partners with 3 addresses each",
    "Q3": "a cart, its 8 items, their offers, their products",
    "F": "the feed of external offers, a page of 50 with their products",
    "Q4": "`{ __typename }`",
    "M1": "put an item into a cart",
    "M2": "start a checkout of a cart of 8 items (Kontor only)",
}
"""What each query asks."""

SECTIONS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "scale": scale.section,
    "memory": worker.memory,
    "cold_start": worker.cold_start,
    "import": worker.imports,
}
"""What else was measured, by its key in report.json."""


def of(measured: Measured, options: Options, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The report for programs; `facts` are of the machine, as it was before."""
    return {
        **dated(facts),
        "data": {"tenants": options.scale.tenants, "partners": options.scale.of_a_tenant * options.scale.tenants},
        "how": {
            "rounds": options.rounds,
            "seconds": options.seconds,
            "connections": options.connections,
            "workers": options.workers,
            "pool": options.pool,
        },
        "queries": {query: _query(query, measured, options) for query in options.queries},
    }


def dated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """When it was measured, and on which machine."""
    return {"at": datetime.now(UTC).replace(microsecond=0).isoformat(), "machine": dict(facts)}


def machine() -> dict[str, Any]:
    """What it runs on, and how busy it is."""
    return {
        "processors": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1024**3),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_before": [round(one, 1) for one in os.getloadavg()],
    }


def write(found: Mapping[str, Any], folder: Path) -> None:
    """Write both files; what an earlier run measured under other keys stays in them."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "report.json"
    report = {**(json.loads(kept.read_text()) if kept.exists() else {}), **found}
    kept.write_text(json.dumps(report, indent=1) + "\n")
    (folder / "REPORT.md").write_text("\n".join(_pages(report)) + "\n")


def missed(report: Mapping[str, Any], share: Mapping[str, float] | None = None) -> list[str]:
    """The goals that were not reached, a sentence each; with `share`, the reads that did not even reach that share."""
    found = []
    for query, one in report["queries"].items():
        if share is not None and query not in READS:
            continue
        void = [name for name, cell in one["contestants"].items() if cell["void"]]
        found += [f"{query}: the cell of {name} is void: {one['contestants'][name]['void']}" for name in void]
        for other, wanted in goals.AT_LEAST.items():
            ratio, goal = one.get(f"vs_{other}"), wanted.get(query)
            if ratio is not None and goal is not None and (share is None or other in share):
                least = goal * (1.0 if share is None else share[other])
                if ratio < least:
                    found.append(f"{query}: {ratio:.2f} × {other}, at least {least:.2f}")
        slow, most = one.get("p99_same_rate_vs_postgraphile"), goals.P99_AT_THE_SAME_RATE.get(query)
        if share is None and slow is not None and most is not None and slow > most:
            found.append(f"{query}: p99 at the same rate {slow:.2f} × PostGraphile's, at most {most}")
    return found


def _query(query: str, measured: Measured, options: Options) -> dict[str, Any]:
    cells = {name: measured.rounds[query, name] for name in options.contestants if (query, name) in measured.rounds}
    found: dict[str, Any] = {"contestants": {name: _cell(results) for name, results in cells.items()}}
    for other in OTHERS:
        if "kontor" in cells and other in cells:
            found[f"vs_{other}"] = _ratio(cells["kontor"], cells[other])
    found |= _same_rate(query, measured)
    return found


def _cell(results: Sequence[Result]) -> dict[str, Any]:
    void = next((f"{one.wrong} wrong, {one.lost} lost {one.sample}" for one in results if one.void), None)
    return {
        "rps": round(median(one.rps for one in results), 1),
        "p50_ms": round(median(one.p50_ms for one in results), 2),
        "p99_ms": round(median(one.p99_ms for one in results), 2),
        "rounds": [round(one.rps, 1) for one in results],
        "void": void,
    }


def _ratio(ours: Sequence[Result], theirs: Sequence[Result]) -> float | None:
    """The median of the rounds' ratios; rounds with a void cell do not count."""
    pairs = [(one, two) for one, two in zip(ours, theirs, strict=True) if not (one.void or two.void)]
    return round(median(one.rps / two.rps for one, two in pairs), 3) if pairs else None


def _same_rate(query: str, measured: Measured) -> dict[str, Any]:
    if query not in measured.rates:
        return {}
    cells = {name: one for (asked, name), one in measured.at_rate.items() if asked == query}
    shown = {
        name: {"rps": round(one.rps, 1), "p50_ms": round(one.p50_ms, 2), "p99_ms": round(one.p99_ms, 2)}
        for name, one in cells.items()
    }
    ours, theirs = cells.get("kontor"), cells.get("postgraphile")
    fit = ours is not None and theirs is not None and not (ours.void or theirs.void) and theirs.p99_ms > 0
    ratio = round(ours.p99_ms / theirs.p99_ms, 3) if fit and ours and theirs else None
    return {"same_rate": {"wanted_rps": round(measured.rates[query], 1), "contestants": shown},
            "p99_same_rate_vs_postgraphile": ratio}  # fmt: skip


def _pages(report: Mapping[str, Any]) -> Iterator[str]:
    yield "# How fast Kontor is"
    yield ""
    yield "Ratios count, absolute times do not. How it is measured: [benchmarks](../docs/benchmarks.md)."
    if "queries" in report:
        yield ""
        yield from _race(report)
    for key, section in SECTIONS.items():
        if key in report:
            yield ""
            yield from section(report[key])


def _race(report: Mapping[str, Any]) -> Iterator[str]:
    data, how, facts = report["data"], report["how"], report["machine"]
    yield (
        f"Written by `make bench` on {report['at']}. {facts['processors']} processors, {facts['memory_gb']} GB, "
        f"{facts['system']}, Python {facts['python']}, load before {facts['load_before'][0]}; "
        f"{data['tenants']} tenants, {data['partners']:,} partners; {how['rounds']} rounds of {how['seconds']:g} s, "
        f"{how['connections']} connections, {how['workers']} workers of {how['pool']} database connections each."
    )
    yield ""
    yield "## Goals"
    yield ""
    yield from _goals(report)
    yield ""
    yield "## Requests a second"
    yield ""
    yield from _throughput(report)
    yield ""
    yield "## Answer times at the same rate"
    yield ""
    yield from _rates(report)


def _goals(report: Mapping[str, Any]) -> Iterator[str]:
    yield "| query | against | ratio | goal | | |"
    yield "|---|---|---|---|---|---|"
    for query, one in report["queries"].items():
        for other in OTHERS:
            ratio, goal = one.get(f"vs_{other}"), goals.AT_LEAST[other].get(query)
            if ratio is not None and goal is not None:
                yield f"| {query} | {other} | {ratio:.2f} | ≥ {goal} | {_met(ratio >= goal)} | {_bar(ratio / goal)} |"
        slow, most = one.get("p99_same_rate_vs_postgraphile"), goals.P99_AT_THE_SAME_RATE.get(query)
        if slow is not None and most is not None:
            good, bar = _met(slow <= most), _bar(most / slow)
            yield f"| {query} | postgraphile, p99 | {slow:.2f} | ≤ {most} | {good} | {bar} |"
    yield ""
    yield f"A bar of {BAR // 2} signs is the goal; a longer one is better."


def _throughput(report: Mapping[str, Any]) -> Iterator[str]:
    for query, one in report["queries"].items():
        yield f"**{query}** – {QUESTIONS[query]}"
        yield ""
        yield "| contestant | requests/s | p50 ms | p99 ms | |"
        yield "|---|---:|---:|---:|---|"
        best = max((cell["rps"] for cell in one["contestants"].values()), default=1.0)
        for name, cell in one["contestants"].items():
            shown = f"void: {cell['void'][:80]}" if cell["void"] else "█" * max(1, round(cell["rps"] / best * BAR))
            yield f"| {name} | {cell['rps']:,.0f} | {cell['p50_ms']:.2f} | {cell['p99_ms']:.2f} | {shown} |"
        yield ""


def _rates(report: Mapping[str, Any]) -> Iterator[str]:
    measured = {query: one["same_rate"] for query, one in report["queries"].items() if "same_rate" in one}
    if not measured:
        yield "Not measured in this run: the rate is a share of PostGraphile's throughput."
        return
    yield (
        f"Each read at {RATE_OF_POSTGRAPHILE:.0%} of what PostGraphile answers at most: wrk with many connections, "
        "each of which waits a random while (exponential) before it sends again."
    )
    yield ""
    yield "| query | wanted/s | contestant | came/s | p50 ms | p99 ms |"
    yield "|---|---:|---|---:|---:|---:|"
    for query, one in measured.items():
        for name, cell in one["contestants"].items():
            yield (
                f"| {query} | {one['wanted_rps']:,.0f} | {name} | {cell['rps']:,.0f} "
                f"| {cell['p50_ms']:.2f} | {cell['p99_ms']:.2f} |"
            )


def _met(good: bool) -> str:
    return "met" if good else "**missed**"


def _bar(share: float) -> str:
    return "█" * max(1, min(BAR, round(share * BAR / 2)))
