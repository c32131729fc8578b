"""The section of the report for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks import goals
from benchmarks.scale.cells import CELLS


def section(found: Mapping[str, Any]) -> Iterator[str]:
    """Lines of Markdown: a column for each set, a line for each cell."""
    steps, growth = found["steps"], found["growth"]
    names = [f"{step['tenants']:,} tenants, {step['partners']:,}" for step in steps]
    yield "## Growth"
    yield ""
    yield (
        f"Median and 99th percentile in ms, one client, {found['seconds']:g} s each; written on {found['at']}, load "
        f"before {found['machine']['load_before'][0]}. Each set has a giant with a fifth of all partners and a tenant "
        f"of 5,000 organizations. The last set against the first: at most {goals.GROWTH} times the median."
    )
    yield ""
    yield f"| query | asks | {' | '.join(names)} | last to first | |"
    yield f"|---|---|{'---:|' * len(names)}---:|---|"
    for cell in CELLS:
        shown = " | ".join(_shown(step["cells"][cell.name]) for step in steps)
        times = growth.get(cell.name)
        verdict = "void" if times is None else "met" if times <= goals.GROWTH else "**missed**"
        yield f"| {cell.name} | {cell.text} | {shown} | {'–' if times is None else f'{times:.2f}'} | {verdict} |"


def _shown(cell: Mapping[str, Any]) -> str:
    return "void" if cell["void"] else f"{cell['p50_ms']:.2f} · {cell['p99_ms']:.2f}"
