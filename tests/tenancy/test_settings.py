"""What an operator sets reaches Kontor as meant, or is refused in a sentence that says what to do."""

import stat
from pathlib import Path

import pytest

from tenancy import settings
from tenancy.settings import DatabaseUrls, InvalidSettings, Settings, database_urls, load, signing_secret

SECRET = "0123456789abcdef0123456789abcdef"
APP = "postgresql+psycopg://kontor_app:p%40ss@db.example:5433/kontor?sslmode=require"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable, _, _ in settings.documentation():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)


def refusal(**given: object) -> str:
    with pytest.raises(InvalidSettings) as refused:
        load(**given)
    return str(refused.value)


def test_production_needs_nothing_but_a_session_secret(tmp_path: Path) -> None:
    kontor = load(session_secret=SECRET)
    assert kontor.environment == "production"
    assert kontor.embedded
    assert kontor.public_url == "http://127.0.0.1:8000"
    assert kontor.data_dir == tmp_path / ".local" / "share" / "kontor"
    assert kontor.trusted_documents_only


def test_production_without_a_session_secret_is_refused() -> None:
    assert refusal() == (
        "KONTOR_SESSION_SECRET is required in production: 32 random characters or more, the same for every worker."
    )


def test_a_session_secret_that_can_be_guessed_is_refused() -> None:
    assert refusal(session_secret="short") == "KONTOR_SESSION_SECRET: is too short: 32 characters at least."


def test_the_environment_is_read_and_what_is_given_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTOR_ENVIRONMENT", "development")
    monkeypatch.setenv("KONTOR_PORT", "9000")
    monkeypatch.setenv("KONTOR_HOST", "::1")
    assert load().public_url == "http://[::1]:9000"
    assert load(port=9001).port == 9001
    assert not load().trusted_documents_only


def test_a_variable_that_is_set_to_nothing_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTOR_DATABASE_URL", "")
    assert load(environment="demo").embedded


def test_a_dotenv_file_in_the_working_folder_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KONTOR_PORT=9999\n")
    monkeypatch.chdir(tmp_path)
    assert load(environment="demo").port == 8000


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTOR_OIDC_ISSUERS", "https://one.example, https://two.example,")
    assert load(environment="demo").oidc_issuers == ["https://one.example", "https://two.example"]


def test_the_data_home_of_the_user_is_respected_unless_it_is_relative(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/data")
    assert load(environment="demo").data_dir == Path("/srv/data/kontor")
    monkeypatch.setenv("XDG_DATA_HOME", "data")
    assert load(environment="demo").data_dir == tmp_path / ".local/share/kontor"
    assert load(environment="demo", data_dir="~/own").data_dir == tmp_path / "own"


def test_each_fault_gets_one_sentence_that_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTOR_PORT", "eighty")
    monkeypatch.setenv("KONTOR_ENVIRONMENT", "staging")
    sentences = refusal(database_url="mysql://root@db/kontor").split("\n")
    assert [sentence.split(":")[0] for sentence in sentences] == [
        "KONTOR_ENVIRONMENT",
        "KONTOR_DATABASE_URL",
        "KONTOR_PORT",
    ]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("sqlite:///kontor.db", "must begin with postgresql+psycopg://"),
        ("postgresql+asyncpg://kontor_app@db/kontor", "must begin with postgresql+psycopg://"),
        ("postgresql://db.example/kontor", "must name a user and a database"),
        ("postgresql://kontor_app@db.example", "must name a user and a database"),
        ("kontor", "is no address like postgresql+psycopg://"),
    ],
)
def test_an_address_that_is_not_postgresql_by_psycopg_is_refused(address: str, expected: str) -> None:
    assert expected in refusal(environment="demo", database_url=address)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_an_address_that_names_no_driver_gets_the_one_driver(scheme: str) -> None:
    given = APP.replace("postgresql+psycopg", scheme)
    assert load(environment="demo", database_url=given).database_url == APP


def test_the_portal_goes_to_the_same_database_in_its_own_role() -> None:
    urls = database_urls(load(environment="demo", database_url=APP))
    assert urls == DatabaseUrls(owner=None, app=APP, portal=APP.replace("kontor_app", "kontor_portal"))


def test_the_portal_may_have_an_address_of_its_own() -> None:
    own = "postgresql+psycopg://kontor_portal:other@pooler/kontor"
    assert database_urls(load(environment="demo", database_url=APP, portal_database_url=own)).portal == own


def test_an_installation_without_the_owner_cannot_migrate() -> None:
    urls = database_urls(load(environment="demo", database_url=APP))
    with pytest.raises(InvalidSettings, match=r"^KONTOR_OWNER_DATABASE_URL is not set, .* cannot migrate\.$"):
        urls.for_migrations()


def test_an_owner_without_an_application_is_a_mistake_and_refused() -> None:
    assert refusal(environment="demo", owner_database_url=APP).startswith("KONTOR_DATABASE_URL is not set")


def test_the_embedded_database_has_no_address_in_the_settings() -> None:
    with pytest.raises(InvalidSettings, match="KONTOR_DATABASE_URL is not set"):
        database_urls(load(environment="demo"))


def test_no_password_or_secret_shows_when_settings_are_printed() -> None:
    kontor = load(database_url=APP, session_secret=SECRET, oidc_client_secret="client-secret")
    for secret in ("p%40ss", SECRET, "client-secret"):
        assert secret not in repr(kontor)


def test_a_demo_makes_its_secret_once_and_keeps_it_private(tmp_path: Path) -> None:
    demo = load(environment="demo", data_dir=tmp_path / "data")
    secret = signing_secret(demo)
    assert len(secret) >= 32
    assert signing_secret(demo) == secret
    assert stat.S_IMODE((tmp_path / "data" / "session-secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["session-secret"]


def test_the_set_secret_signs_where_one_is_set() -> None:
    assert signing_secret(load(session_secret=SECRET)) == SECRET


def test_every_setting_is_documented() -> None:
    documented = settings.documentation()
    assert len(documented) == len(Settings.model_fields)
    assert all(description.endswith(".") for _, _, description in documented)
