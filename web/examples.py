"""The playground's example operations, read from their files.

Variables may name what only a loaded world knows: `"{{cart}}"` stands for the value `cart` of the tenant of
whoever opens the playground. A value that the tenant does not have leaves its name standing there.
"""

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

EXAMPLES = Path(__file__).parent / "playground" / "examples"
SCHEMAS = ("staff", "portal")

VALUES = "examples.json"
"""The file in the data folder in which the demo's loader leaves the values, by tenant."""

Value: TypeAlias = str | int

PLACE = re.compile(r'"\{\{(?P<name>\w+)\}\}"')
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


def filled(example: Example, values: Mapping[str, Value]) -> Example:
    """The example with the values of a tenant in its variables."""

    def value(place: re.Match[str]) -> str:
        found = values.get(place["name"])
        return place[0] if found is None else json.dumps(found)

    return example if example.variables is None else replace(example, variables=PLACE.sub(value, example.variables))


def write_values(data_dir: Path, values: Mapping[UUID, Mapping[str, Value]]) -> None:
    """Keep the values for all workers; a reader sees the old file or the whole new one."""
    data_dir.mkdir(parents=True, exist_ok=True)
    draft = data_dir / f".{VALUES}.{secrets.token_hex(8)}"
    draft.write_text(json.dumps({str(tenant_id): each for tenant_id, each in values.items()}, indent=1), "utf-8")
    draft.replace(data_dir / VALUES)


def values_for(data_dir: Path, tenant_id: UUID | None) -> Mapping[str, Value]:
    """The values of a tenant; none where no world was loaded."""
    path = data_dir / VALUES
    if tenant_id is None or not path.exists():
        return {}
    found: dict[str, dict[str, Value]] = json.loads(path.read_text("utf-8"))
    return found.get(str(tenant_id), {})
