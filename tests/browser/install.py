"""Finds the Chromium that the browser tests use, and installs Debian's package when it is missing and may be.

`make test` calls this file before the tests. It never fails: without a Chromium it says so in one line, and
the browser tests are left out with the same line.
"""

import os
import shutil
import sys

from tests.debian import install

PACKAGE = "chromium"
NAMES = ("chromium", "chromium-browser")
MISSING = (
    "The browser tests are left out: there is no Chromium. "
    f"Install it with `sudo apt-get install {PACKAGE}`, or name one in KONTOR_CHROMIUM."
)


def chromium() -> str | None:
    """The path of the browser to use, or None."""
    named = os.environ.get("KONTOR_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def main() -> None:
    """Say what is missing, after having tried to install it."""
    if chromium() is None and not ("KONTOR_CHROMIUM" not in os.environ and install(PACKAGE) and chromium()):
        sys.stdout.write(f"{MISSING}\n")


if __name__ == "__main__":
    main()
