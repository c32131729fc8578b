"""What commands make of what they are told, without a database."""

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
import pytest
import strawberry
from sqlalchemy.exc import OperationalError

from cli import choices, holding, output, schemas, tokens
from cli.errors import CommandFailed
from cli.explaining import sentence_of
from domain.refusals import NotFound
from tenancy.settings import InvalidSettings
from web.demo import write_down
from web.issuer.people import DemoPerson

ANNA = DemoPerson(
    subject="anna",
    name="Anna",
    email="anna@nord.test",
    tenant_id=UUID(int=1),
    tenant_name="Nord",
    role="Administrator",
    kind="STAFF",
)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of this machine, and a folder without a demo."""
    for name in [name for name in os.environ if name.startswith("KONTOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def test_an_option_wins_over_the_environment_and_the_environment_over_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTOR_PORT", "9001")
    assert choices.settings_of_demo(port=None, data=None).port == 9001
    assert choices.settings_of_demo(port=9002, data=None).public_url == "http://127.0.0.1:9002"


def test_a_demo_is_refused_where_the_environment_says_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTOR_ENVIRONMENT", "production")
    with pytest.raises(CommandFailed, match="KONTOR_ENVIRONMENT is production"):
        choices.settings_of_demo(port=None, data=None)


def test_in_a_checkout_commands_speak_to_its_own_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert choices.settings_of_tool().data_dir == tmp_path / "home" / "kontor"
    write_down(tmp_path / ".kontor", [ANNA])
    assert choices.settings_of_tool().data_dir == tmp_path / ".kontor"
    assert choices.settings_of_tool().environment == "demo"
    assert choices.settings_of_tool(tmp_path / "other").data_dir == tmp_path / "other"
    monkeypatch.setenv("KONTOR_DATA_DIR", str(tmp_path / "named"))
    assert choices.settings_of_tool().data_dir == tmp_path / "named"


def test_a_command_that_serves_nobody_needs_no_secret_and_a_server_does() -> None:
    assert choices.settings_of_tool().environment == "production"
    with pytest.raises(InvalidSettings, match="KONTOR_SESSION_SECRET is required"):
        choices.settings_of()


def test_one_process_holds_a_data_folder_and_is_named_to_the_next(tmp_path: Path) -> None:
    assert holding.holder(tmp_path) is None
    with holding.held(tmp_path, "http://127.0.0.1:9000"):
        assert holding.holder(tmp_path) == holding.Holder(os.getpid(), "http://127.0.0.1:9000")
        with (
            pytest.raises(CommandFailed, match=rf"runs on .* at http://127.0.0.1:9000 \(process {os.getpid()}\)"),
            holding.held(tmp_path, "http://127.0.0.1:9001"),
        ):
            pass
    assert holding.holder(tmp_path) is None


def test_a_note_of_a_process_that_was_killed_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / holding.FILE).write_text(json.dumps({"pid": 1, "url": "http://127.0.0.1:9000"}))
    assert holding.holder(tmp_path) is None
    with holding.held(tmp_path, "http://127.0.0.1:9001"):
        assert holding.holder(tmp_path) == holding.Holder(os.getpid(), "http://127.0.0.1:9001")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (CommandFailed("Do this."), "Do this."),
        (InvalidSettings("Set that."), "Set that."),
        (NotFound("There is none."), "There is none."),
        (PermissionError(13, "Permission denied", "/root/data"), "Kontor may not use /root/data: start it as"),
        (NotADirectoryError(20, "Not a directory", "/etc/passwd"), "/etc/passwd: not a directory."),
        (psycopg.OperationalError("connection failed: no route"), "The database does not let us in: connection failed"),
        (OperationalError("select", {}, psycopg.OperationalError("gone")), "The database does not let us in: gone"),
    ],
)
def test_an_error_that_was_to_be_expected_is_a_sentence(error: Exception, sentence: str) -> None:
    assert (sentence_of(error) or "").startswith(sentence)


def test_an_error_that_nobody_expected_is_none() -> None:
    assert sentence_of(KeyError("x")) is None
    assert sentence_of(OSError("no file")) is None


def test_a_token_is_for_somebody_of_the_demo_only(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=f"There is no demo in {tmp_path}"):
        tokens.token(person="anna@nord.test", data=tmp_path, port=None, tenant=None)
    write_down(tmp_path, [ANNA])
    with pytest.raises(CommandFailed, match=r"Nobody in this demo has the address ana@nord.test; there is anna@nord"):
        tokens.token(person="ana@nord.test", data=tmp_path, port=None, tenant=None)
    with pytest.raises(CommandFailed, match="does not belong to Süd, but to Nord"):
        tokens.token(person="anna@nord.test", data=tmp_path, port=None, tenant="Süd")
    assert tokens.token(person="Anna@Nord.test", data=tmp_path, port=None, tenant="nord").count(".") == 2


def test_a_token_names_the_running_demo_as_its_issuer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_down(tmp_path, [ANNA])
    seen: list[str] = []
    minted = SimpleNamespace(mint=lambda _: "token")
    monkeypatch.setattr(tokens, "issuer_of", lambda settings: seen.append(settings.public_url) or minted)
    with holding.held(tmp_path, "http://127.0.0.1:9017"):
        tokens.token(person=ANNA.email, data=tmp_path, port=None, tenant=None)
        tokens.token(person=ANNA.email, data=tmp_path, port=9018, tenant=None)
    assert seen == ["http://127.0.0.1:9017", "http://127.0.0.1:9018"]


@strawberry.type(name="Query")
class Before:
    @strawberry.field
    def gone(self) -> int:
        return 1

    @strawberry.field
    def kept(self) -> int:
        return 2


@strawberry.type(name="Query")
class After:
    @strawberry.field
    def kept(self) -> int:
        return 2

    @strawberry.field
    def added(self) -> int:
        return 3


@pytest.fixture
def printing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let both audiences have this schema."""

    def both(query: Any) -> None:
        monkeypatch.setattr(schemas, "of", lambda _: strawberry.Schema(query))

    return both


def test_a_printed_schema_is_in_order_and_a_changed_one_is_noticed(tmp_path: Path, printing: Any) -> None:
    printing(Before)
    with pytest.raises(CommandFailed, match="run `make schema`"):
        schemas.check(tmp_path)
    schemas.write(tmp_path)
    schemas.check(tmp_path)
    printed = (tmp_path / "staff.graphql").read_text("utf-8")
    assert printed.index("gone") < printed.index("kept")
    printing(After)
    with pytest.raises(CommandFailed, match=r"portal.graphql is not the schema that the code has"):
        schemas.check(tmp_path)


def test_a_change_that_breaks_clients_of_the_last_release_is_refused(tmp_path: Path, printing: Any) -> None:
    (tmp_path / "released").mkdir()
    printing(Before)
    schemas.write(tmp_path / "released")
    schemas.write(tmp_path)
    schemas.check(tmp_path)
    printing(After)
    schemas.write(tmp_path)
    with pytest.raises(CommandFailed, match=r"The staff schema breaks the last release: .*gone"):
        schemas.check(tmp_path)


def test_progress_is_told_in_lines_where_no_terminal_is(capsys: pytest.CaptureFixture[str]) -> None:
    with output.progress() as tell:
        tell(0.1, "Founding")
        tell(0.2, "too soon to say it again")
        tell(1.0, "Done")
    said = capsys.readouterr()
    assert said.err == " 10%  Founding\n100%  Done\n"
    assert said.out == ""
