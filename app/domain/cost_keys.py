"""The weights that a sharing key gives: fixed + slope × measure, for each one who pays."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from app.domain.cost_plan import Key

Number = int | Fraction


class Member(NamedTuple):
    """What a key looks at: inhabitants, units, and the price alone in cents."""

    population: Number
    units: Number
    alone: Number


def measures(key: Key, members: Sequence[Member]) -> list[Number]:
    """What the key measures of each member."""
    match key.kind:
        case "population" | "mixed":
            return [member.population for member in members]
        case "usage":
            return [member.units for member in members]
        case "alone":
            return [member.alone for member in members]
        case "strata":
            starts = [stratum.from_population for stratum in key.strata]
            return [
                key.strata[bisect_right(starts, member.population) - 1].weight for member in members
            ]
        case _:
            return [1] * len(members)


def coefficients(key: Key, count: int, population: Number) -> tuple[int, int]:
    """The fixed part and slope of the weights, for `count` payers with `population` in all."""
    if key.kind != "mixed":
        return 0, 1
    if population == 0:
        return 1, 0
    (fixed, slope), _ = in_integers([key.fixed_share * population, (1 - key.fixed_share) * count])
    return fixed, slope


def in_integers(values: Sequence[Number]) -> tuple[list[int], int]:
    """The values times their least common denominator, and that denominator."""
    scale = lcm(*(value.denominator for value in values))
    return [value.numerator * (scale // value.denominator) for value in values], scale
