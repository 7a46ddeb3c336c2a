"""Amounts in whole cents: the roundings of CONTRACTS §4."""

from __future__ import annotations

from collections.abc import Sequence


def rounded(numerator: int, denominator: int) -> int:
    """The nearest integer to an exact quotient, halves away from zero; the denominator is > 0."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def percent(part: int, whole: int) -> str | None:
    """`part` in per cent of `whole`, to 0.1, such as "12.5" or "-3.0"; None when `whole` is 0."""
    if whole == 0:
        return None
    tenths = rounded(1000 * part, whole)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def by_largest_remainder(amount: int, weights: Sequence[int], names: Sequence[str]) -> list[int]:
    """An amount split in proportion to weights whose sum is above 0, to the unit.

    The units that rounding down leaves go to the largest remainders; of equal remainders, to the
    first names in the order of their code points.
    """
    whole = sum(weights)
    split = [divmod(amount * weight, whole) for weight in weights]
    parts = [quotient for quotient, _ in split]
    left = amount - sum(parts)
    if left:
        order = sorted(range(len(weights)), key=lambda i: (-split[i][1], names[i]))
        for i in order[:left]:
            parts[i] += 1
    return parts
