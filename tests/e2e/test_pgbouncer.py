"""The main job over PgBouncer in transaction mode, where no connection is anybody's."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tenancy.settings import DatabaseUrls
from tests.e2e import documents as ask
from tests.e2e import main_job
from tests.e2e.installation import Installation, served
from tests.e2e.main_job import Job
from tests.e2e.people import PATIENCE_SECONDS, Group
from tests.e2e.pgbouncer import SERVER_CONNECTIONS, Pooler, pooled

AT_ONCE = 10
WHO = ("admin", "hanna", "mara")

pytestmark = [pytest.mark.xdist_group("e2e"), pytest.mark.pgbouncer]


@pytest.fixture
def pooler(base: DatabaseUrls) -> Iterator[Pooler]:
    with tempfile.TemporaryDirectory(prefix="kontor-pooler-") as folder:
        Path(folder).chmod(0o711)  # its account must pass
        with pooled(base, Path(folder) / "pgbouncer") as pooler:
            yield pooler


@pytest.fixture
def behind(pooler: Pooler, installation: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A server over the same database that reaches it through the pooler only."""
    with served(installation.beside(tmp_path / "data", pooler.urls, PREPARED_STATEMENTS="false")) as behind:
        yield behind


async def test_the_main_job_runs_through_a_pooler_in_transaction_mode(
    group: Group, behind: Installation, pooler: Pooler
) -> None:
    alpha, beta, gamma = group.tenants.values()
    async with httpx2.AsyncClient(base_url=behind.url, timeout=PATIENCE_SECONDS) as http:
        through = group.through(behind, http)
        await main_job.do(Job(through, gamma, alpha, beta))
        await nobody_gets_anothers_answer(through)
    pools = [one for one in pooler.shows("POOLS") if one["user"] in ("kontor_app", "kontor_portal")]
    assert {(one["user"], one["pool_mode"]) for one in pools} == {
        ("kontor_app", "transaction"),
        ("kontor_portal", "transaction"),
    }
    met = [one for one in pooler.shows("CLIENTS") if one["user"] == "kontor_app"]
    used = [one for one in pooler.shows("SERVERS") if one["user"] == "kontor_app"]
    assert len(used) <= SERVER_CONNECTIONS < len(met)


async def nobody_gets_anothers_answer(group: Group) -> None:
    """People of three tenants ask at once over one connection, and each is answered as who it is."""
    asking = [group.client(tenant, who) for _ in range(AT_ONCE) for tenant in group.tenants.values() for who in WHO]
    answers = await asyncio.gather(*(client.data(ask.ME) for client in asking))
    expected = [(tenant.name, who.title()) for _ in range(AT_ONCE) for tenant in group.tenants.values() for who in WHO]
    assert [(one["me"]["tenant"]["name"], one["me"]["account"]["name"]) for one in answers] == expected
