"""How many participants it takes for nobody to pay more than alone: each rule where it decides."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.cost_plan import read_plan
from app.domain.cost_sharing import compare

Json = dict[str, Any]


def town(code: str, population: int, alone: int, kind: str = "commune") -> Json:
    return {"code": code, "population": population, "alone_cents": alone, "kind": kind}


def tiers(*prices: tuple[int, int]) -> list[Json]:
    """Set-up prices for the whole, each from a number of participants on."""
    return [{"from_participants": start, "setup_cents": price} for start, price in prices]


@pytest.mark.parametrize(
    ("key", "prices", "who", "more", "expected"),
    [
        pytest.param({"kind": "equal"}, [(1, 2000)], [town("A", 1, 300), town("B", 1, 500)], {}, 7,
                     id="the one whose price alone is met first decides"),
        pytest.param({"kind": "equal"}, [(1, 2000)], [town("B", 1, 500), town("A", 1, 300)], {}, 7,
                     id="wherever that one stands"),
        pytest.param({"kind": "usage", "floor_cents": 300}, [(1, 2000)],
                     [town("B", 1, 400), {**town("A", 1, 500), "units": 10}], {}, 6,
                     id="newcomers pay the floor at the least"),
        pytest.param({"kind": "strata", "strata": [{"from": 0, "weight": "0.5"}]}, [(1, 2000)],
                     [town("A", 1, 300), town("B", 1, 1000)], {}, 7,
                     id="newcomers weigh what their stratum says, to the decimal"),
        pytest.param({"kind": "population", "cap_cents": 400}, [(1, 2000)],
                     [town("A", 100, 300), town("B", 100, 1000)], {}, 7,
                     id="newcomers pay by their weight below the cap"),
        pytest.param({"kind": "population", "cap_cents": 300}, [(1, 1000)],
                     [town("A", 1000, 300), town("C", 100, 200)], {}, 4,
                     id="one whose price alone is the cap never pays more"),
        pytest.param({"kind": "equal", "floor_cents": 100}, [(1, 1000)],
                     [town("A", 1, 100), town("B", 1, 500)], {}, 10,
                     id="one whose price alone is the floor may stand at it"),
        pytest.param({"kind": "equal", "floor_cents": 101}, [(1, 1000)],
                     [town("A", 1, 100), town("B", 1, 500)], {}, None,
                     id="one whose price alone is below the floor always pays more"),
        pytest.param({"kind": "equal", "floor_cents": 100}, [(1, 1000), (4, 500)],
                     [town("A", 1, 50), town("B", 1, 500)], {"subsidy_cents": 500}, 4,
                     id="nothing to share frees even from the floor"),
        pytest.param({"kind": "equal"}, [(1, 1000)], [town("A", 100, 250), town("B", 100, 250)],
                     {"exempt_below_population": 500}, 4,
                     id="newcomers pay where the exemption is lifted"),
        pytest.param({"kind": "equal"}, [(1, 1000), (5, 300)],
                     [town("A", 100, 250), town("E", 100, 400, "epci")],
                     {"exempt_below_population": 500}, 5,
                     id="newcomers too small to pay bring the next price alone"),
        pytest.param({"kind": "equal"}, [(1, 400)], [town("A", 1, 1), town("B", 1, 500)], {}, 400,
                     id="four hundred are still looked at"),
        pytest.param({"kind": "equal"}, [(1, 401)], [town("A", 1, 1), town("B", 1, 500)], {}, None,
                     id="no more than four hundred are looked at"),
    ],
)  # fmt: skip
def test_the_break_even_number(
    key: Json, prices: list[tuple[int, int]], who: list[Json], more: Json, expected: int | None
) -> None:
    offers = [{"id": "A", "tiers": tiers(*prices)}]
    plan = read_plan({"years": 1, "key": key, "offers": offers, "participants": who, **more})
    assert compare(plan).offers[0].break_even_from == expected


@pytest.mark.parametrize(("alone", "expected"), [(100, 3), (99, 4)])
def test_a_newcomer_s_price_alone_is_that_of_one_participant(alone: int, expected: int) -> None:
    tier = {"from_participants": 1, "setup_cents": 1000, "setup_per_participant_cents": 100}
    plan = read_plan({
        "years": 1, "key": {"kind": "alone"}, "offers": [{"id": "A", "tiers": [tier]}],
        "participants": [town("A", 1, alone), town("B", 1, 100)],
    })  # fmt: skip
    assert compare(plan).offers[0].break_even_from == expected
