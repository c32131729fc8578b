"""Which media type an answer gets: the client's wish by RFC 9110, the rules of GraphQL over HTTP where it has none."""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from web.http.problems import Problem


class Media(Enum):
    """The ways in which an answer can be written."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"
    EVENTS = "text/event-stream"

    content_type: bytes
    """The value of the content-type header."""

    def __init__(self, value: str) -> None:
        self.content_type = f"{value}; charset=utf-8".encode()


@dataclass(frozen=True)
class _Range:
    kind: str
    quality: float

    def specificity(self, media: Media) -> int:
        """How exactly the range names the media type: 3 fully, 2 by its main type, 1 by a star, 0 not at all."""
        if self.kind == media.value:
            return 3
        if self.kind == media.value.partition("/")[0] + "/*":
            return 2
        return 1 if self.kind == "*/*" else 0


@lru_cache(maxsize=256)
def chosen(accept: bytes) -> Media:
    """The media type for an `accept` header (empty when the client sent none).

    Without a wish, and wherever a star decides, it is `application/json`: clients from before the specification
    send just that. Raises Problem NOT_ACCEPTABLE when nothing we write is wanted.
    """
    if not accept.strip():
        return Media.JSON
    ranges = [found for part in accept.decode("latin-1").split(",") if (found := _range(part)) is not None]
    wishes = [(media, *_wish(media, ranges)) for media in Media]
    best = max(wishes, key=lambda wish: (wish[1], wish[2], wish[0] is Media.JSON))
    media, quality, _ = best
    if quality <= 0:
        raise Problem("NOT_ACCEPTABLE", f"The answer can be {Media.GRAPHQL.value} or {Media.JSON.value}.")
    return media


def _wish(media: Media, ranges: list[_Range]) -> tuple[float, int]:
    """The quality that the most exact range gives, and how exact it is; a stream must be asked for by name."""
    exactness, quality = max(((one.specificity(media), one.quality) for one in ranges), default=(0, 0.0))
    if exactness == 0 or (media is Media.EVENTS and exactness < 3):  # noqa: PLR2004  # named in full
        return 0.0, 0
    # two types named in full and wanted alike: the newer one, which tells more by its status
    return quality, 4 if media is Media.GRAPHQL and exactness == 3 else exactness  # noqa: PLR2004


def _range(part: str) -> _Range | None:
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            quality = _quality(value.strip())
        elif name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            return None
    return _Range(kind, quality) if kind else None


def _quality(text: str) -> float:
    """A weight from 0 to 1; one that cannot be read counts as not wanted."""
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0
