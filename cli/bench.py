"""`kontor bench`: the benchmarks of a checkout; an installed Kontor has none."""

from importlib.util import find_spec
from pathlib import Path

from cli import output
from cli.errors import CommandFailed


def bench(
    *,
    short: bool,
    data: Path | None,
    tenants: int | None,
    partners: int | None,
    rounds: int | None,
    seconds: float | None,
    queries: str | None,
    contestants: str | None,
) -> None:
    """Measure Kontor beside others. Raises CommandFailed outside of a checkout, and when it cannot be measured."""
    if find_spec("benchmarks") is None:
        raise CommandFailed("The benchmarks are in the source tree only: run `make bench` in a checkout of Kontor.")
    from benchmarks import run  # noqa: PLC0415
    from benchmarks.answers import DifferentAnswersError  # noqa: PLC0415
    from benchmarks.contestants.postgraphile import NoNpmError  # noqa: PLC0415
    from benchmarks.contestants.running import ContestantError  # noqa: PLC0415
    from benchmarks.loading import NoLoaderError  # noqa: PLC0415

    try:
        wanted = run.options(
            data=data, tenants=tenants, partners=partners, rounds=rounds, seconds=seconds, queries=queries,
            contestants=contestants, short=short,
        )  # fmt: skip
        run.run(wanted, output.say, short=short)
    except (
        run.WrongOptionError, run.TooSlowError, DifferentAnswersError, NoNpmError, ContestantError, NoLoaderError,
    ) as error:  # fmt: skip
        raise CommandFailed(str(error)) from error
