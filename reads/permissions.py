"""Who may see a field: its own permission and that of the rows behind it, decided while compiling."""

from typing import Any

from reads.build import Build
from reads.catalogue import Catalogue, Field
from reads.errors import FORBIDDEN
from reads.specs import ByKey, Either, Page, Value
from tenancy.permissions import Permission


def needed(catalogue: Catalogue, type_: Any, field: Field) -> tuple[Permission, ...]:
    """The permissions without any of which a field is null with an error.

    Whoever sees a row has its type's permission, so that one is not asked again below it; and of a payload the
    mutation's permission has decided that its caller may see what became of it.
    """
    own = () if field.source is None or field.source.permission is None else (field.source.permission,)
    if isinstance(field.source, ByKey | Value | Either) or type_.name in catalogue.payloads:
        return own
    target = catalogue.node_type(field.target) if isinstance(field.source, Page) else field.target
    rows = catalogue.rows(target)
    held = catalogue.rows(type_)
    if rows is None or rows.permission is None or (held is not None and held.permission == rows.permission):
        return own
    return (*own, rows.permission)


def refusal(build: Build, type_: Any, field: Field) -> str | None:
    """What stands in the field's place when the caller lacks a permission for it, else None."""
    for permission in needed(build.catalogue, type_, field):
        if build.facts.scope(permission) is None:
            return forbidden(build, permission)
    return None


def forbidden(build: Build, permission: Permission) -> str:
    """The error of a missing permission."""
    return build.refuse(FORBIDDEN, f"This needs the permission {permission}.")


def may_see(build: Build, type_: Any) -> bool:
    """Whether the caller may see any row of a type."""
    rows = build.catalogue.rows(type_)
    return rows is None or rows.permission is None or build.facts.scope(rows.permission) is not None


def of_rows(build: Build, type_: Any) -> Permission:
    """The permission that a type's rows need."""
    permission = build.catalogue.rows_of(type_).permission
    if permission is None:
        message = f"{type_} needs no permission"
        raise LookupError(message)
    return permission
