"""`kontor schema`: the two schemas as files, and what may not happen to them unseen."""

from pathlib import Path

from graphql import GraphQLSchema, build_schema, find_breaking_changes, lexicographic_sort_schema, print_schema
from strawberry import Schema

from cli import output
from cli.errors import CommandFailed
from schema import roots

FOLDER = Path(roots.__file__).parent
RELEASED = "released"
AUDIENCES = ("staff", "portal")


def printed(schema: Schema) -> str:
    """The schema as text, everything in the order of its name, so that two prints differ only where it differs."""
    return print_schema(_sorted(schema)) + "\n"


def write(folder: Path = FOLDER) -> None:
    """Print both schemas anew."""
    for audience in AUDIENCES:
        file = folder / f"{audience}.graphql"
        file.write_text(printed(of(audience)), encoding="utf-8")
        output.say(f"{file}")


def check(folder: Path = FOLDER) -> None:
    """Raise CommandFailed when a file is not what the code says, or a client of the last release would break."""
    faults = [fault for audience in AUDIENCES for fault in (*_drift(folder, audience), *_breaks(folder, audience))]
    if faults:
        raise CommandFailed("\n".join(faults))


def of(audience: str) -> Schema:
    """The schema of an audience."""
    return roots.staff() if audience == "staff" else roots.portal()


def _drift(folder: Path, audience: str) -> list[str]:
    file = folder / f"{audience}.graphql"
    if file.exists() and file.read_text("utf-8") == printed(of(audience)):
        return []
    return [f"{file} is not the schema that the code has: run `make schema` and look at what changed."]


def _breaks(folder: Path, audience: str) -> list[str]:
    """What a client that was written for the last release could no longer do."""
    file = folder / RELEASED / f"{audience}.graphql"
    if not file.exists():
        return []
    before = build_schema(file.read_text("utf-8"))
    changes = find_breaking_changes(before, _sorted(of(audience)))
    return [f"The {audience} schema breaks the last release: {change.description}" for change in changes]


def _sorted(schema: Schema) -> GraphQLSchema:
    """By way of its text: Strawberry keeps default values in a form that only its own printer knows."""
    return lexicographic_sort_schema(build_schema(schema.as_str()))
