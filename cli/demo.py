"""`kontor demo`: everything at once, for whoever wants to see Kontor without setting anything up."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from cli import output, serving, world
from cli.choices import settings_of_demo
from cli.holding import held
from cli.installation import Installation, installation, wait_for
from cli.issuing import issuer_of
from web.demo import WrittenPeople
from web.issuer.people import DemoPerson

STOPPED = 128 + signal.SIGTERM


def demo(*, port: int | None, data: Path | None, small: bool, workers: int | None) -> None:
    """Set up what is missing, serve, and print one line `ready http://…` when it answers.

    Raises CommandFailed, CannotServe, InvalidSettings, EmbeddedServerError or IssuerRefused, a sentence each.
    """
    stop_in_order()
    settings = settings_of_demo(port=port, data=data, workers=workers)
    issuer_of(settings)  # which refuses an address that others can reach
    serving.refuse_taken(settings)
    with held(settings.data_dir, settings.public_url), installation(settings) as at:
        world.prepare(at, small=small)
        serving.serve(at, lambda url: tell_ready(at, url))


def stop_in_order() -> None:
    """Let SIGTERM end the command like an exception, so that what it started is stopped on the way out."""

    def end(_: int, __: FrameType | None) -> None:
        sys.exit(STOPPED)

    signal.signal(signal.SIGTERM, end)


def tell_ready(at: Installation, url: str) -> None:
    """Say where everything is and as whom to sign in; programs wait for the line on stdout."""
    people = wait_for(WrittenPeople(at.settings.data_dir).all())
    output.to_people(
        output.table("Addresses", ("what", "where"), [*addresses(url), ("Log", str(at.settings.log_file))])
    )
    output.to_people(output.table("People (no passwords: choose one on the sign-in page)", COLUMNS, _lines(people)))
    output.say(f"A token for curl: kontor token --person {people[0].email} --data {at.settings.data_dir}")
    output.result(f"ready {url}")


COLUMNS = ("e-mail", "name", "tenant", "role")


def addresses(url: str) -> list[tuple[str, str]]:
    """What can be opened."""
    return [
        ("Start page", f"{url}/"),
        ("Playground", f"{url}/playground"),
        ("GraphQL for staff", f"{url}/graphql"),
        ("GraphQL for the portal", f"{url}/portal/graphql"),
        ("Schema files", f"{url}/schema.graphql, {url}/portal/schema.graphql"),
        ("Health", f"{url}/health/ready"),
    ]


def _lines(people: Sequence[DemoPerson]) -> list[tuple[str, ...]]:
    return [(person.email, person.name, person.tenant_name, person.role) for person in people]
