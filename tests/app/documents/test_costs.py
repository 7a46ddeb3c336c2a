"""What the cost annex says in words beside its tables."""

from __future__ import annotations

import pytest

from app.documents.charts import Pair, share_bars
from app.documents.costs import _percent, remarks
from app.domain.cost_plan import read_plan
from app.domain.cost_sharing import compare


@pytest.mark.parametrize(
    ("alone", "said"),
    [
        ((500, 90000), "Ahuy paierait plus ensemble que seule."),
        ((500, 500), "Agey et Ahuy paieraient plus ensemble que seules."),
    ],
)
def test_who_would_pay_more_is_named_with_the_right_agreement(
    alone: tuple[int, int], said: str
) -> None:
    participants = [
        {"code": code, "name": name, "kind": "commune", "population": 700, "alone_cents": own}
        for (code, name), own in zip((("21003", "Ahuy"), ("21002", "Agey")), alone, strict=True)
    ]
    plan = {
        "years": 1, "vat_rate": "0.20", "key": {"kind": "equal"}, "participants": participants,
        "offers": [{"id": "A", "tiers": [{"from_participants": 1, "setup_cents": 20000}]}],
    }  # fmt: skip
    (offer,) = compare(read_plan(plan)).offers
    assert remarks(offer, {"21003": "Ahuy", "21002": "Agey"})[0] == said


def test_a_per_cent_has_its_thousands_apart() -> None:
    told = [_percent(text) for text in ("-1000.0", "12345.6", "-0.5", None)]
    assert told == ["−1 000,0 %", "12 345,6 %", "−0,5 %", "–"]


def test_a_chart_is_told_with_the_right_agreement() -> None:
    def told(*alone: int) -> str:
        return share_bars([Pair(f"Commune {own}", 2, own) for own in alone]).alt

    assert "1 paierait plus ensemble que seule." in told(1, 9)
    assert "2 paieraient plus ensemble que seules." in told(0, 1)
    assert "aucune ne paierait plus ensemble que seule." in told(9)
