"""The demo world: a publishing group with two years of business, made by the product's own operations."""

from collections.abc import Callable, Sequence

from cli.demo_world.building import build
from cli.installation import House
from web.issuer.people import DemoPerson


async def load(house: House, *, small: bool, progress: Callable[[float, str], None]) -> Sequence[DemoPerson]:
    """Make the demo world in an empty database and return whom one can sign in as, administrators first.

    The same seed makes the same world, dated back from the day of the callers' clock; only the ids differ. What
    the examples of the playground need to know of it stands in the data folder afterwards. A load that is
    killed leaves half a world: whoever calls begins again with an empty database.
    """
    return await build(house, small=small, tell=progress)
