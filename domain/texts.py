"""Text modules: links, HTML and plain texts in several languages, one of them preferred (Textbaustein)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html.parser import HTMLParser
from typing import Protocol, TypedDict, TypeVar
from urllib.parse import urlsplit

from domain.refusals import RefusalCode, ValidationFailed, Violation

LONGEST_TITLE = 100
LONGEST_TEXT = 5000
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?", re.ASCII)

Path = tuple[str, ...]


class TextType(StrEnum):
    """What the text is."""

    LINK = "LINK"
    HTML_TEXT = "HTML_TEXT"
    PLAIN_TEXT = "PLAIN_TEXT"


class InLanguage(Protocol):
    """Anything that is said in one language, and may be the preferred one."""

    @property
    def language(self) -> str:
        """ISO 639, with a region where needed: `de`, `de-AT`."""

    @property
    def preferred(self) -> bool:
        """Whether this is the one shown where the reader's language is missing."""


@dataclass(frozen=True)
class Translation:
    """The text in one language."""

    language: str
    text: str
    preferred: bool = False


@dataclass(frozen=True)
class TextModule:
    """A text module as somebody wrote it."""

    internal_title: str
    type: TextType
    translations: tuple[Translation, ...]


class TextModuleChanges(TypedDict, total=False):
    """What changes of a text module; what is absent stays, translations are replaced as a whole."""

    internal_title: str
    translations: tuple[Translation, ...]


Clean = Callable[[str], str]
"""Takes what could harm a reader out of an HTML text."""

T = TypeVar("T", bound=InLanguage)


def checked(module: TextModule, *, clean: Clean, path: Path = ()) -> TextModule:
    """The module as it is kept: HTML cleaned, the only language preferred.

    Raises:
        ValidationFailed: no or a too long title or text, a link that is no absolute http(s) address
            (R-TM-01, R-XC-28), a language twice, or not exactly one preferred.
    """
    violations = [
        *missing_or_long(module.internal_title, LONGEST_TITLE, (*path, "internalTitle")),
        *languages_at_odds(module.translations, (*path, "translations")),
    ]
    for place, translation in enumerate(module.translations):
        violations += _faults(module.type, translation.text, (*path, "translations", str(place), "text"))
    if violations:
        raise ValidationFailed(violations)
    kept = tuple(replace(one, text=_kept(module.type, one.text, clean)) for one in module.translations)
    _refuse_empty_or_relative(module.type, kept, (*path, "translations"))
    return replace(module, internal_title=module.internal_title.strip(), translations=with_preferred(kept))


def languages_at_odds(translations: Sequence[InLanguage], path: Path) -> list[Violation]:
    """What is wrong with the languages: none, one twice, no code, or not exactly one preferred.

    A single translation is preferred by itself.
    """
    if not translations:
        return [Violation(RefusalCode.REQUIRED, "Write the text in one language at least.", path)]
    found: list[Violation] = []
    seen: set[str] = set()
    for place, one in enumerate(translations):
        at = (*path, str(place), "language")
        if LANGUAGE.fullmatch(one.language) is None:
            found.append(Violation(RefusalCode.VALIDATION, "A language is written like de or de-AT.", at))
        if one.language in seen:
            found.append(Violation(RefusalCode.VALIDATION, f"The language {one.language} stands here twice.", at))
        seen.add(one.language)
    preferred = sum(one.preferred for one in translations)
    if preferred > 1 or (preferred == 0 and len(translations) > 1):
        found.append(Violation(RefusalCode.VALIDATION, "Exactly one language is the preferred one.", path))
    return found


def with_preferred(translations: tuple[Translation, ...]) -> tuple[Translation, ...]:
    """The translations; a single one is the preferred one."""
    return (replace(translations[0], preferred=True),) if len(translations) == 1 else translations


def in_language(translations: Sequence[T], language: str) -> T:
    """The translation in the reader's language, without its region if need be, else the preferred (E-A17)."""
    by_language: Mapping[str, T] = {one.language: one for one in translations}
    found = by_language.get(language) or by_language.get(language.partition("-")[0])
    return found or next(one for one in translations if one.preferred)


def missing_or_long(text: str | None, longest: int, path: Path, *, required: bool = True) -> list[Violation]:
    """What is wrong with a text: nothing in it although it is required, or too much."""
    written = (text or "").strip()
    if not written and required:
        return [Violation(RefusalCode.REQUIRED, f"{path[-1]} is required.", path)]
    if len(written) > longest:
        return [Violation(RefusalCode.TOO_LONG, f"{path[-1]} has {longest} characters at most.", path)]
    return []


def is_absolute_url(text: str) -> bool:
    """Whether the text is an address that begins with http:// or https:// and names a host."""
    if any(sign.isspace() or not sign.isprintable() for sign in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def links_of(html: str) -> list[str]:
    """The addresses that a cleaned HTML text leads to."""
    reader = _Links()
    reader.feed(html)
    reader.close()
    return reader.found


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link leads."""
        self.found += [value or "" for name, value in attrs if tag == "a" and name == "href"]


def _kept(type_: TextType, text: str, clean: Clean) -> str:
    return clean(text) if type_ is TextType.HTML_TEXT else text.strip()


def _refuse_empty_or_relative(type_: TextType, translations: Sequence[Translation], path: Path) -> None:
    """What is left of an HTML text says something, and its links lead somewhere from everywhere (R-XC-28)."""
    if type_ is not TextType.HTML_TEXT:
        return
    violations: list[Violation] = []
    for place, one in enumerate(translations):
        at = (*path, str(place), "text")
        violations += missing_or_long(one.text, LONGEST_TEXT, at)
        if not all(map(is_absolute_url, links_of(one.text))):
            violations.append(
                Violation(RefusalCode.VALIDATION, "A link begins with http:// or https:// and names a host.", at)
            )
    if violations:
        raise ValidationFailed(violations)


def _faults(type_: TextType, text: str, path: Path) -> list[Violation]:
    faults = missing_or_long(text, LONGEST_TEXT, path)
    if not faults and type_ is TextType.LINK and not is_absolute_url(text.strip()):
        faults.append(
            Violation(RefusalCode.VALIDATION, "A link begins with http:// or https:// and names a host.", path)
        )
    return faults
