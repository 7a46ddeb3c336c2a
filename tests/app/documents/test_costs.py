"""What the cost annex says in words beside its tables."""

from __future__ import annotations

from app.documents.charts import Pair, share_bars
from app.documents.costs import _percent


def test_a_per_cent_has_its_thousands_apart() -> None:
    told = [_percent(text) for text in ("-1000.0", "12345.6", "-0.5", None)]
    assert told == ["−1 000,0 %", "12 345,6 %", "−0,5 %", "–"]


def test_a_chart_is_told_with_the_right_agreement() -> None:
    def told(*alone: int) -> str:
        return share_bars([Pair(f"Commune {own}", 2, own) for own in alone]).alt

    assert "1 paierait plus ensemble que seule." in told(1, 9)
    assert "2 paieraient plus ensemble que seules." in told(0, 1)
    assert "aucune ne paierait plus ensemble que seule." in told(9)
