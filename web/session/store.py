"""Where browser sessions are kept so that every worker process finds them: a small SQLite file.

The file holds no session id, only its SHA-256: who reads the file cannot become anybody.
"""

import hashlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from anyio import to_thread

FILE = "sessions.sqlite"


class SessionStore(Protocol):
    """Records under secret ids, each with an end."""

    async def get(self, session_id: str) -> Mapping[str, Any] | None:
        """Return the record, unless it is unknown or over."""

    async def put(self, session_id: str, record: Mapping[str, Any], until: float) -> None:
        """Keep a JSON record until then (seconds since 1970)."""

    async def delete(self, session_id: str) -> None:
        """Forget the record."""

    async def prune(self) -> int:
        """Forget all records that are over; say how many."""


class SqliteSessions:
    """A SessionStore in `data_dir`, readable by its owner only."""

    def __init__(self, data_dir: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = data_dir / FILE
        self._clock = clock
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None

    async def get(self, session_id: str) -> Mapping[str, Any] | None:
        """See SessionStore."""
        question = "SELECT record FROM session WHERE id = ? AND until > ?"
        rows, _ = await self._run(question, _digest(session_id), self._clock())
        return json.loads(rows[0][0]) if rows else None

    async def put(self, session_id: str, record: Mapping[str, Any], until: float) -> None:
        """See SessionStore."""
        await self.prune()
        await self._run(
            "INSERT INTO session VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET record = excluded.record, until = excluded.until",
            _digest(session_id),
            json.dumps(record),
            until,
        )

    async def delete(self, session_id: str) -> None:
        """See SessionStore."""
        await self._run("DELETE FROM session WHERE id = ?", _digest(session_id))

    async def prune(self) -> int:
        """See SessionStore."""
        _, gone = await self._run("DELETE FROM session WHERE until <= ?", self._clock())
        return gone

    def close(self) -> None:
        """Close the file; for the end of the server."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    async def _run(self, statement: str, *values: object) -> tuple[list[Any], int]:
        return await to_thread.run_sync(self._run_now, statement, values)

    def _run_now(self, statement: str, values: tuple[object, ...]) -> tuple[list[Any], int]:
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            cursor = self._opened.execute(statement, values)
            return cursor.fetchall(), cursor.rowcount

    def _open(self) -> sqlite3.Connection:
        """Open at first use, so that each worker process has its own connection."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        opened = sqlite3.connect(self._path, timeout=5, isolation_level=None, check_same_thread=False)
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("PRAGMA synchronous = NORMAL")
        opened.execute(
            "CREATE TABLE IF NOT EXISTS session (id TEXT PRIMARY KEY, record TEXT NOT NULL, until REAL NOT NULL)"
            " WITHOUT ROWID"
        )
        opened.execute("CREATE INDEX IF NOT EXISTS session_until ON session (until)")
        return opened


def _digest(session_id: str) -> str:
    return hashlib.sha256(session_id.encode(errors="replace")).hexdigest()
