"""How each contestant is started: two workers, ten connections each, the application's role, nothing switched off."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.contestants import postgraphile
from benchmarks.contestants.running import Running, free_port, python, started
from benchmarks.data.building import Data
from benchmarks.documents import DOCUMENTS, Dialect, Kontors
from benchmarks.options import Options
from benchmarks.serving import DATABASE, POOL
from tenancy.settings import PREFIX, for_libpq

PLENTY = 10**15
"""A budget that refuses nobody; it is counted all the same."""


@contextmanager
def contestant(name: str, data: Data, options: Options) -> Iterator[Running]:
    """The contestant, answering, as long as the block."""
    port = free_port()
    words: list[str | Path]
    if name == "kontor":
        words, environment = [python().with_name("kontor"), "serve"], _kontor(data, options, port)
    elif name == "postgraphile":
        words, environment = postgraphile.command(), postgraphile.environment(data, options, port)
    else:
        module = {"limit": "benchmarks.limit.app", "strawberry": "benchmarks.idiomatic.app"}[name]
        words = [python(), "-m", "benchmarks.serving", module, str(port), str(options.workers)]
        environment = {DATABASE: for_libpq(data.server.urls.app), POOL: str(options.pool)}
    with started(name, words, environment, data, port, options.measured_tenants) as running:
        yield running


def dialect(name: str) -> Dialect:
    """The words in which the contestant is asked."""
    if name == "postgraphile":
        return postgraphile.Words()
    return Kontors(tuple(query for query in DOCUMENTS if query != "M2" or name == "kontor"))


def _kontor(data: Data, options: Options, port: int) -> dict[str, str]:
    folder = data.folder / "kontor"
    settings = {
        "ENVIRONMENT": "demo",  # whose embedded issuer signs the tokens; everything else is on as in production
        "DATA_DIR": folder,
        "PORT": port,
        "WORKERS": options.workers,
        "POOL_SIZE": options.pool,
        "DRAIN_SECONDS": 0,
        "COST_BUDGET": PLENTY,
        "COST_REFILL": PLENTY,
        "LOG_FILE": folder / "kontor.log",
        "DATABASE_URL": data.server.urls.app,
        "PORTAL_DATABASE_URL": data.server.urls.portal,
    }
    return {f"{PREFIX}{name}": str(value) for name, value in settings.items()}
