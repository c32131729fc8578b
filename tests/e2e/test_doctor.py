"""What the doctor says of a pooler between Kontor and its database."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import doctor
from cli.doctor import Finding, State
from persistence import installation
from tenancy.settings import DatabaseUrls
from tests.e2e.pgbouncer import Pooler, pooled

pytestmark = [pytest.mark.xdist_group("e2e"), pytest.mark.pgbouncer]


@pytest.fixture
def pooler(database_urls: DatabaseUrls) -> Iterator[Pooler]:
    with tempfile.TemporaryDirectory(prefix="kontor-pooler-") as folder:
        Path(folder).chmod(0o711)  # its account must pass
        with pooled(database_urls, Path(folder) / "pgbouncer") as pooler:
            yield pooler


def said_of(pooler: Pooler, monkeypatch: pytest.MonkeyPatch, *, prepared: bool) -> Finding:
    urls = pooler.urls
    monkeypatch.setenv("KONTOR_ENVIRONMENT", "demo")
    monkeypatch.setenv("KONTOR_DATABASE_URL", urls.app)
    monkeypatch.setenv("KONTOR_PORTAL_DATABASE_URL", urls.portal)
    monkeypatch.setenv("KONTOR_OWNER_DATABASE_URL", urls.for_migrations())
    monkeypatch.setenv("KONTOR_PREPARED_STATEMENTS", str(prepared).lower())
    return next(one for one in doctor.examine(None) if one.what == "pooler")


def test_a_pooler_is_noticed_and_one_that_forgets_prepared_statements_is_named(
    pooler: Pooler, database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installation.facts(pooler.urls.app).pooled
    assert not installation.facts(database_urls.app).pooled
    assert said_of(pooler, monkeypatch, prepared=False).state is State.GOOD
    remembers = installation.statements_stay_prepared(pooler.urls.app)
    said = said_of(pooler, monkeypatch, prepared=True)
    assert said.state is (State.GOOD if remembers else State.BAD)
    assert remembers or "KONTOR_PREPARED_STATEMENTS=false" in said.said


def test_a_server_itself_remembers_prepared_statements(database_urls: DatabaseUrls) -> None:
    assert installation.statements_stay_prepared(database_urls.app)
