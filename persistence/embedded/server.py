"""Start, share and stop the embedded server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL

from persistence.embedded import cluster, locks, place, postmaster
from persistence.embedded.account import EmbeddedServerError
from persistence.embedded.place import PORT, SUPERUSER, Place

PATIENCE_SECONDS = 420.0  # longer than the longest start that another process may be in


class EmbeddedServer:
    """One user's hold on the running server; as a context manager it leaves at the end."""

    def __init__(self, data_dir: Path, at: Place, use: int) -> None:
        self.data_dir = data_dir
        self._place = at
        self._use: int | None = use

    @property
    def socket(self) -> Path:
        """The folder of the unix socket."""
        return self._place.socket

    @property
    def log(self) -> Path:
        """The file with what the server said."""
        return self._place.log

    @property
    def pid(self) -> int | None:
        """The process id of the server's first process, or None when it has ended."""
        process = postmaster.postmaster_of(self._place)
        return None if process is None else process.pid

    def urls(self, database: str = "kontor") -> tuple[str, str, str]:
        """Answer SQLAlchemy's addresses of the database as owner, application and portal.

        Roles and database are made by `roles.bootstrap(server.admin_url(), database)`.
        """
        return (
            self._url("kontor_owner", database),
            self._url("kontor_app", database),
            self._url("kontor_portal", database),
        )

    def admin_url(self, database: str = SUPERUSER) -> str:
        """Answer the superuser's address; for `roles.bootstrap` and tests, never for the application."""
        return self._url(SUPERUSER, database)

    def leave(self) -> None:
        """Stop using the server, which stops it when nobody else uses it. The second call does nothing."""
        if self._use is None:
            return
        os.close(self._use)
        self._use = None
        stop_if_unused(self.data_dir)

    def stop(self) -> None:
        """Stop the server, whoever uses it; returns when all its processes ended."""
        with _locked(self.data_dir):
            postmaster.shut_down(self._place)
        if self._use is not None:
            os.close(self._use)
            self._use = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def _url(self, role: str, database: str) -> str:
        query = {"host": str(self._place.socket), "port": str(PORT)}
        url = URL.create("postgresql+psycopg", username=role, database=database, query=query)
        return url.render_as_string(hide_password=False)


def start(data_dir: Path, *, durable: bool = True) -> EmbeddedServer:
    """Start the server of this data folder, or find it running, and count the caller among its users.

    `durable=False` is for tests only: it survives a crash of its processes, but not one of the machine.
    A server that was killed recovers here. Blocks for about two seconds the first time, a fraction of one
    later. Raises `EmbeddedServerError` with one sentence.
    """
    folder = data_dir.expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            at = place.settle(folder)
            _bring_up(at, durable=durable)
            use = locks.take_shared(at.users)
    except PermissionError as fault:
        raise EmbeddedServerError(
            f"Kontor may not use {fault.filename}: start it as the owner, or with another data folder."
        ) from fault
    if use is None:
        raise EmbeddedServerError(f"{at.users} is locked by a program that is not Kontor.")
    return EmbeddedServer(folder, at, use)


def stop_if_unused(data_dir: Path) -> bool:
    """Stop the server of this data folder unless somebody uses it, and answer whether it is stopped."""
    folder = data_dir.expanduser().absolute()
    if place.find(folder) is None:
        return True
    with _locked(folder):
        at = place.find(folder)
        if at is None:
            return True
        if locks.is_held(at.users):
            return False
        postmaster.shut_down(at)
        return True


def destroy(data_dir: Path) -> None:
    """Remove the server of this data folder with all its data.

    Raises `EmbeddedServerError` when somebody uses it.
    """
    folder = data_dir.expanduser().absolute()
    if place.find(folder) is None:
        return
    with _locked(folder):
        at = place.find(folder)
        if at is None:
            return
        if locks.is_held(at.users):
            raise EmbeddedServerError(f"The database in {folder} is in use: stop Kontor first.")
        postmaster.shut_down(at)
        place.forget(folder, at)


def _bring_up(at: Place, *, durable: bool) -> None:
    """Leave the server answering, whatever state it is in: running, starting, lost, killed, or not made."""
    if postmaster.lives(at):
        if not postmaster.is_lost(at):
            postmaster.await_answer(at)
            return
        postmaster.shut_down(at)
    cluster.ensure(at, durable=durable)
    cluster.configure(at, durable=durable)
    postmaster.launch(at)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        with locks.held(place.lock_of(folder), patience=PATIENCE_SECONDS):
            yield
    except TimeoutError as fault:
        raise EmbeddedServerError(str(fault)) from fault
