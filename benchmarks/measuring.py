"""The measurement: answers compared, then rounds over contestants, each started in its turn, each query warmed up."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks import answers, asking, loading
from benchmarks.asking import Asked, Targets
from benchmarks.contestants.running import Running
from benchmarks.contestants.starting import contestant, dialect
from benchmarks.data.building import Data
from benchmarks.documents import EXPECTED
from benchmarks.loading import Load, Result
from benchmarks.options import READS, WRITES, Options

WARM_UP_SECONDS = 2.0
RATE_OF_POSTGRAPHILE = 0.7
INTERVAL_MS = 40.0
"""How often a connection sends in the measurement at a fixed rate."""

AT_THE_SAME_RATE = ("limit", "kontor", "postgraphile")
"""Who can keep up with the rate; Strawberry cannot."""

QUIET_SECONDS = 15.0

Say = Callable[[str], None]
Cell = tuple[str, str]
"""A query and a contestant."""

RESTORE = """
delete from cart_item where position > %s
;
update cart set version = 1 where version > 1
;
truncate audit_values, audit_entry, idempotency_key
"""
CHECKOUTS = "truncate checkout cascade"


@dataclass
class Measured:
    """All cells of all rounds; the same-rate ones by query and contestant, with the rate that was wanted."""

    rounds: dict[Cell, list[Result]] = field(default_factory=dict)
    at_rate: dict[Cell, Result] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Course:
    """What is measured on: data, options, and what each contestant is asked."""

    data: Data
    options: Options
    targets: Sequence[Targets]
    asked: Mapping[Cell, Sequence[Asked]]
    say: Say

    def cell(self, running: Running, query: str, seconds: float) -> Result:
        """Warm a contestant up for a query, then load it."""
        load = self.load(running, query)
        self._run(running, query, load, min(WARM_UP_SECONDS, seconds / 2))
        return self._run(running, query, load, seconds)

    def at_rate(self, running: Running, query: str, seconds: float, rate: float) -> Result:
        """Load a contestant at a rate: many connections, each of which sends now and then.

        The warm-up tells how long an answer takes; by so much less each connection waits.
        """
        connections = max(self.options.connections, round(rate * INTERVAL_MS / 1000))
        interval = connections / rate * 1000
        load = self.load(running, query)

        def sent(seconds: float, pause: float) -> Result:
            return loading.run(running.url, load, seconds=seconds, connections=connections, delay_ms=pause)

        warm = sent(WARM_UP_SECONDS, interval)
        answered_in = connections / max(warm.rps, 1.0) * 1000 - interval
        return sent(seconds, max(1.0, interval - answered_in))

    def load(self, running: Running, query: str) -> Load:
        """The requests with fresh tokens, in a file."""
        path = self.data.folder / f"{running.name}-{query}.requests"
        asking.write(path, running, dialect(running.name).documents[query], self.asked[query, running.name])
        return Load(path, EXPECTED[query], query in WRITES)

    def _run(self, running: Running, query: str, load: Load, seconds: float) -> Result:
        result = loading.run(running.url, load, seconds=seconds, connections=self.options.connections)
        if query in WRITES:
            restore(self.data)
        return result


def measure(data: Data, options: Options, say: Say) -> Measured:
    """Everything that the options ask for. Raises DifferentAnswersError before anything is timed."""
    found = asking.targets(data, options)
    restore(data)
    course = Course(data, options, found, compared(data, options, found, say), say)
    measured = Measured()
    for number in range(1, options.rounds + 1):
        for name in options.contestants:
            _round(course, name, number, measured)
    if options.same_rate and "postgraphile" in options.contestants:
        _same_rate(course, measured)
    return measured


def compared(data: Data, options: Options, found: Sequence[Targets], say: Say) -> dict[Cell, Sequence[Asked]]:
    """What each contestant is asked for each query, once all of them have given the same answers."""
    asked: dict[Cell, Sequence[Asked]] = {}
    first: dict[str, tuple[str, list[object]]] = {}
    for name in options.contestants:
        with contestant(name, data, options) as running:
            for query in _of(name, options):
                words = dialect(name)
                asked[query, name] = asking.requests(query, running, words, found)
                if query in READS:
                    given = name, answers.of(running, words.documents[query], asked[query, name])
                    answers.compare(query, first.setdefault(query, given), given)
        say(f"{name}: answers are the same")
    return asked


def restore(data: Data) -> None:
    """Undo what the writes did, once none of them is under way any more."""
    until = time.monotonic() + QUIET_SECONDS
    with data.server.as_admin() as connection:
        while _busy(connection) and time.monotonic() < until:
            time.sleep(0.2)
        for statement in RESTORE.split("\n;\n"):
            connection.execute(statement, [asking.ITEMS] if "%s" in statement else None)
        connection.execute(CHECKOUTS)
    with data.server.as_admin() as connection:
        connection.autocommit = True
        connection.execute("vacuum analyze cart, cart_item")


def _round(course: Course, name: str, number: int, measured: Measured) -> None:
    with contestant(name, course.data, course.options) as running:
        for query in _of(name, course.options):
            result = course.cell(running, query, course.options.seconds)
            measured.rounds.setdefault((query, name), []).append(result)
            course.say(f"round {number}  {name:<13}{query:<4}{told(result)}")


def _same_rate(course: Course, measured: Measured) -> None:
    """Each read at one rate, a share of what PostGraphile did at most."""
    for query in [query for query in course.options.queries if query in READS]:
        best = [each.rps for each in measured.rounds[query, "postgraphile"] if not each.void]
        if best:
            measured.rates[query] = sorted(best)[len(best) // 2] * RATE_OF_POSTGRAPHILE
    for name in [name for name in course.options.contestants if name in AT_THE_SAME_RATE]:
        with contestant(name, course.data, course.options) as running:
            for query, rate in measured.rates.items():
                result = course.at_rate(running, query, course.options.seconds, rate)
                measured.at_rate[query, name] = result
                course.say(f"at {rate:6.0f}/s {name:<13}{query:<4}{told(result)}")


def told(result: Result) -> str:
    """A cell in a line."""
    line = f"{result.rps:9.0f}/s  p50 {result.p50_ms:8.2f} ms  p99 {result.p99_ms:8.2f} ms"
    return f"{line}  VOID: {result.wrong} wrong, {result.lost} lost: {result.sample}" if result.void else line


def _of(name: str, options: Options) -> list[str]:
    """The queries that the contestant has words for."""
    return [query for query in options.queries if query in dialect(name).documents]


def _busy(connection: object) -> bool:
    sql = (
        "select exists (select from pg_stat_activity where datname = current_database() "
        "and usename = 'kontor_app' and state <> 'idle')"
    )
    row = connection.execute(sql).fetchone()  # type: ignore[attr-defined]  # psycopg's
    connection.commit()  # type: ignore[attr-defined]  # the view is a snapshot of the transaction
    return bool(row[0])
