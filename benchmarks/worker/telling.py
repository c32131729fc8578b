"""The sections of the report for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks import goals


def memory(found: Mapping[str, Any]) -> Iterator[str]:
    """A worker's memory."""
    last, times = found["seen"][-1], found["growth"]
    yield "## Memory of a worker"
    yield ""
    yield (
        f"{last['requests']:,} requests over {found['documents']:,} documents; written on {found['at']}. "
        f"At most {goals.GROWN_MEMORY} times, and {goals.WORKER_MB:.0f} MB."
    )
    yield ""
    yield "| after requests | resident MB | proportional MB | |"
    yield "|---:|---:|---:|---|"
    yield f"| {found['documents']:,} | {found['before']['rss']:.1f} | {found['before']['pss']:.1f} | |"
    for one in found["seen"][:-1]:
        yield f"| {one['requests']:,} | {one['rss']:.1f} | {one['pss']:.1f} | |"
    good = times <= goals.GROWN_MEMORY and last["rss"] <= goals.WORKER_MB
    verdict = f"{times:.2f} times: {_met(good)}"
    yield f"| {last['requests']:,} | {last['rss']:.1f} | {last['pss']:.1f} | {verdict} |"


def cold_start(found: Mapping[str, Any]) -> Iterator[str]:
    """The start of a worker."""
    yield "## Cold start of a worker"
    yield ""
    yield f"The only worker killed {found['times']} times; written on {found['at']}."
    yield ""
    yield "| | median | most | goal for the median | |"
    yield "|---|---:|---:|---|---|"
    for name, what, goal in (
        ("ready_s", "s until the replacement answers", goals.COLD_START_SECONDS),
        ("first_ms", "ms for its first request", goals.FIRST_REQUEST_MS),
        ("second_ms", "ms for its second request", None),
        ("rss_mb", "MB resident", goals.WORKER_MB),
        ("pss_mb", "MB proportional", None),
    ):
        one = found[name]
        bound, verdict = ("", "") if goal is None else (f"≤ {goal:g}", _met(one["median"] <= goal))
        yield f"| {what} | {one['median']:.2f} | {one['most']:.2f} | {bound} | {verdict} |"


def imports(found: Mapping[str, Any]) -> Iterator[str]:
    """Taking partners in."""
    best = max(found["alone"]["partners_a_second"], found["at_once"]["partners_a_second"])
    good = _met(best >= goals.IMPORTED_A_SECOND)
    yield "## Taking partners in"
    yield ""
    yield (
        f"Lists of {found['rows_a_list']} through all rules by one process; written on {found['at']}. "
        f"At least {goals.IMPORTED_A_SECOND:,.0f} partners a second: {good}."
    )
    yield ""
    yield "| lists | partners/s | ms of processor each |"
    yield "|---|---:|---:|"
    for name, what in (("alone", "one after another"), ("at_once", f"of {found['tenants']} tenants at once")):
        yield f"| {what} | {found[name]['partners_a_second']:,.0f} | {found[name]['cpu_ms_a_partner']:.3f} |"


def _met(good: bool) -> str:
    return "met" if good else "**missed**"
