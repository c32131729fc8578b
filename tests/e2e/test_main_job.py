"""The main job from an invitation to a payout entry, over HTTP, against a real server and a real PostgreSQL."""

import pytest

from tests.e2e import main_job
from tests.e2e.main_job import Job
from tests.e2e.people import Group

pytestmark = pytest.mark.xdist_group("e2e")


async def test_two_tenants_sell_each_others_offers(group: Group) -> None:
    alpha, beta, gamma = group.tenants.values()
    await main_job.do(Job(group, alpha, beta, gamma))
