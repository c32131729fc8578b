"""What is installed is locked: every dependency by version and hash, and no file names a host."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PINNED = re.compile(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==(\S+)(.*)$", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def named(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", one, maxsplit=1)[0].lower().replace("_", "-") for one in requirements}


def locked(file: str) -> dict[str, str]:
    return {name: version for name, version, _ in PINNED.findall((ROOT / file).read_text("utf-8"))}


def test_every_dependency_is_locked() -> None:
    needed = named(PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"])
    assert needed - locked("requirements.lock").keys() == set()
    developing = named(PROJECT["dependency-groups"]["dev"])
    assert (needed | developing) - locked("requirements-dev.lock").keys() == set()


def test_both_locks_agree() -> None:
    serving, developing = locked("requirements.lock"), locked("requirements-dev.lock")
    assert serving.items() <= developing.items()


@pytest.mark.parametrize("file", ["requirements.lock", "requirements-dev.lock"])
def test_everything_locked_has_a_hash_and_nothing_names_a_host(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert "://" not in text
    for entry in re.split(r"\n(?=[a-z])", text):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
