"""What the cost annex says in words beside its tables."""

from __future__ import annotations

from app.documents.charts import Pair, share_bars


def test_a_chart_is_told_with_the_right_agreement() -> None:
    def told(*alone: int) -> str:
        return share_bars([Pair(f"Commune {own}", 2, own) for own in alone]).alt

    assert "1 paierait plus ensemble que seule." in told(1, 9)
    assert "2 paieraient plus ensemble que seules." in told(0, 1)
    assert "aucune ne paierait plus ensemble que seule." in told(9)
