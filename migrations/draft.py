"""Draft a revision from models: `python -m migrations.draft 0002 partners persistence.partners`.

`--replace` drafts an unreleased revision of one's own again (without modules: from those it names). The
draft is tried out on a throw-away database, up and down, and compared with the models. Only the named
modules, and those that earlier revisions were drafted from, are imported.
"""

import argparse
import fcntl
import importlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import DowngradeOps, DropIndexOp, DropTableOp, ModifyTableOps, UpgradeOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.dialects.postgresql import JSONB

from migrations import autogenerate, comparison, run, throwaway
from migrations.operations import Unguard
from persistence.base import Base

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
REVISES = re.compile(r"^down_revision = .*$", re.MULTILINE)
DRAFTED_FROM = re.compile(r"^Drafted from (.*?)\.$", re.MULTILINE | re.DOTALL)

FILE = '''\
"""{sentence}

{locks}Drafted from {modules}.
"""

import sqlalchemy as sa
from alembic import op
{imports}
revision = "{revision}"
down_revision = {previous!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''


class DraftError(Exception):
    """The draft cannot be made; the message is one sentence that says why."""


def draft(revision: str, slug: str, modules: Sequence[str], *, replace: bool = False) -> tuple[Path, list[str]]:
    """Write the revision's file; answer it, and sentences about what autogenerate cannot draft.

    It is made and tried on a copy of the history, and takes its place when it stands.
    """
    with _turn(), _workshop() as versions, throwaway.database() as owner_url:
        own = [path for path in _revisions(versions) if _id(path) == revision]
        if own and not replace:
            raise DraftError(f"{own[0].name} exists: draft it again with --replace, or take the next number.")
        modules = tuple(modules) or tuple(module for path in own for module in _modules_of(path))
        if not modules:
            raise DraftError(f"Name the modules of persistence that {revision} is drafted from.")
        for path in own:
            path.unlink()
        _in_line(versions)
        before = [path for path in _revisions(versions) if _id(path) < revision]
        for earlier in before:
            _import(_modules_of(earlier), tolerant=True)
        only = _import(modules)
        previous = _id(before[-1]) if before else None
        if previous:
            run.upgrade(owner_url, previous, versions)
        with run.connected(owner_url) as connection:
            _refuse_lost_keys(connection, only)
            bodies = _drafted(connection, only)
        path = versions / f"{revision}_{slug}.py"
        path.write_text(_written(bodies, revision=revision, slug=slug, modules=modules, previous=previous))
        _in_line(versions)
        _tidy(path)
        missing = _tried(owner_url, revision, previous, versions, only)
        return _put_in_place(path, own), missing


def _revisions(versions: Path) -> list[Path]:
    """The revisions' files in the order of their numbers."""
    return sorted(versions.glob("[0-9]*_*.py"))


def _id(path: Path) -> str:
    return path.name.partition("_")[0]


def _modules_of(path: Path) -> tuple[str, ...]:
    named = DRAFTED_FROM.search(path.read_text())
    return tuple(re.split(r",\s+", named[1])) if named else ()


def _put_in_place(path: Path, replaced: list[Path]) -> Path:
    """The draft takes its place in the history, and what it replaces goes."""
    target = run.VERSIONS / path.name
    for old in replaced:
        (run.VERSIONS / old.name).unlink(missing_ok=True)
    target.write_text(path.read_text())
    _in_line(run.VERSIONS)
    return target


def _tidy(path: Path) -> None:
    for words in (("check", "--select=I", "--fix"), ("format",)):
        subprocess.run(  # noqa: S603  # our own tool over our own file
            [sys.executable, "-m", "ruff", *words, "--quiet", "--config", PYPROJECT, path], check=True
        )


def _import(modules: Sequence[str], *, tolerant: bool = False) -> frozenset[str]:
    """Import the modules; answer the names of the tables that they declare."""
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as fault:
            if not tolerant:
                raise
            print(f"{name} does not import at the moment, going on without it: {fault}", file=sys.stderr)  # noqa: T201
    return frozenset(
        table.name
        for mapper in Base.registry.mappers
        for table in mapper.tables
        if any(f"{mapper.class_.__module__}.".startswith(f"{module}.") for module in modules)
    )


def _written(
    bodies: tuple[str, str, list[str]], *, revision: str, slug: str, modules: Sequence[str], previous: str | None
) -> str:
    """The file's text."""
    upgrade, downgrade, locked = bodies
    return FILE.format(
        sentence=f"{slug.replace('_', ' ').capitalize()}.",
        locks=f"Lock: ACCESS EXCLUSIVE on {', '.join(locked)}.\n" if locked else "",
        modules=",\n".join(modules),
        imports="from sqlalchemy.dialects import postgresql\n" if "postgresql." in upgrade + downgrade else "",
        revision=revision,
        previous=previous,
        upgrade=upgrade,
        downgrade=downgrade,
    )


def _refuse_lost_keys(connection: Connection, only: frozenset[str]) -> None:
    """A foreign key leads to a table of this revision or of an earlier one."""
    known = only | set(inspect(connection).get_table_names())
    for name in sorted(only):
        for key in Base.metadata.tables[name].foreign_keys:
            parent = key.target_fullname.rpartition(".")[0]
            if parent not in known:
                raise DraftError(f"{name} refers to {parent}, which no earlier revision has: name its module too.")


def _drafted(connection: Connection, only: frozenset[str]) -> tuple[str, str, list[str]]:
    """The bodies of upgrade and downgrade, and the standing tables that they lock."""
    context = MigrationContext.configure(
        connection,
        opts={
            "autogenerate_plugins": autogenerate.PLUGINS,
            "only_tables": only,
            "include_name": lambda name, kind, _: kind != "table" or name in only,
            "include_object": lambda _, name, kind, *__: kind != "table" or name in only,
        },
    )
    script = produce_migrations(context, Base.metadata)
    if script.upgrade_ops is None or script.downgrade_ops is None or script.upgrade_ops.is_empty():
        raise DraftError("There is nothing to draft: the database has all that these modules declare.")
    _shorten(script.downgrade_ops)
    locked = _locked(script.upgrade_ops, set(inspect(connection).get_table_names()))
    return _code(script.upgrade_ops, context), _code(script.downgrade_ops, context), locked


def _locked(upgrade: UpgradeOps, standing: set[str]) -> list[str]:
    """The tables with rows in them that the upgrade touches."""
    touched = {getattr(step, "table_name", None) or getattr(step, "table", None) for step in upgrade.ops}
    return sorted(standing & touched - {comparison.VERSION_TABLE})


def _shorten(downgrade: DowngradeOps) -> None:
    """A table that is dropped takes its indexes, policies and grants along."""
    dropped = {step.table_name for step in downgrade.ops if isinstance(step, DropTableOp)}
    downgrade.ops[:] = [
        step
        for step in downgrade.ops
        if not (isinstance(step, DropIndexOp | ModifyTableOps) and step.table_name in dropped)
        and not (isinstance(step, Unguard) and step.table in dropped)
    ]


def _code(operations: UpgradeOps | DowngradeOps, context: MigrationContext) -> str:
    """Python, without Alembic's own comments."""
    code = render_python_code(operations, migration_context=context, render_item=_render_item)
    lines = code.splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith("# ###")).strip()


def _render_item(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """JSONB as one writes it; Alembic's own rendering names a type it does not import."""
    return "postgresql.JSONB()" if kind == "type" and isinstance(item, JSONB) else False


def _tried(owner_url: str, revision: str, previous: str | None, versions: Path, only: frozenset[str]) -> list[str]:
    """Walk the draft up, down and up again; answer where the database then differs from the models."""
    run.upgrade(owner_url, revision, versions)
    run.downgrade(owner_url, previous or "base", versions)
    run.upgrade(owner_url, revision, versions)
    with run.connected(owner_url) as connection:
        return [each.sentence for each in comparison.compare(connection, only=only).differences]


def _in_line(versions: Path) -> None:
    """Each revision follows the one with the number before it, in whatever order they were drafted."""
    previous = None
    for path in _revisions(versions):
        text = path.read_text()
        linked = REVISES.sub(f"down_revision = {_literal(previous)}", text, count=1)
        if linked != text:
            path.write_text(linked)
        previous = _id(path)


def _literal(revision: str | None) -> str:
    return "None" if revision is None else f'"{revision}"'


@contextmanager
def _workshop() -> Iterator[Path]:
    """A copy of the history."""
    with tempfile.TemporaryDirectory() as folder:
        versions = Path(folder) / "versions"
        shutil.copytree(run.VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
        yield versions


@contextmanager
def _turn() -> Iterator[None]:
    """One draft at a time in a checkout."""
    throwaway.HOME.mkdir(parents=True, exist_ok=True)
    with (throwaway.HOME / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Read the command line; answer 0 when the draft says all that the models say."""
    words = argparse.ArgumentParser(prog="python -m migrations.draft", description=__doc__)
    words.add_argument("revision", help="four digits, such as 0002")
    words.add_argument("slug", help="what it brings, such as partners")
    words.add_argument("modules", nargs="*", help="such as persistence.partners")
    words.add_argument("--replace", action="store_true", help="draft one's own unreleased revision again")
    said = words.parse_args()
    try:
        path, missing = draft(said.revision, said.slug, said.modules, replace=said.replace)
    except DraftError as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201
        return 1
    print(f"Drafted {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}.")  # noqa: T201
    for sentence in missing:
        print(f"Write by hand: {sentence}", file=sys.stderr)  # noqa: T201
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
