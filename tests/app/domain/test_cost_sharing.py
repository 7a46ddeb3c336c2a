"""The worked cases of CONTRACTS §4, and the corners of its text."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.domain.cost_plan import read_plan
from app.domain.cost_sharing import Comparison, OfferShares, compare, offer_retained, offer_taken
from app.domain.refusals import Refusal

Json = dict[str, Any]


def participants(*given: tuple[str, int], **more: Any) -> list[Json]:
    return [{"code": code, "population": population, **more} for code, population in given]


def plan(key: Json, tier: Json | int, who: list[Json], **more: Any) -> Json:
    """A plan of one year, one offer and one tier; an amount stands for its set-up."""
    prices = {"setup_cents": tier} if isinstance(tier, int) else tier
    tiers = [{"from_participants": 1, **prices}]
    return {
        "years": 1,
        "vat_rate": "0.20",
        "key": key,
        "offers": [{"id": "A", "tiers": tiers}],
        "participants": who,
        **more,
    }


def first_offer(value: Json) -> OfferShares:
    return compare(read_plan(value)).offers[0]


def shares(value: Json) -> list[int]:
    return [share.share_cents for share in first_offer(value).shares]


def test_equal_remainders_go_in_the_order_of_the_codes_and_not_as_given() -> None:
    who = participants(("21003", 1), ("21001", 1), ("21002", 1))
    assert shares(plan({"kind": "equal"}, 20000, who)) == [6666, 6667, 6667]


def test_communes_below_500_inhabitants_pay_nothing_and_still_count() -> None:
    tier = {
        "setup_cents": 30000,
        "yearly_cents": 12000,
        "yearly_per_participant_cents": 2500,
        "yearly_per_inhabitant_cents": 7,
    }
    who = participants(("21716", 150), ("71092", 500), ("70312", 836))
    offer = first_offer(
        plan({"kind": "population"}, tier, who, years=2, exempt_below_population=500)
    )
    assert offer.total_cents == 89804
    assert [share.share_cents for share in offer.shares] == [0, 33609, 56195]
    assert [share.share_with_tax_cents for share in offer.shares] == [0, 40331, 67434]
    assert [share.alone_cents for share in offer.shares] == [61100, 66000, 70704]
    assert offer.total_with_tax_cents == 40331 + 67434
    assert not offer.exemption_lifted


def test_a_mixed_key_shares_a_part_equally_and_the_rest_by_population() -> None:
    who = participants(("70116", 596), ("70184", 716), ("70312", 836))
    key = {"kind": "mixed", "fixed_share": "0.30"}
    assert shares(plan(key, 100000, who)) == [29423, 33333, 37244]


def test_a_floor_and_a_cap_move_the_rest_to_the_others() -> None:
    who = participants(("1", 100), ("2", 200), ("3", 200), ("4", 2000))
    key = {"kind": "population", "floor_cents": 10000, "cap_cents": 40000}
    assert shares(plan(key, 100000, who)) == [12000, 24000, 24000, 40000]


def test_mixed_weights_are_not_weighed_again_once_the_cap_is_met() -> None:
    who = participants(("1", 600), ("2", 1000), ("3", 4000))
    key = {"kind": "mixed", "fixed_share": "0.30", "cap_cents": 30000}
    assert shares(plan(key, 70000, who)) == [17500, 22500, 30000]


def test_a_subsidy_is_taken_off_and_whoever_pays_more_than_alone_is_marked() -> None:
    tier = {
        "setup_cents": 120000,
        "yearly_cents": 90000,
        "setup_per_participant_cents": 5000,
        "yearly_per_participant_cents": 12000,
    }
    key = {
        "kind": "strata",
        "strata": [{"from": 0, "weight": "1"}, {"from": 500, "weight": "2.5"}],
    }
    who = [
        {"code": "21716", "population": 150, "alone_cents": 60000},
        *participants(("70184", 716), ("70312", 836)),
    ]
    offer = first_offer(plan(key, tier, who, years=4, subsidy_cents=150000))
    assert (offer.total_cents, offer.after_subsidy_cents) == (639000, 489000)
    assert [share.share_cents for share in offer.shares] == [81500, 203750, 203750]
    assert [share.worse_off for share in offer.shares] == [True, False, False]
    assert offer.shares[0].saving_cents == -21500
    assert offer.shares[0].saving_percent == "-35.8"


TIERED: list[Json] = [
    {"from_participants": 1, "setup_cents": 80000, "yearly_per_participant_cents": 30000},
    {"from_participants": 4, "setup_cents": 80000, "yearly_per_participant_cents": 20000},
]


def tiered(*given: tuple[str, int]) -> OfferShares:
    value = plan({"kind": "population"}, 0, participants(*given), years=3)
    return first_offer(value | {"offers": [{"id": "A", "tiers": TIERED}]})


def test_the_next_price_says_how_many_are_missing_and_what_each_would_pay() -> None:
    offer = tiered(("70116", 596), ("70121", 790), ("70184", 716))
    assert offer.total_cents == 350000
    assert [share.share_cents for share in offer.shares] == [99239, 131541, 119220]
    assert msgspec.to_builtins(offer.next_tier) == {
        "from_participants": 4,
        "missing": 1,
        "total_per_participant_cents": 80000,
    }


def test_one_participant_more_brings_the_next_price() -> None:
    offer = tiered(("70116", 596), ("70121", 790), ("70184", 716), ("70312", 836))
    assert offer.total_cents == 320000
    assert [share.share_cents for share in offer.shares] == [64915, 86045, 77985, 91055]
    assert offer.next_tier is None
    assert offer.tier_from == 4


def test_the_result_is_written_as_the_contract_says() -> None:
    value = plan({"kind": "equal"}, 10001, participants(("b", 1), ("a", 1)))
    assert msgspec.json.decode(msgspec.json.encode(compare(read_plan(value)))) == {
        "offers": [
            {
                "id": "A",
                "total_cents": 10001,
                "after_subsidy_cents": 10001,
                "total_with_tax_cents": 12001,
                "tier_from": 1,
                "exemption_lifted": False,
                "shares": [
                    {
                        "code": "b",
                        "share_cents": 5000,
                        "share_with_tax_cents": 6000,
                        "alone_cents": 10001,
                        "saving_cents": 5001,
                        "saving_percent": "50.0",
                        "worse_off": False,
                    },
                    {
                        "code": "a",
                        "share_cents": 5001,
                        "share_with_tax_cents": 6001,
                        "alone_cents": 10001,
                        "saving_cents": 5000,
                        "saving_percent": "50.0",
                        "worse_off": False,
                    },
                ],
                "unallocated_cents": 0,
                "saving_cents": 10001,
                "next_tier": None,
                "break_even_from": 2,
            }
        ],
        "best_for_group": "A",
        "best_for_each": {"b": "A", "a": "A"},
    }


def test_an_exemption_that_would_free_everyone_is_lifted() -> None:
    value = plan({"kind": "equal"}, 100, participants(("1", 10), ("2", 20)))
    offer = first_offer(value | {"exempt_below_population": 500})
    assert offer.exemption_lifted
    assert [share.share_cents for share in offer.shares] == [50, 50]


def test_only_communes_are_exempt() -> None:
    who = [{"code": "1", "population": 10}, {"code": "2", "population": 10, "kind": "epci"}]
    offer = first_offer(plan({"kind": "equal"}, 100, who, exempt_below_population=500))
    assert not offer.exemption_lifted
    assert [share.share_cents for share in offer.shares] == [0, 100]


def test_those_exempt_have_no_floor() -> None:
    who = participants(("1", 10), ("2", 900))
    key = {"kind": "equal", "floor_cents": 40}
    assert shares(plan(key, 100, who, exempt_below_population=500)) == [0, 100]


def test_floors_that_exceed_the_amount_leave_it_overdrawn() -> None:
    key = {"kind": "equal", "floor_cents": 60}
    offer = first_offer(plan(key, 100, participants(("1", 1), ("2", 1))))
    assert [share.share_cents for share in offer.shares] == [60, 60]
    assert offer.unallocated_cents == -20


def test_caps_that_are_too_low_leave_the_rest_and_a_zero_weight_stays_at_its_floor() -> None:
    key = {"kind": "population", "floor_cents": 5, "cap_cents": 30}
    offer = first_offer(plan(key, 100, participants(("1", 0), ("2", 9), ("3", 1))))
    assert [share.share_cents for share in offer.shares] == [5, 30, 30]
    assert offer.unallocated_cents == 35


def test_an_amount_of_zero_gives_zero_to_all_whatever_the_floor() -> None:
    key = {"kind": "equal", "floor_cents": 60}
    value = plan(key, 100, participants(("1", 1), ("2", 1)), subsidy_cents=5000)
    offer = first_offer(value)
    assert (offer.total_cents, offer.after_subsidy_cents) == (100, 0)
    assert [share.share_cents for share in offer.shares] == [0, 0]
    assert offer.unallocated_cents == 0
    assert offer.break_even_from == 2


def test_a_floor_equal_to_the_cap_gives_just_that_to_all() -> None:
    key = {"kind": "population", "floor_cents": 50, "cap_cents": 50}
    offer = first_offer(plan(key, 100, participants(("1", 1), ("2", 9))))
    assert [share.share_cents for share in offer.shares] == [50, 50]
    assert offer.unallocated_cents == 0


def test_a_mixed_key_is_equal_when_nobody_has_inhabitants() -> None:
    key = {"kind": "mixed", "fixed_share": "0"}
    assert shares(plan(key, 101, participants(("2", 0), ("1", 0)))) == [50, 51]


def test_the_key_of_the_price_alone_takes_the_own_price_of_whoever_has_no_other() -> None:
    who = [
        {"code": "1", "population": 10, "alone_cents": 3000},
        {"code": "2", "population": 10},
    ]
    assert shares(plan({"kind": "alone"}, 1000, who)) == [750, 250]


def test_usage_shares_by_units_which_are_zero_unless_said() -> None:
    who = [{"code": "1", "population": 1, "units": 3}, {"code": "2", "population": 1}]
    assert shares(plan({"kind": "usage"}, 100, who)) == [100, 0]


@pytest.mark.parametrize("kind", ["population", "usage"])
def test_weights_that_sum_to_zero_are_refused_even_with_nothing_to_share(kind: str) -> None:
    with pytest.raises(Refusal) as refused:
        first_offer(plan({"kind": kind}, 0, participants(("1", 0), ("2", 0))))
    assert refused.value.field == "key"
    assert ("saisissez les unités" in refused.value.sentence) == (kind == "usage")


def test_an_offer_dearer_for_each_but_one_leaves_that_one_its_own_best() -> None:
    who = participants(("1", 100), ("2", 900))
    value = plan({"kind": "alone"}, 0, who)
    value["offers"] = [
        {"id": "A", "tiers": [{"from_participants": 1, "setup_cents": 1000}]},
        {"id": "B", "tiers": [{"from_participants": 1, "setup_cents": 1000}]},
        {"id": "C", "tiers": [{"from_participants": 1, "yearly_per_inhabitant_cents": 2}]},
    ]
    result = compare(read_plan(value))
    assert result.best_for_group == "A"
    assert result.best_for_each == {"1": "C", "2": "A"}


def test_the_saving_has_no_percentage_when_alone_costs_nothing() -> None:
    who = [{"code": "1", "population": 1, "alone_cents": 0}]
    (share,) = first_offer(plan({"kind": "equal"}, 100, who)).shares
    assert (share.saving_cents, share.saving_percent, share.worse_off) == (-100, None, True)


def test_half_a_tenth_of_a_percent_rounds_away_from_zero_on_both_sides() -> None:
    who = [
        {"code": "1", "population": 1, "alone_cents": 2000},
        {"code": "2", "population": 1, "alone_cents": 2000},
    ]
    below = first_offer(plan({"kind": "equal"}, 3998, who)).shares[0]
    above = first_offer(plan({"kind": "equal"}, 4002, who)).shares[0]
    assert (below.saving_percent, above.saving_percent) == ("0.1", "-0.1")


def break_even(value: Json) -> int | None:
    return first_offer(value).break_even_from


def test_the_break_even_is_where_newcomers_bring_the_share_down_to_the_price_alone() -> None:
    who = participants(("1", 100), ("2", 100), alone_cents=2500)
    assert break_even(plan({"kind": "equal"}, 10000, who)) == 4


def test_the_break_even_beyond_looks_at_shares_before_their_rounding() -> None:
    who = participants(("1", 100), ("2", 100), alone_cents=3333)
    assert break_even(plan({"kind": "equal"}, 10000, who)) == 4


def test_no_break_even_when_a_floor_is_above_the_price_alone() -> None:
    who = participants(("1", 100), ("2", 100), alone_cents=10)
    key = {"kind": "equal", "floor_cents": 11}
    assert break_even(plan(key, 10000, who)) is None


def test_no_break_even_is_given_beyond_400_participants() -> None:
    who = participants(*((f"{rank:04}", 100) for rank in range(401)), alone_cents=1000)
    assert break_even(plan({"kind": "equal"}, 401, who)) is None
    assert break_even(plan({"kind": "equal"}, 400, who[:400])) == 400


def test_newcomers_below_the_threshold_are_exempt_and_help_nobody() -> None:
    who = [
        {"code": "1", "population": 100},
        {"code": "2", "population": 600, "alone_cents": 400},
    ]
    value = plan({"kind": "equal"}, 500, who)
    assert break_even(value | {"exempt_below_population": 500}) is None
    assert break_even(value | {"exempt_below_population": 350}) == 3


def test_whoever_pays_no_more_than_alone_at_the_cap_does_not_decide_the_break_even() -> None:
    who = [
        {"code": "1", "population": 1000, "alone_cents": 500},
        {"code": "2", "population": 100, "alone_cents": 100},
    ]
    key = {"kind": "population", "cap_cents": 400}
    assert break_even(plan(key, 1050, who)) == 4


def test_another_one_may_decide_the_break_even_as_mixed_weights_shift_with_newcomers() -> None:
    who = [
        {"code": "0", "population": 100},
        {"code": "1", "population": 2000, "alone_cents": 410},
        {"code": "2", "population": 500, "alone_cents": 240},
    ]
    key = {"kind": "mixed", "fixed_share": "0.6"}
    assert break_even(plan(key, 5300, who, exempt_below_population=300)) == 21


def test_the_comparison_of_a_plan_is_plain_frozen_data() -> None:
    result = compare(read_plan(plan({"kind": "equal"}, 1, participants(("1", 1)))))
    assert msgspec.convert(msgspec.to_builtins(result), Comparison) == result


@pytest.mark.parametrize(
    ("provider", "offer"),
    [
        ("", None),
        ("À choisir", None),
        ("Nuage de l'Est", "B"),
        (" NUAGE de  l'est ", "B"),
        ("Nuage de l’Est", "B"),
        ("Serein Numérique", "D"),  # of its two, the cheaper
    ],
)
def test_the_offer_retained_is_that_of_the_provider_and_without_one_the_cheapest_is_taken(
    provider: str, offer: str | None
) -> None:
    suppliers = {
        "A": ("", 100), "B": ("Nuage de l'Est", 300), "C": ("Serein Numérique", 900),
        "D": ("Serein numerique", 800),
    }  # fmt: skip
    offers = [
        {"id": one, "supplier": name, "tiers": [{"from_participants": 1, "setup_cents": cents}]}
        for one, (name, cents) in suppliers.items()
    ]
    given = read_plan(plan({"kind": "equal"}, 0, participants(("21001", 1)), offers=offers))
    compared = compare(given)
    retained = offer_retained(given, compared, provider)
    assert (retained and retained.id) == offer
    assert offer_taken(given, compared, provider).id == (offer or "A")
