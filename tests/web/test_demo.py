"""The people of the demo are read as they were written down."""

from pathlib import Path

from tests.web.toy_endpoint import ADLER, BUSSARD
from web.demo import WrittenPeople, write_down
from web.issuer.people import DemoPerson


def person(name: str, tenant: str = "Adler") -> DemoPerson:
    return DemoPerson(
        subject=name.lower(),
        name=name,
        email=f"{name.lower()}@example.com",
        tenant_id=ADLER if tenant == "Adler" else BUSSARD,
        tenant_name=tenant,
        role="Sales",
        kind="STAFF",
    )


async def test_people_are_offered_as_they_were_written_down(tmp_path: Path) -> None:
    people = WrittenPeople(tmp_path)
    assert list(await people.all()) == []
    write_down(tmp_path, [person("Änne"), person("Bodo", "Bussard")])
    assert list(await people.all()) == [person("Änne"), person("Bodo", "Bussard")]
    assert await people.by_email("änne@example.com") == person("Änne")
    assert await people.by_email("nobody@example.com") is None


async def test_a_new_world_is_seen_by_workers_that_run_already(tmp_path: Path) -> None:
    people = WrittenPeople(tmp_path)
    write_down(tmp_path, [person("Anna")])
    assert len(await people.all()) == 1
    write_down(tmp_path, [person("Anna"), person("Bodo")])
    assert len(await people.all()) == 2
