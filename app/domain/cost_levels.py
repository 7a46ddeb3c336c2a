"""Shares in proportion to weights, between a floor and a cap: clamp(λ × weight, floor, cap).

A weight is fixed + slope × measure, with the integer measures in ascending order. The sum of the
shares grows with the level λ, which is always given as a quotient p/q: everything is exact.
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

        Here the measures are the weights: the lightest stand at the floor, the heaviest at the cap.
        If the floors alone exceed the amount, all stand at the floor; if the caps together fall
        short of it, all stand at the cap, but for weights of zero, which never leave the floor.
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
