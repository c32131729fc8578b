"""`kontor bench`: the benchmarks of a checkout; an installed Kontor has none."""

from collections.abc import Iterator
from contextlib import contextmanager
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
    with _told_in_a_sentence():
        from benchmarks import run  # noqa: PLC0415

        wanted = run.options(
            data=data, tenants=tenants, partners=partners, rounds=rounds, seconds=seconds, queries=queries,
            contestants=contestants, short=short,
        )  # fmt: skip
        run.run(wanted, output.say, short=short)


def scale(*, steps: str | None, data: Path | None, seconds: float | None) -> None:
    """Measure Kontor on sets of several sizes. Raises CommandFailed like `bench`."""
    with _told_in_a_sentence():
        from benchmarks import run  # noqa: PLC0415

        run.run_scale(steps, data, seconds, output.say)


def memory(*, requests: int | None, data: Path | None) -> None:
    """Measure a worker's memory and its starts. Raises CommandFailed like `bench`."""
    with _told_in_a_sentence():
        from benchmarks import run  # noqa: PLC0415

        run.run_memory(requests, data, output.say)


def imports(*, data: Path | None) -> None:
    """Measure how fast partners are taken in. Raises CommandFailed like `bench`."""
    with _told_in_a_sentence():
        from benchmarks import run  # noqa: PLC0415

        run.run_import(data, output.say)


@contextmanager
def _told_in_a_sentence() -> Iterator[None]:
    if find_spec("benchmarks") is None:
        raise CommandFailed("The benchmarks are in the source tree only: run `make bench` in a checkout of Kontor.")
    from benchmarks import run  # noqa: PLC0415
    from benchmarks.answers import DifferentAnswersError  # noqa: PLC0415
    from benchmarks.contestants.postgraphile import NoNpmError  # noqa: PLC0415
    from benchmarks.contestants.running import ContestantError  # noqa: PLC0415
    from benchmarks.loading import NoLoaderError  # noqa: PLC0415
    from benchmarks.scale.steps import WrongStepError  # noqa: PLC0415

    try:
        yield
    except (
        run.WrongOptionError, run.TooSlowError, DifferentAnswersError, NoNpmError, ContestantError, NoLoaderError,
        WrongStepError,
    ) as error:  # fmt: skip
        raise CommandFailed(str(error)) from error
