"""A whole run: data, contestants, measurement, report."""

from collections.abc import Callable
from pathlib import Path

from benchmarks import goals, loading, report
from benchmarks.contestants import postgraphile
from benchmarks.data.building import built
from benchmarks.measuring import measure
from benchmarks.options import CONTESTANTS, DATA, QUERIES, READS, SHORT, WITHOUT_NPM, Options, Scale

HERE = Path(__file__).parent
SHORT_SECONDS = 2.0


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
