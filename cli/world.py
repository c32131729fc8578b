"""The demo world in a database: whole, or not at all.

A note on the database says how far it is. A load that was killed is begun again from empty tables; a database
with tenants of somebody else is left alone.
"""

from cli import output
from cli.errors import CommandFailed
from cli.installation import Installation, house, migrate, wait_for
from migrations import run
from persistence import installation as database
from web.demo import write_down

LOADING = "Kontor: a demo world is being loaded"
WHOLE = "Kontor: a demo world"


def prepare(at: Installation, *, small: bool) -> None:
    """Bring the tables to the newest revision, and the demo world into them when it is not there.

    Raises:
        CommandFailed: the database is not the demo's to fill.
    """
    if migrate(at):
        output.say("The tables are up to date.")
    said = database.note(at.urls.app)
    if said == WHOLE:
        _refuse_without_people(at)
        return
    if said == LOADING:
        output.say("The demo world was not finished; beginning again.")
        _empty(at)
    elif database.tenants(at.urls.for_migrations()):
        raise CommandFailed("The database holds tenants that are not a demo's: give the demo a database of its own.")
    _load(at, small=small)


def is_demo(at: Installation) -> bool:
    """Whether the database is a demo's, finished or not."""
    return database.note(at.urls.app) in (LOADING, WHOLE)


def remove(at: Installation) -> None:
    """Take the demo world away, and every trace that it was there."""
    database.write_note(at.urls.for_migrations(), LOADING)  # until it is gone, it is not whole
    _empty(at)
    database.write_note(at.urls.for_migrations(), "")


def _empty(at: Installation) -> None:
    """Take all rows away by building the tables anew."""
    run.downgrade(at.urls.for_migrations(), "base")
    run.upgrade(at.urls.for_migrations())


def _load(at: Installation, *, small: bool) -> None:
    database.write_note(at.urls.for_migrations(), LOADING)
    with output.progress() as tell:
        wait_for(_loaded(at, tell, small=small))
    database.write_note(at.urls.for_migrations(), WHOLE)


async def _loaded(at: Installation, tell: output.Tell, *, small: bool) -> None:
    from cli import demo_world  # noqa: PLC0415  # the next start needs none of it

    async with house(at) as inside:
        people = await demo_world.load(inside, small=small, progress=tell)
    write_down(at.settings.data_dir, people)


def _refuse_without_people(at: Installation) -> None:
    if not at.people_file.exists():
        raise CommandFailed(
            f"The database holds a demo world, but {at.people_file} with its people is missing: "
            f"use the data folder it was made with, or `kontor reset` and begin again."
        )
