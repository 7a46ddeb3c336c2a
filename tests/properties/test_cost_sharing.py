"""The cost sharing against a slow reference that follows the words of CONTRACTS §4 one by one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.cost_plan import KEY_KINDS, Key, Offer, Participant, Plan, Stratum, Tier
from app.domain.cost_sharing import OfferShares, apportion, share_offer
from app.domain.money import by_largest_remainder, percent, rounded
from app.domain.refusals import Refusal

Number = int | Fraction

CENTS = st.one_of(st.integers(0, 40), st.integers(0, 200_000))
DECIMAL = st.builds(Fraction, st.integers(0, 40), st.sampled_from([1, 4, 10]))


@st.composite
def keys(draw: st.DrawFn) -> Key:
    cap = draw(st.none() | CENTS)
    return Key(
        kind=draw(st.sampled_from(KEY_KINDS)),
        fixed_share=Fraction(draw(st.integers(0, 10)), 10),
        strata=tuple(
            Stratum(start, draw(DECIMAL))
            for start in sorted({0, *draw(st.sets(st.integers(1, 900), max_size=3))})
        ),
        floor_cents=draw(st.just(0) | st.integers(0, 5000 if cap is None else cap)),
        cap_cents=cap,
    )


def tier(start: int) -> st.SearchStrategy[Tier]:
    names = [name for name in Tier.__struct_fields__ if name != "from_participants"]
    small = {"yearly_per_inhabitant_cents": st.integers(0, 9)}
    amounts = st.fixed_dictionaries({name: small.get(name, st.just(0) | CENTS) for name in names})
    return amounts.map(lambda found: Tier(from_participants=start, **found))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    starts = [1, *sorted(draw(st.sets(st.integers(2, 12), max_size=2)))]
    codes = draw(st.lists(st.text("aé0𝄞Z9", min_size=1), min_size=1, max_size=7, unique=True))
    return Plan(
        years=draw(st.integers(1, 5)),
        vat_rate=draw(DECIMAL),
        exempt_below_population=draw(st.sampled_from([0, 0, 300, 800])),
        subsidy_cents=draw(st.just(0) | CENTS),
        key=draw(keys()),
        offers=(Offer(id="A", tiers=tuple(draw(tier(start)) for start in starts)),),
        participants=tuple(
            Participant(
                code=code,
                kind=draw(st.sampled_from(["commune", "commune", "epci"])),
                population=draw(st.integers(0, 3) | st.integers(0, 1200)),
                units=draw(st.integers(0, 4)),
                alone_cents=draw(st.none() | CENTS),
            )
            for code in codes
        ),
    )


@st.composite
def dear_plans(draw: st.DrawFn) -> Plan:
    """Plans whose set-up is dear for few, so that newcomers often make the difference.

    The bounds of the key, the exemption and the subsidy stand where they begin to count.
    """
    plan = draw(plans())
    count = len(plan.participants)
    setup = draw(st.integers(2000, 20000))
    small = Tier(
        from_participants=1,
        setup_cents=setup,
        yearly_per_inhabitant_cents=draw(st.integers(0, 1)),
        yearly_per_participant_cents=draw(st.integers(0, 20)),
    )
    starts = sorted(draw(st.sets(st.integers(2, 20), max_size=2)))
    later = (Tier(from_participants=n, setup_cents=draw(st.integers(0, setup))) for n in starts)
    alone = st.integers(setup // (2 * count + 30), setup * 2 // count)
    participants = tuple(
        msgspec.structs.replace(
            each,
            population=each.population + draw(st.sampled_from([0, 500])),
            alone_cents=draw(alone),
        )
        for each in plan.participants
    )
    prices = [each.alone_cents or 0 for each in participants]
    floor_cents = draw(st.sampled_from([0, 0, *prices, min(prices) + 1]))
    caps = [None, None, floor_cents, *(price for price in prices if price >= floor_cents)]
    limits = sorted({each.population + more for each in participants for more in (0, 1)})
    return msgspec.structs.replace(
        plan,
        key=msgspec.structs.replace(
            plan.key, floor_cents=floor_cents, cap_cents=draw(st.sampled_from(caps))
        ),
        subsidy_cents=draw(st.integers(0, 500) | st.sampled_from([setup // 2, setup])),
        exempt_below_population=draw(st.sampled_from([0, *limits])),
        offers=(Offer(id="A", tiers=(small, *later)),),
        participants=participants,
    )


def shared(plan: Plan) -> OfferShares | None:
    """The offer shared; None when its weights sum to zero."""
    try:
        return share_offer(plan, plan.offers[0])
    except Refusal:
        return None


# The reference: rationals throughout, and every participant, newcomers included, one by one.


@dataclass(frozen=True)
class Payer:
    code: str
    kind: str
    population: Number
    units: Number
    alone: Number


def price(plan: Plan, tiers: tuple[Tier, ...], payers: list[Payer] | list[Participant]) -> Number:
    count = len(payers)
    chosen = [each for each in tiers if each.from_participants <= count][-1]
    price: Number = chosen.setup_cents + chosen.setup_per_participant_cents * count
    for _ in range(plan.years):
        price += chosen.yearly_cents + chosen.yearly_per_participant_cents * count
        price += chosen.yearly_per_inhabitant_cents * sum(each.population for each in payers)
        price += chosen.yearly_per_unit_cents * sum(each.units for each in payers)
    return price


def payer(plan: Plan, participant: Participant) -> Payer:
    alone: Number | None = participant.alone_cents
    if alone is None:
        alone = price(plan, plan.offers[0].tiers, [participant])
    return Payer(
        participant.code, participant.kind, participant.population, participant.units, alone
    )


def newcomer(plan: Plan) -> Payer:
    count = len(plan.participants)
    population = Fraction(sum(each.population for each in plan.participants), count)
    units = Fraction(sum(each.units for each in plan.participants), count)
    unpriced = Payer("", "commune", population, units, 0)
    alone = price(plan, plan.offers[0].tiers, [unpriced])
    return Payer("", "commune", population, units, alone)


def paying(plan: Plan, payers: list[Payer]) -> list[Payer]:
    found = [
        each
        for each in payers
        if each.kind != "commune" or each.population >= plan.exempt_below_population
    ]
    return found or payers


def weight(key: Key, one: Payer, payers: list[Payer]) -> Number:
    inhabitants = sum(each.population for each in payers)
    match key.kind:
        case "population":
            return one.population
        case "usage":
            return one.units
        case "alone":
            return one.alone
        case "strata":
            return [each for each in key.strata if each.from_population <= one.population][
                -1
            ].weight
        case "mixed" if inhabitants:
            return key.fixed_share / len(payers) + (
                1 - key.fixed_share
            ) * one.population / Fraction(inhabitants)
        case _:
            return 1


def exact_shares(key: Key, weights: list[Number], amount: Number) -> list[Number]:
    """clamp(λ × weight, floor, cap) for the λ that fits, found between two breakpoints."""
    low, cap = key.floor_cents, key.cap_cents

    def at(level: Number) -> list[Number]:
        found = [max(level * each, low) for each in weights]
        return found if cap is None else [min(each, cap) for each in found]

    if amount == 0:
        return [0] * len(weights)
    if amount <= low * len(weights):
        return [low] * len(weights)
    bounds = [low] if cap is None else [low, cap]
    levels = sorted({Fraction(bound) / each for bound in bounds for each in weights if each})
    below = [level for level in levels if sum(at(level)) <= amount]
    base = below[-1] if below else Fraction(0)
    rest = amount - sum(at(base))
    after = at(base + Fraction(1, 10**30))
    rising = [each if after[i] > at(base)[i] else 0 for i, each in enumerate(weights)]
    if not rest or not any(rising):
        return at(base)
    return at(base + rest / Fraction(sum(rising)))


def to_the_cent(exact: list[Number], codes: list[str]) -> list[int]:
    """The exact shares rounded down, and a cent more for those that lose the most by it."""
    found = [floor(each) for each in exact]
    left = round(sum(exact) - sum(found))
    for i in sorted(range(len(exact)), key=lambda i: (found[i] - exact[i], codes[i]))[:left]:
        found[i] += 1
    return found


def worse_off_beyond(plan: Plan, count: int) -> bool:
    present = [payer(plan, each) for each in plan.participants]
    everyone = present + [newcomer(plan)] * (count - len(present))
    payers = paying(plan, everyone)
    amount = max(0, price(plan, plan.offers[0].tiers, everyone) - plan.subsidy_cents)
    weights = [weight(plan.key, each, payers) for each in payers]
    shares = exact_shares(plan.key, weights, amount)
    return any(
        share > each.alone for each, share in zip(payers, shares, strict=True) if each in present
    )


@given(plans())
def test_each_share_is_the_one_of_the_contract_to_the_cent(plan: Plan) -> None:
    offer = shared(plan)
    present = [payer(plan, each) for each in plan.participants]
    payers = paying(plan, present)
    weights = [weight(plan.key, each, payers) for each in payers]
    if offer is None:
        assert not any(weights)
        return
    assert offer.total_cents == price(plan, plan.offers[0].tiers, present)
    assert offer.after_subsidy_cents == max(0, offer.total_cents - plan.subsidy_cents)
    exact = exact_shares(plan.key, weights, offer.after_subsidy_cents)
    codes = [each.code for each in payers]
    expected = {each.code: 0 for each in present}
    expected.update(zip(codes, to_the_cent(exact, codes), strict=True))
    assert {share.code: share.share_cents for share in offer.shares} == expected
    assert [share.alone_cents for share in offer.shares] == [each.alone for each in present]


@given(
    st.integers(0, 300),
    st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any),
    st.integers(0, 60),
    st.none() | st.integers(0, 60),
)
@example(130, [1, 3, 4, 9], 14, 36)
@example(100, [0, 1, 3], 14, None)
def test_some_stand_at_the_floor_others_at_the_cap_and_the_rest_between(
    amount: int, weights: list[int], low: int, room: int | None
) -> None:
    key = Key(kind="usage", floor_cents=low, cap_cents=None if room is None else low + room)
    codes = [str(-rank) for rank in range(len(weights))]
    exact = exact_shares(key, [*weights], amount)
    parts = apportion(amount, weights, codes, key.floor_cents, key.cap_cents)
    assert parts == to_the_cent(exact, codes)


@given(plans())
def test_shares_and_what_is_left_add_up_within_the_bounds(plan: Plan) -> None:
    offer = shared(plan)
    if offer is None:
        return
    key = plan.key
    paid = [share.share_cents for share in offer.shares]
    assert sum(paid) + offer.unallocated_cents == offer.after_subsidy_cents
    for participant, share in zip(plan.participants, paid, strict=True):
        exempt = plan.exempts(participant.kind, participant.population)
        if exempt and not offer.exemption_lifted:
            assert share == 0
        elif offer.after_subsidy_cents:
            assert share >= key.floor_cents
            assert key.cap_cents is None or share <= key.cap_cents
    assert offer.saving_cents == sum(
        share.alone_cents - share.share_cents for share in offer.shares
    )
    assert offer.total_with_tax_cents == sum(share.share_with_tax_cents for share in offer.shares)


@given(plans(), st.randoms(use_true_random=False))
def test_the_order_given_changes_no_share(plan: Plan, random: Any) -> None:
    shuffled = list(plan.participants)
    random.shuffle(shuffled)
    first = shared(plan)
    second = shared(msgspec.structs.replace(plan, participants=tuple(shuffled)))
    if first is None or second is None:
        assert first == second
        return
    assert {share.code: share for share in first.shares} == {
        share.code: share for share in second.shares
    }
    assert [share.code for share in second.shares] == [each.code for each in shuffled]
    assert first.break_even_from == second.break_even_from


@given(dear_plans())
def test_the_break_even_is_the_first_number_at_which_nobody_is_worse_off(plan: Plan) -> None:
    offer = shared(plan)
    if offer is None:
        return
    present = len(plan.participants)
    found = offer.break_even_from
    if not any(share.worse_off for share in offer.shares):
        assert found == present
        return
    assert found != present
    last = min(found or 400, 40)
    for count in range(present + 1, last + 1):
        assert worse_off_beyond(plan, count) == (count != found)
    if found is not None and found > last:
        assert worse_off_beyond(plan, found - 1)
        assert not worse_off_beyond(plan, found)


@given(plans())
def test_the_next_price_is_the_mean_with_newcomers_like_those_present(plan: Plan) -> None:
    offer = shared(plan)
    present = len(plan.participants)
    beyond = [t for t in plan.offers[0].tiers if t.from_participants > present]
    if offer is None or not beyond:
        assert offer is None or offer.next_tier is None
        return
    assert offer.next_tier is not None
    start = beyond[0].from_participants
    everyone = [payer(plan, each) for each in plan.participants]
    everyone += [newcomer(plan)] * (start - present)
    each = Fraction(price(plan, plan.offers[0].tiers, everyone)) / start
    assert offer.next_tier.missing == start - present
    assert offer.next_tier.total_per_participant_cents == floor(each + Fraction(1, 2))


@given(st.integers(), st.integers(1))
@example(-1, 2)
def test_rounding_goes_to_the_nearest_and_halves_away_from_zero(part: int, whole: int) -> None:
    found, exact = rounded(part, whole), Fraction(part, whole)
    assert abs(found - exact) <= Fraction(1, 2)
    if abs(found - exact) == Fraction(1, 2):
        assert abs(found) > abs(exact)


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9))
def test_a_percentage_is_to_the_tenth_and_never_minus_zero(part: int, whole: int) -> None:
    text = percent(part, whole)
    assert text is not None
    assert abs(Fraction(text) - Fraction(100 * part, whole)) <= Fraction(1, 20)
    assert text != "-0.0"


@given(st.integers(0, 10**6), st.lists(st.integers(0, 99), min_size=1, max_size=9))
def test_the_largest_remainders_take_what_is_left(amount: int, weights: list[int]) -> None:
    if not any(weights):
        weights = [*weights, 1]
    names = [str(rank) for rank in range(len(weights))]
    parts = by_largest_remainder(amount, weights, names)
    assert sum(parts) == amount
    for part, each in zip(parts, weights, strict=True):
        assert abs(part - Fraction(amount * each, sum(weights))) < 1
