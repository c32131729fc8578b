"""What all documents of a sale have in common: who sees them, and between which two tenants they stand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, any_, false, select
from sqlalchemy.ext.asyncio import AsyncSession

from persistence import visibility
from persistence.visibility import CallerLike, Onlooker, Sight


class Shared(Protocol):
    """A row of the selling tenant that the source of what was sold may read."""

    @property
    def tenant_id(self) -> UUID:
        """The tenant that sold."""

    @property
    def source_tenant_id(self) -> UUID | None:
        """The tenant whose offer it was; none for an own one."""

    @property
    def connection_id(self) -> UUID | None:
        """The connection over which it was sold."""


class Document(Protocol):
    """A row of a sale that stands at an organization."""

    @property
    def id(self) -> UUID:
        """The document."""

    @property
    def organization_id(self) -> UUID:
        """The organization that sold."""

    @property
    def partner_id(self) -> UUID:
        """The customer."""


@dataclass(frozen=True)
class Between:
    """The two tenants of a sale, and their connection."""

    source_tenant_id: UUID
    target_tenant_id: UUID
    connection_id: UUID


def between(row: Shared) -> Between | None:
    """The pair of tenants that a row stands between; None where it is nobody else's."""
    if row.source_tenant_id is None or row.connection_id is None:
        return None
    return Between(row.source_tenant_id, row.tenant_id, row.connection_id)


def visible(permission: str) -> Callable[[Any, Sight], ColumnElement[bool] | None]:
    """The documents that a permission shows: of the organizations it reaches, or of the caller's own customers.

    For rows with `organization_id` and `partner_id`; None where everything is seen.
    """

    def scope(row: Any, sight: Sight) -> ColumnElement[bool] | None:
        reach = sight.scope(permission)
        if reach is None:
            return false()
        if reach.name == "TENANT":
            return None
        if reach.name == "OWN_CUSTOMERS":
            return visibility.customers_by(row.tenant_id, row.partner_id, sight)
        found: ColumnElement[bool] = row.organization_id == any_(sight.seen(permission))
        return found

    return scope


def own(row: Any, sight: Any) -> ColumnElement[bool]:
    """The rows of the customer who looks, in the portal; row security knows no others."""
    mine: ColumnElement[bool] = row.partner_id == sight.partner_id
    return mine


def myself(_parent: object, partner: Any, sight: Any, _args: object) -> ColumnElement[bool]:
    """The partner who looks, in the portal."""
    mine: ColumnElement[bool] = partner.id == sight.partner_id
    return mine


def tenant_wide(permission: str) -> Callable[[Any, Sight], ColumnElement[bool] | None]:
    """Rows of no organization: whose permission reaches over the whole tenant sees them, nobody else."""

    def scope(_: Any, sight: Sight) -> ColumnElement[bool] | None:
        reach = sight.scope(permission)
        return None if reach is not None and reach.name == "TENANT" else false()

    return scope


async def sees(session: AsyncSession, caller: CallerLike, document: Document, permission: str) -> bool:
    """Whether the permission shows the caller a document of the own tenant."""
    model: Any = type(document)
    seen = visible(permission)(model, Onlooker(caller))
    found = await session.scalar(select(model.id).where(model.id == document.id, *(() if seen is None else (seen,))))
    return found is not None
