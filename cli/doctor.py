"""`kontor doctor`: what works and what does not, a line each, with what to do."""

import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from cli.choices import settings_of_place
from cli.explaining import sentence_of
from cli.installation import Installation, installation
from migrations import run
from persistence import installation as database
from persistence.roles import UnfitServer
from tenancy.settings import InvalidSettings, Settings
from web.fitness import refusals
from web.server import Refuse

OLDEST_PYTHON = (3, 11)
LEAST_FREE = 1024**3
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class State(StrEnum):
    """How a check ended; INFO is no judgement."""

    GOOD = "good"
    BAD = "bad"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """One line of the list."""

    what: str
    state: State
    said: str


def examine(data: Path | None) -> list[Finding]:
    """Look at everything; nothing is changed, but an embedded database is started when none runs."""
    found = [_python()]
    try:
        settings = settings_of_place(data)
    except InvalidSettings as fault:
        return [*found, Finding("settings", State.BAD, str(fault))]
    found += [Finding("settings", State.GOOD, settings.environment), _disk(settings), *_issuers(settings), _browser()]
    return [*found, *_database(settings)]


def as_rows(found: Sequence[Finding]) -> list[dict[str, Any]]:
    """The findings for a table or for programs."""
    return [asdict(one) for one in found]


def is_well(found: Sequence[Finding]) -> bool:
    """Whether nothing is bad."""
    return all(one.state is not State.BAD for one in found)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= OLDEST_PYTHON
    return Finding("Python", State.GOOD if good else State.BAD, version if good else f"{version}; 3.11 is needed")


def _disk(settings: Settings) -> Finding:
    folder = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    said = f"{free / 1024**3:.1f} GiB free at {folder}"
    return Finding("disk", State.GOOD if free >= LEAST_FREE else State.BAD, said)


def _browser() -> Finding:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return Finding("browser", State.INFO, found or "no Chromium; only the browser tests need one")


def _issuers(settings: Settings) -> list[Finding]:
    from web.keys import RemoteKeys  # noqa: PLC0415

    async def asked(url: str) -> str:
        keys = RemoteKeys(url)
        try:
            return str((await keys.metadata())["jwks_uri"])
        finally:
            await keys.aclose()

    return [_tried(f"issuer {url}", partial(asyncio.run, asked(url))) for url in settings.oidc_issuers]


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with installation(settings) as at:
            yield from _of_database(at)
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        yield Finding("database", State.BAD, sentence)


def _of_database(at: Installation) -> Iterator[Finding]:
    for url in (at.urls.app, at.urls.portal):
        yield _tried("database", partial(_reached, url))
    fit_roles, newest_tables = refusals(at.urls, run.at_head)
    yield _tried("server and roles", partial(_after, fit_roles, "new enough, and no role steps around row security"))
    schema = _tried("tables", partial(_after, newest_tables, f"at revision {run.heads()[0]}"))
    yield schema
    if schema.state is not State.GOOD:
        return
    yield _promises(at)
    yield _tried("pooler", partial(_pooled, at))
    failed = database.failed_jobs(at.urls.app)
    yield Finding("jobs", State.BAD if failed else State.GOOD, f"{failed} failed" if failed else "none failed")


def _promises(at: Installation) -> Finding:
    owner = at.urls.owner
    if owner is None:
        said = "KONTOR_OWNER_DATABASE_URL is not set, so nobody compares them here"
        return Finding("policies and grants", State.INFO, said)
    differences = run.check(owner)
    said = " ".join(differences) or "as declared"
    return Finding("policies and grants", State.BAD if differences else State.GOOD, said)


def _after(refuse: Refuse, said: str) -> str:
    refuse()
    return said


def _reached(url: str) -> str:
    facts = database.facts(url)
    return f"PostgreSQL {facts.version}, {facts.database} as {facts.role}{' through a pooler' * facts.pooled}"


def _pooled(at: Installation) -> str:
    if not database.facts(at.urls.app).pooled:
        return "none"
    if at.settings.prepared_statements and not database.statements_stay_prepared(at.urls.app):
        raise UnfitServer("The pooler forgets prepared statements: set KONTOR_PREPARED_STATEMENTS=false.")
    return "transactions are shared, and prepared statements are safe"


def _tried(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what, State.GOOD, check())
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        return Finding(what, State.BAD, sentence)
