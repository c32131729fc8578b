"""Keeping rows in step with a wanted list: one row a language, exactly one of them preferred."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

R = TypeVar("R", bound=Any)


async def keep(
    session: AsyncSession,
    standing: Sequence[R],
    wanted: Mapping[str, Mapping[str, Any]],
    new: Callable[[str], R],
) -> None:
    """Make the standing rows say what is wanted, by language; `new` makes the row of a language.

    What goes, goes first, and so does the old preference: the keys allow one row a language and one preferred.
    """
    rows: dict[str, R] = {row.language: row for row in standing}
    for language, row in rows.items():
        if language not in wanted:
            await session.delete(row)
        elif not wanted[language]["preferred"]:
            row.preferred = False
    await session.flush()
    for language, values in wanted.items():
        row = rows.get(language) or new(language)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
    await session.flush()
