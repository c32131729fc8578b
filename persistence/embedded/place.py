"""Where the embedded server lives: its folders, its socket, and who may look into them.

    <data folder>/postgres.lock     held by whoever starts or stops the server
    <data folder>/postgres/         the home: closed to everybody else
        cluster/                    PostgreSQL's own data, owned by the account that runs it
        socket/                     entered by that account and by root only: it is the password
        running                     locked by the server's processes while one of them lives
        users                       locked by the processes that use the server
        server.log, postgresql.conf, pg_hba.conf
        socket-folder               names the folder of the socket where a path in the home cannot be it

When root's data folder lies where the account cannot go (`/root`), `postgres` is a link to a folder under
`/var/lib/kontor`; no mode of a folder that was there before is ever changed.
"""

import os
import shutil
import stat
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from persistence.embedded.account import Account, EmbeddedServerError, account_for, system_folder

NAME = "postgres"
PORT = 5432
SUPERUSER = "postgres"
SOCKET = f".s.PGSQL.{PORT}"
SOCKET_NOTE = "socket-folder"
LONGEST_SOCKET_PATH = 103  # of the systems that we meet: 107 bytes on Linux, 103 on macOS
SHORT_FOLDERS = Path("/tmp")  # noqa: S108 - a short path; the folder in it is made by mkdtemp and checked
PASSABLE = 0o711
PRIVATE = 0o700


@dataclass(frozen=True)
class Place:
    """The folders of one embedded server."""

    home: Path
    socket: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data."""
        return self.home / "cluster"

    @property
    def running(self) -> Path:
        """The lock that lives as long as any process of the server."""
        return self.home / "running"

    @property
    def users(self) -> Path:
        """The lock that the users of the server share."""
        return self.home / "users"

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.home / "server.log"

    @property
    def config(self) -> Path:
        """The configuration, which the server may read but not write."""
        return self.home / "postgresql.conf"

    @property
    def access(self) -> Path:
        """Who may connect, and how; like the configuration not the server's to write."""
        return self.home / "pg_hba.conf"


def lock_of(data_dir: Path) -> Path:
    """Answer the file that starters and stoppers of this data folder's server lock."""
    return data_dir / f"{NAME}.lock"


def find(data_dir: Path) -> Place | None:
    """Answer where this data folder's server lives, or None when it has none yet."""
    entry = data_dir / NAME
    if not entry.is_dir():
        return None
    home = entry.resolve()
    return Place(home, _socket_folder_of(home), account_for([home / "cluster", data_dir]))


def settle(data_dir: Path) -> Place:
    """Answer where this data folder's server lives, and make that place when it is not there yet.

    Raises `EmbeddedServerError` when the place belongs to somebody else or cannot be reached.
    """
    place = find(data_dir) or _found(data_dir)
    if not place.account.reaches(place.home):
        raise EmbeddedServerError(
            f"PostgreSQL's account cannot enter {place.home}: a folder above it was closed after it was made."
        )
    if place.cluster.exists() and place.cluster.stat().st_uid != place.account.uid:
        raise EmbeddedServerError(f"{place.cluster} belongs to another user: start Kontor as that one.")
    return _with_socket_folder(place)


def forget(data_dir: Path, place: Place) -> None:
    """Remove the stopped server's folders with all data in them."""
    shutil.rmtree(place.socket, ignore_errors=True)  # of a short one, a reboot may have been first
    shutil.rmtree(place.home)
    entry = data_dir / NAME
    if entry.is_symlink():
        entry.unlink()


def _found(data_dir: Path) -> Place:
    account = account_for([data_dir])
    entry = data_dir / NAME
    if entry.is_symlink():
        entry.unlink()  # its folder under /var/lib/kontor is gone
    entry.mkdir()
    entry.chmod(PASSABLE if account.foreign else PRIVATE)
    home = entry.resolve()
    if not account.reaches(home):
        entry.rmdir()
        home = _home_elsewhere(data_dir)
        entry.symlink_to(home)
    return Place(home, _socket_folder_of(home), account)


def _home_elsewhere(data_dir: Path) -> Path:
    home = Path(tempfile.mkdtemp(dir=system_folder(), prefix=f"{NAME}-"))
    home.chmod(PASSABLE)
    (home / "belongs-to").write_text(f"{data_dir}\n")
    return home


def _socket_folder_of(home: Path) -> Path:
    """Answer the folder in the home, or the short one that was noted because that one cannot be it."""
    noted = home / SOCKET_NOTE
    return Path(noted.read_text().strip()) if noted.exists() else home / "socket"


def _with_socket_folder(place: Place) -> Place:
    """Make the socket's folder; a short one that a reboot took away gets a new name."""
    if _is_usable(place.home / "socket" / SOCKET):
        place.account.own(place.socket)
        return place
    if _is_private(place.socket, place.account):
        return place
    short = Path(tempfile.mkdtemp(dir=SHORT_FOLDERS, prefix="kontor-"))
    place.account.own(short)
    (place.home / SOCKET_NOTE).write_text(f"{short}\n")
    return replace(place, socket=short)


def _is_usable(socket: Path) -> bool:
    """Whether clients can name this socket: its path is short, and libpq takes no comma in it for a list."""
    return len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH and "," not in str(socket)


def _is_private(folder: Path, account: Account) -> bool:
    try:
        seen = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(seen.st_mode) and seen.st_uid == account.uid and not seen.st_mode & 0o077
