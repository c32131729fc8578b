"""What the operator counts: requests, seconds, refusals, cost, streams; never by tenant or person.

Several worker processes count into files of one folder (`PROMETHEUS_MULTIPROC_DIR`), which `web.server` makes
before they start and empties when they end; whichever worker is asked adds them up. So one address tells the
whole server, also after a worker was replaced. Without the folder a process tells its own counts.
"""

import os
import re
from collections.abc import Iterable
from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_CODE = re.compile(r"[A-Z][A-Z_]{0,39}")

_registry = CollectorRegistry()

_own = [os.getpid()]
os.register_at_fork(after_in_child=lambda: _own.__setitem__(0, os.getpid()))
if FOLDER in os.environ:
    # the library asks the system for the process at each count, three times a request
    values.ValueClass = values.MultiProcessValue(lambda: _own[0])  # type: ignore[no-untyped-call]  # no types

REQUESTS = Counter("kontor_requests", "Requests answered.", ["endpoint", "method", "status"], registry=_registry)
SECONDS = Histogram(
    "kontor_request_seconds",
    "How long requests took.",
    ["endpoint"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_registry,
)
ERRORS = Counter("kontor_errors", "Errors told to clients, by code.", ["code"], registry=_registry)
COST = Counter("kontor_cost", "Points charged to all tenants.", registry=_registry)
STREAMS = Gauge("kontor_streams", "Event streams open.", multiprocess_mode="livesum", registry=_registry)


def observe(endpoint: str, method: str, status: int, seconds: float, codes: Iterable[str]) -> None:
    """Count one request; `endpoint` and `codes` come from closed lists."""
    requests, took = _counters(endpoint, method, status)
    requests.inc()
    took.observe(seconds)
    for code in codes:
        ERRORS.labels(code if _CODE.fullmatch(code) else "OTHER").inc()


@lru_cache(maxsize=1_000)
def _counters(endpoint: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """The two counters of a kind of request; to find them takes longer than to count."""
    return REQUESTS.labels(endpoint, method, str(status)), SECONDS.labels(endpoint)


def text() -> bytes:
    """All counts in Prometheus' text form."""
    if FOLDER not in os.environ:
        return generate_latest(_registry)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library has no types here
    return generate_latest(registry)


def forget_process(pid: int) -> None:
    """Take the open streams of a worker that died out of the sum."""
    if FOLDER in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]  # the library has no types here
