"""The live sheet of costs: a key moved among 400 communes, and every offer and key compared."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import msgspec

from app.domain.cost_plan import KEY_KINDS, Plan, read_plan
from app.domain.cost_sharing import compare, share_offer
from tests.benchmarks.measure import Measure, median_ms

FRAME = 16.0
COMPARISON = 100.0


def sheet(kind: str, count: int, offers: int) -> Plan:
    """A plan among `count` communes, of which the smallest are exempt and some pay too much."""
    draw = random.Random(7)
    tiers: list[dict[str, Any]] = [
        {"from_participants": 1, "setup_cents": 9000000, "yearly_per_inhabitant_cents": 7},
        {"from_participants": 380, "setup_cents": 7000000, "yearly_per_inhabitant_cents": 5},
    ]
    return read_plan(
        {
            "years": 4,
            "vat_rate": "0.20",
            "exempt_below_population": 100,
            "key": {
                "kind": kind,
                "fixed_share": "0.30",
                "strata": [{"from": 0, "weight": "1"}, {"from": 500, "weight": "2.5"}],
                "floor_cents": 1000,
                "cap_cents": 9000000,
            },
            "offers": [{"id": str(rank), "tiers": tiers} for rank in range(offers)],
            "participants": [
                {
                    "code": f"{rank:05}",
                    "population": draw.randint(20, 3000),
                    "units": draw.randint(1, 9),
                    "alone_cents": draw.choice([None, draw.randint(1100, 60000)]),
                }
                for rank in range(count)
            ],
        }
    )


def slowest(count: int) -> tuple[float, str]:
    """The slowest key for one offer, break-even up to 400 included: milliseconds, and its name."""

    def time(kind: str) -> float:
        plan = sheet(kind, count, 1)
        return median_ms(lambda: share_offer(plan, plan.offers[0]))

    return max((time(kind), kind) for kind in KEY_KINDS)


def all_offers_and_keys() -> float:
    plan = sheet("equal", 200, 4)
    keys = [msgspec.structs.replace(plan.key, kind=kind) for kind in KEY_KINDS]
    plans = [msgspec.structs.replace(plan, key=key) for key in keys]
    return median_ms(lambda: [compare(each) for each in plans])


def main() -> Iterable[Measure]:
    for count in (20, 200, 400):
        taken, kind = slowest(count)
        yield Measure(f"une offre entre {count} communes, clé « {kind} »", taken, limit=FRAME)
    yield Measure(
        f"4 offres × {len(KEY_KINDS)} clés entre 200 communes", all_offers_and_keys(),
        limit=COMPARISON,
    )  # fmt: skip
