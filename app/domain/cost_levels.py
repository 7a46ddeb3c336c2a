"""Shares in proportion to weights, between a floor and a cap: clamp(λ × weight, floor, cap).

A weight is fixed + slope × measure, with the integer measures in ascending order. What the shares
add up to grows with the level λ, which is only met as a quotient p/q: everything is exact.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate


class Levels:
    """The sum of the shares at any level, in O(log n) once the measures are sorted."""

    def __init__(self, measures: Sequence[int], floor: int, cap: int | None) -> None:
        self._measures = measures
        self._sums = [0, *accumulate(measures)]
        self._floor = floor
        self._cap = cap

    def total(self, p: int, q: int, fixed: int = 0, slope: int = 1) -> int:
        """q times the sum of the shares at the level p/q, where q > 0."""

        def level(measure: int) -> int:
            return p * (fixed + slope * measure)

        count = len(self._measures)
        low = bisect_left(self._measures, self._floor * q, key=level)
        high = count
        if self._cap is not None:
            high = bisect_left(self._measures, self._cap * q, lo=low, key=level)
        free = fixed * (high - low) + slope * (self._sums[high] - self._sums[low])
        return q * (self._floor * low + (self._cap or 0) * (count - high)) + p * free

    def bounds(self, amount: int) -> tuple[int, int]:
        """How many stand at the floor, and at the cap, for shares that add up to an amount.

        The measures are the weights. The first ones stand at the floor, the last ones at the cap.
        Of an amount below the floors or above the caps, everyone stands at the bound that comes
        nearest; a weight of zero never leaves its floor.
        """
        weights, cap = self._measures, self._cap

        def off_floor(i: int) -> bool:
            return weights[i] > 0 and self.total(self._floor, weights[i]) < amount * weights[i]

        everyone = range(len(weights))
        at_floor = bisect_left(everyone, True, key=off_floor)
        if cap is None:
            return at_floor, 0

        def at_cap(i: int) -> bool:
            return self.total(cap, weights[i]) <= amount * weights[i]

        return at_floor, len(weights) - bisect_left(everyone, True, lo=at_floor, key=at_cap)
