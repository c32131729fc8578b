"""A whole run: data, contestants, measurement, report."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import asking, goals, loading, report
from benchmarks.contestants import postgraphile
from benchmarks.contestants.starting import contestant
from benchmarks.data.building import built
from benchmarks.data.server import passing
from benchmarks.measuring import measure
from benchmarks.options import CONTESTANTS, DATA, QUERIES, READS, SHORT, WITHOUT_NPM, Options, Scale
from benchmarks.scale import measuring as scale
from benchmarks.scale import steps
from benchmarks.worker import imports, memory, starts

HERE = Path(__file__).parent
SHORT_SECONDS = 2.0
SCALE_SECONDS = 5.0
LISTS = 40
"""Lists of partners that are taken in one after another."""


class WrongOptionError(Exception):
    """An option names something that there is not; the message is one sentence."""


class TooSlowError(Exception):
    """A short run missed a goal by far; the message says which."""


def options(
    *,
    data: Path | None,
    tenants: int | None,
    partners: int | None,
    rounds: int | None,
    seconds: float | None,
    queries: str | None,
    contestants: str | None,
    short: bool,
) -> Options:
    """What was said on the command line, and what is taken where nothing was. Raises WrongOptionError."""
    usual = SHORT if short else Scale()
    scale = Scale(
        tenants or usual.tenants, partners or usual.partners, usual.sources, usual.offers, usual.external, usual.carts
    )
    if scale.tenants <= scale.sources:
        raise WrongOptionError(
            f"At least {scale.sources + 1} tenants are needed: each sells offers of {scale.sources}."
        )
    return Options(
        scale=scale,
        folder=data or DATA,
        rounds=rounds or (1 if short else 5),
        seconds=seconds or (SHORT_SECONDS if short else 6.0),
        queries=_some(queries, (*READS, "M1") if short else QUERIES, "query"),
        contestants=_some(contestants, WITHOUT_NPM if short else CONTESTANTS, "contestant"),
        report=None if short else HERE,
        measured_tenants=min(40, scale.tenants),
    )


def run(wanted: Options, say: Callable[[str], None], *, short: bool) -> None:
    """Measure, write the report, and say what was missed. Raises TooSlowError after a short run that missed by far."""
    loading.wrk()
    if "postgraphile" in wanted.contestants:
        postgraphile.install()
    with built(wanted.folder, wanted.scale, say) as data:
        facts = report.machine()
        found = report.of(measure(data, wanted, say), wanted, facts)
    folder = wanted.report or wanted.folder
    report.write(found, folder)
    say(f"written: {folder / 'REPORT.md'}")
    for sentence in report.missed(found):
        say(f"missed  {sentence}")
    far = report.missed(found, goals.ALARM) if short else []
    if far:
        raise TooSlowError(f"Missed by far: {'; '.join(far)}.")


def run_scale(words: str | None, data: Path | None, seconds: float | None, say: Callable[[str], None]) -> None:
    """Measure Kontor on sets of several sizes, and add what came out to the report. Raises WrongStepError."""
    wanted = steps.steps(words or steps.USUAL)
    loading.wrk()
    facts = report.machine()
    found = scale.measure(wanted, data or DATA, seconds or SCALE_SECONDS, say)
    _add({"scale": found}, facts, scale.missed(found), say)


def run_memory(requests: int | None, data: Path | None, say: Callable[[str], None]) -> None:
    """Measure one worker's starts and its memory over many documents, and add what came out to the report."""
    loading.wrk()
    facts, folder = report.machine(), data or DATA
    with built(folder, SHORT, say) as world:
        wanted = Options(
            SHORT, folder, 1, 1.0, (), ("kontor",), None, measured_tenants=SHORT.tenants, workers=1
        )  # fmt: skip
        found = asking.targets(world, wanted)
        with contestant("kontor", world, wanted) as running:
            start = starts.measure(running, found, say)
            kept = memory.measure(running, found, world.folder, requests or memory.REQUESTS, say)
    _add({"cold_start": start, "memory": kept}, facts, starts.missed(start) + memory.missed(kept), say)


def run_import(data: Path | None, say: Callable[[str], None]) -> None:
    """Measure how fast partners are taken in, into tenants of their own, and add it to the report."""
    facts = report.machine()
    with passing((data or DATA) / "import") as (server, home):
        found = imports.measure(server, home, LISTS, say)
    _add({"import": found}, facts, imports.missed(found), say)


def _add(
    found: Mapping[str, Mapping[str, Any]], facts: Mapping[str, Any], missed: Sequence[str], say: Callable[[str], None]
) -> None:
    report.write({key: {**report.dated(facts), **one} for key, one in found.items()}, HERE)
    say(f"written: {HERE / 'REPORT.md'}")
    for sentence in missed:
        say(f"missed  {sentence}")


def _some(named: str | None, usual: tuple[str, ...], what: str) -> tuple[str, ...]:
    """The named ones in the usual order."""
    known = QUERIES if what == "query" else CONTESTANTS
    if named is None:
        return usual
    chosen = [one.strip() for one in named.split(",")]
    unknown = [one for one in chosen if one not in known]
    if unknown:
        raise WrongOptionError(f"There is no {what} {unknown[0]}; there is {', '.join(known)}.")
    return tuple(one for one in known if one in chosen)
