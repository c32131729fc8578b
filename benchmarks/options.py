"""What a run of the benchmarks is told."""

from dataclasses import dataclass
from pathlib import Path

READS = ("Q1", "Q2", "Q3", "F", "Q4")
WRITES = ("M1", "M2")
QUERIES = (*READS, *WRITES)
CONTESTANTS = ("limit", "kontor", "postgraphile", "strawberry")
WITHOUT_NPM = ("limit", "kontor", "strawberry")

DATA = Path(".kontor-bench")
"""Where the built data stay for the next run; git does not see it."""


@dataclass(frozen=True)
class Scale:
    """How much data is built. Offers are the own ones of a tenant, `external` those that each source shares."""

    tenants: int = 200
    partners: int = 1_000_000
    sources: int = 3
    offers: int = 60
    external: int = 40
    carts: int = 150

    @property
    def of_a_tenant(self) -> int:
        """Partners of one tenant."""
        return max(1, self.partners // self.tenants)

    @property
    def name(self) -> str:
        """Tells one scale from another in the data folder."""
        return f"{self.tenants}x{self.of_a_tenant}"


SHORT = Scale(tenants=8, partners=8_000, offers=30, external=30, carts=150)


@dataclass(frozen=True)
class Options:
    """One run. `folder` is the data folder, `report` where report.json and REPORT.md are written, None: nowhere."""

    scale: Scale
    folder: Path
    rounds: int
    seconds: float
    queries: tuple[str, ...]
    contestants: tuple[str, ...]
    report: Path | None
    same_rate: bool = True
    measured_tenants: int = 40
    connections: int = 32
    workers: int = 2
    pool: int = 10
