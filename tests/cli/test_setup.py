"""What an operator sets up from the command line, over a real database."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from cli import doctor, tenants
from cli.doctor import State
from cli.errors import CommandFailed
from cli.installation import Installation, migrate
from cli.places import place
from cli.tenants import Founding, NewPerson, documents_in
from migrations import run
from persistence import documents, installation
from persistence.engine import Context
from resolvers import directory
from tenancy.rights import Known, Wish
from tenancy.settings import DatabaseUrls, load
from tests import _postgres
from tests.people import House
from web.api_keys import KeyVerifier

KONTOR = Path(sys.executable).with_name("kontor")


@pytest.fixture
def at(house: House) -> Installation:
    return Installation(load(environment="demo"), house.urls)


def founding(name: str = "Nordlicht Verlag") -> Founding:
    mark = uuid4().hex[:8]
    return Founding(f"{name} {mark}", f"{mark}.test", f"Gruppe {mark}", "CHF", "Europe/Zurich")


async def test_a_tenant_is_founded_with_all_that_its_administrator_needs(at: Installation, house: House) -> None:
    new = founding()
    tenant_id = await tenants.found(at, new)
    listed = next(one for one in tenants.listed(at) if one["id"] == tenant_id)
    assert (listed["name"], listed["currency"], listed["company"]) == (new.name, "CHF", new.company)
    anna = NewPerson("test:issuer", f"anna-{tenant_id}", "Anna Adler", "anna@nord.test", ["TENANT_ADMIN"], ["HQ"])
    await tenants.create_user(at, new.domain, anna)
    caller = await house.callers.of(Known("test:issuer", anna.subject, tenant_id), Wish())
    data = await house.data(caller, "{ me { tenant { name } organization { name } } }")
    assert data == {"me": {"tenant": {"name": new.name}, "organization": {"name": new.name}}}
    [found] = await tenants.people(at, new.name)
    assert (found["name"], found["roles"]) == ("Anna Adler", "TENANT_ADMIN")


async def test_a_second_tenant_of_a_company_is_founded_in_the_same_company(at: Installation) -> None:
    first = founding()
    second = Founding("Südlicht", f"sued-{first.domain}", first.company, "EUR", "Europe/Berlin")
    ids = {await tenants.found(at, first), await tenants.found(at, second)}
    assert len({one["company_id"] for one in tenants.listed(at) if one["id"] in ids}) == 1
    with pytest.raises(CommandFailed, match="There is a tenant with the domain"):
        await tenants.found(at, second)


async def test_a_tenant_that_nobody_founded_and_a_role_that_does_not_exist_are_named(at: Installation) -> None:
    with pytest.raises(CommandFailed, match="No tenants are called nowhere"):
        await tenants.people(at, "nowhere.test")
    new = founding()
    await tenants.found(at, new)
    person = NewPerson("test:issuer", "x", "X", None, ["KING"], ["HQ"])
    with pytest.raises(CommandFailed, match=r"There is no role KING; there is ACCOUNTANT, AUDITOR, .*TENANT_ADMIN"):
        await tenants.create_user(at, new.domain, person)


async def test_without_the_owners_address_a_tenant_is_named_by_its_id(at: Installation) -> None:
    new = founding()
    tenant_id = await tenants.found(at, new)
    blind = Installation(at.settings, DatabaseUrls(None, at.urls.app, at.urls.portal))
    async with place(blind, str(tenant_id)) as here:
        assert await here.run(directory.members()) == []
    with pytest.raises(CommandFailed, match="is no tenant id, and only KONTOR_OWNER_DATABASE_URL"):
        await tenants.people(blind, new.domain)


async def test_a_key_opens_the_door_until_it_is_revoked(at: Installation, house: House) -> None:
    new = founding()
    tenant_id = await tenants.found(at, new)
    key = await tenants.issue_key(at, new.domain, "Webshop", ["AUDITOR"], 30)
    identity = await KeyVerifier(house.database).verify(key.secret)
    assert identity.tenant_id == tenant_id
    [listed] = await tenants.keys(at, new.domain)
    assert (listed["id"], listed["name"], listed["revoked_at"]) == (key.id, "Webshop", None)
    assert key.secret not in json.dumps(listed, default=str)
    await tenants.revoke_key(at, new.domain, key.id)
    with pytest.raises(Exception, match="not valid"):
        await KeyVerifier(house.database).verify(key.secret)
    with pytest.raises(CommandFailed, match="has no key"):
        await tenants.revoke_key(at, new.domain, uuid4())


ME = "{ me { tenant { name } } }"


async def registered(house: House, tenant_id: UUID, audience: str, text: str) -> str | None:
    async with house.database.transaction(Context(tenant_id=tenant_id)) as session:
        return await documents.text_of(session, audience, hashlib.sha256(text.encode()).hexdigest())


async def test_documents_are_registered_once_for_their_audience_and_tenant(
    at: Installation, house: House, tmp_path: Path
) -> None:
    new, other = founding(), founding()
    tenant_id, other_id = await tenants.found(at, new), await tenants.found(at, other)
    file = tmp_path / "documents.json"
    file.write_text(json.dumps({f"sha256:{hashlib.sha256(ME.encode()).hexdigest()}": ME}))
    assert await tenants.push(at, new.domain, "staff", file) == (1, 1)
    assert await tenants.push(at, new.domain, "staff", file) == (1, 0)
    assert await registered(house, tenant_id, "staff", ME) == ME
    assert await registered(house, tenant_id, "portal", ME) is None
    assert await registered(house, other_id, "staff", ME) is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{", "is no JSON"),
        ("17", "is neither a list of documents nor documents by their hashes"),
        ('{"a": 1}', "is neither a list of documents nor documents by their hashes"),
        ('{"abc": "{ me { tenant { name } } }"}', "abc is not the SHA-256 of its document, which is"),
    ],
)
def test_a_file_that_holds_no_documents_is_refused(written: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "documents.json"
    file.write_text(written)
    with pytest.raises(CommandFailed, match=said):
        documents_in(file)


@pytest.mark.parametrize("text", ["{ nothing }", "{ me {", "subscription { me { tenant { name } } }"])
async def test_a_document_that_could_never_be_answered_is_not_registered(
    text: str, at: Installation, tmp_path: Path
) -> None:
    new = founding()
    await tenants.found(at, new)
    file = tmp_path / "documents.json"
    file.write_text(json.dumps([ME, text]))
    with pytest.raises(CommandFailed, match="Document 2 does not fit the staff schema"):
        await tenants.push(at, new.domain, "staff", file)


def findings(**settings: str) -> dict[str, doctor.Finding]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(f"KONTOR_{name.upper()}", value)
        return {one.what: one for one in doctor.examine(None)}


def addresses(urls: DatabaseUrls) -> dict[str, str]:
    return {
        "environment": "demo",
        "database_url": urls.app,
        "portal_database_url": urls.portal,
        "owner_database_url": urls.for_migrations(),
    }


def test_the_doctor_finds_a_database_at_head_well(house: House) -> None:
    found = findings(**addresses(house.urls))
    for what in (
        "Python",
        "settings",
        "disk",
        "database",
        "server and roles",
        "tables",
        "pooler",
        "policies and grants",
    ):
        assert found[what].state is State.GOOD, found[what]


def test_the_doctor_says_what_is_wrong_and_what_to_do() -> None:
    urls = _postgres.empty()
    found = findings(**addresses(urls))
    assert found["tables"].said.endswith("run `kontor migrate` first.")
    assert found["tables"].state is State.BAD

    run.upgrade(urls.for_migrations())
    with run.connected(urls.for_migrations()) as connection:
        connection.exec_driver_sql("alter table tenant no force row level security")
        connection.commit()
    found = findings(**addresses(urls))
    assert found["policies and grants"].said == "tenant: row level security is not forced."

    found = findings(**addresses(DatabaseUrls(urls.owner, urls.for_migrations(), urls.portal)))
    assert "owns tables" in found["server and roles"].said
    assert not doctor.is_well(list(found.values()))


def test_the_doctor_does_not_stumble_over_settings_or_a_database_that_is_not_there() -> None:
    assert "SESSION_SECRET is required" in findings(environment="production")["settings"].said
    nowhere = "postgresql+psycopg://kontor_app@127.0.0.1:1/kontor"
    found = findings(environment="demo", database_url=nowhere, owner_database_url=nowhere)
    assert found["server and roles"].state is State.BAD
    assert "127.0.0.1" in found["server and roles"].said


def test_a_database_that_a_newer_kontor_migrated_is_not_touched() -> None:
    urls = _postgres.empty()
    run.upgrade(urls.for_migrations())
    with run.connected(urls.for_migrations()) as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
        connection.commit()
    at = Installation(load(environment="demo"), urls)
    with pytest.raises(CommandFailed, match="revision 9999, which this version of Kontor does not know"):
        migrate(at)


def test_a_note_on_the_database_is_read_by_every_role_and_written_by_its_owner() -> None:
    urls = _postgres.empty()
    assert installation.note(urls.app) is None
    installation.write_note(urls.for_migrations(), "it's a demo; -- 100 %")
    assert installation.note(urls.portal) == "it's a demo; -- 100 %"
    with pytest.raises(Exception, match="must be owner"):
        installation.write_note(urls.app, "mine")


def said(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KONTOR_")}
    return subprocess.run(
        [KONTOR, *words], env={**plain, **environment}, capture_output=True, text=True, check=False, timeout=120
    )


def test_an_error_is_one_sentence_and_an_exit_code() -> None:
    gone = said("tenant", "list", KONTOR_DATABASE_URL="postgresql+psycopg://kontor_app@127.0.0.1:1/kontor")
    assert (gone.returncode, gone.stdout) == (1, "")
    assert gone.stderr == "kontor: KONTOR_OWNER_DATABASE_URL is not set, so this installation cannot migrate.\n"
    odd = said("migrate", KONTOR_DATABASE_URL="mysql://here/kontor")
    assert odd.returncode == 1
    assert odd.stderr.startswith("kontor: KONTOR_DATABASE_URL: must begin with postgresql+psycopg://")
    assert said("no-such-command").returncode == 2


def test_a_program_gets_json_and_a_person_a_table(house: House) -> None:
    given = {f"KONTOR_{name.upper()}": value for name, value in addresses(house.urls).items()}
    listed = said("tenant", "list", "--json", **given)
    assert all({"id", "name", "domain", "company"} <= one.keys() for one in json.loads(listed.stdout))
    assert said("tenant", "list", **given).stdout.startswith("Tenants")


def test_the_sql_for_a_database_administrator_is_printed_and_nothing_is_done() -> None:
    roles = said("database", "roles", "--database", "haus")
    assert "CREATE ROLE kontor_portal" in roles.stdout
    assert '"haus"' in roles.stdout or "haus" in roles.stdout
    script = said("migrate", "--sql")
    assert script.returncode == 0
    assert "CREATE TABLE contracting_company" in script.stdout


def test_only_the_owner_of_the_tables_can_list_tenants(at: Installation) -> None:
    blind = Installation(at.settings, DatabaseUrls(None, at.urls.app, at.urls.portal))
    with pytest.raises(Exception, match="KONTOR_OWNER_DATABASE_URL is not set"):
        tenants.listed(blind)
