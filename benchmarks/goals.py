"""What Kontor is to reach against each other contestant, by query; ratios count, absolute times do not."""

from collections.abc import Mapping

Goals = Mapping[str, float]

VS_POSTGRAPHILE: Goals = {"Q1": 4.5, "Q2": 2.5, "Q3": 4.0, "F": 2.5, "Q4": 2.0, "M1": 1.0}
VS_LIMIT: Goals = {"Q1": 0.85, "Q2": 0.95, "Q3": 0.95, "F": 0.95, "Q4": 0.75, "M1": 0.5}
VS_STRAWBERRY: Goals = {"Q1": 9.0, "Q2": 15.0, "Q3": 16.0, "F": 15.0, "Q4": 14.0, "M1": 4.0}
P99_AT_THE_SAME_RATE: Goals = {"Q1": 0.6, "Q2": 0.6, "Q3": 0.6, "F": 0.6, "Q4": 0.6}
"""At most: the answer time that 99 of 100 requests stay below, as a share of PostGraphile's."""

AT_LEAST: Mapping[str, Goals] = {"postgraphile": VS_POSTGRAPHILE, "limit": VS_LIMIT, "strawberry": VS_STRAWBERRY}

ALARM: Mapping[str, float] = {"limit": 1 / 4, "strawberry": 1 / 4}
"""What share of a read's goal a short run must reach: below it something is broken, above it the machine may be busy.

For writes it sets no condition: what they reach depends on the disk as much as on Kontor.
"""

GROWTH = 1.3
"""At most: the median of the largest set of data as a multiple of the smallest one's."""

GROWN_MEMORY = 1.1
"""At most: a worker's memory after all requests as a multiple of what it was after the first ones."""

WORKER_MB = 150.0
"""At most: the resident memory of a worker."""

COLD_START_SECONDS, FIRST_REQUEST_MS = 1.5, 50.0
"""At most: until a killed worker's replacement answers, and the first request after that."""

IMPORTED_A_SECOND = 3_000.0
"""At least: partners that a worker takes in."""
