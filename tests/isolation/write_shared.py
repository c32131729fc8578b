"""Write the sharing exception anew from what A sees: `python -m tests.isolation.write_shared`; then read the diff."""

import asyncio
import json

from tests import _postgres
from tests.isolation import answers, marks, twins
from tests.isolation.answers import Found
from tests.isolation.twins import PORTAL, STAFF


async def main() -> None:
    """Ask everything and keep in which fields something of another tenant was seen; a leak is no exception."""
    async with twins.made() as made:
        fields = {}
        for kind, people in (("staff", STAFF), ("portal", PORTAL)):
            found = Found()
            for who in people:
                given = await made.all_answers(who)
                for one in made.of(who):
                    answers.look(one, given[one.label], made.canaries, found)
            fields[kind] = sorted(found.seen)
    said = {"rows": marks.shared()["rows"], "fields": fields}
    marks.SHARED.write_text(json.dumps(said, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
    _postgres.finish()
