"""Every command in the documentation can be given: its name, its words and its options exist."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import typer

from cli.demo_world import cast
from cli.demo_world.world import email_of
from cli.main import app
from tests.docs.pages import GUIDES, PAGES, ROOT, Fence, codes_in, fences, name_of, prose_of

ENDS = {"|", "&&", ";", ">", "<", "2>&1"}
SUBSTITUTED = re.compile(r"\$\((?P<inner>[^()]*)\)")


@cache
def kontor() -> Any:
    return typer.main.get_command(app)


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every `kontor …` in blocks of shell and between backticks, with where it stands."""
    for fence in fences("sh", "ini"):
        for line in fence.text.replace("\\\n", " ").splitlines():
            if fence.language == "sh" or line.startswith("ExecStart="):
                yield from ((str(fence), words) for words in spoken(line))
    for page in PAGES:
        for code in codes_in(prose_of(page)):
            if code.startswith(("kontor ", ".venv/bin/kontor ")):
                yield from ((name_of(page), words) for words in spoken(code))


def spoken(line: str) -> Iterator[list[str]]:
    """The commands of ours in a line, each without what is before and behind it."""
    for inner in SUBSTITUTED.findall(line):
        yield from spoken(inner)
    plain = SUBSTITUTED.sub("value", line).removeprefix("ExecStart=")
    words = shlex.split(plain.replace(";", " ; "), comments=True)
    while words:
        command = list(_until_end(words))
        if command and command[0].rpartition("/")[2] == "kontor":
            yield command[1:]
        words = words[len(command) + 1 :]


def _until_end(words: list[str]) -> Iterator[str]:
    for word in words:
        if word in ENDS:
            return
        yield word


def fault(words: list[str]) -> str | None:
    """What is wrong with a command, if anything: `…` stands for whatever one wants."""
    command = kontor()
    while words and hasattr(command, "commands") and not words[0].startswith("-"):
        if words[0] == "…":
            return None
        if words[0] not in command.commands:
            return f"there is no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    known = {option for param in command.params for option in param.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("-") and word not in known]
    return f"{command.name} has no option {unknown[0]}" if unknown else None


def test_every_command_exists_with_its_options() -> None:
    found = list(commands())
    assert len(found) > 40
    assert [f"{where}: {wrong}" for where, words in found if (wrong := fault(words))] == []


def test_a_command_that_does_not_exist_would_be_found() -> None:
    assert fault(["tenant", "buy"]) == "there is no command buy"
    assert fault(["migrate", "--quickly"]) == "migrate has no option --quickly"
    assert list(spoken("TOKEN=1; .venv/bin/kontor token --person a@b | cat")) == [["token", "--person", "a@b"]]


def test_operators_find_every_command_in_their_table() -> None:
    page = (ROOT / "docs" / "operators.md").read_text("utf-8")
    for name, command in kontor().commands.items():
        for spelled in [f"kontor {name} {sub}" for sub in getattr(command, "commands", {})] or [f"kontor {name}"]:
            assert f"`{spelled}`" in page, spelled


@pytest.mark.parametrize("fence", fences("sh"), ids=str)
def test_every_block_of_shell_parses(fence: Fence) -> None:
    done = subprocess.run(["sh", "-n"], input=fence.text, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = {word for page in PAGES for word in re.findall(r"`make ([a-z]+)`", page.read_text("utf-8"))}
    named |= {line.split()[1] for fence in fences("sh") for line in fence.text.splitlines() if line.startswith("make ")}
    assert named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_everybody_whom_the_documentation_names_lives_in_the_demo() -> None:
    people = {email_of(member, plan): plan.domain for plan in cast.TENANTS for member in plan.members}
    named = {words[words.index("--person") + 1] for _, words in commands() if "--person" in words} - {"EMAIL"}
    named |= {code for page in GUIDES for code in codes_in(prose_of(page)) if re.fullmatch(r"\S+@post\.example", code)}
    assert named
    assert named <= people.keys()
