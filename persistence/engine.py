"""The one door to PostgreSQL for operations: a transaction that is bound to one caller's context."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from psycopg import AsyncRawCursor
from sqlalchemy import event, inspect, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from persistence import freshness
from persistence.base import Base, InTenant, Joint, Rights
from persistence.joint import JointColumnOutsideTheDoor
from persistence.tenants import TenantRights
from persistence.trips import Row, Statement, driver, together

DatabaseRole = Literal["app", "portal"]

SETTINGS = ("tenant_id", "company_id", "partner_id", "membership_id", "subject")
"""The context that policies read, in the order in which every statement binds it."""

BIND = """
select set_config('app.tenant_id', %(tenant_id)s, true), set_config('app.company_id', %(company_id)s, true),
       set_config('app.partner_id', %(partner_id)s, true), set_config('app.membership_id', %(membership_id)s, true),
       set_config('app.subject', %(subject)s, true)
"""
BIND_READ_ONLY = BIND + ", set_config('transaction_read_only', 'on', true)"


@dataclass(frozen=True)
class Context:
    """For whom a transaction runs; every field may be empty, and what is empty opens nothing."""

    tenant_id: UUID | None = None
    company_id: UUID | None = None
    partner_id: UUID | None = None
    membership_id: UUID | None = None
    subject: str | None = None
    actor_kind: str = "SYSTEM"
    role: DatabaseRole = "app"

    def settings(self) -> dict[str, str]:
        """The values that are bound, empty where the context has none."""
        return {name: str(getattr(self, name) or "") for name in SETTINGS}

    def bound(self, *, read_only: bool) -> Statement:
        """What binds a transaction to this context."""
        return Statement(BIND_READ_ONLY if read_only else BIND, self.settings())


class Database:
    """The pools of the application's two roles."""

    def __init__(
        self,
        urls: Mapping[DatabaseRole, str],
        *,
        pool_size: int = 10,
        wait_seconds: float = 2.0,
        prepared_statements: bool = True,
    ) -> None:
        connect: dict[str, Any] = {"application_name": "kontor"}
        if not prepared_statements:
            connect["prepare_threshold"] = None
        self._engines = {
            role: create_async_engine(
                url,
                pool_size=pool_size,
                max_overflow=0,
                pool_timeout=wait_seconds,
                hide_parameters=True,  # an error of a statement is logged; what was written in it is not
                connect_args=connect,
            )
            for role, url in urls.items()
        }
        for engine in self._engines.values():
            freshness.watch(engine)
        self._sessions = {
            role: async_sessionmaker(engine, expire_on_commit=False, sync_session_class=BoundSession)
            for role, engine in self._engines.items()
        }

    @asynccontextmanager
    async def transaction(self, context: Context, *, read_only: bool = False) -> AsyncIterator[AsyncSession]:
        """One transaction in which row security sees exactly this context; it never commits by itself."""
        async with self.opened(context, read_only=read_only) as (session, _):
            yield session

    @asynccontextmanager
    async def opened(
        self, context: Context, *first: Statement, read_only: bool = False
    ) -> AsyncIterator[tuple[AsyncSession, list[Row | None]]]:
        """The same, with the answers to what is asked first: in the round trip that binds, right behind it."""
        info = {
            "tenant_id": context.tenant_id,
            "actor_id": context.membership_id,
            "actor_kind": context.actor_kind,
            "wall": None if context.tenant_id is None else _wall(context.tenant_id),
        }
        async with self._sessions[context.role](info=info) as session:
            try:
                _, *answers = await together(session, [context.bound(read_only=read_only), *first])
                yield session, answers
            except asyncio.CancelledError:
                # who knows what is still on the way; what was one caller's must never be another's
                await session.invalidate()
                raise

    async def close(self) -> None:
        """Close all connections."""
        for engine in self._engines.values():
            await engine.dispose()


class BoundSession(Session):
    """A session whose queries name the tenant beside row security: the second wall, and the right index."""


@event.listens_for(BoundSession, "do_orm_execute")
def _name_the_tenant(state: ORMExecuteState) -> None:
    if state.session.info.get("wall") is None or not state.is_select or state.execution_options.get("across_tenants"):
        return
    state.statement = state.statement.options(state.session.info["wall"])


def _wall(tenant_id: UUID) -> ExecutableOption:
    """What names the tenant in every query of a session; made once for each, since making it is dear."""
    return with_loader_criteria(InTenant, lambda row: row.tenant_id == tenant_id, include_aliases=True)


OnFlush = Callable[[list[Base], list[Base], list[Base]], None]


def watch_changes(session: AsyncSession, collect: OnFlush) -> None:
    """Hand the rows of every flush to `collect`: new, changed, deleted."""

    def before_flush(flushed: Session, *_: object) -> None:
        collect(
            list(flushed.new),
            [row for row in flushed.dirty if flushed.is_modified(row)],
            list(flushed.deleted),
        )

    event.listen(session.sync_session, "before_flush", before_flush)


@event.listens_for(BoundSession, "before_flush")
def _keep_the_joint_door(session: Session, *_: object) -> None:
    """Only a joint operation may set what another tenant reads by (two-tenants, "One door in the code")."""
    if session.info.get("joint"):
        return
    for row in (*session.new, *session.dirty):
        if isinstance(row, Joint):
            for column in Joint.READER_COLUMNS & set(inspect(row).mapper.column_attrs.keys()):
                history = inspect(row).attrs[column].history
                if any(value not in (None, []) for value in (*(history.added or ()), *(history.deleted or ()))):
                    raise JointColumnOutsideTheDoor(f"{type(row).__name__}.{column}")


@event.listens_for(BoundSession, "before_flush")
def _count_the_rights_up(session: Session, *_: object) -> None:
    """A changed right makes every cached right of the tenant old, from the next request on."""
    rows = (*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row)))
    if session.info.get("rights_counted") or not any(isinstance(row, Rights) for row in rows):
        return
    session.info["rights_counted"] = True
    session.execute(
        update(TenantRights)
        .where(TenantRights.tenant_id == session.info["tenant_id"])
        .values(version=TenantRights.version + 1)
        .execution_options(synchronize_session=False)
    )


async def one_text(session: AsyncSession, sql: bytes, parameters: Sequence[bytes | None]) -> bytes | None:
    """Run a compiled statement inside the session's transaction; the text of its first row's first column."""
    async with AsyncRawCursor(await driver(session)) as cursor:
        await cursor.execute(sql, [None if value is None else value.decode() for value in parameters])
        row = await cursor.fetchone()
    return None if row is None or row[0] is None else str(row[0]).encode()
