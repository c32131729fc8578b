"""Drafting a revision from models, in a checkout of its own: from nothing, again, in line, and told what is missing."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrations import run
from persistence import embedded

ROOT = Path(run.__file__).parent.parent

ANIMALS = '''"""Animals."""

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from persistence.base import Base, TenantOwned, own


class Animal(TenantOwned, Base):
    """An animal."""

    __tablename__ = "animal"
    __table_args__ = (CheckConstraint("kind in ('DOG', 'CAT')", name="kind"),)
    __guard__ = own("select", "insert")

    kind: Mapped[str]
    name: Mapped[str]
'''


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The rooms that drafting needs, with the first revision and a module of animals."""
    root = tmp_path_factory.mktemp("checkout")
    for room in ("migrations", "persistence", "domain"):
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
    for later in list((root / "migrations" / "versions").glob("*.py")):
        if not later.name.startswith("0001_"):
            later.unlink()
    shutil.copy(ROOT / "pyproject.toml", root)
    (root / "persistence" / "broken.py").write_text("raise RuntimeError('somebody is writing here')\n")
    yield root
    embedded.destroy(root / ".kontor" / "drafts")


def draft(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "migrations.draft", *words], cwd=checkout, capture_output=True, text=True, check=False
    )


def versions(checkout: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (checkout / "migrations" / "versions").glob("*.py")}


def test_a_new_table_is_drafted_with_its_guard_and_place_and_only_it(checkout: Path) -> None:
    (checkout / "persistence" / "animals.py").write_text(ANIMALS)
    drafted = draft(checkout, "0003", "animals", "persistence.animals")
    assert (drafted.returncode, drafted.stderr) == (0, "")
    written = versions(checkout)["0003_animals.py"]
    assert written.count("op.create_table(") == 1
    assert 'op.distribute("animal", "tenant_id")' in written
    assert '("own", "all", "kontor_app", "tenant_id = current_tenant()", "tenant_id = current_tenant()")' in written
    assert 'grants={"kontor_app": ["select", "insert"]}' in written
    assert 'down_revision = "0001"' in written


def test_a_revision_that_stands_is_not_overwritten_by_chance(checkout: Path) -> None:
    before = versions(checkout)
    refused = draft(checkout, "0003", "animals", "persistence.animals")
    assert refused.returncode == 1
    assert refused.stderr == "0003_animals.py exists: draft it again with --replace, or take the next number.\n"
    assert versions(checkout) == before


def test_a_number_in_between_is_put_in_line(checkout: Path) -> None:
    (checkout / "persistence" / "plants.py").write_text(
        ANIMALS.replace("Animal", "Plant").replace("animal", "plant").replace("ck_animal", "ck_plant")
    )
    assert draft(checkout, "0002", "plants", "persistence.plants").returncode == 0
    written = versions(checkout)
    assert 'down_revision = "0001"' in written["0002_plants.py"]
    assert 'down_revision = "0002"' in written["0003_animals.py"]


def test_a_draft_is_made_again_from_the_modules_it_names(checkout: Path) -> None:
    (checkout / "persistence" / "animals.py").write_text(ANIMALS + "    legs: Mapped[int | None]\n")
    assert draft(checkout, "0003", "beasts", "--replace").returncode == 0
    written = versions(checkout)
    assert "0003_animals.py" not in written
    assert 'sa.Column("legs", sa.BigInteger(), nullable=True)' in written["0003_beasts.py"]


def test_a_changed_guard_is_drafted_as_a_new_guard(checkout: Path) -> None:
    changed = ANIMALS.replace('own("select", "insert")', 'own("select", "insert", "update(name)")')
    (checkout / "persistence" / "animals.py").write_text(changed + "    legs: Mapped[int | None]\n")
    assert draft(checkout, "0004", "renaming", "persistence.animals").returncode == 0
    written = " ".join(versions(checkout)["0004_renaming.py"].split())
    assert 'op.unguard( "animal"' in written
    assert '"kontor_app": ["select", "insert", "update(name)"]' in written
    assert "op.create_table" not in written
    assert "Lock: ACCESS EXCLUSIVE on animal." in written


def test_what_autogenerate_cannot_draft_is_told(checkout: Path) -> None:
    text = (checkout / "persistence" / "animals.py").read_text()
    (checkout / "persistence" / "animals.py").write_text(
        text.replace("'CAT')", "'CAT', 'COW')") + "    horns: Mapped[int | None]\n"
    )
    drafted = draft(checkout, "0005", "cows", "persistence.animals")
    assert drafted.returncode == 1
    assert "Write by hand: animal: the constraint ck_animal_kind is `CHECK ((kind = ANY (ARRAY['DOG'::text," in (
        drafted.stderr
    )
    assert 'sa.Column("horns"' in versions(checkout)["0005_cows.py"]


def test_a_draft_of_nothing_is_refused_and_leaves_the_history_as_it_was(checkout: Path) -> None:
    before = versions(checkout)
    refused = draft(checkout, "0006", "nothing", "persistence.tenants")
    assert refused.returncode == 1
    assert refused.stderr == "There is nothing to draft: the database has all that these modules declare.\n"
    assert versions(checkout) == before
