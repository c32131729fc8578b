"""Programs that tests and benchmarks need beside Python: installed from Debian's packages where that is possible."""

import os
import shutil
import subprocess


def install(package: str) -> bool:
    """Install a package; False where that is not possible or not allowed."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package])
    return all(
        subprocess.run([apt, *step], check=False, env=environment, stdout=subprocess.DEVNULL).returncode == 0
        for step in steps
    )
