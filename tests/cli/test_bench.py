"""What `kontor bench` makes of its options and of what it measured, without measuring."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from benchmarks import answers, goals, report, run
from benchmarks.loading import Result
from benchmarks.measuring import Measured
from benchmarks.options import SHORT, Options
from cli import bench
from cli.errors import CommandFailed

NOTHING: dict[str, Any] = dict.fromkeys(
    ("data", "tenants", "partners", "rounds", "seconds", "queries", "contestants"), None
)


def cell(rps: float, *, wrong: int = 0) -> Result:
    return Result(rps, 1.0, 2.0, wrong, 0, "")


def told(limit: Result, kontor: Result, *, query: str = "Q1") -> dict[str, Any]:
    """The report of one round of a query between two."""
    options = Options(SHORT, Path(), 1, 1.0, (query,), ("limit", "kontor"), None)
    measured = Measured(rounds={(query, "limit"): [limit], (query, "kontor"): [kontor]})
    return report.of(measured, options, {})


def test_outside_of_a_checkout_it_says_that_the_benchmarks_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "find_spec", lambda name: importlib.util.find_spec(f"no_{name}"))
    with pytest.raises(CommandFailed, match="in the source tree only"):
        bench.bench(short=True, **NOTHING)


def test_a_contestant_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(CommandFailed, match="no contestant django; there is limit, kontor"):
        bench.bench(short=True, **NOTHING | {"contestants": "kontor,django"})


def test_a_short_run_needs_no_npm() -> None:
    assert "postgraphile" not in run.options(short=True, **NOTHING).contestants
    assert "postgraphile" in run.options(short=False, **NOTHING).contestants


def test_a_ratio_below_its_goal_is_missed_and_below_a_quarter_of_it_far() -> None:
    assert report.missed(told(cell(100), cell(90))) == []
    near = told(cell(100), cell(60))
    assert report.missed(near) == ["Q1: 0.60 × limit, at least 0.85"]
    assert report.missed(near, goals.ALARM) == []
    assert report.missed(told(cell(100), cell(25)), goals.ALARM) == []
    assert report.missed(told(cell(100), cell(20)), goals.ALARM) == ["Q1: 0.20 × limit, at least 0.21"]


def test_a_write_never_fails_a_short_run() -> None:
    slow = told(cell(100), cell(1, wrong=1), query="M1")
    assert report.missed(slow)
    assert report.missed(slow, goals.ALARM) == []


def test_a_cell_with_a_wrong_answer_is_void_and_gives_no_ratio() -> None:
    found = told(cell(100), cell(99, wrong=1))
    assert found["queries"]["Q1"]["vs_limit"] is None
    assert report.missed(found)[0].startswith("Q1: the cell of kontor is void")


def test_the_same_answer_in_other_words_is_the_same_and_another_one_is_not() -> None:
    ours = {
        "id": "car_01a20063-2d74-7705-b462-3cc356c08593",
        "at": "2026-01-02T03:04:05.000000Z",
        "items": [{"position": 1}],
    }
    theirs = {
        "id": "01a20063-2d74-7705-b462-3cc356c08593",
        "at": "2026-01-02T03:04:05+00:00",
        "items": {"nodes": [{"position": "1"}]},
    }
    assert answers.level(ours) == answers.level(theirs)
    with pytest.raises(answers.DifferentAnswersError, match=r"\.position: one says 1, other says 2"):
        answers.compare("Q3", ("one", [{"position": 1}]), ("other", [{"position": 2}]))
