"""A PgBouncer of one's own in transaction mode, in front of the database of the tests."""

import os
import pwd
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

from persistence.roles import conninfo
from tenancy.settings import DatabaseUrls
from tests.e2e.install import pgbouncer
from tests.e2e.installation import free_port

READY_SECONDS = 30.0
SERVER_CONNECTIONS = 1
"""For each role, so that all callers of all processes meet on the same connection."""

WATCHER = "watcher"

SETTINGS = """\
[databases]
* = host={host} port={port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
stats_users = {watcher}
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 400
server_tls_sslmode = disable
logfile = {folder}/log
"""


@dataclass(frozen=True)
class Pooler:
    """Where it listens; `urls` lead through it, but for the owner's, who migrates past it."""

    urls: DatabaseUrls
    console: str

    def shows(self, what: str) -> list[dict[str, Any]]:
        """What its console answers to SHOW."""
        with psycopg.connect(self.console, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
            connection.prepare_threshold = None
            return connection.execute(f"SHOW {what}".encode(), prepare=False).fetchall()


@contextmanager
def pooled(urls: DatabaseUrls, folder: Path) -> Iterator[Pooler]:
    """A PgBouncer before this database, as long as the block."""
    listen, doors = free_port(), {str(make_url(url).username): make_url(url) for url in (urls.app, urls.portal)}
    passwords = {user: url.password or secrets.token_hex(16) for user, url in doors.items()}
    passwords[WATCHER] = secrets.token_hex(16)
    account = account_for(host_of(make_url(urls.app)))
    write(folder, account, urls, listen, passwords)
    program = pgbouncer()
    assert program is not None
    running = started([program, "-q", str(folder / "settings")], account)
    through = [
        url.set(host="127.0.0.1", port=listen, password=passwords[user], query={}) for user, url in doors.items()
    ]
    app, portal = (url.render_as_string(hide_password=False) for url in through)
    watching = through[0].set(username=WATCHER, password=passwords[WATCHER], database="pgbouncer")
    pooler = Pooler(DatabaseUrls(urls.owner, app, portal), conninfo(watching.render_as_string(hide_password=False)))
    try:
        wait_for(pooler, running)
        yield pooler
    finally:
        running.terminate()
        running.wait()


def started(command: list[str], account: pwd.struct_passwd) -> "subprocess.Popen[bytes]":
    """Start the pooler, which refuses to be root, as this account."""
    if os.geteuid() != 0:
        return subprocess.Popen(command)
    return subprocess.Popen(command, user=account.pw_uid, group=account.pw_gid, extra_groups=[])


def host_of(url: URL) -> str:
    """The address or the socket's folder."""
    return str(url.host or url.query.get("host") or "/var/run/postgresql")


def account_for(host: str) -> pwd.struct_passwd:
    """Who may reach the server there: the owner of its socket, or anybody but root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    return pwd.getpwuid(Path(host).stat().st_uid) if host.startswith("/") else pwd.getpwnam("nobody")


def write(folder: Path, account: pwd.struct_passwd, urls: DatabaseUrls, listen: int, passwords: dict[str, str]) -> None:
    """Write its settings and the users that it lets in, for nobody else to read."""
    folder.mkdir(mode=0o700, parents=True)
    app = make_url(urls.app)
    port = app.port or app.query.get("port") or 5432
    text = SETTINGS.format(
        host=host_of(app), port=port, listen=listen, folder=folder, watcher=WATCHER, size=SERVER_CONNECTIONS
    )
    (folder / "settings").write_text(text)
    (folder / "users").write_text("".join(f'"{user}" "{password}"\n' for user, password in passwords.items()))
    for path in (folder, *folder.iterdir()):
        os.chown(path, account.pw_uid, account.pw_gid)


def wait_for(pooler: Pooler, running: "subprocess.Popen[bytes]") -> None:
    """Wait until it answers."""
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            pooler.shows("VERSION")
        except psycopg.OperationalError:
            assert running.poll() is None, "PgBouncer ended"
            assert time.monotonic() < until, "PgBouncer does not answer"
            time.sleep(0.05)
        else:
            return
