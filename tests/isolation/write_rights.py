"""Write what permissions open and scopes reach anew: `python -m tests.isolation.write_rights`; then read the diff."""

import asyncio

from tests import _postgres
from tests.isolation import rights, twins


async def main() -> None:
    """Measure both and keep them."""
    async with twins.made() as made:
        rights.keep(rights.FILE, await rights.rights(made))
        rights.keep(rights.REACH, await rights.reach(made))


if __name__ == "__main__":
    asyncio.run(main())
    _postgres.finish()
