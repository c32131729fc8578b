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


HERDS = '''"""Herds."""

from sqlalchemy import ForeignKeyConstraint

from persistence.base import Base, TenantOwned, own


class Herd(TenantOwned, Base):
    """A herd."""

    __tablename__ = "herd"
    __table_args__ = (ForeignKeyConstraint(["tenant_id", "id"], ["meadow.tenant_id", "meadow.id"]),)
    __guard__ = own()
'''


class Checkout:
    """The rooms that drafting needs, with the first revision only, and a module that does not import."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for room in ("migrations", "persistence", "domain"):
            shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
        for later in list((root / "migrations" / "versions").glob("*.py")):
            if not later.name.startswith("0001_"):
                later.unlink()
        shutil.copy(ROOT / "pyproject.toml", root)
        self.write("broken", "raise RuntimeError('somebody is writing here')\n")

    def write(self, module: str, text: str) -> None:
        """Write a module of persistence."""
        (self.root / "persistence" / f"{module}.py").write_text(text)

    def draft(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command."""
        return subprocess.run(
            [sys.executable, "-m", "migrations.draft", *words],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )

    def versions(self) -> dict[str, str]:
        """The revisions by file name, each as one line."""
        files = (self.root / "migrations" / "versions").glob("*.py")
        return {path.name: " ".join(path.read_text().split()) for path in files}


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    made = Checkout(tmp_path)
    yield made
    embedded.destroy(tmp_path / ".kontor" / "drafts")


def test_a_new_table_is_drafted_with_its_guard_and_place_and_only_once(checkout: Checkout) -> None:
    checkout.write("animals", ANIMALS)
    drafted = checkout.draft("0003", "animals", "persistence.animals")
    assert (drafted.returncode, drafted.stderr) == (0, "")
    history = checkout.versions()
    written = history["0003_animals.py"]
    assert written.count("op.create_table(") == 1
    assert 'op.distribute("animal", "tenant_id")' in written
    assert '("own_select", "select", "kontor_app", "tenant_id = current_tenant()", None)' in written
    assert '("own_insert", "insert", "kontor_app", None, "tenant_id = current_tenant()")' in written
    assert 'grants={"kontor_app": ["select", "insert"]}' in written
    assert 'down_revision = "0001"' in written

    refused = checkout.draft("0003", "animals", "persistence.animals")
    assert refused.returncode == 1
    assert refused.stderr == "0003_animals.py exists: draft it again with --replace, or take the next number.\n"
    refused = checkout.draft("0004", "nothing", "persistence.animals")
    assert refused.stderr == "There is nothing to draft: the database has all that these modules declare.\n"
    assert checkout.versions() == history


def test_numbers_are_put_in_line_and_a_draft_is_made_again_from_the_modules_it_names(checkout: Checkout) -> None:
    checkout.write("animals", ANIMALS)
    checkout.write("plants", ANIMALS.replace("Animal", "Plant").replace("animal", "plant"))
    assert checkout.draft("0003", "animals", "persistence.animals").returncode == 0
    assert checkout.draft("0002", "plants", "persistence.plants").returncode == 0
    assert 'down_revision = "0001"' in checkout.versions()["0002_plants.py"]
    assert 'down_revision = "0002"' in checkout.versions()["0003_animals.py"]

    checkout.write("animals", ANIMALS + "    legs: Mapped[int | None]\n")
    assert checkout.draft("0003", "beasts", "--replace").returncode == 0
    assert "0003_animals.py" not in checkout.versions()
    assert 'sa.Column("legs", sa.BigInteger(), nullable=True)' in checkout.versions()["0003_beasts.py"]


def test_a_change_of_a_standing_table_is_drafted_and_what_cannot_be_is_told(checkout: Checkout) -> None:
    checkout.write("animals", ANIMALS)
    assert checkout.draft("0002", "animals", "persistence.animals").returncode == 0
    checkout.write("animals", ANIMALS.replace('own("select", "insert")', 'own("select", "insert", "update(name)")'))
    assert checkout.draft("0003", "renaming", "persistence.animals").returncode == 0
    written = checkout.versions()["0003_renaming.py"]
    assert 'op.unguard( "animal"' in written
    assert '"kontor_app": ["select", "insert", "update(name)"]' in written
    assert "op.create_table" not in written
    assert "Lock: ACCESS EXCLUSIVE on animal." in written

    checkout.write("animals", ANIMALS.replace("'CAT')", "'CAT', 'COW')") + "    horns: Mapped[int | None]\n")
    drafted = checkout.draft("0003", "cows", "--replace")
    assert drafted.returncode == 1
    assert "Write by hand: animal: the constraint ck_animal_kind is `CHECK" in drafted.stderr
    assert 'sa.Column("horns"' in checkout.versions()["0003_cows.py"]


def test_a_table_that_refers_to_one_that_is_not_there_yet_is_refused(checkout: Checkout) -> None:
    checkout.write("herds", HERDS)
    refused = checkout.draft("0002", "herds", "persistence.herds")
    assert refused.stderr == "herd refers to meadow, which no earlier revision has: name its module too.\n"
