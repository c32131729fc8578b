"""What the engine of the stories lets out."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.people import House


async def test_an_error_of_a_statement_does_not_tell_what_was_in_it(house: House) -> None:
    home = await house.found()
    async with house.database.transaction(home.admin.context()) as session:
        with pytest.raises(DBAPIError) as failed:
            await session.execute(text("select 1 from partner where name_key = :who and 1 / 0 = 1"), {"who": "CANARY"})
    assert "CANARY" not in str(failed.value)
