"""`kontor serve`, `worker`, `stop` and `reset`: what runs on a data folder, and its end."""

import os
import shutil
import signal
import time
from contextlib import nullcontext
from pathlib import Path

from cli import output, serving, world
from cli.choices import LOG, PEOPLE, settings_of, settings_of_tool
from cli.demo import stop_in_order
from cli.errors import CommandFailed
from cli.holding import Holder, held, holder
from cli.installation import Installation, installation, migrate
from cli.processes import job_worker
from persistence import embedded
from tenancy.settings import Settings

STOP_SECONDS = 90.0
OURS = (PEOPLE, LOG, "examples.json", "issuer-key.json", "issuer-codes", "session-secret", "sessions.sqlite")
"""What the demo keeps in its data folder beside the database."""


def serve(*, port: int | None, data: Path | None, workers: int | None) -> None:
    """Serve what is set up; an embedded database is brought to the newest revision, an own one must be there."""
    stop_in_order()
    settings = settings_of(data, port=port, workers=workers)
    serving.refuse_taken(settings)
    alone = held(settings.data_dir, settings.public_url) if settings.embedded else nullcontext()
    with alone, installation(settings) as at:
        if settings.embedded:
            migrate(at)
        serving.serve(at, lambda url: output.result(f"ready {url}"))


def work(*, data: Path | None) -> None:
    """Take jobs until SIGTERM."""
    with installation(settings_of_tool(data)) as at:
        job_worker(at.settings, at.urls, with_parent=False)


def stop(*, data: Path | None) -> None:
    """End what serves from the data folder, and its database. Raises CommandFailed when it does not end."""
    folder = settings_of_tool(data).data_dir
    who = holder(folder)
    if who is not None:
        _end(who, folder)
    embedded.stop_if_unused(folder)
    output.say(f"Stopped {who.url}." if who else f"Nothing runs on {folder}.")


def reset(*, data: Path | None, yes: bool) -> None:
    """Remove a demo with all its data; other data only when `yes` says so. Raises CommandFailed."""
    settings = settings_of_tool(data)
    who = holder(settings.data_dir)
    if who is not None:
        raise CommandFailed(f"Kontor runs at {who.url}: stop it first with `kontor stop --data {settings.data_dir}`.")
    if settings.embedded:
        _remove_embedded(settings, sure=yes)
    else:
        with installation(settings) as at:
            _empty(at)
    for name in OURS:
        _remove(settings.data_dir / name)
    output.say(f"{settings.data_dir} is empty again.")


def _end(who: Holder, folder: Path) -> None:
    os.kill(who.pid, signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS
    while holder(folder) == who:
        if time.monotonic() > until:
            raise CommandFailed(f"Process {who.pid} does not end; its log says what it waits for.")
        time.sleep(0.1)


def _remove_embedded(settings: Settings, *, sure: bool) -> None:
    if not (sure or (settings.data_dir / PEOPLE).exists()):
        raise CommandFailed(f"{settings.data_dir} is not a finished demo's: add --yes to remove its database for good.")
    embedded.destroy(settings.data_dir)


def _empty(at: Installation) -> None:
    if not world.is_demo(at):
        raise CommandFailed("The database is not a demo's; whatever is in it stays.")
    world.remove(at)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
