"""The files that Kontor serves as they are: a closed list, each with its type, tag and compressed form."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}
COMPRESSED_ALREADY = {".png", ".woff2"}


@dataclass(frozen=True)
class StaticFile:
    """Bytes with a media type; read, hashed and compressed once, when first asked for."""

    path: Path

    @property
    def media_type(self) -> str:
        """The type by the file's ending; never by the machine's tables."""
        return TYPES.get(self.path.suffix, "application/octet-stream")

    @cached_property
    def body(self) -> bytes:
        """The file's bytes."""
        return self.path.read_bytes()

    @cached_property
    def etag(self) -> str:
        """A weak tag of the content, the same for both forms."""
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    @cached_property
    def compressed(self) -> bytes | None:
        """The gzip form, or None where it is no gain."""
        if self.path.suffix in COMPRESSED_ALREADY:
            return None
        small = gzip.compress(self.body, compresslevel=6, mtime=0)
        return small if len(small) < len(self.body) else None

    def answer(self, request: Request, caching: str) -> Response:
        """The file, or 304 when the caller has it; compressed when the caller reads gzip."""
        headers = {"etag": self.etag, "cache-control": caching, "vary": "accept-encoding"}
        if self.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        small = self.compressed if "gzip" in request.headers.get("accept-encoding", "") else None
        if small is None:
            return Response(self.body, media_type=self.media_type, headers=headers)
        return Response(small, media_type=self.media_type, headers={**headers, "content-encoding": "gzip"})


class StaticFiles:
    """The files below one directory, listed at the start: a name that is not in the list is not found."""

    def __init__(self, root: Path) -> None:
        self._files = {
            path.relative_to(root).as_posix(): StaticFile(path) for path in sorted(root.rglob("*")) if path.is_file()
        }

    def names(self) -> list[str]:
        """The relative names of all files, sorted."""
        return list(self._files)

    async def answer(self, request: Request, name: str, caching: str) -> Response:
        """Serve the file of that name, or raise 404."""
        file = self._files.get(name)
        if file is None:
            raise HTTPException(404)
        return await to_thread.run_sync(file.answer, request, caching)
