"""PostgreSQL's data folder and configuration: made whole or not at all, written anew at each start."""

import os
import shutil
import tempfile
from pathlib import Path

from persistence.embedded.account import EmbeddedServerError, programs
from persistence.embedded.place import PORT, SUPERUSER, Place

VERSION = "18"
DRAFT = "cluster-draft-"
LARGEST_LOG = 10 * 1024 * 1024

_ALWAYS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": 200,
    "shared_buffers": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "ISO, YMD",
    "lc_messages": "C",
    "jit": "off",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    # Rows and parameters are personal data and stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
}


def ensure(place: Place, *, durable: bool) -> None:
    """Make the data folder when there is none.

    Raises `EmbeddedServerError` when `initdb` fails, or when the data is of another PostgreSQL.
    """
    for left in place.home.glob(f"{DRAFT}*"):
        shutil.rmtree(left, ignore_errors=True)  # by a killed starter, whose initdb may still be at it
    if not place.cluster.exists():
        _create(place, durable=durable)
    found = (place.cluster / "PG_VERSION").read_text().strip()
    if found != VERSION:
        raise EmbeddedServerError(
            f"{place.cluster} is data of PostgreSQL {found}, and this Kontor brings {VERSION}: "
            f"move it over with pg_upgrade, or start with another data folder."
        )


def configure(place: Place, *, durable: bool) -> None:
    """Write the configuration beside the data, where the server may read but not write."""
    settings = {
        **_ALWAYS,
        **(_DURABLE if durable else _THROWAWAY),
        # The value is a list, in which double quotes keep a path with a comma or space whole.
        "unix_socket_directories": '"{}"'.format(str(place.socket).replace('"', '""')),
        "hba_file": place.access,
    }
    lines = [f"{name} = {_quoted(str(value))}\n" for name, value in settings.items()]
    place.config.write_text("".join(lines))
    place.access.write_text("local all all trust\n")
    for path in (place.config, place.access):
        path.chmod(0o644)
    if place.log.exists() and place.log.stat().st_size > LARGEST_LOG:
        place.log.replace(place.log.with_suffix(".log.1"))


def _create(place: Place, *, durable: bool) -> None:
    draft = Path(tempfile.mkdtemp(dir=place.home, prefix=DRAFT))
    place.account.own(draft)
    made = place.account.run(
        programs(place.account) / "initdb",
        f"--pgdata={draft}",
        f"--username={SUPERUSER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-instructions",
        *([] if durable else ["--no-sync", "--no-data-checksums"]),
    )
    if made.returncode != 0:
        shutil.rmtree(draft)
        raise EmbeddedServerError(f"PostgreSQL's initdb failed: {' '.join(made.stderr.split())}")
    draft.rename(place.cluster)
    _sync(place)


def _sync(place: Place) -> None:
    descriptor = os.open(place.home, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _quoted(value: str) -> str:
    return "'{}'".format(value.replace("\\", "\\\\").replace("'", "''"))
