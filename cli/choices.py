"""What a command is told: its settings, from the environment and from its own options, which win."""

import os
import secrets
from pathlib import Path
from typing import Any

from cli.errors import CommandFailed
from tenancy.settings import PREFIX, Settings, load

HERE = Path(".kontor")
"""The data folder of `make demo`: in a checkout, commands speak to its own demo."""

LOG = "kontor.log"
"""The file in the data folder that a demo logs to, so that its terminal stays readable."""

PEOPLE = "people.json"
"""The file in the data folder that lists the people of the demo."""


def settings_of(data: Path | None = None, **given: Any) -> Settings:
    """The settings of a command; an option that was not given is None and leaves the environment its say.

    Raises InvalidSettings.
    """
    named = {name: value for name, value in given.items() if value is not None}
    return load(**(named | ({} if data is None else {"data_dir": data})))


def settings_of_demo(*, port: int | None, data: Path | None, workers: int | None = None) -> Settings:
    """The settings of a demo. Raises CommandFailed where the environment says that this is production."""
    if os.environ.get(f"{PREFIX}ENVIRONMENT") == "production":
        raise CommandFailed("KONTOR_ENVIRONMENT is production, and a demo is none: unset it for this command.")
    chosen = settings_of(data or _here(), environment="demo", port=port, workers=workers)
    if chosen.log_file is not None:
        return chosen
    return chosen.model_copy(update={"log_file": chosen.data_dir / LOG})


def settings_of_place(data: Path | None = None, **given: Any) -> Settings:
    """The settings of a command about what is there already.

    A data folder with the people of a demo is a demo's, if nothing else is said.
    """
    data = data or _here()
    folder = settings_of(data, environment="development").data_dir
    if not os.environ.get(f"{PREFIX}ENVIRONMENT") and (folder / PEOPLE).exists():
        given["environment"] = "demo"
    return settings_of(data, **given)


def settings_of_tool(data: Path | None = None) -> Settings:
    """The settings of a command that serves nobody: it signs nothing, so it asks for no secret."""
    named = os.environ.get(f"{PREFIX}SESSION_SECRET")
    return settings_of_place(data, session_secret=None if named else secrets.token_urlsafe(48))


def _here() -> Path | None:
    """The demo of the folder that one stands in, unless the environment names another."""
    if os.environ.get(f"{PREFIX}DATA_DIR") or not (HERE / PEOPLE).exists():
        return None
    return HERE
