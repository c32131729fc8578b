"""The measurement: each set is built, asked by one client, and dropped before the next one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import asking, goals, loading
from benchmarks.contestants.running import Running
from benchmarks.contestants.starting import contestant
from benchmarks.data.building import Data
from benchmarks.loading import Load, Result
from benchmarks.measuring import WARM_UP_SECONDS, told
from benchmarks.options import Options
from benchmarks.scale import cells
from benchmarks.scale.cells import CELLS, Cell
from benchmarks.scale.crowd import crowded
from benchmarks.scale.steps import Step

Say = Callable[[str], None]


def measure(wanted: Sequence[Step], folder: Path, seconds: float, say: Say) -> dict[str, Any]:
    """The report about all steps."""
    found = [_step(step, folder, seconds, say) for step in wanted]
    return {"seconds": seconds, "steps": found, "growth": growth(found)}


def growth(steps: Sequence[dict[str, Any]]) -> dict[str, float]:
    """How many times the median of the first step the median of the last one is, by cell."""
    first, last = steps[0]["cells"], steps[-1]["cells"]
    return {
        name: round(last[name]["p50_ms"] / cell["p50_ms"], 2)
        for name, cell in first.items()
        if not (cell["void"] or last[name]["void"])
    }


def missed(found: dict[str, Any]) -> list[str]:
    """The cells that grow more than they may, a sentence each, and those that are void."""
    void = [
        f"{step['tenants']}x{step['partners']}: {name} is void: {cell['void']}"
        for step in found["steps"]
        for name, cell in step["cells"].items()
        if cell["void"]
    ]
    grown = [
        f"{name}: {times:.2f} times the time of the first set, at most {goals.GROWTH}"
        for name, times in found["growth"].items()
        if times > goals.GROWTH
    ]
    return void + grown


def _step(step: Step, folder: Path, seconds: float, say: Say) -> dict[str, Any]:
    with crowded(folder, step, say) as data:
        options = Options(
            step.scale, data.folder, 1, seconds, (), ("kontor",), None,
            measured_tenants=len(data.tenants), connections=1, workers=1,
        )  # fmt: skip
        with contestant("kontor", data, options) as running:
            shown = {cell.name: _cell(cell, running, data, step, seconds, say) for cell in CELLS}
    return {"tenants": step.tenants, "partners": step.partners, "cells": shown}


def _cell(cell: Cell, running: Running, data: Data, step: Step, seconds: float, say: Say) -> dict[str, Any]:
    path = data.folder / "kontor.requests"
    asking.write(path, running, cell.document, cells.requests(cell, running, data, step))
    load = Load(path, cell.expected, writes=False)
    loading.run(running.url, load, seconds=min(WARM_UP_SECONDS, seconds), connections=1)
    result = loading.run(running.url, load, seconds=seconds, connections=1)
    say(f"{step.name}  {cell.name:<10}{told(result)}")
    return _told(result)


def _told(result: Result) -> dict[str, Any]:
    void = f"{result.wrong} wrong, {result.lost} lost {result.sample}" if result.void else None
    return {"p50_ms": round(result.p50_ms, 2), "p99_ms": round(result.p99_ms, 2), "count": result.count, "void": void}
