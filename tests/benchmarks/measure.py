"""One line of the table that `make bench` prints, and how to take it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """`value`, `reference` and `limit` in `unit`.

    `reference` is what else does the same work, measured beside it; without a limit the line is
    there to compare with.
    """

    work: str
    value: float
    unit: str = "ms"
    limit: float | None = None
    reference: float | None = None

    @property
    def kept(self) -> bool:
        return self.limit is None or self.value <= self.limit


def timed(work: Callable[[], object]) -> float:
    """The time of one run, in milliseconds."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def median_ms(work: Callable[[], object], runs: int = 5) -> float:
    """The median time of a few runs, in milliseconds."""
    return statistics.median(timed(work) for _ in range(runs))
