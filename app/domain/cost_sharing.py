"""What each one pays for each offer, exact to the cent (CONTRACTS §4).

Amounts are whole cents, excluding tax unless named otherwise, and for the whole term.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.domain.break_even import MOST, Newcomers, break_even_beyond
from app.domain.cost_keys import Member, coefficients, in_integers, measures
from app.domain.cost_levels import Levels
from app.domain.cost_plan import Offer, Participant, Plan
from app.domain.money import by_largest_remainder, percent, rounded
from app.domain.refusals import Refusal
from app.domain.search_text import spaced


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """What one participant pays, against buying alone; `saving_percent` such as "12.5"."""

    code: str
    share_cents: int
    share_with_tax_cents: int
    alone_cents: int
    saving_cents: int
    saving_percent: str | None
    worse_off: bool


class NextTier(msgspec.Struct, frozen=True, kw_only=True):
    """The next price: where it starts, how many are missing, and the price for each there."""

    from_participants: int
    missing: int
    total_per_participant_cents: int


class OfferShares(msgspec.Struct, frozen=True, kw_only=True):
    """An offer shared between the participants, in the order given.

    `unallocated_cents` is positive when the caps are too low, negative when the floors are too
    high; `break_even_from` the least number of participants at which nobody is worse off.
    """

    id: str
    total_cents: int
    after_subsidy_cents: int
    total_with_tax_cents: int
    tier_from: int
    exemption_lifted: bool
    shares: tuple[Share, ...]
    unallocated_cents: int
    saving_cents: int
    next_tier: NextTier | None
    break_even_from: int | None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """All offers of a plan; the first of equals is the best."""

    offers: tuple[OfferShares, ...]
    best_for_group: str
    best_for_each: dict[str, str]


def compare(plan: Plan) -> Comparison:
    """Every offer shared, and the best ones; Refusal when the weights add up to zero."""
    offers = tuple(share_offer(plan, offer) for offer in plan.offers)
    least: dict[str, tuple[int, str]] = {}
    for offer in offers:
        for share in offer.shares:
            if share.code not in least or share.share_cents < least[share.code][0]:
                least[share.code] = share.share_cents, offer.id
    return Comparison(
        offers=offers,
        best_for_group=min(offers, key=lambda offer: offer.after_subsidy_cents).id,
        best_for_each={code: offer_id for code, (_, offer_id) in least.items()},
    )


def offer_retained(plan: Plan, comparison: Comparison, provider: str) -> OfferShares | None:
    """The offer of the provider retained, the cheapest if it made several; None if it made none."""
    wanted = spaced(provider)
    theirs = {one.id for one in plan.offers if wanted and spaced(one.supplier) == wanted}
    found = [one for one in comparison.offers if one.id in theirs]
    return min(found, key=lambda offer: offer.after_subsidy_cents, default=None)


def offer_taken(plan: Plan, comparison: Comparison, provider: str) -> OfferShares:
    """The offer whose amounts papers and screens show: the one retained, else the cheapest."""
    cheapest = next(one for one in comparison.offers if one.id == comparison.best_for_group)
    return offer_retained(plan, comparison, provider) or cheapest


def share_offer(plan: Plan, offer: Offer) -> OfferShares:
    """One offer shared between the participants of a plan, who are one or more."""
    count = len(plan.participants)
    exempt, lifted = _exempt(plan)
    members = [_member(plan, offer, participant) for participant in plan.participants]
    paying = [i for i in range(count) if not exempt[i]]
    total = _whole_total(plan, offer)
    amount = max(0, total - plan.subsidy_cents)
    parts = [0] * count
    for i, part in zip(paying, _apportion(plan, members, paying, amount), strict=True):
        parts[i] = part
    shares = tuple(
        _share(plan, participant, int(member.alone), part)
        for participant, member, part in zip(plan.participants, members, parts, strict=True)
    )
    return OfferShares(
        id=offer.id,
        total_cents=total,
        after_subsidy_cents=amount,
        total_with_tax_cents=sum(share.share_with_tax_cents for share in shares),
        tier_from=offer.tier_at(count).from_participants,
        exemption_lifted=lifted,
        shares=shares,
        unallocated_cents=amount - sum(parts),
        saving_cents=sum(share.saving_cents for share in shares),
        next_tier=_next_tier(plan, offer),
        break_even_from=_break_even_from(plan, offer, [members[i] for i in paying], lifted, shares),
    )


def _exempt(plan: Plan) -> tuple[list[bool], bool]:
    """Who pays nothing, and whether the exemption is lifted because it would be everyone."""
    exempt = [plan.exempts(each.kind, each.population) for each in plan.participants]
    if all(exempt):
        return [False] * len(exempt), True
    return exempt, False


def _member(plan: Plan, offer: Offer, participant: Participant) -> Member:
    population, units = participant.population, participant.units
    alone = participant.alone_cents
    if alone is None:
        alone = offer.tiers[0].total(plan.years, 1, population, units)
    return Member(population, units, alone)


def _apportion(
    plan: Plan, members: Sequence[Member], paying: Sequence[int], amount: int
) -> list[int]:
    """The shares of those who pay, in their order."""
    key = plan.key
    payers = [members[i] for i in paying]
    found, _ = in_integers(measures(key, payers))
    fixed, slope = coefficients(key, len(payers), sum(member.population for member in payers))
    weights = [fixed + slope * measure for measure in found]
    if not any(weights):
        what = "saisissez les unités de chacun, ou " if key.kind == "usage" else ""
        raise Refusal(
            f"les poids de cette clé sont tous nuls : {what}choisissez une autre clé.", field="key"
        )
    codes = [plan.participants[i].code for i in paying]
    return apportion(amount, weights, codes, key.floor_cents, key.cap_cents)


def apportion(
    amount: int, weights: Sequence[int], codes: Sequence[str], floor: int, cap: int | None
) -> list[int]:
    """An amount split by weights, not all of them 0, each part between a floor and a cap.

    Parts that stand at no bound are rounded by largest remainder, equal ones in the order of
    their codes. The parts add up to the amount unless the bounds forbid it; of 0 all get 0.
    """
    if amount == 0:
        return [0] * len(weights)
    order = sorted(range(len(weights)), key=weights.__getitem__)
    at_floor, at_cap = Levels([weights[i] for i in order], floor, cap).bounds(amount)
    first_capped = len(order) - at_cap
    parts = [floor] * len(order)
    rest = amount - floor * at_floor
    if cap is not None:
        rest -= cap * at_cap
        for i in order[first_capped:]:
            parts[i] = cap
    free = order[at_floor:first_capped]
    if free:
        split = by_largest_remainder(rest, [weights[i] for i in free], [codes[i] for i in free])
        for i, part in zip(free, split, strict=True):
            parts[i] = part
    return parts


def _share(plan: Plan, participant: Participant, alone: int, part: int) -> Share:
    rate = plan.vat_rate
    return Share(
        code=participant.code,
        share_cents=part,
        share_with_tax_cents=rounded(part * (rate.denominator + rate.numerator), rate.denominator),
        alone_cents=alone,
        saving_cents=alone - part,
        saving_percent=percent(alone - part, alone),
        worse_off=part > alone,
    )


def _whole_total(plan: Plan, offer: Offer) -> int:
    present = plan.participants
    return offer.tier_at(len(present)).total(
        plan.years,
        len(present),
        sum(each.population for each in present),
        sum(each.units for each in present),
    )


def _next_tier(plan: Plan, offer: Offer) -> NextTier | None:
    present = len(plan.participants)
    tier = offer.next_tier(present)
    if tier is None:
        return None
    start = tier.from_participants
    each = Newcomers(plan, offer).total(start) / start
    return NextTier(
        from_participants=start,
        missing=start - present,
        total_per_participant_cents=rounded(each.numerator, each.denominator),
    )


def _break_even_from(
    plan: Plan, offer: Offer, paying: Sequence[Member], lifted: bool, shares: Sequence[Share]
) -> int | None:
    present = len(shares)
    if present > MOST:
        return None
    if not any(share.worse_off for share in shares):
        return present
    return break_even_beyond(plan, offer, paying, lifted)
