"""The playground's example operations, read from their files."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).parent / "playground" / "examples"
SCHEMAS = ("staff", "portal")

TITLE = re.compile(r"#\s*(?P<title>[^\[\]]+?)\s*(?:\[(?P<roles>[^\[\]]+)\])?\s*")


@dataclass(frozen=True)
class Example:
    """An operation that runs as it is; without roles it is for everybody who may use its schema."""

    name: str
    title: str
    description: str
    roles: tuple[str, ...]
    query: str
    variables: str | None


class UnreadableExample(ValueError):
    """An example file breaks the form: `# Title [Role, Role]`, lines of explanation, the operation."""


def examples_below(root: Path = EXAMPLES) -> dict[str, list[Example]]:
    """All examples by schema, in the order of their file names.

    Raises:
        UnreadableExample: a file has no title or its variables are no JSON object.
    """
    return {schema: [example(path) for path in sorted((root / schema).glob("*.graphql"))] for schema in SCHEMAS}


def example(path: Path) -> Example:
    """Read one `NAME.graphql` with its optional `NAME.variables.json`."""
    first, _, query = path.read_text(encoding="utf-8").partition("\n")
    heading = TITLE.fullmatch(first)
    if heading is None:
        raise UnreadableExample(f"{path.name}: the first line must read `# Title [Role, Role]`.")
    return Example(
        name=path.stem,
        title=heading["title"],
        description=" ".join(leading_comments(query)),
        roles=tuple(role.strip() for role in (heading["roles"] or "").split(",") if role.strip()),
        query=query.lstrip("\n"),
        variables=variables(path.with_suffix(".variables.json")),
    )


def leading_comments(text: str) -> Iterator[str]:
    """The comment lines before the operation, without their sign."""
    for line in text.splitlines():
        if not line.startswith("#"):
            return
        yield line.lstrip("# ").rstrip()


def variables(path: Path) -> str | None:
    """The text of a variables file, as it was written; None without one."""
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8").strip()
    try:
        known = json.loads(text)
    except json.JSONDecodeError as unreadable:
        raise UnreadableExample(f"{path.name}: {unreadable}") from unreadable
    if not isinstance(known, dict):
        raise UnreadableExample(f"{path.name}: variables are a JSON object.")
    return text
