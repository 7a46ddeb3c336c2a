"""Exact decimals as French writes them."""

from __future__ import annotations

from decimal import Context
from fractions import Fraction


def decimal(value: Fraction) -> str:
    """« 0,055 »: a decimal that a plan may give, to its last digit."""
    return f"{_EXACT.divide(value.numerator, value.denominator):f}".replace(".", ",")


_EXACT = Context(prec=420)
"""Holds any decimal that a plan may give."""
