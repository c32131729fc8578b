"""Loading a contestant with wrk, and what came of it."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.debian import install

SCRIPT = Path(__file__).with_name("wrk.lua")
THREADS = 2
MISSING = "The benchmarks need wrk, which is not here: install it with `sudo apt-get install wrk`."


class NoLoaderError(Exception):
    """There is no wrk; the message is one sentence."""


@dataclass(frozen=True)
class Result:
    """One cell of `count` answers. `wrong` ones are none, `lost` requests have none; either makes the cell void."""

    rps: float
    p50_ms: float
    p99_ms: float
    wrong: int
    lost: int
    sample: str
    count: int = 0

    @property
    def void(self) -> bool:
        """Whether it does not count."""
        return bool(self.wrong or self.lost or not self.rps)


@dataclass(frozen=True)
class Load:
    """Which requests, and what an answer must have in it."""

    requests: Path
    expected: str
    writes: bool


def wrk() -> str:
    """The program, Debian's package installed if it is missing and may be. Raises NoLoaderError."""
    found = shutil.which("wrk") or (install("wrk") and shutil.which("wrk"))
    if not found:
        raise NoLoaderError(MISSING)
    return found


def run(url: str, load: Load, *, seconds: float, connections: int, delay_ms: float = 0.0) -> Result:
    """Send requests for so long; with a delay, each connection waits so long on average before it sends again."""
    mode = "write" if load.writes else "read"
    threads = str(min(THREADS, connections))
    own: list[str | Path] = [load.requests, load.expected, threads, mode, str(delay_ms)]
    done = subprocess.run(  # noqa: S603 - our own words
        [wrk(), "-t", threads, "-c", str(connections), "-d", f"{max(1, round(seconds))}s", "--timeout", "10s",
         "-s", SCRIPT, url, "--", *own],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = {line.split(" ", 1)[0]: line.split(" ", 1)[1] for line in done.stdout.splitlines() if " " in line}
    assert "RESULT" in said, done.stdout + done.stderr
    count, micros, p50, p99, wrong, lost, _ = map(int, said["RESULT"].split())
    return Result(count / (micros / 1e6), p50 / 1000, p99 / 1000, wrong, lost, said.get("SAMPLE", ""), count)
