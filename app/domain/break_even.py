"""How many participants it takes for nobody present to pay more together than alone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.domain.cost_keys import Member, coefficients, in_integers, measures
from app.domain.cost_levels import Levels
from app.domain.cost_plan import Offer, Plan

MOST = 400
"""The largest number of participants that is looked at."""


class Newcomers:
    """Communes that may join: each has the mean population and units of those present."""

    def __init__(self, plan: Plan, offer: Offer) -> None:
        self._plan = plan
        self._offer = offer
        present = plan.participants
        self.population = Fraction(sum(each.population for each in present), len(present))
        self.units = Fraction(sum(each.units for each in present), len(present))

    def total(self, count: int) -> Fraction:
        """The price before subsidy for `count` participants, newcomers included."""
        tier = self._offer.tier_at(count)
        return tier.total(self._plan.years, count, self.population * count, self.units * count)

    def member(self) -> Member:
        alone = self._offer.tiers[0].total(self._plan.years, 1, self.population, self.units)
        return Member(self.population, self.units, alone)


def break_even_beyond(
    plan: Plan, offer: Offer, paying: Sequence[Member], lifted: bool
) -> int | None:
    """The least number of participants, above the present one, at which no exact share of those
    present exceeds the price alone; None when there is no such number up to `MOST`.

    `paying` are those present who pay, at least one of them more than alone; `lifted` tells that
    the exemption is lifted, as it would have freed everyone.
    """
    search = _Search(plan, offer, paying, lifted)
    present = len(plan.participants)
    return next((count for count in range(present + 1, MOST + 1) if search.holds(count)), None)


class _Search:
    """Whether nobody is worse off with a given number of participants.

    A share clamp(λ × weight) is at most the price alone when λ ≤ alone / weight, that is, when
    the shares at that level cover the amount. The one with the least such quotient decides; it
    changes rarely with the number of participants, so the last one found is tried first.
    """

    def __init__(self, plan: Plan, offer: Offer, paying: Sequence[Member], lifted: bool) -> None:
        self._plan = plan
        self._key = key = plan.key
        self._newcomers = new = Newcomers(plan, offer)
        self._newcomers_pay = lifted or not plan.exempts("commune", new.population)
        self._population = sum(member.population for member in paying)
        self._measures, scale = in_integers(measures(key, paying))
        self._new_measure = measures(key, [new.member()])[0] * scale
        self._levels = Levels(sorted(self._measures), key.floor_cents, key.cap_cents)
        self._alone = [int(member.alone) for member in paying]
        self._below_floor = any(alone < key.floor_cents for alone in self._alone)
        self._tightest: int | None = None

    def holds(self, count: int) -> bool:
        amount = self._newcomers.total(count) - self._plan.subsidy_cents
        if amount <= 0:
            return True
        if self._below_floor:
            return False
        joined = count - len(self._plan.participants) if self._newcomers_pay else 0
        fixed, slope = coefficients(
            self._key,
            len(self._measures) + joined,
            self._population + self._newcomers.population * joined,
        )
        tightest = self._tightest
        if tightest is not None and not self._covers(amount, joined, fixed, slope, tightest):
            return False
        self._tightest = tightest = self._least_quotient(fixed, slope)
        return self._covers(amount, joined, fixed, slope, tightest)

    def _covers(self, amount: Fraction, joined: int, fixed: int, slope: int, i: int) -> bool:
        """Whether the shares reach the amount before payer `i` would pay more than alone."""
        p = self._alone[i]
        q = fixed + slope * self._measures[i]
        share = max(p * (fixed + slope * self._new_measure), self._key.floor_cents * q)
        if self._key.cap_cents is not None:
            share = min(share, self._key.cap_cents * q)
        return self._levels.total(p, q, fixed, slope) + joined * share >= amount * q

    def _least_quotient(self, fixed: int, slope: int) -> int:
        """The rank of the payer whom the rising level first brings to the price alone.

        One whose price alone is the cap or more never pays more; one without a weight stays at
        the floor. At least one other is left: it pays more than alone among those present.
        """
        cap = self._key.cap_cents
        quotients = {
            i: Fraction(alone, fixed + slope * measure)
            for i, (alone, measure) in enumerate(zip(self._alone, self._measures, strict=True))
            if (cap is None or alone < cap) and fixed + slope * measure
        }
        return min(quotients, key=quotients.__getitem__)
