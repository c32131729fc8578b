"""The people of the demo, as the seeding wrote them down for the sign-in pages: a file in the data folder.

They stand in a file because no role of the database may read the members of several tenants.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from anyio import to_thread

from web.issuer.people import DemoPerson

FILE = "people.json"


class WrittenPeople:
    """The people in the file, read again when it changed; nobody while there is none."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE
        self._stamp: tuple[int, int] | None = None
        self._people: Sequence[DemoPerson] = ()

    async def all(self) -> Sequence[DemoPerson]:
        """Return everybody, in the order in which they were written down."""
        return await to_thread.run_sync(self._read)

    async def by_email(self, email: str) -> DemoPerson | None:
        """Return the person with this address."""
        return next((person for person in await self.all() if person.email == email), None)

    def _read(self) -> Sequence[DemoPerson]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return ()
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp != self._stamp:
            self._people = [_person(one) for one in json.loads(self._path.read_text("utf-8"))]
            self._stamp = stamp
        return self._people


def write_down(data_dir: Path, people: Sequence[DemoPerson]) -> None:
    """Keep the people for all workers; a reader sees the old file or the whole new one."""
    data_dir.mkdir(parents=True, exist_ok=True)
    draft = data_dir / f".{FILE}.{secrets.token_hex(8)}"
    plain = [{**asdict(person), "tenant_id": str(person.tenant_id)} for person in people]
    draft.write_text(json.dumps(plain, ensure_ascii=False, indent=1), "utf-8")
    draft.replace(data_dir / FILE)


def _person(written: dict[str, str]) -> DemoPerson:
    return DemoPerson(**{**written, "tenant_id": UUID(written["tenant_id"])})  # type: ignore[arg-type]  # all else is text
