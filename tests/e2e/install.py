"""Finds PgBouncer, and installs Debian's package when it is missing and may be.

`make test` calls this file before the tests. It never fails: without PgBouncer it says so in one line, and the
test that needs it is left out with the same line.
"""

import os
import shutil
import sys

from tests.debian import install

PACKAGE = "pgbouncer"
PLACES = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"
MISSING = (
    "The main job through a pooler is left out: there is no PgBouncer. "
    f"Install it with `sudo apt-get install {PACKAGE}`."
)


def pgbouncer() -> str | None:
    """The path of the program, or None."""
    return shutil.which(PACKAGE, path=PLACES)


def main() -> None:
    """Say what is missing, after having tried to install it."""
    if pgbouncer() is None and not (install(PACKAGE) and pgbouncer()):
        sys.stdout.write(f"{MISSING}\n")


if __name__ == "__main__":
    main()
