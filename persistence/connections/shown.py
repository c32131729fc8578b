"""What can be asked of connections within a statement: status, parties, and whether one is active."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from domain.connections import ConnectionStatus, Party
from persistence.connections.rows import Connection, ConnectionAnswer


def status(row: Any, _: object) -> ColumnElement[str]:
    """`domain.connections.status` in SQL, over a row of the source's half."""
    answer = aliased(ConnectionAnswer)
    answered = (
        select(
            case(
                (~answer.accepted, ConnectionStatus.DECLINED.value),
                (
                    or_(row.blocked_at.is_not(None), answer.blocked_at.is_not(None)),
                    ConnectionStatus.BLOCKED.value,
                ),
                else_=ConnectionStatus.ACTIVE.value,
            )
        )
        .where(_answers(answer, row))
        .scalar_subquery()
    )
    return case(
        (~row.invited, ConnectionStatus.WITHDRAWN.value),
        else_=func.coalesce(answered, ConnectionStatus.INVITED.value),
    )


def has_status(row: Any, context: object, value: Any) -> ColumnElement[bool]:
    """Whether a connection stands where the filter says."""
    same: ColumnElement[bool] = status(row, context) == value
    return same


def version(row: Any, _: object) -> ColumnElement[int]:
    """`Halves.version` in SQL, over a row of the source's half."""
    answered = of_answer("version")(row, None)
    counted: ColumnElement[int] = row.version + func.coalesce(answered, 0)
    return counted


def i_am(row: Any, context: Any) -> ColumnElement[str]:
    """Which end of the connection the caller's tenant is."""
    return case((row.source_tenant_id == context.tenant_id, Party.SOURCE.value), else_=Party.TARGET.value)


def same_company(row: Any, _: object) -> ColumnElement[bool]:
    """Whether both tenants are of one contracting company; null until the target answered."""
    same: ColumnElement[bool] = row.source_company_id == of_answer("target_company_id")(row, None)
    return same


def blocked_since(row: Any, _: object) -> ColumnElement[datetime]:
    """When the first of the standing blocks was set; null without one."""
    return func.least(row.blocked_at, of_answer("blocked_at")(row, None))


def blocked_by(row: Any, context: object) -> ColumnElement[UUID]:
    """Which tenant set the first of the standing blocks; null without one."""
    since = blocked_since(row, context)
    return case((row.blocked_at == since, row.source_tenant_id), (since.is_not(None), row.target_tenant_id))


def active(source_tenant_id: Any, connection_id: Any) -> ColumnElement[bool]:
    """Whether the connection with this key is ACTIVE, as a condition on a row that names it."""
    half, answer = aliased(Connection), aliased(ConnectionAnswer)
    return exists().where(half.source_tenant_id == source_tenant_id, half.id == connection_id, *_active(half, answer))


def active_between(source_tenant_id: Any, target_tenant_id: Any) -> ColumnElement[bool]:
    """Whether there is an ACTIVE connection of this direction between two tenants."""
    half, answer = aliased(Connection), aliased(ConnectionAnswer)
    return exists().where(
        half.source_tenant_id == source_tenant_id,
        half.target_tenant_id == target_tenant_id,
        *_active(half, answer),
    )


def from_sources(column: Any, tenant_id: Any) -> ColumnElement[bool]:
    """That a column names a tenant that has a connection to this one: it makes a feed use its index."""
    half = aliased(Connection)
    sources = select(half.source_tenant_id).where(half.target_tenant_id == tenant_id)
    named: ColumnElement[bool] = column == any_(func.array(sources.scalar_subquery()))
    return named


def of_answer(name: str) -> Any:
    """A column of the target's half as an expression over a row of the source's half; null while unanswered."""

    def expression(row: Any, _: object) -> ColumnElement[Any]:
        answer = aliased(ConnectionAnswer)
        return select(getattr(answer, name)).where(_answers(answer, row)).scalar_subquery()

    return expression


def _active(half: Any, answer: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        half.invited,
        half.blocked_at.is_(None),
        _answers(answer, half),
        answer.accepted,
        answer.blocked_at.is_(None),
    )


def _answers(answer: Any, row: Any) -> ColumnElement[bool]:
    return and_(answer.source_tenant_id == row.source_tenant_id, answer.connection_id == row.id)
