"""Number ranges: the next number of a category, given once, in one atomic step (R-183)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    cast,
    func,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.number_ranges import (
    DELIVERED,
    Component,
    ComponentKind,
    NewNumberRange,
    NumberCategory,
    Shape,
    checked,
    exhausted,
    nearly_exhausted,
    shape,
)
from domain.refusals import AlreadyExists
from persistence.base import OWN, Acted, Base, TenantOwned, Versioned, own, utc_now
from persistence.conflicts import means
from persistence.enumerations import one_of
from persistence.tenants import TenantSettings


class NumberRange(Acted, Versioned, TenantOwned, Base):
    """A rule that makes numbers, and the last one that it made (Nummernkreis, R-181).

    `standard` marks the one range of its category that documents take; partners take the one that the tenant's
    settings name. The counter moves without a new version: versions count what people change.
    """

    __tablename__ = "number_range"
    __table_args__ = (
        CheckConstraint(one_of("category", NumberCategory), name="category"),
        CheckConstraint("first_value between 0 and last_value", name="bounds"),
        CheckConstraint("current_value between first_value - 1 and last_value", name="current_value"),
        UniqueConstraint("tenant_id", "code"),
        Index(
            "uq_number_range_standard",
            "tenant_id",
            "category",
            unique=True,
            postgresql_where=text("standard"),
        ),
    )
    __guard__ = own(
        "select",
        "insert",
        "update",
        portal=("select", "update(current_value, last_number, updated_at)"),
        portal_sees=OWN,
    )

    code: Mapped[str] = mapped_column(Text(collation="C"))
    description: Mapped[str]
    category: Mapped[str]
    standard: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    first_value: Mapped[int]
    last_value: Mapped[int]
    current_value: Mapped[int]
    last_number: Mapped[str | None]


class NumberRangeComponent(TenantOwned, Base):
    """One part of the numbers of a range."""

    __tablename__ = "number_range_component"
    __table_args__ = (
        CheckConstraint(one_of("kind", ComponentKind), name="kind"),
        UniqueConstraint("tenant_id", "number_range_id", "position"),
        ForeignKeyConstraint(
            ["tenant_id", "number_range_id"], ["number_range.tenant_id", "number_range.id"], ondelete="RESTRICT"
        ),
    )
    __guard__ = own("select", "insert", "delete", portal=("select",), portal_sees=OWN)

    number_range_id: Mapped[UUID]
    position: Mapped[int]
    kind: Mapped[str]
    format: Mapped[str]


means(
    "uq_number_range_tenant_id_code",
    lambda: AlreadyExists("There is a number range with this code already.", path=("code",)),
)


@dataclass(frozen=True)
class GivenNumber:
    """A number that was given, and whether the range is near its end (R-186)."""

    number: str
    nearly_exhausted: bool


Free = Callable[[str], Awaitable[bool]]


async def deliver(session: AsyncSession) -> None:
    """Give a new tenant its ranges, and let partners take theirs."""
    for new in DELIVERED:
        row = create(session, checked(new), standard=False)
        await session.flush()
        put_components(session, row.id, new.components)
        await make_standard(session, row)


def create(session: AsyncSession, new: NewNumberRange, *, standard: bool) -> NumberRange:
    """Keep a new range whose values are checked, without its parts."""
    assert new.last is not None  # noqa: S101 - `domain.number_ranges.checked` filled it in
    row = NumberRange(
        code=new.code,
        description=new.description,
        category=new.category,
        standard=standard,
        first_value=new.first,
        last_value=new.last,
        current_value=new.first - 1,
    )
    session.add(row)
    return row


def put_components(session: AsyncSession, number_range_id: UUID, components: Sequence[Component]) -> None:
    """Keep the parts of a range."""
    session.add_all(
        NumberRangeComponent(number_range_id=number_range_id, position=position, kind=part.kind, format=part.format)
        for position, part in enumerate(components)
    )


async def replace_components(session: AsyncSession, number_range_id: UUID, components: Sequence[Component]) -> None:
    """Let these be the parts of a range."""
    rows = await session.scalars(
        select(NumberRangeComponent).where(NumberRangeComponent.number_range_id == number_range_id)
    )
    for row in rows:
        await session.delete(row)
    await session.flush()
    put_components(session, number_range_id, components)


async def make_standard(session: AsyncSession, row: NumberRange) -> None:
    """Let its category take numbers from this range from now on."""
    if row.category == NumberCategory.PARTNER:
        settings = (await session.scalars(select(TenantSettings).where(_own_settings(session)))).one()
        settings.customer_number_range_id = row.id
        return
    before = await session.scalars(
        select(NumberRange).where(NumberRange.category == row.category, NumberRange.standard)
    )
    for other in before:
        other.standard = False
    await session.flush()
    row.standard = True


def touched(row: NumberRange) -> None:
    """Count the range's version up, because its parts changed."""
    row.updated_at = utc_now()


async def components_of(session: AsyncSession, number_range_id: UUID) -> list[Component]:
    """The parts of a range in their order."""
    rows = await session.execute(
        select(NumberRangeComponent.kind, NumberRangeComponent.format)
        .where(NumberRangeComponent.number_range_id == number_range_id)
        .order_by(NumberRangeComponent.position)
    )
    return [Component(ComponentKind(row.kind), row.format) for row in rows]


async def next_number(
    session: AsyncSession,
    category: NumberCategory | str,
    *,
    on: date | None = None,
    parameters: Mapping[str, str] | None = None,
) -> str:
    """The next number of the category; take it last, it holds the range until the transaction ends.

    `on` is the day that date parts show, today (UTC) when nothing is said.

    Raises:
        NumberRangeExhausted: no number is left (R-186).
        LookupError: the tenant has no range of this category, which is a defect.
    """
    range_id = await _standard(session, NumberCategory(category))
    if range_id is None:
        raise LookupError(f"the tenant has no number range for {category}")
    return (await give(session, range_id, on=on or utc_now().date(), parameters=parameters or {})).number


async def range_for_partners(session: AsyncSession) -> UUID | None:
    """The range that new partners take their number from; None: they need one of their own (R-146, E32)."""
    return await session.scalar(select(TenantSettings.customer_number_range_id).where(_own_settings(session)))


async def give(
    session: AsyncSession,
    number_range_id: UUID,
    *,
    on: date,
    parameters: Mapping[str, str],
    free: Free | None = None,
) -> GivenNumber:
    """The next number of a range that is free; taken ones are passed for good (R-184).

    Raises:
        NumberRangeExhausted: the counter is at its end (R-186).
    """
    parts = shape(await components_of(session, number_range_id), on, parameters)
    while True:
        given = await _count_up(session, number_range_id, parts)
        if free is None or await free(given.number):
            return given


async def _count_up(session: AsyncSession, number_range_id: UUID, parts: Shape) -> GivenNumber:
    following = NumberRange.current_value + 1
    digits = cast(following, Text)
    padded = func.lpad(digits, func.greatest(parts.width, func.length(digits)), "0")
    row = (
        await session.execute(
            update(NumberRange)
            .where(
                NumberRange.tenant_id == session.info["tenant_id"],
                NumberRange.id == number_range_id,
                NumberRange.current_value < NumberRange.last_value,
            )
            .values(current_value=following, last_number=func.concat(parts.prefix, padded, parts.suffix))
            .returning(
                NumberRange.last_number, NumberRange.current_value, NumberRange.first_value, NumberRange.last_value
            )
            .execution_options(synchronize_session=False)
        )
    ).one_or_none()
    if row is None:
        raise exhausted(await _code_of(session, number_range_id))
    return GivenNumber(str(row.last_number), nearly_exhausted(row.current_value, row.first_value, row.last_value))


async def _code_of(session: AsyncSession, number_range_id: UUID) -> str:
    return await session.scalar(select(NumberRange.code).where(NumberRange.id == number_range_id)) or ""


async def _standard(session: AsyncSession, category: NumberCategory) -> UUID | None:
    if category == NumberCategory.PARTNER:
        return await range_for_partners(session)
    return await session.scalar(select(NumberRange.id).where(NumberRange.category == category, NumberRange.standard))


def _own_settings(session: AsyncSession) -> ColumnElement[bool]:
    found: ColumnElement[bool] = TenantSettings.tenant_id == session.info["tenant_id"]
    return found
