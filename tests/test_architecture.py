"""What no reviewer should have to remember."""

import ast
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
import strawberry
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

import resolvers
from persistence.base import Base
from reads.specs import KEY, PythonField
from schema import roots
from schema.base import MUTATION
from schema.live import PERMISSION
from tenancy.operation import Operation
from tenancy.permissions import PORTAL, STAFF, Permission

ROOMS = ["web", "cli", "jobs", "schema", "resolvers", "reads", "tenancy", "persistence", "domain", "migrations"]
OPERATIONS = [
    (f"{module.name}.{name}", found)
    for module in walk_packages(resolvers.__path__, "resolvers.")
    for name, found in vars(import_module(module.name)).items()
    if isinstance(found, Operation)
]
SCHEMAS = {"staff": roots.staff(), "portal": roots.portal()}


def modules() -> Iterator[Path]:
    """The Python files of all rooms."""
    for room in ROOMS:
        yield from (file for file in Path(room).rglob("*.py") if "node_modules" not in file.parts)


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_every_operation_names_its_permission(name: str, operation: Operation[..., Any]) -> None:
    assert isinstance(operation.permission, Permission), name


def test_every_public_coroutine_of_a_story_module_is_an_operation() -> None:
    """What a door can call passes the door: nothing public runs without a permission and a transaction."""
    open_doors = []
    for file in Path("resolvers").rglob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
                decorators = {
                    d.func.id for d in node.decorator_list if isinstance(d, ast.Call) and isinstance(d.func, ast.Name)
                }
                takes_work = node.args.args and node.args.args[0].arg == "work"
                if takes_work and not decorators & {"writes", "reads"}:
                    open_doors.append(f"{file}:{node.name}")
    assert open_doors == []


def test_nobody_writes_commit_but_the_operation() -> None:
    allowed = {Path("tenancy/operation.py"), Path("tenancy/founding.py")}
    written = [
        str(file)
        for file in modules()
        if file not in allowed
        and file.parts[0] in {"resolvers", "schema", "reads", "persistence", "tenancy", "domain"}
        and "embedded" not in file.parts
        and file.name != "roles.py"
        and any(
            isinstance(node, ast.Attribute) and node.attr == "commit" for node in ast.walk(ast.parse(file.read_text()))
        )
    ]
    assert written == []


def test_no_dependency_takes_the_name_of_a_room() -> None:
    ours = {name for name, owners in packages_distributions().items() if set(owners) - {"kontor"}}
    assert not set(ROOMS) & ours


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(file) for file in modules() if ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) is None]
    assert silent == []


def test_every_table_is_born_with_its_guard() -> None:
    naked = [mapper.class_.__name__ for mapper in Base.registry.mappers if "__guard__" not in vars(mapper.class_)]
    assert naked == []


def _roots(schema: strawberry.Schema) -> Iterator[tuple[str, Any]]:
    core: GraphQLSchema = schema._schema
    for type_ in (core.query_type, core.mutation_type, core.subscription_type):
        if type_ is not None:
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}", field


def _permission(field: Any) -> Permission | None:
    declared = field.extensions["strawberry-definition"].metadata
    if MUTATION in declared:
        return declared[MUTATION].operation.permission
    return declared[PERMISSION] if PERMISSION in declared else declared[KEY].permission


OPEN_TO_ALL = {
    "staff": {"Query.me", "Query.tenant", "Query.explainAccess", "Query.node", "Query.nodes"},
    "portal": {"Query.me", "Query.tenant", "Query.node", "Query.nodes"},
}
"""What every caller of a schema may ask; rows are still the caller's own, and nodes ask for their type's right."""


@pytest.mark.parametrize("audience", SCHEMAS)
def test_every_root_field_names_its_permission(audience: str) -> None:
    nameless = []
    for name, field in _roots(SCHEMAS[audience]):
        permission = _permission(field)
        if permission is None and name not in OPEN_TO_ALL[audience]:
            nameless.append(name)
    assert nameless == []


def test_the_portal_asks_for_portal_rights_and_the_staff_for_staff_rights() -> None:
    for audience, rights in (("portal", PORTAL), ("staff", STAFF)):
        for name, field in _roots(SCHEMAS[audience]):
            permission = _permission(field)
            assert permission is None or permission in rights, name


@pytest.mark.parametrize("audience", SCHEMAS)
def test_everything_in_the_schema_is_described(audience: str) -> None:
    silent = []
    for name, type_ in SCHEMAS[audience]._schema.type_map.items():
        if name.startswith("__"):
            continue
        if not (type_.description or "").strip():
            silent.append(name)
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in type_.fields.items():
                if not (field.description or "").strip():
                    silent.append(f"{name}.{field_name}")
                silent += [
                    f"{name}.{field_name}({a})" for a, arg in getattr(field, "args", {}).items() if not arg.description
                ]
        if isinstance(type_, GraphQLEnumType):
            silent += [f"{name}.{value}" for value, v in type_.values.items() if not v.description]
    assert silent == []


def test_no_field_of_the_portal_shows_a_staff_type() -> None:
    """The two schemas share nothing but what has no data of its own."""
    shared = {
        "Boolean", "Int", "String", "ID", "Query", "Mutation", "Node", "PageInfo", "Date", "DateTime", "Decimal",
        "CurrencyCode", "URL", "EmailAddress", "LanguageCode", "Percent",
    }  # fmt: skip
    staff, portal = (SCHEMAS[name]._schema.type_map for name in ("staff", "portal"))

    def origin(type_: Any) -> Any:
        return getattr(type_.extensions.get("strawberry-definition"), "origin", None)

    both = {
        name
        for name, type_ in portal.items()
        if name in staff and isinstance(type_, GraphQLObjectType) and origin(type_) is origin(staff[name]) is not None
    }
    with_rows = {
        name
        for name in both - shared
        if getattr(origin(portal[name]), "__reads_rows__", None) is not None
        and origin(portal[name]).__reads_rows__.model is not None
    }
    assert with_rows == set()


PYTHON_FIELDS: set[str] = set()
"""Fields that Python completes after the statement; each stands in the decision log."""


@pytest.mark.parametrize("audience", SCHEMAS)
def test_a_field_that_python_makes_is_a_decision(audience: str) -> None:
    found = {
        f"{name}.{field_name}"
        for name, type_ in SCHEMAS[audience]._schema.type_map.items()
        if isinstance(type_, GraphQLObjectType)
        for field_name, field in type_.fields.items()
        if isinstance(getattr(field.extensions.get("strawberry-definition"), "metadata", {}).get(KEY), PythonField)
    }
    assert found == PYTHON_FIELDS
