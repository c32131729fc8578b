"""Finds PgBouncer, and installs Debian's package when it is missing and may be.

`make test` calls this file before the tests. It never fails: without PgBouncer it says so in one line, and the
test that needs it is left out with the same line.
"""

import os
import shutil
import subprocess
import sys

PACKAGE = "pgbouncer"
PLACES = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"
MISSING = (
    "The main job through a pooler is left out: there is no PgBouncer. "
    f"Install it with `sudo apt-get install {PACKAGE}`."
)


def pgbouncer() -> str | None:
    """The path of the program, or None."""
    return shutil.which(PACKAGE, path=PLACES)


def install() -> bool:
    """Install Debian's package; False where that is not possible or not allowed."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", PACKAGE])
    return all(
        subprocess.run([apt, *step], check=False, env=environment, stdout=subprocess.DEVNULL).returncode == 0
        for step in steps
    )


def main() -> None:
    """Say what is missing, after having tried to install it."""
    if pgbouncer() is None and not (install() and pgbouncer()):
        sys.stdout.write(f"{MISSING}\n")


if __name__ == "__main__":
    main()
