"""Many new partners at once: their numbers are taken together, their rows written together."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.number_ranges import exhausted, shape
from domain.partners import Address, Communication, number_key
from persistence.number_ranges import NumberRange, components_of
from persistence.partners import Partner, PartnerAddress, PartnerCommunication


async def taken(session: AsyncSession, numbers: Sequence[str]) -> set[str]:
    """Those of the numbers that a partner has or had (R-171)."""
    keys = {number_key(number): number for number in numbers}
    found = await session.scalars(select(Partner.number_key).where(Partner.number_key.in_(keys)))
    return {keys[key] for key in found}


async def next_numbers(
    session: AsyncSession, number_range_id: UUID, parameters: Sequence[Mapping[str, str]], on: date
) -> list[str]:
    """The next free numbers of a range, one for each set of parameters; taken ones are passed for good (R-184).

    The range stays locked until the transaction ends.

    Raises:
        NumberRangeExhausted: not enough are left (R-186).
    """
    parts = await components_of(session, number_range_id)
    shapes = [shape(parts, on, each) for each in parameters]
    row = (
        await session.execute(
            select(NumberRange.code, NumberRange.current_value, NumberRange.last_value)
            .where(NumberRange.id == number_range_id)
            .with_for_update()
        )
    ).one()
    value, numbers = row.current_value, list[str]()
    while missing := len(shapes) - len(numbers):
        if value + missing > row.last_value:
            raise exhausted(row.code)
        wanted = [each.number(value + place) for place, each in enumerate(shapes[len(numbers) :], start=1)]
        used = await taken(session, wanted)
        free = next((place for place, number in enumerate(wanted) if number in used), missing)
        numbers += wanted[:free]
        value += free + (free < missing)
    await session.execute(
        update(NumberRange)
        .where(NumberRange.tenant_id == session.info["tenant_id"], NumberRange.id == number_range_id)
        .values(current_value=value, last_number=numbers[-1])
        .execution_options(synchronize_session=False)
    )
    return numbers


def put_lists(
    session: AsyncSession,
    partner_id: UUID,
    addresses: Sequence[tuple[Address, str]],
    communication: Sequence[tuple[Communication, str]],
) -> None:
    """Keep the addresses and connections of a new partner, each with the key it is found by."""
    session.add_all(
        PartnerAddress(partner_id=partner_id, position=position, city_key=key, **vars(address))
        for position, (address, key) in enumerate(addresses)
    )
    session.add_all(
        PartnerCommunication(partner_id=partner_id, position=position, value_key=key, **vars(connection))
        for position, (connection, key) in enumerate(communication)
    )
