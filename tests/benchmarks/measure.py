"""One line of the table that `make bench` prints, and how to take it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """`value` and `limit` in `unit`; no limit means that the line is there to compare with."""

    work: str
    value: float
    unit: str = "ms"
    limit: float | None = None

    @property
    def kept(self) -> bool:
        return self.limit is None or self.value <= self.limit


def median_ms(work: Callable[[], object], runs: int = 5) -> float:
    """The median time of a few runs, in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
