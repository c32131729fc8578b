"""What `kontor bench --scale`, `--memory` and `--import` are told, ask and report, without measuring."""

import json
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from graphql import build_schema, parse, validate
from typer.testing import CliRunner

from benchmarks import goals, report
from benchmarks.data.founding import Founded
from benchmarks.scale import measuring, telling
from benchmarks.scale.cells import CELLS
from benchmarks.scale.crowd import BRANCH, HEAD, REGION, SHOP
from benchmarks.scale.steps import GIANT, TREE, USUAL, Step, WrongStepError, steps
from benchmarks.worker import imports, memory, starts
from benchmarks.worker.documents import PRINTED, documents
from cli.main import app
from reads import limits
from reads.limits import Limits

DATED: dict[str, Any] = {"at": "2026-01-02T03:04:05+00:00", "machine": {"load_before": [0.1]}}


def a_set(p50: float, *, void: str | None = None) -> dict[str, Any]:
    cell = {"p50_ms": p50, "p99_ms": 2 * p50, "count": 9, "void": void}
    return {"tenants": 10, "partners": 1000, "cells": {one.name: cell for one in CELLS}}


def grown(*sets: dict[str, Any]) -> dict[str, Any]:
    return {**DATED, "seconds": 5, "steps": list(sets), "growth": measuring.growth(sets)}


def seen(after: float) -> dict[str, Any]:
    last = {"requests": 100_000, "rss": after, "pss": after / 2}
    first = {"rss": 100.0, "pss": 50.0}
    return {**DATED, "documents": 2000, "before": first, "seen": [last], "growth": after / 100.0}


def test_steps_are_read_from_words() -> None:
    assert steps("10x1000000, 1000x5000000") == [Step(10, 1_000_000), Step(1000, 5_000_000)]
    assert [step.name for step in steps(USUAL)] == USUAL.split(",")


@pytest.mark.parametrize("words", ["", "10", "10x", "x10", "ten x 10", "5x1000"])
def test_what_is_no_step_is_refused(words: str) -> None:
    with pytest.raises(WrongStepError):
        steps(words)


@pytest.mark.parametrize("step", steps(USUAL))
def test_a_giant_has_a_fifth_and_all_tenants_together_what_the_step_says(step: Step) -> None:
    sizes = [step.partners_of(number) for number in range(step.tenants)]
    assert sizes[GIANT] == step.partners / 5
    assert sizes[TREE] == step.partners / 10
    assert sum(sizes) == pytest.approx(step.partners, rel=0.05)
    assert min(sizes) >= 1


def test_everybody_who_is_asked_for_has_a_cell_and_each_cell_somebody() -> None:
    places = [(number, who) for number in range(4) for who in ("admin", BRANCH)]
    people = [Founded(UUID(int=number), number, who) for number, who in places]
    people += [Founded(UUID(int=TREE), TREE, who) for who in (SHOP, REGION, HEAD)]
    assert all(any(cell.asks(person) for person in people) for cell in CELLS)
    assert all(any(cell.asks(person) for cell in CELLS) for person in people if person.number != TREE)


def test_the_last_set_is_compared_with_the_first() -> None:
    assert measuring.missed(grown(a_set(1.0), a_set(9.0), a_set(1.3))) == []
    assert measuring.missed(grown(a_set(1.0), a_set(1.4)))[0] == "Q4: 1.40 times the time of the first set, at most 1.3"


def test_a_void_cell_has_no_growth_and_is_named() -> None:
    found = grown(a_set(1.0), a_set(5.0, void="1 wrong"))
    assert found["growth"] == {}
    assert measuring.missed(found)[0] == "10x1000: Q4 is void: 1 wrong"
    assert any("| void |" in line for line in telling.section(found))


def test_documents_are_all_different_and_the_printed_schema_takes_them() -> None:
    schema = build_schema(PRINTED.read_text("utf-8"))
    some = list(islice(documents(7, schema), 60))
    assert len({one.text for one in some}) == len(some)
    for one in some:
        assert validate(schema, parse(one.text)) == []
        limits.scan(one.text, Limits())
    assert some == list(islice(documents(7, schema), 60))


def test_a_worker_that_grows_or_is_large_is_missed() -> None:
    assert memory.missed(seen(110.0)) == []
    assert memory.missed(seen(120.0)) == ["memory: 1.20 times what it was, at most 1.1"]
    assert "memory: 160 MB, at most 150" in memory.missed(seen(160.0))


def test_the_median_of_the_starts_counts() -> None:
    good = {name: {"median": 1.0, "most": 999.0} for name in ("ready_s", "first_ms", "second_ms", "rss_mb", "pss_mb")}
    assert starts.missed(good) == []
    slow = good | {"first_ms": {"median": 51.0, "most": 51.0}}
    assert starts.missed(slow) == ["cold start: 51 ms for its first request, at most 50"]


def test_an_imported_list_has_persons_companies_and_customers() -> None:
    rows = imports.rows(imports.MOST)
    assert len({row.partner.type for row in rows}) == 2
    assert {row.customer is None for row in rows} == {True, False}
    assert all(row.roles for row in rows)
    slow = {"partners_a_second": goals.IMPORTED_A_SECOND - 1}
    assert imports.missed({"alone": slow, "at_once": slow}) == ["import: 2,999 partners/s, at least 3,000"]
    assert imports.missed({"alone": slow, "at_once": {"partners_a_second": 3001.0}}) == []


def test_a_run_leaves_what_others_measured(tmp_path: Path) -> None:
    report.write({"memory": seen(101.0)}, tmp_path)
    report.write({"scale": grown(a_set(1.0))}, tmp_path)
    report.write({"memory": seen(102.0)}, tmp_path)
    kept = json.loads((tmp_path / "report.json").read_text())
    assert kept["memory"]["growth"] == 1.02
    assert kept["scale"]["steps"]
    text = (tmp_path / "REPORT.md").read_text("utf-8")
    assert text.index("## Growth") < text.index("## Memory of a worker")


def test_two_modes_at_once_are_refused() -> None:
    done = CliRunner().invoke(app, ["bench", "--scale", "--memory"])
    assert "Give one of" in str(done.exception)
